"""Who has seen a case, as the one who is helped reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qalqan.desk.support.models import CourtOrder, Sight
from qalqan.desk.support.selectors.opening import Opened
from qalqan.desk.support.selectors.people import services_by_key

ACTS: dict[str, Any] = {
    "begin": _("began the case"),
    "read": _("opened the case"),
    "own": _("opened the page with the code"),
    "note": _("wrote a note"),
    "step": _("changed the plan"),
    "review": _("held a review"),
    "close": _("closed the case"),
    "give_consent": _("entered a consent"),
    "withdraw": _("entered a withdrawal"),
    "sheet": _("printed this sheet"),
    "envelope": _("took a sealed envelope along"),
    "order_ask": _("entered a court order"),
    "order_confirm": _("confirmed a court order"),
    "order_hand_out": _("handed the case out by a court order"),
}


@dataclass(frozen=True, slots=True)
class SeenLine:
    """One opening of a case."""

    at: datetime
    who: str
    what: Any


def seen(opened: Opened, *, today: date, all_of_it: bool = False) -> list[SeenLine]:
    """Return who has opened the case; what a court forbids to tell is left out for so long.

    A prohibition counts once a second worker has confirmed its order, and for that order alone:
    nobody hides an order from the helped one on one's own word.
    """
    rows = Sight.objects.filter(case=opened.case).order_by("at", "pk")
    silent = CourtOrder.objects.filter(
        case=opened.case, silent_until__gt=today, confirmed_by__isnull=False
    )
    if not all_of_it and silent.exists():
        # Lines older than this rule do not name their order: they go with any silent one.
        of_old = Q(order__isnull=True, act__startswith="order_")
        rows = rows.exclude(of_old).exclude(order__in=silent)
    return [SeenLine(row.at, row.label or "–", ACTS.get(row.act, row.act)) for row in rows]


@dataclass(frozen=True, slots=True)
class Recipient:
    """One consent with its service."""

    service: Any
    given: date
    withdrawn: date | None


def recipients(opened: Opened) -> list[Recipient]:
    """Return every consent of a case."""
    known = services_by_key(one["service"] for one in opened.recipients)
    return [
        Recipient(
            known.get(one["service"]),
            date.fromisoformat(one["given"]),
            date.fromisoformat(one["withdrawn"]) if one["withdrawn"] else None,
        )
        for one in opened.recipients
    ]
