"""Counts that the sample desk published, and one edition that it refused; all of it made up."""

from __future__ import annotations

from datetime import datetime, timedelta

SERIES = "sample.talks"
AREAS = ("Алға", "Мұғалжар", "Темір", "Хромтау")
AGES = ("14–17", "18–24", "25–28")
FIRST = ((21, 14, 6), (18, 3, 9), (12, 16, 11), (2, 13, 17))
GROWTH = ((7, 9, 2), (6, 8, 5), (9, 6, 7), (8, 5, 12))
"""How many were added until the second edition; the 2 alone would be told by the difference."""


def publish_sample_counts(now: datetime) -> None:
    """Publish two editions of a running count, and try a third that contradicts the second."""
    from qalqan.desk.platform.policies import SystemActor
    from qalqan.desk.platform.releases import selectors, services

    actor = SystemActor("demo")
    if selectors.editions(SERIES):
        return
    services.declare_series(actor=actor, code=SERIES, bond="grows", now=now - timedelta(days=60))
    grown = [
        [one + more for one, more in zip(row, rise, strict=True)]
        for row, rise in zip(FIRST, GROWTH, strict=True)
    ]
    wrong = [[row[0] + 1, *row[1:]] for row in grown]
    for days, counts in ((50, FIRST), (20, grown), (19, wrong)):
        edition = (now - timedelta(days=50 if days == 50 else 20)).strftime("%Y-%m")
        cells: dict[tuple[str, ...], float] = {
            (area, age): count
            for area, row in zip(AREAS, counts, strict=True)
            for age, count in zip(AGES, row, strict=True)
        }
        services.release(
            actor=actor, series=SERIES, edition=edition, now=now - timedelta(days=days),
            tables=[services.Table("area × age", ("area", "age"), cells)], is_sample=True,
        )  # fmt: skip
