"""Everything that makes or hands out a brief, and what readers say of it."""

from qalqan.desk.brief.services.computing import compute_brief
from qalqan.desk.brief.services.feedback import decide, forget, vote
from qalqan.desk.brief.services.files import record_export, write_files
from qalqan.desk.brief.services.looking import look

__all__ = [
    "compute_brief",
    "decide",
    "forget",
    "look",
    "record_export",
    "vote",
    "write_files",
]
