"""Every change and every hand-over of flash-points."""

from qalqan.desk.flashpoints.method import ALPHA, DEFAULTS, NIGHTLY, ScanSettings
from qalqan.desk.flashpoints.services.exporting import export_csv, export_geojson, export_sheet
from qalqan.desk.flashpoints.services.judging import LONGEST_REASON, close, decide, review
from qalqan.desk.flashpoints.services.placing import take_up
from qalqan.desk.flashpoints.services.scanning import run_scan
from qalqan.desk.flashpoints.services.trying import (
    KEPT,
    compute_what_if,
    forget_what_ifs,
    is_short,
    try_scan,
)

__all__ = [
    "ALPHA",
    "DEFAULTS",
    "KEPT",
    "LONGEST_REASON",
    "NIGHTLY",
    "ScanSettings",
    "close",
    "compute_what_if",
    "decide",
    "export_csv",
    "export_geojson",
    "export_sheet",
    "forget_what_ifs",
    "is_short",
    "review",
    "run_scan",
    "take_up",
    "try_scan",
]
