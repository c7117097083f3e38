"""The brief's pages; all read from the stored edition."""

from qalqan.desk.brief.views.feedback import decide, vote, votes
from qalqan.desk.brief.views.pages import archive, edition, file, schema, spoken, today

__all__ = [
    "archive",
    "decide",
    "edition",
    "file",
    "schema",
    "spoken",
    "today",
    "vote",
    "votes",
]
