"""Reading editions of the brief."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import QuerySet

from qalqan.desk.brief.models import BriefEdition
from qalqan.desk.platform.policies import Actor

_A_DAY_EARLIER = timedelta(hours=18)


def editions(actor: Actor) -> QuerySet[BriefEdition]:
    """Return the editions without their content, newest first."""
    rows: QuerySet[BriefEdition] = BriefEdition.objects.visible_to(actor)
    return rows.defer("payload").order_by("-as_of", "-id")


def latest_edition(actor: Actor) -> BriefEdition | None:
    """Return the newest edition, or nothing when none was made yet."""
    rows: QuerySet[BriefEdition] = BriefEdition.objects.visible_to(actor)
    return rows.order_by("-as_of", "-id").first()


def edition_for(actor: Actor, edition_id: int) -> BriefEdition | None:
    """Return one edition, or nothing."""
    rows: QuerySet[BriefEdition] = BriefEdition.objects.visible_to(actor)
    return rows.filter(pk=edition_id).first()


def previous(actor: Actor, edition: BriefEdition) -> BriefEdition | None:
    """Return the edition of the day before: the newest that is at least 18 hours older.

    Where there is none, the newest older one.
    """
    older = BriefEdition.objects.visible_to(actor).filter(as_of__lt=edition.as_of)
    rows = older.order_by("-as_of", "-id")
    return rows.filter(as_of__lte=edition.as_of - _A_DAY_EARLIER).first() or rows.first()
