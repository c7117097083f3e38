"""What analysts judge: values held, the desk's words, two incidents that are one, one that is two.

Each form carries the version that its writer saw, so that nobody undoes what they did not see.
"""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from qalqan.desk.incidents import present, selectors, services
from qalqan.desk.incidents.forms_ledger import (
    CorrectForm,
    HoldForm,
    MergeForm,
    ReasonForm,
    SeenForm,
    SplitForm,
)
from qalqan.desk.incidents.models import Attribute, Holding, Incident
from qalqan.desk.incidents.selectors import asof, doubles
from qalqan.desk.incidents.services.holding import WORDS
from qalqan.desk.incidents.views.acting import act_page
from qalqan.desk.incidents.views.common import done, incident_or_404
from qalqan.desk.incidents.wording import place_in_words, report_in_words, time_in_words
from qalqan.desk.platform.policies import ADD, actor_of, guarded
from qalqan.errors import InputError

_METHODS = ["GET", "HEAD", "POST"]


@guarded(Holding, ADD)
@require_http_methods(_METHODS)
def hold(request: HttpRequest, incident_id: int, attribute: str) -> HttpResponse:
    """Judge one attribute."""
    actor = actor_of(request)
    incident = incident_or_404(actor, incident_id)
    if attribute not in Attribute.values:
        raise Http404(_("There is no such attribute."))
    standings = asof.standings(actor, incident, asof.reports_at(actor, incident))
    row = next(one for one in present.standing_rows(actor, standings) if one.attribute == attribute)
    form = HoldForm(
        request.POST or None, attribute=attribute,
        initial={"seen": incident.version, "state": incident.states.get(attribute, "unknown")},
    )  # fmt: skip
    return act_page(
        request, incident, form,
        lambda: services.hold(
            actor=actor, incident=incident, attribute=attribute, value=form.value,
            now=timezone.now(),
            **{name: form.cleaned_data[name] for name in ("state", "reason", "seen")},
        ),
        title=_("Judge: %(attribute)s") % {"attribute": Attribute(attribute).label},
        button=_("Hold this"), told=_("The judgement stands until somebody takes it back."),
        row=row, release_form=SeenForm(initial={"seen": incident.version}, prefix="release"),
    )  # fmt: skip


@guarded(Holding, ADD)
@require_http_methods(["POST"])
def release(request: HttpRequest, incident_id: int, attribute: str) -> HttpResponse:
    """Take a judgement back."""
    actor = actor_of(request)
    incident = incident_or_404(actor, incident_id)
    holding = selectors.holding_for(actor, incident, attribute)
    if holding is None:
        raise Http404(_("There is no such judgement."))
    form = SeenForm(request.POST, prefix="release")
    if done(
        form,
        lambda: services.release(
            actor=actor, holding=holding, now=timezone.now(), **form.cleaned_data
        ),
    ):
        messages.success(request, _("The reports speak for themselves again."))
        return redirect(incident)
    for wrong in form.errors.values():
        messages.error(request, str(wrong[0]))
    return redirect("incidents:hold", incident_id=incident.pk, attribute=attribute)


@guarded(Holding, ADD)
@require_http_methods(_METHODS)
def correct(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Change the desk's own words."""
    actor = actor_of(request)
    incident = incident_or_404(actor, incident_id)
    words = {name: getattr(incident, name) for name in WORDS}
    form = CorrectForm(request.POST or None, initial={"seen": incident.version, **words})
    return act_page(
        request, incident, form,
        lambda: services.correct(
            actor=actor, incident=incident, now=timezone.now(),
            words={name: form.cleaned_data[name] for name in WORDS},
            reason=form.cleaned_data["reason"], seen=form.cleaned_data["seen"],
        ),
        title=_("Correct the incident"), button=_("Correct it"),
        told=_("It is corrected; the history keeps what stood there."),
        lead=_("These are the desk's own words. What sources say is changed by a report, a "
               "dispute or a judgement."),
    )  # fmt: skip


@guarded(Holding, ADD)
@require_http_methods(_METHODS)
def merge(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Make an incident part of another."""
    actor = actor_of(request)
    incident = incident_or_404(actor, incident_id)
    near = [
        (one.incident.pk, _named(one.incident))
        for one in doubles.near(actor, vars(incident))
        if one.incident.pk != incident.pk
    ]
    form = MergeForm(request.POST or None, near=near, initial={"seen": incident.version})

    def act() -> None:
        into = selectors.incident_for(actor, form.wanted)
        if into is None:
            raise InputError(_("There is no such incident."))
        services.merge(
            actor=actor, incident=incident, into=into, now=timezone.now(),
            reason=form.cleaned_data["reason"], seen=form.cleaned_data["seen"],
        )  # fmt: skip

    return act_page(
        request, incident, form, act,
        title=_("Merge into another incident"), button=_("Merge"),
        told=_("It is merged: its reports stand there, and this page leads there."),
        lead=_("Both were one event. Nothing is lost, and a merge can be undone."),
    )  # fmt: skip


@guarded(Holding, ADD)
@require_http_methods(_METHODS)
def split(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Make chosen reports an incident of their own."""
    actor = actor_of(request)
    incident = incident_or_404(actor, incident_id)
    form = SplitForm(
        request.POST or None, reports=selectors.live_reports(actor, incident),
        label=report_in_words, initial={"seen": incident.version},
    )  # fmt: skip
    made: list[Incident] = []
    page = act_page(
        request, incident, form,
        lambda: made.append(
            services.split(
                actor=actor, incident=incident, reports=list(form.cleaned_data["reports"]),
                titles=form.cleaned_data, reason=form.cleaned_data["reason"],
                seen=form.cleaned_data["seen"], now=timezone.now(),
            )
        ),
        title=_("Split the incident"), button=_("Split"),
        told=_("It is split: the chosen reports stand here now."),
        lead=_("These reports tell of two events. Reports that came here by a merge go back to "
               "their own incident."),
    )  # fmt: skip
    return redirect(made[0]) if made else page


@guarded(Holding, ADD)
@require_http_methods(_METHODS)
def restore(request: HttpRequest, incident_id: int) -> HttpResponse:
    """Undo a merge."""
    actor = actor_of(request)
    incident = incident_or_404(actor, incident_id)
    form = ReasonForm(request.POST or None)
    return act_page(
        request, incident, form,
        lambda: services.restore(
            actor=actor, incident=incident, reason=form.cleaned_data["reason"],
            now=timezone.now(),
        ),
        title=_("Undo the merge"), button=_("Undo it"),
        told=_("The incident stands by itself again."),
    )  # fmt: skip


def _named(incident: Incident) -> str:
    parts = (f"{incident.pk}", incident.title, time_in_words(incident), place_in_words(incident))
    return " · ".join(parts)
