"""Everything that reads import runs, feeds and tokens."""

from __future__ import annotations

from django.db.models import QuerySet

from qalqan.desk.intake.models import ApiToken, Feed, ImportRun, Waiting
from qalqan.desk.platform.policies import Actor


def runs(actor: Actor) -> QuerySet[ImportRun]:
    """Return the import runs the actor may see, newest first."""
    return ImportRun.objects.visible_to(actor).select_related("started_by")


def run_for(actor: Actor, run_id: int) -> ImportRun | None:
    """Return one run, or nothing where it is absent or hidden from the actor."""
    return runs(actor).filter(pk=run_id).first()


def feeds(actor: Actor) -> QuerySet[Feed]:
    """Return the feeds the actor may see."""
    return Feed.objects.visible_to(actor).select_related("source")


def tokens(actor: Actor) -> QuerySet[ApiToken]:
    """Return the tokens the actor may see."""
    return ApiToken.objects.visible_to(actor).select_related("source", "created_by")


def waiting_count(actor: Actor) -> int:
    """Return how many messages wait to be stored."""
    return Waiting.objects.visible_to(actor).count()
