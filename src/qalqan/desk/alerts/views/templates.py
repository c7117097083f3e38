"""Templates of warnings: read, and brought in."""

from __future__ import annotations

from django.contrib import messages as toasts
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from qalqan.desk.alerts import selectors, services
from qalqan.desk.alerts.content import LANGUAGES, Content
from qalqan.desk.alerts.forms import NAMES
from qalqan.desk.alerts.models import AlertTemplate
from qalqan.desk.platform.policies import ADD, VIEW, actor_of, guarded, policy_of


@guarded(AlertTemplate, VIEW)
@require_safe
def template_list(request: HttpRequest) -> HttpResponse:
    """List the templates."""
    actor = actor_of(request)
    context = {
        "templates": list(selectors.templates(actor)),
        "may_load": policy_of(AlertTemplate).allows(actor, ADD),
    }
    return render(request, "alerts/template_list.html", context)


@guarded(AlertTemplate, VIEW)
@require_safe
def template(request: HttpRequest, code: str) -> HttpResponse:
    """Show what a template says in the three languages."""
    found = selectors.templates(actor_of(request)).filter(code=code).first()
    if found is None:
        raise Http404(_("There is no such template."))
    content = Content.from_json(found.content)
    context = {
        "template": found,
        "content": content,
        "columns": [(one, NAMES[one], content.in_language(one)) for one in LANGUAGES],
    }
    return render(request, "alerts/template_page.html", context)


@guarded(AlertTemplate, ADD)
@require_POST
def load(request: HttpRequest) -> HttpResponse:
    """Bring in the templates that come with the desk; those that are there stay as they are."""
    count = services.install_templates(actor=actor_of(request), now=timezone.now())
    toasts.success(
        request,
        ngettext("%(count)d template came.", "%(count)d templates came.", count) % {"count": count},
    )
    return redirect("alerts:templates")
