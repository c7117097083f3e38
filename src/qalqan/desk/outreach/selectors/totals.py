"""What was done and whom it reached, summed over a period in milliseconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth

from qalqan.desk.outreach.models import (
    BAND_FIELDS,
    DIMENSIONS,
    SUMS,
    YOUNG_BANDS,
    Activity,
    ActivityDay,
    BodyMonth,
    sums_of,
)
from qalqan.desk.outreach.selectors import margins
from qalqan.desk.outreach.selectors.activities import ActivityFilter
from qalqan.desk.outreach.selectors.periods import Stretch, next_month, stretches
from qalqan.desk.platform.policies import VIEW, Actor, policy_of


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums of activities, and what follows from them."""

    values: dict[str, int]

    def __getattr__(self, name: str) -> int:
        try:
            return int(self.values[name])
        except KeyError:
            raise AttributeError(name) from None

    @property
    def activities(self) -> int:
        """All that were held, reported or not."""
        return self.values["held"] + self.values["reported"]

    @property
    def reached(self) -> int:
        """People reached, counted and estimated together."""
        return self.values["reached_counted"] + self.values["reached_estimated"]

    @property
    def bands(self) -> dict[str, int]:
        """People reached by age band, of those whose age is known."""
        return {band: self.values[name] for band, name in BAND_FIELDS.items()}

    @property
    def of_known_ages(self) -> int:
        """People reached whose age band is known."""
        return sum(self.bands.values())

    @property
    def young(self) -> int:
        """People under 29 reached, of those whose age is known."""
        return sum(self.values[BAND_FIELDS[band]] for band in YOUNG_BANDS)

    @property
    def young_share(self) -> float | None:
        """Share of the young among those whose age is known; none where no age is."""
        known = self.of_known_ages
        return self.young / known if known else None

    @property
    def age_known_share(self) -> float | None:
        """For which share of the people reached the age is known: the doubt of `young_share`."""
        return self.of_known_ages / self.reached if self.reached else None

    @property
    def counted_share(self) -> float | None:
        """Which share of the people reached was counted, not estimated."""
        return self.values["reached_counted"] / self.reached if self.reached else None


NOTHING = Sums(dict.fromkeys(SUMS, 0))


def _is_summed(actor: Actor, wanted: ActivityFilter) -> bool:
    """Tell whether the stored sums answer; they do not tell one body apart."""
    return wanted.body_id is None and policy_of(ActivityDay).allows(actor, VIEW)


def _parts(wanted: ActivityFilter) -> list[Stretch]:
    return stretches(wanted.start or date(2000, 1, 1), wanted.end or date(2200, 1, 1))


def by(actor: Actor, wanted: ActivityFilter, dimension: str) -> dict[Any, Sums]:
    """Return sums told apart by one of `DIMENSIONS`, or by ``month`` (its first day)."""
    if not _is_summed(actor, wanted):
        return _counted(actor, wanted, (dimension,))[dimension]
    if dimension == "month":
        return _by_month(actor, wanted)
    return several(actor, wanted, (dimension,))[dimension]


def several(
    actor: Actor, wanted: ActivityFilter, dimensions: Sequence[str] = DIMENSIONS
) -> dict[str, dict[Any, Sums]]:
    """Return sums by several dimensions, each read from the fewest stored sums."""
    if not _is_summed(actor, wanted):
        return _counted(actor, wanted, dimensions)
    found: dict[str, dict[Any, dict[str, int]]] = {name: {} for name in dimensions}
    cells = wanted.cells()
    deep: Q | None = None
    shallow: Q | None = None
    for part in _parts(wanted):
        period = Q(span=part.span, day__gte=part.first, day__lt=part.end)
        if len(cells) < margins.deepest(part.span):
            for name in dimensions:
                one = margins.condition(cells, name, period)
                shallow = one if shallow is None else shallow | one
        else:
            deep = period if deep is None else deep | period
    if shallow is not None:
        cuts = {margins.cut_of(cells, name): name for name in dimensions}
        for name, value, row in margins.told(actor, shallow, cuts):
            _gather(found[name], [(value, row)])
    if deep is not None:
        rows = ActivityDay.objects.visible_to(actor).filter(deep, **cells)
        for row in rows.order_by().values(*DIMENSIONS).annotate(**margins.added()):
            for name in dimensions:
                _gather(found[name], [(row[name], row)])
    return {name: {key: Sums(cell) for key, cell in lines.items()} for name, lines in found.items()}


def _gather(cells: dict[Any, dict[str, int]], rows: Iterable[tuple[Any, dict[str, Any]]]) -> None:
    for key, row in rows:
        cell = cells.setdefault(key, dict.fromkeys(SUMS, 0))
        for name in SUMS:
            cell[name] += row[f"sum_{name}"]


def _by_month(actor: Actor, wanted: ActivityFilter) -> dict[date, Sums]:
    found: dict[date, dict[str, int]] = {}
    for part in _parts(wanted):
        # Months stand beside years; a year would hide in which month something was.
        span = part.span if part.span == "day" else "month"
        rows = margins.rows(actor, wanted.cells(), span).filter(
            day__gte=part.first, day__lt=part.end
        )
        told = rows.order_by().values("day").annotate(**margins.added())
        _gather(found, ((row["day"].replace(day=1), row) for row in told))
    return {month: Sums(cell) for month, cell in sorted(found.items())}


