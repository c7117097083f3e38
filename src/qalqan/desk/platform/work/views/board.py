"""What waits for whom, and the load of bodies; nobody is put beside anybody else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qalqan.desk.platform.policies import VIEW, actor_of, guarded
from qalqan.desk.platform.ui.charts import Chart, Point, bar_chart
from qalqan.desk.platform.ui.formatting import format_date
from qalqan.desk.platform.work.models import WorkItem
from qalqan.desk.platform.work.selectors import board as selectors
from qalqan.desk.platform.work.selectors import worklist


@guarded(WorkItem, VIEW)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show what waits for each body, and the load of one body over time."""
    actor, now = actor_of(request), timezone.now()
    found = selectors.board(actor, now=now)
    teams = selectors.teams(actor)
    asked = request.GET.get("body", "")
    chosen = next((one for one in teams if str(one.pk) == asked), None)
    chosen = chosen or next((one for one in teams if one.pk == actor.organisation_id), None)
    weeks = selectors.load_of_body(actor, chosen, now=now) if chosen else []
    own = selectors.own_load(actor, now=now)
    context: dict[str, Any] = {
        "board": found,
        "more": worklist.incomplete_words(found.seen, selectors.MOST),
        "now": now, "teams": teams if len(teams) > 1 else [], "team": chosen, "weeks": weeks,
        "chart": _drawn(weeks, _("Open at the end of the week: %(who)s") % {"who": chosen}),
        "own": own,
        "own_chart": _drawn(own, _("Open at the end of the week: your own work")),
    }  # fmt: skip
    return render(request, "work/board.html", context)


def _drawn(weeks: Sequence[selectors.Week], title: str) -> Chart | None:
    if not any(week.opened or week.closed or week.open for week in weeks):
        return None
    points = [Point(format_date(week.begins, "day"), week.open) for week in weeks]
    return bar_chart(points, title=title, unit=_("pieces of work"))
