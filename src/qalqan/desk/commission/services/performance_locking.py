"""Locking: a month's figures are counted once, stored with what went in, and left alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from qalqan.desk.commission.models import (
    FigureUnit,
    IndicatorDefinition,
    LockedFigure,
    PerformanceTarget,
    Seat,
)
from qalqan.desk.commission.selectors.evaluating import OTHER, Evaluated, Part, evaluate, measured
from qalqan.desk.commission.selectors.formulas import FORMULAS, Inputs, Month
from qalqan.desk.commission.services.checks import words
from qalqan.desk.commission.services.decisions import DESK
from qalqan.desk.commission.services.performance import due_definitions, enter_shipped, is_over
from qalqan.desk.platform.accounts.models import Organisation, User
from qalqan.desk.platform.audit import selectors as audit_heads
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.audit.models import GENESIS, AuditHead
from qalqan.desk.platform.policies import ADD, Actor, Role, require
from qalqan.desk.platform.work import services as work
from qalqan.desk.platform.work.models import WorkItem
from qalqan.errors import ConflictError

LOCK = "commission.lock_month"
_ASK_ON_DAY = 5
_WITHIN = timedelta(days=10)
_LIVE = (WorkItem.State.OPEN, WorkItem.State.ACCEPTED)
Known = Mapping[str, Inputs]
"""Cases by formula, where they are given and not read from the rooms: sample data."""


@transaction.atomic
def lock_month(
    *, actor: Actor, month: Month, now: datetime, known: Known | None = None,
    is_sample: bool = False,
) -> list[LockedFigure]:  # fmt: skip
    """Lock a month: count every indicator once and store it with what went in.

    Parameters
    ----------
    known
        Cases by formula in place of the rooms' own; a formula that is absent has no cases.

    Raises
    ------
    ConflictError
        The month is not over, or locked already.
    """
    require(actor, ADD, LockedFigure)
    if not is_over(month, now):
        raise ConflictError(_("This month is not over."))
    enter_shipped(actor=DESK, now=now, is_sample=is_sample)
    list(IndicatorDefinition.objects.select_for_update().order_by("pk"))
    there = set(
        LockedFigure.objects.filter(period_from=month.first).values_list("definition_id", flat=True)
    )
    wanted = [row for row in due_definitions(month) if row.pk not in there]
    if not wanted:
        raise ConflictError(_("This month is locked already."))
    head = audit_heads.head()
    made = []
    for row in wanted:
        target = target_of(row, month)
        found = _counted(row, month, now, known, target)
        made.append(
            _store(actor, row, month, found, now, target=target, head=head, is_sample=is_sample)
        )
    _close_work(month, now)
    audit.record(
        actor=actor, action="commission.lock_month", subject=_subject(month), now=now,
        detail={"figures": {_label(row): row.digest[:16] for row in made}},
    )  # fmt: skip
    return made


@transaction.atomic
def correct_figure(
    *, actor: Actor, figure: LockedFigure, reason: str, now: datetime, known: Known | None = None
) -> LockedFigure:
    """Count a locked month again, with what is known now, as another version with a reason.

    Parameters
    ----------
    known
        See `lock_month`; made-up figures cannot be counted again without.

    Raises
    ------
    ConflictError
        It was replaced already, the figure comes out as it stands, or it is made up.
    InputError
        There is no reason.
    """
    require(actor, ADD, LockedFigure)
    former: LockedFigure = (
        LockedFigure.objects.select_for_update(of=("self",))
        .select_related("definition__indicator")
        .get(pk=figure.pk)
    )
    if former.replaced_at is not None:
        raise ConflictError(_("A later version stands in its place already."))
    if former.is_sample and known is None:
        raise ConflictError(_("Sample figures are made up; nothing can be counted again."))
    said = words(reason, "reason", 500)
    month = Month(former.period_from)
    found = _counted(former.definition, month, now, known, former.target)
    if _same(former, found):
        raise ConflictError(_("Counted again, the figure comes out as it stands."))
    former.replaced_at = now
    former.save(update_fields=["replaced_at"])
    made = _store(
        actor, former.definition, month, found, now, target=former.target,
        head=audit_heads.head(), former=former, reason=said, is_sample=former.is_sample,
    )  # fmt: skip
    audit.record(
        actor=actor, action="commission.correct_figure", subject=made, now=now,
        detail={"figure": _label(made), "month": f"{month.first:%Y-%m}", "reason": said,
                "before": former.digest[:16], "after": made.digest[:16]},
    )  # fmt: skip
    return made


def preview(month: Month, now: datetime) -> list[tuple[IndicatorDefinition, Evaluated]]:
    """Return what locking a month now would store; nothing is stored."""
    return [
        (row, _counted(row, month, now, None, target_of(row, month)))
        for row in due_definitions(month)
    ]


def target_of(definition: IndicatorDefinition, month: Month) -> float | None:
    """Return what was to be reached in a month; nothing where there was no target."""
    rows = PerformanceTarget.objects.filter(
        indicator=definition.indicator_id, since__lte=month.first
    )
    found = rows.order_by("-since", "-pk").values_list("value", flat=True).first()
    return None if found is None else float(found)


def _counted(
    definition: IndicatorDefinition, month: Month, now: datetime, known: Known | None,
    target: float | None,
) -> Evaluated:  # fmt: skip
    formula = FORMULAS[definition.formula]
    if known is not None:
        return evaluate(formula, known.get(formula.key, Inputs(())), target)
    # The desk counts by itself, so that a figure does not depend on who locks it.
    return measured(DESK, formula, month, at=now, target=target)


def _store(
    actor: Actor, definition: IndicatorDefinition, month: Month, found: Evaluated, now: datetime,
    *, target: float | None, head: AuditHead | None, former: LockedFigure | None = None,
    reason: str = "", is_sample: bool = False,
) -> LockedFigure:  # fmt: skip
    row = LockedFigure(
        definition=definition, period_from=month.first, period_to=month.last,
        number=former.number + 1 if former else 1, value=found.value, low=found.low,
        high=found.high, n=found.n, counts=dict(found.counts), method=found.method,
        target=target,
        window_from=month.first, window_to=month.last, data_until=now,
        head_sequence=head.sequence if head else 0, head_hash=head.hash if head else GENESIS,
        reason=reason, locked_at=now,
        locked_by=actor if isinstance(actor, get_user_model()) else None, is_sample=is_sample,
    )  # fmt: skip
    row.digest = digest_of(row, found.parts)
    row.save(force_insert=True)
    is_place = FORMULAS[definition.formula].unit_kind == "district"
    FigureUnit.objects.bulk_create(
        FigureUnit(
            figure=row, part=one.part, whole=one.whole, cases=one.cases, spread=one.spread,
            place_id=unit if is_place and unit != OTHER else None,
            organisation_id=unit if not is_place and unit != OTHER else None,
        )
        for unit, one in sorted(found.parts.items())
    )  # fmt: skip
    return row


def digest_of(row: LockedFigure, parts: Mapping[int, Part]) -> str:
    """Return the digest of a figure, its counts and its parts; it stands in the audit's entry."""
    content: dict[str, Any] = {
        "formula": row.definition.formula, "definition": row.definition.number,
        "month": row.period_from.isoformat(), "number": row.number, "value": _float(row.value),
        "low": _float(row.low), "high": _float(row.high), "n": row.n, "counts": row.counts,
        "method": row.method, "target": _float(row.target),
        "until": row.data_until.astimezone(UTC).isoformat(), "head": row.head_hash,
        "parts": [
            [unit, float(one.part), float(one.whole), one.cases, float(one.spread)]
            for unit, one in sorted(parts.items())
        ],
    }  # fmt: skip
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _float(value: float | None) -> float | None:
    return None if value is None else float(value)


