"""Every change and every hand-over of flash-points."""

from qalqan.desk.flashpoints.method import ALPHA, DEFAULTS, ScanSettings
from qalqan.desk.flashpoints.services.exporting import export_csv, export_geojson
from qalqan.desk.flashpoints.services.scanning import run_scan

__all__ = ["ALPHA", "DEFAULTS", "ScanSettings", "export_csv", "export_geojson", "run_scan"]
