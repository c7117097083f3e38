"""Every act on indicators: entered, redefined, given a target, locked, corrected, commented."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.commission.models import (
    FigureComment,
    IndicatorDefinition,
    LockedFigure,
    PerformanceIndicator,
    PerformanceTarget,
)
from qalqan.desk.commission.selectors.formulas import FORMULAS, Month, formulas_of
from qalqan.desk.commission.services.checks import words
from qalqan.desk.commission.shipped_indicators import SHIPPED
from qalqan.desk.platform.accounts.models import Organisation
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, SystemActor, require
from qalqan.errors import ConflictError, InputError, Location

OVERLAP_MONTHS = 3
"""For so many months a former definition is counted beside the one that replaced it."""
_LANGUAGES = ("kk", "ru", "en")
_EPOCH = date(2020, 1, 1)


@transaction.atomic
def enter_shipped(*, actor: Actor, now: datetime, is_sample: bool = False) -> int:
    """Enter the indicators that the desk begins with and lacks; return how many were added."""
    require(actor, ADD, PerformanceIndicator)
    there = set(PerformanceIndicator.objects.values_list("code", flat=True))
    added = 0
    for order, one in enumerate(SHIPPED, start=1):
        if one.code in there:
            continue
        indicator = PerformanceIndicator.objects.create(
            code=one.code, order=order, is_sample=is_sample
        )
        IndicatorDefinition.objects.create(
            indicator=indicator, number=1, unit=one.unit, direction=one.direction,
            formula=one.formula, sources=list(one.sources), valid_from=_EPOCH, made_at=now,
            **_texts(one.names, one.definitions),
        )  # fmt: skip
        added += 1
    if added:
        audit.record(
            actor=actor, action="commission.enter_indicators", subject="performance", now=now,
            detail={"added": added},
        )  # fmt: skip
    return added


def _texts(names: Mapping[str, str], definitions: Mapping[str, str]) -> dict[str, str]:
    return {f"name_{code}": names[code] for code in _LANGUAGES} | {
        f"definition_{code}": definitions[code] for code in _LANGUAGES
    }


@transaction.atomic
def redefine(
    *, actor: Actor, indicator: PerformanceIndicator, formula: str, names: Mapping[str, str],
    definitions: Mapping[str, str], valid_from: date, reason: str, now: datetime,
) -> IndicatorDefinition:  # fmt: skip
    """Give an indicator another definition from a month on; the former runs beside it a while.

    Parameters
    ----------
    formula
        A registered formula of this indicator; the same one where only the words change.
    names, definitions
        By ``kk``, ``ru`` and ``en``; all three.
    valid_from
        First day of the month from which it holds; no such month may be locked already.

    Raises
    ------
    ConflictError
        The month is locked, or lies before the definition that it replaces.
    InputError
        A word is missing, the formula is not of this indicator, or the day is no first of a month.
    """
    require(actor, CHANGE, PerformanceIndicator)
    locked = PerformanceIndicator.objects.select_for_update().get(pk=indicator.pk)
    former = locked.definitions.order_by("-number").first()
    if former is None or formula not in formulas_of(locked.code):
        raise InputError(_("This formula is not of this indicator."), location=_at("formula"))
    if valid_from.day != 1:
        raise InputError(_("A definition begins with a month."), location=_at("valid_from"))
    if valid_from <= former.valid_from:
        raise ConflictError(_("It must begin after the definition that it replaces."))
    if LockedFigure.objects.filter(
        definition__indicator=locked, period_from__gte=valid_from
    ).exists():
        raise ConflictError(_("A month from then on is locked already; take a later one."))
    made = IndicatorDefinition.objects.create(
        indicator=locked, number=former.number + 1, unit=former.unit, direction=former.direction,
        formula=formula, sources=former.sources, valid_from=valid_from,
        reason=words(reason, "reason", 1000), made_at=now,
        **{f"name_{c}": words(names.get(c, ""), f"name_{c}", 200) for c in _LANGUAGES},
        **{
            f"definition_{c}": words(definitions.get(c, ""), f"definition_{c}", 2000)
            for c in _LANGUAGES
        },
    )  # fmt: skip
    former.runs_until = _months_after(valid_from, OVERLAP_MONTHS)
    former.save(update_fields=["runs_until"])
    audit.record(
        actor=actor, action="commission.redefine_indicator", subject=made, now=now,
        detail={"code": locked.code, "formula": formula, "valid_from": valid_from.isoformat()},
    )  # fmt: skip
    return made


def _at(field: str) -> Location:
    return Location(field=field)


def _months_after(first: date, count: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + count, 12)
    return date(year, month + 1, 1)


@transaction.atomic
def set_target(
    *, actor: Actor, indicator: PerformanceIndicator, value: float, since: date, reason: str,
    now: datetime,
) -> PerformanceTarget:  # fmt: skip
    """Say what an indicator is to reach from a day on; locked months keep the target they had.

    Raises
    ------
    InputError
        The value cannot be one of this unit, or there is no reason.
    """
    require(actor, ADD, PerformanceTarget)
    definition = indicator.definitions.order_by("-number").first()
    is_share = definition is not None and definition.unit == IndicatorDefinition.Unit.SHARE
    if not (0 < value < 1 if is_share else 0 < value < 1e6):
        text = (
            _("A target of a share lies between 0 and 1.") if is_share
            else _("A target is a number above 0.")
        )  # fmt: skip
        raise InputError(text, location=_at("value"))
    made = PerformanceTarget.objects.create(
        indicator=indicator, value=value, since=since, reason=words(reason, "reason", 500),
        made_at=now,
    )  # fmt: skip
    audit.record(
        actor=actor, action="commission.set_target", subject=made, now=now,
        detail={"code": indicator.code, "value": value, "since": since.isoformat()},
    )  # fmt: skip
    return made


@transaction.atomic
def set_responsible(
    *, actor: Actor, indicator: PerformanceIndicator, organisation: Organisation | None,
    now: datetime,
) -> PerformanceIndicator:  # fmt: skip
    """Say which body answers for an indicator, and may comment on it."""
    require(actor, CHANGE, PerformanceIndicator)
    locked: PerformanceIndicator = PerformanceIndicator.objects.select_for_update().get(
        pk=indicator.pk
    )
    before, locked.responsible = locked.responsible_id, organisation
    locked.save(update_fields=["responsible"])
    audit.record(
        actor=actor, action="commission.set_responsible", subject=locked, now=now,
        detail={"from": before, "to": organisation.pk if organisation else None},
    )  # fmt: skip
    return locked


@transaction.atomic
def comment(
    *, actor: Actor, indicator: PerformanceIndicator, month: date, text: str, now: datetime,
    organisation: Organisation | None = None, is_sample: bool = False,
) -> FigureComment:  # fmt: skip
    """Say what the responsible body has to say of a month; everyone reads it beside the figure.

    Parameters
    ----------
    organisation
        The body, where the desk itself enters its words; of people it is the one responsible.

    Raises
    ------
    ConflictError
        The month is not locked.
    InputError
        There are no words.
    RefusedError
        The actor is no member of the responsible body.
    """
    require(actor, ADD, FigureComment, indicator)
    if not LockedFigure.objects.filter(definition__indicator=indicator, period_from=month).exists():
        raise ConflictError(_("This month is not locked."))
    is_entered = organisation is not None and isinstance(actor, SystemActor)
    body = organisation.pk if organisation and is_entered else indicator.responsible_id
    if body is None:
        raise ConflictError(_("No body is responsible for this indicator."))
    made = FigureComment.objects.create(
        indicator=indicator, period_from=month, organisation_id=body,
        text=words(text, "text", 2000), at=now, is_sample=is_sample,
    )  # fmt: skip
    audit.record(
        actor=actor, action="commission.comment_figure", subject=made, now=now,
        detail={"code": indicator.code, "month": f"{month:%Y-%m}"},
    )  # fmt: skip
    return made


def due_definitions(month: Month) -> list[IndicatorDefinition]:
    """Return the definitions that are counted in a month: in force, or run beside the next one."""
    rows = IndicatorDefinition.objects.filter(valid_from__lte=month.first).select_related(
        "indicator"
    )
    return [
        row
        for row in rows.order_by("indicator__order", "indicator__code", "number")
        if (row.runs_until is None or month.first < row.runs_until) and row.formula in FORMULAS
    ]


def is_over(month: Month, now: datetime) -> bool:
    """Tell whether a month has ended in the province."""
    return timezone.localdate(now) >= month.end
