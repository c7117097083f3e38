"""Weeks of the teams: drawn, shown, changed at a price, checked; calendars."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.platform.policies import (
    ADD,
    CHANGE,
    EXPORT,
    VIEW,
    Actor,
    actor_of,
    guarded,
    policy_of,
    public,
)
from qalqan.desk.protection.models import CalendarFeed, PlannedVisit, PlanWeek, Site, Team
from qalqan.desk.protection.plan_forms import ChangeForm, DrawForm, InsteadForm, TeamForm
from qalqan.desk.protection.policies import REVEAL
from qalqan.desk.protection.selectors import plan as selectors
from qalqan.desk.protection.services import plan_changes, planning
from qalqan.errors import ConflictError, InputError

LISTED = 25


@dataclass(frozen=True, slots=True)
class TeamRow:
    """A team's week as the calendar shows it: visits by day."""

    team: Team
    days: list[tuple[date, list[PlannedVisit]]]
    bits: float | None


@guarded(PlanWeek, VIEW)
@require_safe
def weeks(request: HttpRequest) -> HttpResponse:
    """List the plans, and offer to draw the next."""
    return _weeks_page(request, actor_of(request))


def _weeks_page(
    request: HttpRequest, actor: Actor, *, error: str = "", status: int = 200
) -> HttpResponse:
    rows = selectors.weeks(actor)
    page = Paginator(rows, LISTED).get_page(request.GET.get("page"))
    may_draw = policy_of(PlanWeek).allows(actor, ADD)
    form = None
    if may_draw:
        today = timezone.localdate()
        taken = set(rows.values_list("monday", flat=True)[:LISTED])
        form = DrawForm(today=today, taken=taken)
    context = {"page": page, "form": form, "error": error}
    return render(request, "protection/plan_weeks.html", context, status=status)


@guarded(PlanWeek, ADD)
@require_POST
def draw(request: HttpRequest) -> HttpResponse:
    """Draw a week."""
    actor = actor_of(request)
    form = DrawForm(request.POST, today=timezone.localdate(), taken=set())
    if not form.is_valid():
        return _weeks_page(request, actor, error=_("Choose a week."), status=422)
    try:
        week = planning.draw_plan(
            actor=actor, monday=form.cleaned_data["monday"], now=timezone.now()
        )
    except (ConflictError, InputError) as error:
        return _weeks_page(request, actor, error=str(error.message), status=422)
    messages.success(request, _("The week is drawn, and its commitment is in the record."))
    return redirect(week)


@guarded(PlanWeek, VIEW)
@require_safe
def week_page(request: HttpRequest, week_id: int) -> HttpResponse:
    """Show a week: the calendar, why each visit, what it protects, what was changed."""
    actor = actor_of(request)
    week = _week_or_404(actor, week_id)
    visits = list(selectors.visits(actor, week))
    planning.note_reading(actor=actor, subject=week, now=timezone.now())
    policy = policy_of(PlanWeek)
    today = timezone.localdate()
    context = {
        "week": week,
        "days": [week.monday + timedelta(days=n) for n in range(7)],
        "calendar": _calendar(week, visits),
        "visits": visits,
        "changes": list(selectors.changes(actor, week)),
        "least": -week.bound,
        "rules": _rules(week),
        "today": today,
        "is_over": today > week.last_day,
        "may_change": policy.allows(actor, CHANGE) and not week.seed,
        "may_export": policy.allows(actor, EXPORT),
        "may_reveal": policy.allows(actor, REVEAL) and not week.seed and today > week.last_day,
    }
    return render(request, "protection/plan_week.html", context)


def _calendar(week: PlanWeek, visits: list[PlannedVisit]) -> list[TeamRow]:
    bits = {
        slot[1]: week.bits[int(slot[0])] for slot in week.slots if int(slot[0]) < len(week.bits)
    }
    teams: dict[int, Team] = {one.team_id: one.team for one in visits}
    held: dict[tuple[int, date], list[PlannedVisit]] = {}
    for one in visits:
        if one.state == PlannedVisit.State.PLANNED:
            held.setdefault((one.team_id, one.day), []).append(one)
    days = [week.monday + timedelta(days=n) for n in range(7)]
    return [
        TeamRow(team, [(day, held.get((pk, day), [])) for day in days], bits.get(pk))
        for pk, team in sorted(teams.items(), key=lambda item: item[1].name)
    ]


