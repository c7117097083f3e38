"""Pages about what was published and what was refused."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qalqan.desk.platform.policies import VIEW, actor_of, guarded
from qalqan.desk.platform.releases import selectors
from qalqan.desk.platform.releases.forms import ReleaseFilterForm
from qalqan.desk.platform.releases.models import Release

PAGE = 50
MOST_CELLS = 400


@guarded(Release, VIEW)
@require_safe
def release_list(request: HttpRequest) -> HttpResponse:
    """Show what was published, what was refused, and why."""
    form = ReleaseFilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = selectors.releases(
        actor_of(request), state=wanted.get("state", ""), series=wanted.get("series", "")
    )
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return render(request, "releases/release_list.html", {"form": form, "page": page})


@guarded(Release, VIEW)
@require_safe
def release_detail(request: HttpRequest, release_id: int) -> HttpResponse:
    """Show one release as anybody may see it, or the reasons why nobody may."""
    release = selectors.release_for(actor_of(request), release_id)
    if release is None:
        raise Http404(_("There is no such release."))
    tables = [_lines(selectors.shown_table(row)) for row in release.tables.all()]
    return render(request, "releases/release_detail.html", {"release": release, "tables": tables})


def _lines(table: selectors.PublishedTable) -> dict[str, object]:
    """Return the first cells of a table as lines; more would make no page."""
    cells = list(table.cells.items())
    return {
        "name": table.name,
        "dimensions": table.dimensions,
        "lines": cells[:MOST_CELLS],
        "more": max(0, len(cells) - MOST_CELLS),
    }
