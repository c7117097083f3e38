"""Analyses with evidence and marks, for tests."""

from __future__ import annotations

from typing import Any

from tests.support.factories import NOW, make_user
from tests.support.incidents_factories import make_incident

from qalqan.desk.incidents.models import Analysis
from qalqan.desk.incidents.services import analyses
from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.sources.models import Source

HEUER = (("C", "C", "C"), ("C", "C", "I"), ("I", "C", "C"), ("I", "C", "C"))
"""The shape of Heuer's example: the second stands, the first item tells nothing."""


def make_analysis(actor: Any = None, items: int = 4, **fields: Any) -> Analysis:
    """Store an analysis of three hypotheses with some items."""
    actor = actor or make_user(Role.ANALYST)
    wanted = [
        analyses.Wanted("gang", "", 0.5), analyses.Wanted("lone", "", 0.25),
        analyses.Wanted("accident", "", 0.25),
    ]  # fmt: skip
    fields.setdefault("incident", None)
    analysis = analyses.open_analysis(
        actor=actor, incident=fields.pop("incident") or make_incident(title_en="A shop"),
        question="Who did it?", wanted=wanted, now=NOW, **fields,
    )  # fmt: skip
    source, _made = Source.objects.get_or_create(
        name="Duty log", kind="agency", defaults={"reliability": "B", "created_at": NOW}
    )
    for number in range(items):
        analyses.add_item(
            actor=actor, analysis=analysis, text=f"Item number {number + 1}", source=source,
            credibility=2, now=NOW,
        )  # fmt: skip
    return analysis


def cells(analysis: Analysis, table: Any = HEUER) -> dict[tuple[int, int], str]:
    """Return a table of marks by the keys of items and hypotheses."""
    rows = analysis.items.filter(retracted_at__isnull=True).order_by("position")
    columns = list(analysis.hypotheses.order_by("position"))
    return {
        (item.pk, column.pk): value
        for item, said in zip(rows, table, strict=True)
        for column, value in zip(columns, said, strict=True)
    }


def hand_in(analysis: Analysis, actor: Any, table: Any = HEUER) -> None:
    """Mark everything, and hand in."""
    analyses.save_marks(
        actor=actor, analysis=analysis, marks=cells(analysis, table), hand_in=True, now=NOW
    )
