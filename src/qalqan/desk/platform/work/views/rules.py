"""The rules of routing: read by everybody, written, tried out and switched on by two roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, actor_of, guarded, policy_of
from qalqan.desk.platform.work import services
from qalqan.desk.platform.work.forms import RuleForm
from qalqan.desk.platform.work.models import RoutingRule
from qalqan.desk.platform.work.selectors import routing
from qalqan.errors import QalqanError


@guarded(RoutingRule, VIEW)
@require_safe
def rule_list(request: HttpRequest) -> HttpResponse:
    """Show the rules in the order in which they are asked, and the drafts."""
    actor = actor_of(request)
    live, drafts = routing.rules(actor, state="on"), routing.rules(actor, state="draft")
    context = {
        "rules": list(live), "drafts": list(drafts),
        "may_write": policy_of(RoutingRule).allows(actor, ADD),
    }  # fmt: skip
    return render(request, "work/rule_list.html", context)


@guarded(RoutingRule, VIEW)
@require_safe
def rule_page(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Show one version of a rule with all its versions."""
    return _page(request, _rule_or_404(request, rule_id))


@guarded(RoutingRule, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def rule_add(request: HttpRequest) -> HttpResponse:
    """Write a rule; it is a draft."""
    actor = actor_of(request)
    form = RuleForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            rule = services.write_rule(actor=actor, terms=form.terms(), now=timezone.now())
        except QalqanError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("The rule is a draft. Try it out before it is in force."))
            return redirect("work:rule", rule.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "work/rule_form.html", {"form": form, "rule": None}, status=status)


@guarded(RoutingRule, CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def rule_change(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Change a draft, or begin the next version of a rule."""
    actor, rule = actor_of(request), _rule_or_404(request, rule_id)
    if request.method != "POST":
        form = RuleForm(initial=_initial(rule), actor=actor)
        return render(request, "work/rule_form.html", {"form": form, "rule": rule})
    form = RuleForm(request.POST, actor=actor)
    if form.is_valid():
        try:
            row = services.change_rule(
                actor=actor, rule=rule, terms=form.terms(), now=timezone.now()
            )
        except QalqanError as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Kept as a draft. Try it out before it is in force."))
            return redirect("work:rule", row.pk)
    return render(request, "work/rule_form.html", {"form": form, "rule": rule}, status=422)


@guarded(RoutingRule, CHANGE)
@require_POST
def rule_try(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Show what a draft would have done with past items."""
    actor, rule = actor_of(request), _rule_or_404(request, rule_id)
    try:
        found = services.try_out(actor=actor, rule=rule, now=timezone.now())
    except QalqanError as error:
        messages.error(request, str(error.message))
        return _page(request, rule, status=409)
    return _page(request, _rule_or_404(request, rule_id), tried=found)


@guarded(RoutingRule, CHANGE)
@require_POST
def rule_on(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Put a draft in force."""
    rule = _rule_or_404(request, rule_id)
    success = _(
        "The rule is in force for what comes from now on, and for what nobody was named for."
    )
    return _act(
        request, rule, success,
        lambda: services.switch_on(actor=actor_of(request), rule=rule, now=timezone.now()),
    )  # fmt: skip


@guarded(RoutingRule, CHANGE)
@require_POST
def rule_off(request: HttpRequest, rule_id: int) -> HttpResponse:
    """End a rule."""
    rule = _rule_or_404(request, rule_id)
    return _act(
        request, rule, _("The rule is no longer in force; what it routed stays where it is."),
        lambda: services.switch_off(actor=actor_of(request), rule=rule, now=timezone.now()),
    )  # fmt: skip


def _act(
    request: HttpRequest, rule: RoutingRule, success: str, act: Callable[[], Any]
) -> HttpResponse:
    try:
        act()
    except QalqanError as error:
        messages.error(request, str(error.message))
        return _page(request, rule, status=409)
    messages.success(request, success)
    return redirect("work:rule", rule.pk)


def _page(
    request: HttpRequest, rule: RoutingRule, *, tried: Any = None, status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    may_change = policy_of(RoutingRule).allows(actor, CHANGE, rule)
    context = {
        "rule": rule, "tried": tried, "versions": list(routing.versions_of(actor, rule)),
        "may_change": may_change, "is_draft": rule.state == RoutingRule.State.DRAFT,
        "is_on": rule.state == RoutingRule.State.ON,
    }  # fmt: skip
    return render(request, "work/rule_page.html", context, status=status)


def _rule_or_404(request: HttpRequest, rule_id: int) -> RoutingRule:
    rule = routing.rule_for(actor_of(request), rule_id)
    if rule is None:
        raise Http404(_("There is no such rule."))
    return rule


def _initial(rule: RoutingRule) -> dict[str, Any]:
    names = ("kinds", "language", "severity", "due_within_hours", "position", "reason")
    to = f"body-{rule.to_organisation_id}" if rule.to_organisation_id else f"role-{rule.to_role}"
    return {**{name: getattr(rule, name) for name in names}, "area": rule.area_id, "to": to}
