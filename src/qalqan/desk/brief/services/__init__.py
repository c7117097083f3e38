"""Everything that makes or hands out a brief."""

from qalqan.desk.brief.services.computing import compute_brief
from qalqan.desk.brief.services.files import record_export, write_files

__all__ = ["compute_brief", "record_export", "write_files"]
