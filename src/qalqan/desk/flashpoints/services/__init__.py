"""Every change and every hand-over of flash-points."""

from qalqan.desk.flashpoints.method import ALPHA, DEFAULTS, ScanSettings
from qalqan.desk.flashpoints.services.exporting import export_csv, export_geojson
from qalqan.desk.flashpoints.services.judging import LONGEST_REASON, close, decide, review
from qalqan.desk.flashpoints.services.placing import take_up
from qalqan.desk.flashpoints.services.scanning import run_scan

__all__ = [
    "ALPHA",
    "DEFAULTS",
    "LONGEST_REASON",
    "ScanSettings",
    "close",
    "decide",
    "export_csv",
    "export_geojson",
    "review",
    "run_scan",
    "take_up",
]
