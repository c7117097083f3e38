"""Every change of the ledger."""

from qalqan.desk.incidents.services.exporting import export_incidents
from qalqan.desk.incidents.services.importing import (
    BadRowsError,
    ImportReport,
    import_incidents,
)
from qalqan.desk.incidents.services.indicators import import_indicators
from qalqan.desk.incidents.services.recording import record_incident

__all__ = [
    "BadRowsError",
    "ImportReport",
    "export_incidents",
    "import_incidents",
    "import_indicators",
    "record_incident",
]
