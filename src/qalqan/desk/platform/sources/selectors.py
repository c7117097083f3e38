"""Everything that reads sources."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.sources.models import Source, SourceGrade


def sources(
    actor: Actor, *, query: str = "", kind: str = "", reliability: str = ""
) -> QuerySet[Source]:
    """Return the sources the actor may see, narrowed by what is given."""
    rows = Source.objects.visible_to(actor)
    if query:
        rows = rows.filter(name__icontains=query)
    if kind:
        rows = rows.filter(kind=kind)
    if reliability:
        rows = rows.filter(reliability=reliability)
    return rows


def source_for(actor: Actor, source_id: int) -> Source | None:
    """Return one source, or nothing where it is absent or hidden from the actor."""
    return Source.objects.visible_to(actor).filter(pk=source_id).first()


def grades(actor: Actor, source: Source) -> QuerySet[SourceGrade]:
    """Return the history of a source's grades, newest first."""
    return SourceGrade.objects.visible_to(actor).filter(source=source).select_related("by")


def reliability_at(actor: Actor, source: Source, moment: datetime) -> str | None:
    """Return the grade that counted at a moment; nothing before the first grade."""
    grade = grades(actor, source).filter(since__lte=moment).first()
    return grade.reliability if grade else None
