"""Reading the audit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import connections, router

from qalqan.desk.platform.audit import triggers
from qalqan.desk.platform.audit.models import AuditEntry, AuditHead, AuditSeal
from qalqan.desk.platform.policies import Actor, VisibleQuerySet


def head() -> AuditHead | None:
    """Return where the chain ends, or nothing when nothing was written yet."""
    row: AuditHead | None = AuditHead.objects.filter(pk=1, sequence__gt=0).first()
    return row


def entries(
    actor: Actor,
    *,
    action: str = "",
    who: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> VisibleQuerySet:
    """Return the entries the actor may see, newest first.

    Parameters
    ----------
    action
        The beginning of an action: ``rumours`` or ``rumours.answer_claim``.
    who
        An actor's label: ``user:12``, ``system:worker``, ``public``.
    since, until
        The period; ``until`` itself is outside.
    """
    rows = AuditEntry.objects.visible_to(actor)
    if action:
        rows = rows.filter(action__startswith=action)
    if who:
        rows = rows.filter(actor_label=who)
    if since:
        rows = rows.filter(written_at__gte=since)
    if until:
        rows = rows.filter(written_at__lt=until)
    return rows.order_by("-sequence")


def seals(actor: Actor) -> VisibleQuerySet:
    """Return the daily seals, newest first."""
    return AuditSeal.objects.visible_to(actor).order_by("-day")


def written_since(*, action: str, subject: str, since: datetime) -> bool:
    """Tell whether the act was written since then; for acts that are to be noted only once."""
    return bool(
        AuditEntry.objects.filter(action=action, subject=subject, written_at__gte=since).exists()
    )


def names_of(labels: Iterable[str]) -> dict[str, str]:
    """Return the names at the desk of those labels that are accounts, in one query."""
    keys = {int(label[5:]) for label in labels if label.startswith("user:")}
    if not keys:
        return {}
    rows = get_user_model().objects.filter(pk__in=keys)
    return {f"user:{row.pk}": str(row) for row in rows}


def is_guarded() -> bool:
    """Tell whether the database still refuses by itself to change the audit."""
    return not triggers.missing(connections[router.db_for_read(AuditEntry)])
