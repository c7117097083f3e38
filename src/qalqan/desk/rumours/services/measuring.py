"""How long answers take, computed by the worker and kept for the pages."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import transaction
from django.db.models import Min, Sum
from numpy.typing import NDArray

from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import CHANGE, Actor, require
from qalqan.desk.rumours.models import (
    Answer,
    Claim,
    ClaimHour,
    ClaimPlace,
    MeasureEdition,
)
from qalqan.desk.rumours.selectors import as_of, hour_of

WINDOW_DAYS = 90
"""Claims first seen within so many days are measured."""
MANY_COPIES = 20
"""From so many copies on a claim is measured even where nobody took it up."""
SIDE_HOURS = 7 * 24
LEAST_PUBLIC = 10
KEPT_EDITIONS = 48
_HOUR = 3600.0
_PART = 900
_MOST_GROUPS = 12


@transaction.atomic
def measure(*, actor: Actor, now: datetime) -> MeasureEdition:
    """Compute and keep the measures; the newest `KEPT_EDITIONS` are kept.

    Raises
    ------
    RefusedError
        The actor may not change claims.
    """
    require(actor, CHANGE, Claim)
    edition = MeasureEdition.objects.create(computed_at=now, content=compute(actor, now))
    kept = MeasureEdition.objects.order_by("-computed_at", "-pk").values_list("pk", flat=True)
    MeasureEdition.objects.exclude(pk__in=list(kept[:KEPT_EDITIONS])).delete()
    record(
        actor=actor, action="rumours.measure", subject=edition, now=now,
        detail={"claims": edition.content["claims"]},
    )  # fmt: skip
    return edition


def compute(actor: Actor, now: datetime) -> dict[str, Any]:
    """Return the measures of claims first seen in the last `WINDOW_DAYS`, ready to be stored.

    A desk answers a few of the claims it sees, so the median over all of them is never observed.
    Beside all claims it measures those that the desk took up (no longer new), and those with
    `MANY_COPIES` or more, which it ought to have taken up.
    """
    at = as_of(actor, now)
    since = at - timedelta(days=WINDOW_DAYS)
    rows = list(
        Claim.objects.filter(first_seen__gte=since, first_seen__lte=at, merged_into__isnull=True)
        .order_by("pk")
        .values_list(
            "pk", "first_seen", "state", "state_since", "severity", "rank__suggested_severity",
            "language", "is_sample", "copies",
        )
    )  # fmt: skip
    answered = _first_answers()
    by_place = _district_of([row[0] for row in rows]) if len(rows) < 50_000 else {}

    def part(rows: list[Any]) -> dict[str, Any]:
        return _part_of(rows, answered, by_place, at)

    return {
        "as_of": at.isoformat(),
        "days": WINDOW_DAYS,
        "has_sample": any(row[7] for row in rows),
        **part(rows),
        "scopes": {
            "taken_up": part([r for r in rows if r[2] != Claim.State.NEW or r[0] in answered]),
            "copies": part([row for row in rows if row[8] >= MANY_COPIES]),
        },
        "many_copies": MANY_COPIES,
        "before_after": _before_after(answered, at),
    }


def _part_of(
    rows: list[Any], answered: dict[int, datetime], by_place: dict[int, int], at: datetime
) -> dict[str, Any]:
    """Return the measures of some of the claims, whole and by groups."""
    hours, ended = _times(rows, answered, at)
    groups = {
        "severity": [row[4] or row[5] or "" for row in rows],
        "language": [row[6] for row in rows],
        "place": [by_place.get(row[0], 0) for row in rows],
    }
    return {
        "claims": len(rows),
        "closed_without": sum(
            1 for row in rows if row[2] == Claim.State.CLOSED and row[0] not in answered
        ),
        "all": _summary(hours, ended),
        "by": {
            name: [
                {"key": key, **_summary(hours[mask], ended[mask])}
                for key, mask in _split(np.array(values, dtype=object))
            ]
            for name, values in groups.items()
        },
        "curve": _curve(hours, ended),
    }


def _split(values: NDArray[np.object_]) -> list[tuple[Any, NDArray[np.bool_]]]:
    found = Counter(map(str, values))
    order = sorted(found.items(), key=lambda one: (-one[1], one[0]))
    texts = values.astype(str)
    return [(key, texts == key) for key, _count in order[:_MOST_GROUPS]]


def _first_answers() -> dict[int, datetime]:
    """Return when each claim was answered first, merged ones under the claim they belong to.

    A withdrawn answer was none: its claim is open again until the next one.
    """
    rows = (
        Answer.objects.filter(published_at__isnull=False)
        .exclude(state=Answer.State.WITHDRAWN)
        .values_list("claim_id", "claim__merged_into")
        .annotate(first=Min("published_at"))
        .order_by()
    )
    found: dict[int, datetime] = {}
    for claim, root, first in rows:
        key = root or claim
        found[key] = min(first, found.get(key, first))
    return found


def _times(
    rows: list[Any], answered: dict[int, datetime], at: datetime
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return hours until the answer, or until it was last seen open, and which of both."""
    hours, ended = [], []
    for pk, first_seen, state, since, *_rest in rows:
        answer = answered.get(pk)
        is_done = answer is not None and answer <= at
        until = answer if is_done else at
        if not is_done and state == Claim.State.CLOSED and since is not None:
            until = since
        hours.append(max(0.0, (until - first_seen).total_seconds() / _HOUR))
        ended.append(is_done)
    return np.array(hours, np.float64), np.array(ended, np.bool_)


