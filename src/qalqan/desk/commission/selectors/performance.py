"""Every reading of indicators and their locked figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from qalqan.desk.commission.models import (
    FigureComment,
    FigureUnit,
    IndicatorDefinition,
    LockedFigure,
    PerformanceIndicator,
    PerformanceTarget,
)
from qalqan.desk.commission.selectors.evaluating import METHODS
from qalqan.desk.platform.policies import Actor

LEAST = 5
"""A figure or a part of one that rests on fewer cases is withheld."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One locked figure as everyone may see it.

    Parameters
    ----------
    code, version
        Of the indicator; which definition of it. A change of definition is another version.
    names
        By ``kk``, ``ru`` and ``en``.
    unit
        ``hours``, ``minutes``, ``days``, ``share`` (0 to 1) or ``per_1000``.
    period_from, period_to
        First and last day.
    value, low, high, n
        Nothing where it is withheld (fewer than `LEAST` cases), or a median was not reached
        (then ``n`` is there). The interval holds 95 %.
    target
        What was to be reached in that month; nothing where there was no target.
    method
        In the language that is active.
    number, reason, replaced_at
        Which version of this month's figure, why it was corrected, and when a later one
        replaced it.
    """

    code: str
    version: int
    names: Mapping[str, str]
    unit: str
    period_from: date
    period_to: date
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    target: float | None
    method: str
    locked_at: datetime
    number: int = 1
    reason: str = ""
    replaced_at: datetime | None = None
    direction: str = "neither"
    definitions: Mapping[str, str] | None = None
    data_until: datetime | None = None
    responsible: str = ""
    digest: str = ""
    is_sample: bool = False


def published(actor: Actor, *, with_replaced: bool = False) -> list[Figure]:
    """Return the locked figures that everyone may see: by indicator, version and month.

    Parameters
    ----------
    with_replaced
        Also what was corrected later: the versions that no longer stand.
    """
    rows = LockedFigure.objects.visible_to(actor).select_related(
        "definition__indicator__responsible"
    )
    if not with_replaced:
        rows = rows.filter(replaced_at__isnull=True)
    ordered = rows.order_by(
        "definition__indicator__order", "definition__indicator__code", "definition__number",
        "period_from", "number",
    )  # fmt: skip
    return [_public(row) for row in ordered]


def _public(row: LockedFigure) -> Figure:
    kept = row.n >= LEAST
    definition = row.definition
    indicator = definition.indicator
    return Figure(
        code=indicator.code, version=definition.number,
        names={code: definition.said("name", code) for code in ("kk", "ru", "en")},
        unit=definition.unit, period_from=row.period_from, period_to=row.period_to,
        value=row.value if kept else None, low=row.low if kept else None,
        high=row.high if kept else None, n=row.n if kept else None, target=row.target,
        method=str(METHODS.get(row.method, row.method)), locked_at=row.locked_at,
        number=row.number, reason=row.reason,
        replaced_at=row.replaced_at, direction=definition.direction,
        definitions={code: definition.said("definition", code) for code in ("kk", "ru", "en")},
        data_until=row.data_until,
        responsible=str(indicator.responsible) if indicator.responsible else "",
        digest=digest_shown(row), is_sample=row.is_sample,
    )  # fmt: skip


def digest_shown(row: LockedFigure) -> str:
    """Return a figure's digest; nothing where it is withheld, as few cases are soon all tried."""
    return row.digest if row.n == 0 or row.n >= LEAST else ""


def indicators(actor: Actor) -> QuerySet[PerformanceIndicator]:
    """Return the indicators in their order."""
    rows: QuerySet[PerformanceIndicator] = PerformanceIndicator.objects.visible_to(actor)
    return rows.select_related("responsible").order_by("order", "code")


def indicator_for(actor: Actor, code: str) -> PerformanceIndicator | None:
    """Return one indicator, or nothing."""
    return indicators(actor).filter(code=code).first()


def definitions(
    actor: Actor, indicator: PerformanceIndicator | None = None
) -> list[IndicatorDefinition]:
    """Return the definitions of an indicator, or of all, the first version first."""
    rows = IndicatorDefinition.objects.visible_to(actor)
    if indicator is not None:
        rows = rows.filter(indicator=indicator)
    return list(rows.select_related("indicator").order_by("indicator_id", "number"))


def targets(actor: Actor, indicator: PerformanceIndicator) -> list[PerformanceTarget]:
    """Return the targets of an indicator, the first first."""
    rows = PerformanceTarget.objects.visible_to(actor).filter(indicator=indicator)
    return list(rows.order_by("since", "pk"))


def figures(
    actor: Actor, indicator: PerformanceIndicator, *, with_replaced: bool = False
) -> list[LockedFigure]:
    """Return the figures of an indicator by month; those that stand unless told otherwise."""
    rows = LockedFigure.objects.visible_to(actor).filter(definition__indicator=indicator)
    if not with_replaced:
        rows = rows.filter(replaced_at__isnull=True)
    return list(
        rows.select_related("definition", "locked_by").order_by(
            "period_from", "definition__number", "number"
        )
    )


def standing_figures(actor: Actor) -> list[LockedFigure]:
    """Return all figures that stand, of all indicators, by month."""
    rows = LockedFigure.objects.visible_to(actor).filter(replaced_at__isnull=True)
    return list(rows.select_related("definition").order_by("period_from", "definition__number"))


def figure_for(actor: Actor, key: int) -> LockedFigure | None:
    """Return one locked figure, or nothing."""
    rows: QuerySet[LockedFigure] = LockedFigure.objects.visible_to(actor)
    return (
        rows.select_related("definition__indicator__responsible", "locked_by")
        .filter(pk=key)
        .first()
    )


def versions_of(actor: Actor, figure: LockedFigure) -> list[LockedFigure]:
    """Return every version of a month's figure, the latest first."""
    rows = LockedFigure.objects.visible_to(actor).filter(
        definition_id=figure.definition_id, period_from=figure.period_from
    )
    return list(rows.select_related("locked_by").order_by("-number"))


def units(actor: Actor, figures: Sequence[LockedFigure]) -> list[FigureUnit]:
    """Return the districts or bodies of figures; what lies nowhere known comes too."""
    rows = FigureUnit.objects.visible_to(actor).filter(figure__in=[one.pk for one in figures])
    return list(rows.select_related("place", "organisation").defer("place__boundary"))


def comments(
    actor: Actor, indicator: PerformanceIndicator, period_from: date | None = None
) -> list[FigureComment]:
    """Return what the responsible body said, the latest month first."""
    rows = FigureComment.objects.visible_to(actor).filter(indicator=indicator)
    if period_from is not None:
        rows = rows.filter(period_from=period_from)
    return list(rows.select_related("organisation").order_by("-period_from", "at", "pk"))


def locked_months(actor: Actor) -> list[date]:
    """Return the months that have figures, the latest first."""
    rows = LockedFigure.objects.visible_to(actor).order_by("-period_from")
    return list(rows.values_list("period_from", flat=True).distinct())


def all_figures(actor: Actor, *, code: str = "") -> list[LockedFigure]:
    """Return every figure, those that were replaced, too, with its definition and indicator."""
    rows = LockedFigure.objects.visible_to(actor).select_related("definition__indicator")
    if code:
        rows = rows.filter(definition__indicator__code=code)
    return list(
        rows.order_by(
            "definition__indicator__order", "definition__indicator__code", "definition__number",
            "period_from", "number",
        )
    )  # fmt: skip
