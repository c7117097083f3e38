"""Readers of message files: streams of records, author fields left behind.

A reader yields `Record` for what it understands and `Rejected` for what it does not; it never
looks at the database. What is in a file beside time, text, channel, number, kind and place is
not read any further, so that nothing about authors can reach the store.
"""

from qalqan.desk.intake.readers.records import Record, Rejected
from qalqan.desk.intake.readers.survey import Survey, survey
from qalqan.desk.intake.readers.telegram import channel_name
from qalqan.desk.intake.readers.which import guess_format, read_records

__all__ = [
    "Record",
    "Rejected",
    "Survey",
    "channel_name",
    "guess_format",
    "read_records",
    "survey",
]
