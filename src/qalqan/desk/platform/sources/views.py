"""Pages about sources."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from qalqan.desk.platform.policies import ADD, VIEW, actor_of, guarded, policy_of
from qalqan.desk.platform.sources import selectors, services
from qalqan.desk.platform.sources.forms import GradeForm, SourceFilterForm
from qalqan.desk.platform.sources.models import Source, SourceGrade
from qalqan.errors import QalqanError

PAGE = 50


@guarded(Source, VIEW)
@require_safe
def source_list(request: HttpRequest) -> HttpResponse:
    """Show the sources and their present grades."""
    form = SourceFilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = selectors.sources(
        actor_of(request),
        query=wanted.get("q", ""),
        kind=wanted.get("kind", ""),
        reliability=wanted.get("reliability", ""),
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "sources/source_list.html", {"form": form, "page": page})


def _source_page(
    request: HttpRequest, source: Source, form: GradeForm | None, status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    context = {
        "source": source,
        "grades": selectors.grades(actor, source)[:100],
        "form": form if policy_of(SourceGrade).allows(actor, ADD) else None,
    }
    return render(request, "sources/source_detail.html", context, status=status)


def _source_or_404(request: HttpRequest, source_id: int) -> Source:
    source = selectors.source_for(actor_of(request), source_id)
    if source is None:
        raise Http404(_("There is no such source."))
    return source


@guarded(Source, VIEW)
@require_safe
def source_detail(request: HttpRequest, source_id: int) -> HttpResponse:
    """Show one source with the history of its grades."""
    source = _source_or_404(request, source_id)
    return _source_page(request, source, GradeForm(initial={"reliability": source.reliability}))


@guarded(SourceGrade, ADD)
@require_http_methods(["POST"])
def source_grade(request: HttpRequest, source_id: int) -> HttpResponse:
    """Give a source a new grade."""
    source = _source_or_404(request, source_id)
    form = GradeForm(request.POST)
    if not form.is_valid():
        return _source_page(request, source, form, status=422)
    try:
        services.grade_source(
            actor=actor_of(request),
            source=source,
            reliability=form.cleaned_data["reliability"],
            reason=form.cleaned_data["reason"],
            now=timezone.now(),
        )
    except QalqanError as error:
        form.add_error(None, str(error.message))
        return _source_page(request, source, form, status=422)
    return redirect("sources:source_detail", source_id=source.pk)
