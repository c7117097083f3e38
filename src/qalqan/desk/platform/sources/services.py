"""Everything that changes a source."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.platform.privacy.guard import screen
from qalqan.desk.platform.sources.models import Reliability, Source, SourceGrade
from qalqan.errors import InputError

FIRST_REASON = "First met; not yet judged."


@transaction.atomic
def get_or_create_source(
    *, actor: Actor, name: str, kind: str, now: datetime, is_sample: bool = False
) -> Source:
    """Return the source of this name and kind; store it with grade F when it is new.

    Parameters
    ----------
    actor
        Who meets the source.
    name
        Public name of the channel, site or publication; what would identify a private person
        is masked before it is stored.
    kind
        One of ``Source.Kind``.
    now
        When it is met, aware.
    is_sample
        Whether it belongs to the sample data.

    Raises
    ------
    InputError
        The name is empty or too long, or the kind unknown.
    RefusedError
        The actor may not add a source.
    """
    clean = screen(" ".join(name.split())).text
    if not clean or len(clean) > 200:
        raise InputError(_("The name of a source has 1 to 200 characters."))
    if kind not in Source.Kind.values:
        raise InputError(
            _("Unknown kind of source: %(kind)s. Known: %(known)s.")
            % {"kind": kind, "known": ", ".join(Source.Kind.values)}
        )
    if known := Source.objects.filter(name=clean, kind=kind).first():
        return known
    require(actor, ADD, Source)
    source, is_new = Source.objects.get_or_create(
        name=clean, kind=kind, defaults={"created_at": now, "is_sample": is_sample}
    )
    if is_new:
        SourceGrade.objects.create(
            source=source, reliability=Reliability.F, since=now, by=None, reason=FIRST_REASON
        )
        record(
            actor=actor, action="sources.source_added", subject=source, now=now,
            detail={"kind": kind, "reliability": Reliability.F.value},
        )  # fmt: skip
    return source


@transaction.atomic
def grade_source(
    *, actor: Actor, source: Source, reliability: str, reason: str, now: datetime
) -> SourceGrade:
    """Give a source a new reliability; the earlier grades stay in its history.

    Only the source is graded: the credibility of what it said stays as it was.

    Parameters
    ----------
    actor
        Who grades.
    source
        The source.
    reliability
        ``A`` to ``F``.
    reason
        Why; required, at most 500 characters, screened for personal data.
    now
        From when the grade counts, aware.

    Raises
    ------
    InputError
        The grade is unknown or the reason missing or too long.
    RefusedError
        The actor may not grade.
    """
    require(actor, ADD, SourceGrade)
    if reliability not in Reliability.values:
        raise InputError(_("The reliability of a source is one of A, B, C, D, E, F."))
    clean = screen(reason.strip()).text
    if not clean or len(clean) > 500:
        raise InputError(_("Say why, in at most 500 characters."))
    locked = Source.objects.select_for_update().get(pk=source.pk)
    before = locked.reliability
    user = actor if isinstance(actor, get_user_model()) else None
    grade = SourceGrade.objects.create(
        source=locked, reliability=reliability, since=now, by=user, reason=clean
    )
    locked.reliability = source.reliability = reliability
    locked.save(update_fields=["reliability"])
    record(
        actor=actor, action="sources.source_graded", subject=locked, now=now,
        detail={"from": before, "to": reliability},
    )  # fmt: skip
    return grade