def total(actor: Actor, wanted: ActivityFilter) -> Sums:
    """Return the sums of all that matches."""
    return add_up(by(actor, wanted, "language").values())


def add_up(many: Any) -> Sums:
    """Return sums added together."""
    values = dict.fromkeys(SUMS, 0)
    for one in many:
        for name in SUMS:
            values[name] += one.values[name]
    return Sums(values)


def _sums(row: dict[str, Any]) -> Sums:
    return Sums({name: int(row[f"sum_{name}"]) for name in SUMS})


def _of_one_body(actor: Actor, wanted: ActivityFilter) -> QuerySet[Any]:
    rows: QuerySet[Any] = Activity.objects.visible_to(actor).filter(**wanted.cells())
    if wanted.body_id is not None:
        rows = rows.filter(body_id=wanted.body_id)
    if wanted.start is not None:
        rows = rows.filter(held_on__gte=wanted.start)
    if wanted.end is not None:
        rows = rows.filter(held_on__lt=wanted.end)
    return rows.order_by()


def _counted(
    actor: Actor, wanted: ActivityFilter, dimensions: Sequence[str]
) -> dict[str, dict[Any, Sums]]:
    """Sum activities themselves, read once: those of one body, which are few."""
    found: dict[str, dict[Any, list[int]]] = {name: {} for name in dimensions}
    columns = ("state", "reach", "reach_is", *BAND_FIELDS.values(), "cost", "views", "comments",
               "comments_answered", "held_on")  # fmt: skip
    kept = [name for name in dimensions if name != "month"]
    at = len(columns)
    for row in _of_one_body(actor, wanted).values_list(*columns, *kept):
        sums = sums_of(row[0], row[1], row[2], row[3 : at - 5], row[at - 5], row[at - 4 : at - 1])
        known = [(position, value) for position, value in enumerate(sums) if value]
        keys = dict(zip(kept, row[at:], strict=True))
        for name in dimensions:
            key = row[at - 1].replace(day=1) if name == "month" else keys[name]
            cell = found[name].get(key)
            if cell is None:
                cell = found[name][key] = [0] * len(SUMS)
            for position, value in known:
                cell[position] += value
    return {
        name: {key: Sums(dict(zip(SUMS, cell, strict=True))) for key, cell in sorted(cells.items())}
        for name, cells in found.items()
    }


def with_months(
    actor: Actor, wanted: ActivityFilter
) -> tuple[dict[str, dict[Any, Sums]], dict[date, int]]:
    """Return sums by every dimension, and how many activities each month held."""
    if _is_summed(actor, wanted):
        return several(actor, wanted), held_by_month(actor, wanted)
    # One body's activities are read once for both.
    found = _counted(actor, wanted, (*DIMENSIONS, "month"))
    return found, held_of(found.pop("month"))


def held_of(months: Mapping[date, Sums]) -> dict[date, int]:
    """Return how many activities each month held, of those that held any."""
    return {month: sums.activities for month, sums in months.items() if sums.activities}


def held_by_month(actor: Actor, wanted: ActivityFilter) -> dict[date, int]:
    """Return how many activities were held in each month, for a chart."""
    if not _is_summed(actor, wanted):
        rows = _of_one_body(actor, wanted).filter(state__in=("held", "reported"))
        months = rows.annotate(month=TruncMonth("held_on")).values_list("month")
        return dict(months.annotate(all=Count("pk")).order_by("month"))
    found: dict[date, int] = {}
    for part in _parts(wanted):
        span = part.span if part.span == "day" else "month"
        rows = margins.rows(actor, wanted.cells(), span).filter(
            day__gte=part.first, day__lt=part.end
        )
        held = Sum(F("held") + F("reported"))
        for day, count in rows.order_by().values_list("day").annotate(all=held):
            month = day.replace(day=1)
            found[month] = found.get(month, 0) + count
    return dict(sorted(found.items()))


def by_body(actor: Actor, *, start: date, end: date, limit: int = 50) -> list[tuple[int, Sums]]:
    """Return the bodies that held most in the months of a period, with their sums."""
    rows = BodyMonth.objects.visible_to(actor).filter(
        month__gte=start.replace(day=1), month__lt=_month_bound(end)
    )
    held = Sum(F("held") + F("reported"))
    ranked = rows.order_by().values_list("body_id").annotate(all=held).order_by("-all", "body_id")
    keys = [key for key, _held in ranked[:limit]]
    found = rows.filter(body_id__in=keys).order_by().values("body_id").annotate(**margins.added())
    sums = {row["body_id"]: _sums(row) for row in found}
    return [(key, sums[key]) for key in keys]


def _month_bound(end: date) -> date:
    return end if end.day == 1 else next_month(end)


def reach(actor: Actor, *, start: date, end: date) -> dict[int, Sums]:
    """Return whom activities reached from ``start`` to before ``end``, by district."""
    return by(actor, ActivityFilter(start=start, end=end), "district_id")
