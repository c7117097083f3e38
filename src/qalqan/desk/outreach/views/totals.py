"""The page of totals: what was done in a period, where, for whom."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qalqan.desk.agencies import selectors as agencies
from qalqan.desk.outreach import summary
from qalqan.desk.outreach.activity_forms import PeriodForm
from qalqan.desk.outreach.models import Activity
from qalqan.desk.outreach.selectors import totals
from qalqan.desk.outreach.selectors.activities import ActivityFilter
from qalqan.desk.platform.policies import VIEW, Actor, actor_of, guarded
from qalqan.desk.platform.ui.formatting import format_date

_SHOWN_BODIES = 20
_YEAR = timedelta(days=365)


@guarded(Activity, VIEW)
@require_safe
def activity_totals(request: HttpRequest) -> HttpResponse:
    """Show sums over a period, by default the last year, narrowed by what the address says."""
    actor, today = actor_of(request), timezone.localdate()
    form = PeriodForm(request.GET or None, actor=actor)
    wanted = with_period(form.as_filter() if form.is_bound else ActivityFilter(), today)
    cells, months = totals.with_months(actor, wanted)
    total = totals.add_up(cells["kind"].values())
    last = (wanted.end or today) - timedelta(days=1)
    context = {
        "form": form,
        "total": total,
        "start": wanted.start,
        "last": last,
        "tables": summary.tables(cells),
        "bands": summary.bands(total),
        "months": summary.months(months),
        "map": _map(actor, wanted, cells["district_id"], last),
        "bodies": _bodies(actor, wanted),
        "period": f"start={wanted.start}&end={last}",
    }
    return render(request, "outreach/totals.html", context)


def with_period(wanted: ActivityFilter, today: date) -> ActivityFilter:
    """Return a filter with both ends: by default the year that ends today."""
    end = wanted.end or max(today + timedelta(days=1), wanted.start or today)
    start = wanted.start or end - _YEAR
    return replace(wanted, start=start, end=max(end, start))


def _map(
    actor: Actor, wanted: ActivityFilter, cells: dict[int, totals.Sums], last: date
) -> dict[str, object]:
    title = _("Activities held from %(start)s to %(end)s") % {
        "start": format_date(wanted.start or last, "date"), "end": format_date(last, "date"),
    }  # fmt: skip
    made = summary.area_map(actor, cells, title=title)
    # The drawing escapes every name in it.
    return {"title": title, "drawing": mark_safe(made.drawing), "lines": made.lines}  # noqa: S308


def _bodies(actor: Actor, wanted: ActivityFilter) -> list[tuple[str, totals.Sums, int]]:
    """Return the bodies that held most; only where nothing but the period is chosen."""
    if wanted.cells() or wanted.body_id or wanted.start is None or wanted.end is None:
        return []
    start = max(wanted.start, wanted.end - _YEAR)
    ranked = totals.by_body(actor, start=start, end=wanted.end, limit=_SHOWN_BODIES)
    rows = {
        row.pk: row for row in agencies.bodies(actor).filter(pk__in=[key for key, _s in ranked])
    }
    return [(rows[key].name, sums, key) for key, sums in ranked if key in rows]
