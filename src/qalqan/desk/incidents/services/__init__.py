"""Every change of the ledger."""

from qalqan.desk.incidents.services.exporting import export_incidents
from qalqan.desk.incidents.services.holding import correct, hold, release
from qalqan.desk.incidents.services.importing import (
    BadRowsError,
    ImportReport,
    import_incidents,
)
from qalqan.desk.incidents.services.indicators import import_indicators
from qalqan.desk.incidents.services.merging import merge, restore, split
from qalqan.desk.incidents.services.recording import record_incident
from qalqan.desk.incidents.services.reports import (
    add_report,
    dispute,
    end_dispute,
    retract_report,
)

__all__ = [
    "BadRowsError",
    "ImportReport",
    "add_report",
    "correct",
    "dispute",
    "end_dispute",
    "export_incidents",
    "hold",
    "import_incidents",
    "import_indicators",
    "merge",
    "record_incident",
    "release",
    "restore",
    "retract_report",
    "split",
]