def _summary(hours: NDArray[np.float64], ended: NDArray[np.bool_]) -> dict[str, Any]:
    from qalqan.science.spread.survival import kaplan_meier, time_quantile

    curve = kaplan_meier(hours, ended)
    half, nine = time_quantile(curve, 0.5), time_quantile(curve, 0.9)
    return {
        "count": len(hours),
        "answered": int(ended.sum()),
        "median": [half.time, half.low, half.high],
        "p90": [nine.time, nine.low, nine.high],
    }


def _curve(hours: NDArray[np.float64], ended: NDArray[np.bool_]) -> list[list[float]]:
    """Return the share still open after 0, 6, 12 … 168 hours, with its band."""
    from qalqan.science.spread.survival import band, kaplan_meier

    if not len(hours):
        return []
    curve = kaplan_meier(hours, ended)
    low, high = band(curve)
    points = []
    for hour in range(0, 169, 6):
        at = int(np.searchsorted(curve.time, hour, side="right")) - 1
        if at < 0:
            points.append([float(hour), 1.0, 1.0, 1.0])
        elif hour <= float(curve.time[-1]):
            ends = [0.0 if np.isnan(e) else float(e) for e in (low[at], high[at])]
            points.append([float(hour), float(curve.survival[at]), *ends])
    return points


def _district_of(claim_ids: list[int]) -> dict[int, int]:
    """Return the district that most copies of each claim name, where any is named."""
    inside = places.district_map()
    best: dict[int, tuple[int, int]] = {}
    for start in range(0, len(claim_ids), _PART):
        rows = ClaimPlace.objects.filter(claim_id__in=claim_ids[start : start + _PART])
        counted: dict[tuple[int, int], int] = {}
        for claim, place, copies in rows.values_list("claim_id", "place_id", "copies"):
            key = (claim, inside.get(place, 0))
            counted[key] = counted.get(key, 0) + copies
        for (claim, district), copies in counted.items():
            if district and (copies, -district) > best.get(claim, (0, 0)):
                best[claim] = (copies, -district)
    return {claim: -district for claim, (_copies, district) in best.items()}


def _before_after(answered: dict[int, datetime], at: datetime) -> dict[str, Any] | None:
    """Compare copies a day on both sides of each first answer, over at most a week each."""
    from qalqan.science.spread.survival import before_after

    recent = {pk: t for pk, t in answered.items() if t > at - timedelta(days=WINDOW_DAYS)}
    rows = []
    for claim in Claim.objects.filter(pk__in=list(recent), merged_into__isnull=True):
        moment = hour_of(recent[claim.pk])
        first = max(hour_of(claim.first_seen), moment - SIDE_HOURS)
        last = min(hour_of(at), moment + SIDE_HOURS)
        if moment - first < 1 or last - moment < 24:
            continue
        hours = ClaimHour.objects.filter(claim=claim)
        before = hours.filter(hour__gte=first, hour__lt=moment).aggregate(n=Sum("copies"))["n"]
        after = hours.filter(hour__gt=moment, hour__lte=last).aggregate(n=Sum("copies"))["n"]
        rows.append((before or 0, after or 0, (moment - first) / 24, (last - moment) / 24))
    table = np.array(rows, np.float64).reshape(-1, 4)
    found = before_after(*table.T, rng=np.random.default_rng(len(rows)))
    if found is None:
        return None
    return {
        "claims": found.claims,
        "before": [found.before, *found.before_interval],
        "after": [found.after, *found.after_interval],
        "ratio": [found.ratio, *found.ratio_interval] if found.ratio_interval else None,
    }
