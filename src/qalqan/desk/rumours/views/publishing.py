"""Who is told of publications, and how far each telling has got."""

from __future__ import annotations

from django.contrib import messages as toasts
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, actor_of, guarded, policy_of
from qalqan.desk.rumours import services
from qalqan.desk.rumours.answer_forms import WebhookForm
from qalqan.desk.rumours.models import Delivery, Webhook
from qalqan.errors import QalqanError

PAGE = 100


@guarded(Webhook, VIEW)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show webhooks, the channel and the log of deliveries."""
    return _show(request, WebhookForm())


def _show(
    request: HttpRequest, form: WebhookForm, *, secret: str = "", status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    deliveries = Delivery.objects.visible_to(actor)
    states = dict(deliveries.order_by().values_list("state").annotate(n=Count("pk")))
    context = {
        "webhooks": list(Webhook.objects.visible_to(actor)[:500]),
        "deliveries": list(deliveries.select_related("webhook", "publication__answer")[:PAGE]),
        "counts": [(label, states.get(value, 0)) for value, label in Delivery.State.choices],
        "form": form if policy_of(Webhook).allows(actor, ADD) else None,
        "channel_is_on": services.channel_is_on(),
        "secret": secret,
    }
    response = render(request, "rumours/publishing.html", context, status=status)
    if secret:
        response["Cache-Control"] = "no-store"
    return response


@guarded(Webhook, ADD)
@require_POST
def webhook_add(request: HttpRequest) -> HttpResponse:
    """Tell a program of every publication; its secret is shown once."""
    form = WebhookForm(request.POST)
    if form.is_valid():
        try:
            _hook, secret = services.add_webhook(
                actor=actor_of(request), now=timezone.now(), **form.cleaned_data
            )
        except QalqanError as error:
            field = error.location.field if error.location else None
            form.add_error(field if field in form.fields else None, str(error.message))
        else:
            return _show(request, WebhookForm(), secret=secret)
    return _show(request, form, status=422)


@guarded(Webhook, CHANGE)
@require_POST
def webhook_switch(request: HttpRequest, webhook_id: int) -> HttpResponse:
    """Pause a webhook, or tell it again."""
    actor = actor_of(request)
    hook = Webhook.objects.visible_to(actor).filter(pk=webhook_id).first()
    if hook is None:
        raise Http404(_("There is no such webhook."))
    services.set_webhook_active(
        actor=actor, webhook=hook, is_active=not hook.is_active, now=timezone.now()
    )
    toasts.success(request, _("The webhook was changed."))
    return redirect("rumours:publishing")