def _rules(week: PlanWeek) -> list[tuple[str, float]]:
    words = {
        "uniform": _("every site alike"),
        "proportional": _("in proportion to the score"),
        "fixed": _("always the same, the highest scores first"),
    }
    return [(text, -week.baselines[name]) for name, text in words.items() if name in week.baselines]


@guarded(PlanWeek, EXPORT)
@require_safe
def csv_file(request: HttpRequest, week_id: int) -> HttpResponse:
    """Send a week as CSV, marked on every row."""
    actor = actor_of(request)
    week = _week_or_404(actor, week_id)
    name, data = plan_changes.export_plan(actor=actor, week=week, now=timezone.now())
    response = HttpResponse(data, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@guarded(PlanWeek, VIEW)
@require_safe
def check(request: HttpRequest, week_id: int) -> HttpResponse:
    """Recompute a week from its seed, and say whether it is what was committed to."""
    actor = actor_of(request)
    week = _week_or_404(actor, week_id)
    context = {"week": week, "check": selectors.recompute(week)}
    return render(request, "protection/plan_check.html", context)


@guarded(PlanWeek, REVEAL)
@require_POST
def reveal(request: HttpRequest, week_id: int) -> HttpResponse:
    """Show the seed of a week that is over."""
    actor = actor_of(request)
    week = _week_or_404(actor, week_id)
    try:
        planning.reveal_seed(actor=actor, week=week, now=timezone.now())
    except ConflictError as error:
        messages.error(request, str(error.message))
        return redirect(week)
    messages.success(request, _("The seed is revealed. Anybody can check the plan now."))
    return redirect("protection:plan_check", week_id=week.pk)


@guarded(PlanWeek, CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, visit_id: int) -> HttpResponse:
    """Choose what is visited instead, see the price, then change it or leave it."""
    actor = actor_of(request)
    visit = selectors.visit_for(actor, visit_id)
    if visit is None:
        raise Http404(_("There is no such visit."))
    if request.method == "POST":
        return _changed(request, actor, visit)
    planning.note_reading(actor=actor, subject=visit.week, now=timezone.now())
    return _change_page(request, actor, visit)


def _change_page(
    request: HttpRequest, actor: Actor, visit: PlannedVisit, *,
    form: ChangeForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    sites = selectors.instead_of(actor, visit)
    near = {site.pk for site in sites if selectors.is_near(visit, site.pk)}
    given = form.data if form is not None else request.GET
    wanted = InsteadForm(given if "site" in given else None, sites=sites, near=near)
    price, new = None, None
    if wanted.is_bound and wanted.is_valid():
        new = next((site for site in sites if site.pk == wanted.chosen), None)
        price = selectors.price_of(visit.week, visit, wanted.chosen)
        if form is None:
            form = ChangeForm(
                initial={
                    "site": wanted.cleaned_data["site"], "after_changes": visit.week.changes_made,
                }
            )  # fmt: skip
    context = {
        "visit": visit, "week": visit.week, "wanted": wanted, "price": price, "new": new,
        "form": form if price else None, "is_near": new is None or new.pk in near,
        "before": -price.before if price else None, "after": -price.after if price else None,
    }  # fmt: skip
    return render(request, "protection/plan_change.html", context, status=status)


def _changed(request: HttpRequest, actor: Actor, visit: PlannedVisit) -> HttpResponse:
    form = ChangeForm(request.POST)
    if not form.is_valid():
        return _change_page(request, actor, visit, form=form, status=422)
    sites = selectors.instead_of(actor, visit)
    wanted = InsteadForm(request.POST, sites=sites, near=set())
    if not wanted.is_valid():
        form.add_error(None, _("This site cannot be visited instead. Choose another."))
        return _change_page(request, actor, visit, form=form, status=422)
    put_in: Site | None = next((site for site in sites if site.pk == wanted.chosen), None)
    try:
        plan_changes.change_visit(
            actor=actor, visit=visit, put_in=put_in, why=form.cleaned_data["why"],
            after_changes=form.cleaned_data["after_changes"], now=timezone.now(),
        )  # fmt: skip
    except (ConflictError, InputError) as error:
        form.add_error(None, str(error.message))
        return _change_page(request, actor, visit, form=form, status=422)
    messages.success(request, _("The plan is changed, and the price is in the record."))
    return redirect(visit.week)


@guarded(Team, VIEW)
@require_safe
def teams(request: HttpRequest) -> HttpResponse:
    """List the teams."""
    return _teams_page(request, actor_of(request))


def _teams_page(
    request: HttpRequest, actor: Actor, *, address: str = "", feed: CalendarFeed | None = None
) -> HttpResponse:
    context = {
        "teams": list(selectors.teams(actor)),
        "feeds": list(selectors.feeds(actor)),
        "may_change": policy_of(Team).allows(actor, CHANGE),
        "may_feed": policy_of(CalendarFeed).allows(actor, ADD),
        "address": address,
        "made": feed,
    }
    response = render(request, "protection/plan_teams.html", context)
    if address:
        response["Cache-Control"] = "no-store"
    return response


@guarded(Team, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def team_new(request: HttpRequest) -> HttpResponse:
    """Enter a team."""
    return _team_form(request, actor_of(request), None)


@guarded(Team, CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def team_edit(request: HttpRequest, team_id: int) -> HttpResponse:
    """Correct a team."""
    actor = actor_of(request)
    return _team_form(request, actor, _team_or_404(actor, team_id))


def _team_form(request: HttpRequest, actor: Actor, team: Team | None) -> HttpResponse:
    form = TeamForm(request.POST or None, team=team)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                planning.save_team(
                    actor=actor, team=team, facts=form.facts,
                    members=list(form.cleaned_data["members"]), now=timezone.now(),
                )  # fmt: skip
            except InputError as error:
                form.add_error(None, str(error.message))
            else:
                messages.success(request, _("The team is saved."))
                return redirect("protection:plan_teams")
        status = 422
    return render(request, "protection/plan_team.html", {"form": form, "team": team}, status=status)


@guarded(CalendarFeed, ADD)
@require_POST
def feed_make(request: HttpRequest, team_id: int) -> HttpResponse:
    """Make a private calendar address, and show it this once."""
    actor = actor_of(request)
    team = _team_or_404(actor, team_id)
    feed, token = plan_changes.make_feed(actor=actor, team=team, now=timezone.now())
    path = reverse("protection:plan_ics", args=[token])
    return _teams_page(request, actor, address=request.build_absolute_uri(path), feed=feed)


@guarded(CalendarFeed, CHANGE)
@require_POST
def feed_revoke(request: HttpRequest, feed_id: int) -> HttpResponse:
    """Let a private calendar address answer no more."""
    actor = actor_of(request)
    feed = selectors.feed_for(actor, feed_id)
    if feed is None:
        raise Http404(_("There is no such calendar."))
    plan_changes.revoke_feed(actor=actor, feed=feed, now=timezone.now())
    messages.success(request, _("The calendar's address answers no more."))
    return redirect("protection:plan_teams")


@public("A calendar cannot sign in; the address itself is the secret, and can be revoked.")
@require_safe
def ics(request: HttpRequest, token: str) -> HttpResponse:
    """Send a team's calendar to whoever holds its private address."""
    data = plan_changes.read_feed(token=token, now=timezone.now())
    if data is None:
        raise Http404(_("There is no such calendar."))
    response = HttpResponse(data, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _week_or_404(actor: Actor, week_id: int) -> PlanWeek:
    week = selectors.week_for(actor, week_id)
    if week is None:
        raise Http404(_("There is no such plan."))
    return week


def _team_or_404(actor: Actor, team_id: int) -> Team:
    team = selectors.team_for(actor, team_id)
    if team is None:
        raise Http404(_("There is no such team."))
    return team
