"""Coverage and the plan that closes its gaps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from qalqan.desk.outreach.coverage_forms import AcceptForm, SpanForm
from qalqan.desk.outreach.models import LANGUAGES, Activity, ActivityDay, AgeBand
from qalqan.desk.outreach.selectors import coverage as selectors
from qalqan.desk.outreach.selectors import plan_help
from qalqan.desk.outreach.services import planning
from qalqan.desk.outreach.views.notes import try_act
from qalqan.desk.platform.policies import ADD, VIEW, Actor, actor_of, guarded, policy_of
from qalqan.desk.platform.ui.choropleth import MapArea, choropleth
from qalqan.desk.platform.ui.formatting import format_number

_THEMES = dict(Activity.Theme.choices)
_BANDS = dict(AgeBand.choices)
_LANGUAGES = dict(LANGUAGES)


@guarded(ActivityDay, VIEW)
@require_safe
def coverage_page(request: HttpRequest) -> HttpResponse:
    """Show where and for whom nothing happened."""
    actor, form = actor_of(request), SpanForm(request.GET)
    found = _found(actor, form.span())
    types, bare, counted_on = selectors.by_type(actor)
    title = _("Activities per 10,000 people")
    context = {
        "form": form,
        "found": found,
        "rows": [_shown(row) for row in found.rows],
        "title": title,
        # The drawing escapes every word it is given.
        "drawing": mark_safe(_drawing(found, title)),  # noqa: S308
        "types": types,
        "type_words": _type_words(),
        "bare": bare,
        "counted_on": counted_on,
        "nowhere": [_THEMES[one] for one in selectors.THEMES
                    if not any(row.reached.events_by_theme.get(one) for row in found.rows)],
        "months": form.span(),
    }  # fmt: skip
    return render(request, "outreach/coverage.html", context)


def _found(actor: Actor, months: int) -> selectors.Coverage:
    now = timezone.now()
    return selectors.coverage(actor, months=months, now=now, today=timezone.localdate(now))


def _shown(row: selectors.DistrictRow) -> dict[str, Any]:
    return {
        "row": row,
        "themes": [_THEMES[one] for one in row.missing_themes],
        "languages": [_LANGUAGES[one] for one in row.missing_languages],
        "bands": [_BANDS[one] for one in row.missing_bands],
    }


def _type_words() -> dict[str, str]:
    return {
        "city": _("cities, 50,000 people and more"),
        "town": _("towns, 5,000 to 50,000"),
        "village": _("villages, below 5,000"),
        "unknown": _("settlements whose people are not counted"),
    }


def _drawing(found: selectors.Coverage, title: str) -> str:
    areas = [
        MapArea(
            key=str(row.place.pk),
            name=row.place.name,
            value=round(row.events.value, 1) if row.events else None,
            latitude=row.place.latitude,
            longitude=row.place.longitude,
            geometry=row.place.boundary,
            is_flagged=row.is_needy,
            label=f"{format_number(row.events.value, 1)}" if row.events else "–",
        )
        for row in found.rows
    ]
    return choropleth(areas, title=title, flag_words=_("need raised beyond doubt"))


@guarded(ActivityDay, VIEW)
@require_safe
def plan_page(request: HttpRequest) -> HttpResponse:
    """Show what the next twenty events would close."""
    actor = actor_of(request)
    form = AcceptForm(actor=actor) if policy_of(Activity).allows(actor, ADD) else None
    return _plan(request, form)


def _plan(request: HttpRequest, form: AcceptForm | None, status: int = 200) -> HttpResponse:
    found = _found(actor_of(request), SpanForm(request.GET).span())
    ahead = selectors.planned_ahead(actor_of(request), timezone.localdate())
    proposals = plan_help.plan(found, ahead)
    context = {
        "rows": [
            {
                "one": one,
                "theme": _THEMES[one.theme],
                "language": _LANGUAGES[one.language],
                "band": _BANDS[one.band],
            }
            for one in proposals
        ],
        "closes": sum(one.gain for one in proposals),
        "size": proposals[0].size if proposals else 0,
        "least": plan_help.LEAST_PER_THOUSAND,
        "form": form,
        "number": plan_help.EVENTS,
    }
    return render(request, "outreach/plan.html", context, status=status)


@guarded(Activity, ADD)
@require_POST
def plan_accept(request: HttpRequest) -> HttpResponseBase:
    """Plan the chosen events."""
    actor = actor_of(request)
    form = AcceptForm(request.POST, actor=actor)
    if form.is_valid():
        try:
            picks = form.picks()
        except forms.ValidationError as error:
            form.add_error(None, error)
        else:
            said = form.cleaned_data
            made = try_act(
                form,
                lambda: planning.accept_plan(
                    actor=actor, plan_id=said["plan"], picks=picks, body_id=said["body"],
                    first_day=said["first_day"], every_days=said["every_days"],
                    now=timezone.now(),
                ),
            )  # fmt: skip
            if made == []:
                messages.info(request, _("These events are planned already."))
                return redirect("outreach:activities")
            if made is not None:
                text = ngettext(
                    "%(number)s activity is planned.", "%(number)s activities are planned.",
                    len(made),
                )  # fmt: skip
                messages.success(request, text % {"number": len(made)})
                return redirect("outreach:activities")
    if not policy_of(ActivityDay).allows(actor, VIEW):
        return render(request, "outreach/plan.html", {"form": form, "rows": []}, status=422)
    return _plan(request, form, 422)
