"""Analyses: begun, filled, marked blind, weighed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qalqan.desk.incidents.models import Analysis, Hypothesis, Reading
from qalqan.desk.incidents.selectors import analyses as selectors
from qalqan.desk.incidents.services import analyses as services
from qalqan.desk.incidents.views.common import analysis_or_404, done, incident_or_404
from qalqan.desk.incidents.weighing_forms import (
    EvidenceForm,
    HypothesisForm,
    MarkForm,
    OpenForm,
    RelationForm,
    SharesForm,
    SoughtForm,
    TakeBackForm,
)
from qalqan.desk.incidents.wording import act_in_words
from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, Actor, actor_of, guarded, policy_of
from qalqan.desk.platform.sources import selectors as sources

LISTED = 50


@guarded(Analysis, VIEW)
@require_safe
def analysis_list(request: HttpRequest) -> HttpResponse:
    """List the analyses, the newest first."""
    rows = selectors.analyses(actor_of(request))
    page = Paginator(rows, LISTED).get_page(request.GET.get("page"))
    return render(request, "incidents/analysis_list.html", {"page": page})


@guarded(Analysis, ADD)
@require_http_methods(["GET", "HEAD", "POST"])
def analysis_new(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Begin to weigh hypotheses about an incident."""
    actor = actor_of(request)
    incident = incident_or_404(actor, incident_id)
    form = OpenForm(request.POST or None)
    opened: list[Analysis] = []
    if request.method == "POST" and done(
        form,
        lambda: opened.append(
            services.open_analysis(
                actor=actor,
                incident=incident,
                question=form.cleaned_data["question"],
                wanted=form.wanted,
                now=timezone.now(),
            )
        ),
    ):
        messages.success(request, _("The analysis is open. Add what is known."))
        return redirect(opened[0])
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "incident": incident}
    return render(request, "incidents/analysis_new.html", context, status=status)


@guarded(Analysis, VIEW)
@require_safe
def analysis_page(request: HttpRequest, analysis_id: int) -> HttpResponse:
    """Show how an analysis stands, and what needs the reader."""
    actor = actor_of(request)
    return _page(request, actor, analysis_or_404(actor, analysis_id))


def _page(
    request: HttpRequest, actor: Actor, analysis: Analysis, *, status: int = 200, **bound: Any
) -> HttpResponse:
    may_change = policy_of(Analysis).allows(actor, CHANGE) and analysis.state == "open"
    hypotheses = selectors.hypotheses(actor, analysis)
    may_see = selectors.may_see_result(actor, analysis)
    items = selectors.items(actor, analysis)
    stated = selectors.relations(actor, analysis)
    context = {
        "analysis": analysis, "hypotheses": hypotheses, "items": items,
        "relations": stated,
        "may_change": may_change, "may_see": may_see,
        "may_mark": may_change and policy_of(Reading).allows(actor, CHANGE),
        "result": selectors.result(
            actor, analysis, columns=hypotheses, evidence=items, stated=stated
        ) if may_see else None,
        "versions": [
            (row, act_in_words(row.act)) for row in selectors.versions(actor, analysis)[:20]
        ] if may_see else [],
        "weights": [selectors.CREDIBILITY, selectors.RELEVANCE],
    }  # fmt: skip
    if may_change:
        context |= _forms(actor, analysis, hypotheses) | bound
    return render(request, "incidents/analysis_page.html", context, status=status)


def _forms(actor: Actor, analysis: Analysis, rows: list[Hypothesis]) -> dict[str, forms.Form]:
    return {
        "evidence_form": EvidenceForm(sources=sources.sources(actor), prefix="evidence"),
        "hypothesis_form": HypothesisForm(prefix="hypothesis"),
        "priors_form": SharesForm(hypotheses=rows, filled=True, prefix="priors"),
        "relation_form": RelationForm(hypotheses=_of(analysis), prefix="relation"),
        "sought_form": SoughtForm(hypotheses=rows, prefix="sought"),
    }


def _of(analysis: Analysis) -> QuerySet[Hypothesis]:
    return Hypothesis.objects.filter(analysis=analysis).order_by("position")


@guarded(Analysis, CHANGE)
@require_POST
def evidence_add(request: HttpRequest, analysis_id: int) -> HttpResponse:
    """Add an item of evidence."""
    actor = actor_of(request)
    analysis = analysis_or_404(actor, analysis_id)
    form = EvidenceForm(request.POST, sources=sources.sources(actor), prefix="evidence")
    if done(
        form,
        lambda: services.add_item(
            actor=actor, analysis=analysis, now=timezone.now(), **form.cleaned_data
        ),
    ):
        messages.success(request, _("The item is added. Whoever marks sees it from now on."))
        return redirect(analysis)
    return _page(request, actor, analysis, status=422, evidence_form=form, opened="evidence")


