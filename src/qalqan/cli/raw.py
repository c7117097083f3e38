"""The brief straight from raw files, for the command line."""

from qalqan.desk.brief.raw import brief_from_files

__all__ = ["brief_from_files"]