def is_intact(row: LockedFigure, units: Iterable[FigureUnit]) -> bool:
    """Tell whether a stored figure still is what its digest says."""
    parts = {
        one.place_id or one.organisation_id or OTHER: Part(
            one.part, one.whole, one.cases, one.spread
        )
        for one in units
    }
    return digest_of(row, parts) == row.digest


def _same(former: LockedFigure, found: Evaluated) -> bool:
    parts = sorted((unit, one.part, one.whole, one.cases) for unit, one in found.parts.items())
    stored = sorted(
        (one.place_id or one.organisation_id or OTHER, one.part, one.whole, one.cases)
        for one in former.units.all()
    )
    return (
        (former.value, former.low, former.high, former.n)
        == (found.value, found.low, found.high, found.n)
        and dict(former.counts) == dict(found.counts)
        and parts == stored
    )


def _label(figure: LockedFigure) -> str:
    return f"{figure.definition.indicator.code}.{figure.definition.number}"


def _subject(month: Month) -> str:
    return f"performance:{month.first:%Y-%m}"


def ask_for_lock(now: datetime) -> int:
    """Open a piece of work to lock the past month, once; a person locks. Return how many."""
    today = timezone.localdate(now)
    month = Month(today.replace(day=1)).before()
    if today.day < _ASK_ON_DAY or LockedFigure.objects.filter(period_from=month.first).exists():
        return 0
    if WorkItem.objects.filter(kind=LOCK, subject=_subject(month)).exists():
        return 0
    body = _secretariat()
    if body is None:
        return 0
    work.open_item(
        actor=DESK, kind=LOCK,
        title=_("Lock the figures of %(month)s")
        % {"month": date_format(month.first, "YEAR_MONTH_FORMAT")},
        subject=_subject(month), owner=None, organisation=body, due_at=now + _WITHIN, now=now,
        url=f"{reverse('commission:lock')}?month={month.first:%Y-%m}",
    )  # fmt: skip
    return 1


def _secretariat() -> Organisation | None:
    """Return the body that keeps the table: that of a secretary's seat, or of a secretary."""
    seat = (
        Seat.objects.filter(
            part=Seat.Part.SECRETARY, until__isnull=True, organisation__isnull=False
        )
        .select_related("organisation")
        .order_by("pk")
        .first()
    )
    if seat is not None:
        found: Organisation | None = seat.organisation
        return found
    person = (
        User.objects.filter(role=Role.SECRETARY, is_active=True, organisation__isnull=False)
        .select_related("organisation")
        .order_by("pk")
        .first()
    )
    return person.organisation if person else None


def _close_work(month: Month, now: datetime) -> None:
    rows = WorkItem.objects.filter(kind=LOCK, subject=_subject(month), state__in=_LIVE)
    for row in rows:
        work.close_item(actor=DESK, item=row, outcome=_("The month was locked."), now=now)


def month_of(text: str) -> date | None:
    """Return the first day of a month that is written like 2026-03, or nothing.

    >>> month_of("2026-03"), month_of("March")
    (datetime.date(2026, 3, 1), None)
    """
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
