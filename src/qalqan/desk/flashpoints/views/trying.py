"""Scans that are only tried: other settings, and what they would have found."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qalqan.desk.flashpoints import present, selectors, services
from qalqan.desk.flashpoints.forms import WhatIfForm
from qalqan.desk.flashpoints.method import ALPHA
from qalqan.desk.flashpoints.models import AreaKind, ScanRun, Stream, WhatIf
from qalqan.desk.platform.policies import ADD, VIEW, Actor, actor_of, guarded, policy_of

PAGE = 25


@guarded(WhatIf, VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def what_ifs(request: HttpRequest) -> HttpResponse:
    """Show the settings with what each means, and the scans that were tried lately."""
    actor = actor_of(request)
    may_try = policy_of(WhatIf).allows(actor, ADD)
    if request.method == "POST":
        form = WhatIfForm(request.POST)
        if form.is_valid():
            return redirect(_tried(actor, form))
    else:
        streams = [one for one in request.GET.getlist("stream") if one in Stream.values]
        kind = request.GET.get("areas")
        form = WhatIfForm(
            initial=WhatIfForm.usual(
                streams or list(Stream.values),
                kind if kind in AreaKind.values else AreaKind.DISTRICTS,
            )
        )
    page = Paginator(selectors.what_ifs(actor), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form if may_try else None,
        "page": page,
        "kept": services.KEPT.days,
        "false_words": present.false_words(ALPHA),
    }
    status = 422 if form.is_bound else 200
    return render(request, "flashpoints/what_if_list.html", context, status=status)


def _tried(actor: Actor, form: WhatIfForm) -> WhatIf:
    now = timezone.now()
    what_if = services.try_scan(
        actor=actor, streams=form.cleaned_data["stream"], area_kind=form.cleaned_data["areas"],
        as_of=form.as_of(now), seed=form.cleaned_data["seed"],
        replicates=form.cleaned_data["replicates"], settings=form.settings(), now=now,
    )  # fmt: skip
    if services.is_short(what_if):
        services.compute_what_if(what_if=what_if, clock=timezone.now)
    return what_if


@guarded(WhatIf, VIEW)
@require_safe
def what_if(request: HttpRequest, what_if_id: int) -> HttpResponse:
    """Show what other settings would have found, or how far the worker is."""
    actor = actor_of(request)
    row = selectors.what_if_for(actor, what_if_id)
    if row is None:
        raise Http404(_("There is no such what-if scan; they are kept for a while only."))
    context = {
        "what_if": row,
        "is_moving": row.state in (WhatIf.State.WAITING, WhatIf.State.RUNNING),
        "alpha": present.alpha_of(row.parameters),
        "false_words": present.false_words(present.alpha_of(row.parameters)),
        **(_shown(actor, row) if row.state == WhatIf.State.DONE else {}),
    }
    return render(request, "flashpoints/what_if_page.html", context)


def _shown(actor: Actor, row: WhatIf) -> dict[str, Any]:
    """Return map, table and findings of a what-if scan in the reader's language."""
    result, alpha = row.result, present.alpha_of(row.parameters)
    flags: dict[str, Any] = {}
    for one in result["findings"]:
        if one["p_value"] <= alpha:
            for place, cell in zip(one["places"], one["cells"], strict=True):
                flags.setdefault(cell or str(place), one)
    drawn = selectors.drawn_of(actor, row.area_kind, result["by_area"], flags)
    names = {area.key: area.name for area in drawn.areas}
    days = int(row.parameters["max_duration"])
    drawing = present.drawing_of(drawn, stream=row.get_stream_display(), days=days)
    return {
        "result": result,
        "verdict": ScanRun.Verdict(result["verdict"]).label,
        "window": (
            date.fromisoformat(result["window_start"]), date.fromisoformat(result["window_end"]),
        ),
        "findings": [_finding(one, names, alpha) for one in result["findings"]],
        # The drawing escapes every word it is given.
        "drawing": mark_safe(drawing),  # noqa: S308
        "rows": drawn.rows,
        "days": days,
        "left_out": present.left_out_words(row.area_kind, result["left_out"]),
        "is_approximate": selectors.has_approximate_boundaries(actor),
    }  # fmt: skip


def _finding(one: dict[str, Any], names: dict[str, str], alpha: float) -> dict[str, Any]:
    keys = [
        cell or str(place) for place, cell in zip(one["places"], one["cells"], strict=True)
    ]  # fmt: skip
    return one | {
        "names": ", ".join(names.get(key, key) for key in keys),
        "first": date.fromisoformat(one["start"]),
        "last": date.fromisoformat(one["end"]),
        "counts": one["p_value"] <= alpha,
        "words": present.reporting_words(one.get("reporting") or {}),
    }
