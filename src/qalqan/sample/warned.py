"""The sample's warnings: one that ended, an exercise that was cancelled, one that waits, a test."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

MARKS = {"kk": "Үлгі", "ru": "Образец", "en": "Sample"}
"""Stands before the headline of what is no exercise and no test, as nothing of it happened."""


@dataclass(frozen=True, slots=True)
class SampleWarning:
    """One warning, written from a template so long before the end of the sample.

    ``end`` is what became of it: ``waits`` for a second person, ``sent``, or ``cancelled``.
    """

    template: str
    status: str
    before: timedelta
    end: str
    note: str = ""


WARNED = (
    SampleWarning("water-unsafe", "Actual", timedelta(days=2), "sent"),
    SampleWarning("evacuation", "Exercise", timedelta(days=3), "cancelled", "Sample: school 12"),
    SampleWarning("monthly-check", "Test", timedelta(minutes=5), "sent", "Sample"),
    SampleWarning("suspicious-object", "Exercise", timedelta(minutes=20), "waits", "Sample"),
)
