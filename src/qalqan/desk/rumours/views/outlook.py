"""What the page of a claim says about its place in the queue, its likes and its future."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, actor_of, policy_of
from qalqan.desk.platform.ui import charts
from qalqan.desk.platform.ui.formatting import format_date
from qalqan.desk.rumours import selectors, words
from qalqan.desk.rumours.forms import ClaimFilterForm
from qalqan.desk.rumours.forms_queue import MergeForm, SeverityForm
from qalqan.desk.rumours.maps import circles_map
from qalqan.desk.rumours.models import Claim, ClaimMerge, MergeSuggestion
from qalqan.desk.rumours.selectors import merges, queueing

_PAST = 72
_STEP = 6


def queue_context(
    request: HttpRequest,
    claim: Claim,
    *,
    at: datetime,
    first: int,
    hourly: NDArray[np.int64],
    counted: list[tuple[Any, int]],
) -> dict[str, Any]:
    """Return what the queue's part of the page of a claim shows.

    Parameters
    ----------
    first, hourly
        First hour of the history and copies in each hour since.
    counted
        Places with the copies that name them.
    """
    actor = actor_of(request)
    rank = queueing.rank_of(actor, claim)
    severity = claim.severity or (rank.suggested_severity if rank else "")
    return {
        "rank": rank,
        "reasons": words.reasons_of(rank) if rank else [],
        "triggers": words.triggers_of(rank) if rank else [],
        "alarm": words.alarm_of(rank) if rank else "",
        "is_overdue": queueing.is_overdue(claim, severity, timezone.now()),
        "severity_label": words.severity_label(severity),
        "severity_form": SeverityForm(initial={"severity": severity}),
        "forecast": forecast_chart(claim, at=at, first=first, hourly=hourly),
        "map": _map(actor, counted),
        "matches": queueing.matches_of(actor, claim),
        "pairs": [words.said_pair(row) for row in merges.open_suggestions(actor, claim)],
        "merged": merges.merges_into(actor, claim),
        "doubts": [
            (row, words.conflicts_of(row.conflicts)) for row in merges.doubts_about(actor, claim)
        ],
        "merge_form": MergeForm(),
        "may_change": policy_of(Claim).allows(actor, CHANGE),
        "may_merge": policy_of(ClaimMerge).allows(actor, ADD),
        "may_decide": policy_of(MergeSuggestion).allows(actor, CHANGE),
    }


@dataclass(frozen=True, slots=True)
class SaidRank:
    """A row of the queue in words."""

    severity: str
    reasons: list[str]
    alarm: str
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class SaidRow:
    """A claim of the queue with its rank in words."""

    claim: Claim
    rank: Any
    said: SaidRank


def said_rows(rows: list[selectors.ListedClaim]) -> list[SaidRow]:
    """Put the rows of the queue into words."""
    now = timezone.now()
    found = []
    for row in rows:
        if row.rank is None:
            continue
        severity = row.claim.severity or row.rank.suggested_severity
        said = SaidRank(
            words.severity_label(severity), words.reasons_of(row.rank), words.alarm_of(row.rank),
            queueing.is_overdue(row.claim, severity, now),
        )  # fmt: skip
        found.append(SaidRow(row.claim, row.rank, said))
    return found


def asked_for(request: HttpRequest, form: ClaimFilterForm) -> selectors.ClaimFilter:
    """Return what the address asks for; before the first ranking, growth gives the order."""
    wanted = form.as_filter()
    if not request.GET.get("sort") and not queueing.has_ranks(actor_of(request)):
        return replace(wanted, sort="growth")
    return wanted


def forecast_chart(
    claim: Claim, *, at: datetime, first: int, hourly: NDArray[np.int64]
) -> charts.Chart | None:
    """Draw the copies so far and those expected until tomorrow, with their interval."""
    from qalqan.science.spread.forecast import forecast_copies

    if not len(hourly) or selectors.hour_of(at) - first + 1 > len(hourly) + 24:
        return None  # nothing was said for long: there is nothing to foretell
    age = max(1, selectors.hour_of(at) - selectors.hour_of(claim.first_seen) + 1)
    horizons = (6, 12, 18, 24)
    found = forecast_copies(hourly[None, :], horizons, age_hours=np.array([age]))
    total = int(claim.copies)
    counts = np.concatenate([[0], hourly[::-1].cumsum()])
    points = [
        charts.Point(_when(first + len(hourly) - 1 - back), total - int(counts[back]))
        for back in range(min(_PAST, len(hourly)), 0, -_STEP)
    ]
    points.append(charts.Point(_("now"), total, total, total))
    for n, horizon in enumerate(horizons):
        points.append(
            charts.Point(
                _("in %(hours)s h") % {"hours": horizon},
                round(total + float(found.mean[0, n]), 1),
                float(total + found.low[0, n]),
                float(total + found.high[0, n]),
            )
        )
    return charts.line_chart(
        points,
        title=_("Copies in all, and what is expected until tomorrow"),
        description=_("With the 95 % interval of the forecast"),
        unit=_("copies"),
    )


def _when(hour: int) -> str:
    moment = timezone.localtime(datetime.fromtimestamp(hour * 3600, UTC))
    return format_date(moment, "short")


def _map(actor: Actor, counted: list[tuple[Any, int]]) -> Any:
    if not counted:
        return ""
    return circles_map(list(places.districts(actor)), counted, title=_("Places that copies name"))
