"""Readings of polls."""

from qalqan.desk.polls.selectors.polls import (
    batches,
    editions,
    frame_for,
    frames,
    latest_edition,
    outcomes_of,
    poll_for,
    polls,
    questions,
    version_for,
    versions,
)
from qalqan.desk.polls.selectors.results import (
    Figure,
    Shown,
    as_data,
    as_file,
    as_table,
    published,
    published_polls,
    shown,
)
from qalqan.desk.polls.selectors.trust import TrustBoard, trust

__all__ = [
    "Figure",
    "Shown",
    "TrustBoard",
    "as_data",
    "as_file",
    "as_table",
    "batches",
    "editions",
    "frame_for",
    "frames",
    "latest_edition",
    "outcomes_of",
    "poll_for",
    "polls",
    "published",
    "published_polls",
    "questions",
    "shown",
    "trust",
    "version_for",
    "versions",
]