@guarded(Analysis, CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def evidence_take_back(request: HttpRequest, analysis_id: int, item_id: int) -> HttpResponse:
    """Leave an item out from now on."""
    actor = actor_of(request)
    analysis = analysis_or_404(actor, analysis_id)
    item = next((one for one in selectors.items(actor, analysis) if one.pk == item_id), None)
    if item is None:
        raise Http404(_("There is no such item."))
    form = TakeBackForm(request.POST or None)
    if request.method == "POST" and done(
        form,
        lambda: services.take_back_item(
            actor=actor, item=item, why=form.cleaned_data["why"], now=timezone.now()
        ),
    ):
        messages.success(request, _("The item is taken back; it stays in the history."))
        return redirect(analysis)
    context = {"form": form, "analysis": analysis, "item": item}
    status = 422 if request.method == "POST" else 200
    return render(request, "incidents/evidence_take_back.html", context, status=status)


@guarded(Analysis, CHANGE)
@require_POST
def hypothesis_add(request: HttpRequest, analysis_id: int) -> HttpResponse:
    """Add a hypothesis."""
    actor = actor_of(request)
    analysis = analysis_or_404(actor, analysis_id)
    form = HypothesisForm(request.POST, prefix="hypothesis")
    if done(
        form,
        lambda: services.add_hypothesis(
            actor=actor, analysis=analysis, now=timezone.now(), **form.cleaned_data
        ),
    ):
        messages.success(request, _("The hypothesis is added; state the probabilities anew."))
        return redirect(analysis)
    return _page(request, actor, analysis, status=422, hypothesis_form=form, opened="hypothesis")


@guarded(Analysis, CHANGE)
@require_POST
def priors_set(request: HttpRequest, analysis_id: int) -> HttpResponse:
    """State the probabilities before the evidence."""
    actor = actor_of(request)
    analysis = analysis_or_404(actor, analysis_id)
    rows = selectors.hypotheses(actor, analysis)
    form = SharesForm(request.POST, hypotheses=rows, prefix="priors")
    if done(
        form,
        lambda: services.set_priors(
            actor=actor, analysis=analysis, priors=form.shares, now=timezone.now()
        ),
    ):
        messages.success(request, _("The probabilities are stated."))
        return redirect(analysis)
    return _page(request, actor, analysis, status=422, priors_form=form, opened="priors")


@guarded(Analysis, CHANGE)
@require_POST
def relation_set(request: HttpRequest, analysis_id: int) -> HttpResponse:
    """State how two hypotheses stand to each other."""
    actor = actor_of(request)
    analysis = analysis_or_404(actor, analysis_id)
    form = RelationForm(request.POST, hypotheses=_of(analysis), prefix="relation")
    if done(
        form,
        lambda: services.relate(
            actor=actor, analysis=analysis, first=form.cleaned_data["first"],
            kind=form.cleaned_data["relation"], second=form.cleaned_data["second"],
            now=timezone.now(),
        ),
    ):  # fmt: skip
        messages.success(request, _("The relation is stated."))
        return redirect(analysis)
    return _page(request, actor, analysis, status=422, relation_form=form, opened="relation")


@guarded(Analysis, CHANGE)
@require_POST
def sought_add(request: HttpRequest, analysis_id: int) -> HttpResponse:
    """Note what could be looked for."""
    actor = actor_of(request)
    analysis = analysis_or_404(actor, analysis_id)
    rows = selectors.hypotheses(actor, analysis)
    form = SoughtForm(request.POST, hypotheses=rows, prefix="sought")
    if done(
        form,
        lambda: services.add_sought(
            actor=actor, analysis=analysis, text=form.cleaned_data["text"],
            chances=form.shares, now=timezone.now(),
        ),
    ):  # fmt: skip
        messages.success(request, _("It is noted, with what it would tell."))
        return redirect(analysis)
    return _page(request, actor, analysis, status=422, sought_form=form, opened="sought")


@guarded(Reading, CHANGE)
@require_http_methods(["GET", "HEAD", "POST"])
def mark(request: HttpRequest, analysis_id: int) -> HttpResponse:
    """Mark the evidence by oneself; keep it, or hand it in."""
    actor = actor_of(request)
    analysis = analysis_or_404(actor, analysis_id)
    columns = selectors.hypotheses(actor, analysis)
    items = [one for one in selectors.items(actor, analysis) if one.retracted_at is None]
    own = selectors.own_marks(actor, selectors.own_reading(actor, analysis))
    form = MarkForm(request.POST or None, items=items, hypotheses=columns, marks=own)
    hand_in = "hand_in" in request.POST
    if request.method == "POST" and done(
        form,
        lambda: services.save_marks(
            actor=actor, analysis=analysis, marks=form.marks, hand_in=hand_in,
            now=timezone.now(),
        ),
    ):  # fmt: skip
        if hand_in:
            messages.success(request, _("Your marks count now, and you see what all gave."))
            return redirect(analysis)
        messages.success(request, _("Your marks are kept. Nobody sees them, and they do not "
                                    "count until you hand them in."))  # fmt: skip
        return redirect("incidents:analysis_mark", analysis_id=analysis.pk)
    context = {"form": form, "analysis": analysis, "hypotheses": columns, "items": items}
    status = 422 if request.method == "POST" else 200
    return render(request, "incidents/analysis_mark.html", context, status=status)


@guarded(Analysis, VIEW)
@require_safe
def version_page(request: HttpRequest, analysis_id: int, number: int) -> HttpResponse:
    """Show what an analysis said before."""
    actor = actor_of(request)
    analysis = analysis_or_404(actor, analysis_id)
    version = selectors.version_for(actor, analysis, number)
    if version is None or not selectors.may_see_result(actor, analysis):
        raise Http404(_("There is no such version."))
    kinds = dict(Hypothesis.Kind.choices)
    rows = [
        {**row, "name": ": ".join(filter(None, [str(kinds.get(row["kind"], "")), row["text"]]))}
        for row in version.hypotheses
    ]
    context = {
        "analysis": analysis,
        "version": version,
        "act": act_in_words(version.act),
        "rows": rows,
    }
    return render(request, "incidents/analysis_version.html", context)
