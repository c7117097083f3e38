"""Open meetings, their outcomes and recommendations to everyone; withdraw them with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.commission.models import (
    Agenda,
    Meeting,
    OpenItem,
    OpenMeeting,
    OpenRecommendation,
    Recommendation,
)
from qalqan.desk.commission.models.accounts import LANGUAGES
from qalqan.desk.commission.services.accounts import NOTE, in_three
from qalqan.desk.platform.accounts.models import User
from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.errors import ConflictError, InputError

Texts = Mapping[str, str]


@transaction.atomic
def open_meeting(
    *, actor: Actor, meeting: Meeting, titles: Mapping[int, Texts], now: datetime
) -> OpenMeeting:
    """Show a meeting to everyone, with the items chosen; the others stay within the desk.

    Done again it adds further items, until outcomes are published.

    Parameters
    ----------
    titles
        By key of the item: its title in each language.

    Raises
    ------
    ConflictError
        Its outcomes are published, it was withdrawn, or cancelled.
    InputError
        An item is of another meeting or shown already, or a title is missing in a language.
    """
    require(actor, ADD, OpenMeeting)
    row = Meeting.objects.select_for_update().get(pk=meeting.pk)
    if row.state == Meeting.State.CANCELLED:
        raise ConflictError(_("A cancelled meeting is not published."))
    made, _new = OpenMeeting.objects.get_or_create(
        meeting=row, defaults={"opened_at": now, "opened_by": _user(actor)}
    )
    if made.outcomes_at is not None or made.withdrawn_at is not None:
        raise ConflictError(_("This is published already, or withdrawn."))
    items = {item.pk: item for item in Agenda.objects.filter(meeting=row, opened__isnull=True)}
    if set(titles) - set(items):
        raise InputError(_("This item is not on the agenda of the meeting, or is published."))
    for key, said in titles.items():
        clean = in_three(said, f"item_{key}", 200)
        OpenItem.objects.create(
            opened=made, item=items[key], **{f"title_{code}": clean[code] for code in LANGUAGES}
        )
    record(
        actor=actor, action="commission.open_meeting", subject=row, now=now,
        detail={"items": len(titles)},
    )  # fmt: skip
    return made


@transaction.atomic
def open_outcomes(
    *, actor: Actor, opened: OpenMeeting, words: Mapping[int, Texts], now: datetime
) -> OpenMeeting:
    """Show what came of the items that are shown, once the meeting is closed.

    Parameters
    ----------
    words
        By key of the item: the outcome in each language, in words.

    Raises
    ------
    ConflictError
        The meeting is not closed, withdrawn, or its outcomes are published already.
    """
    require(actor, CHANGE, OpenMeeting)
    row = OpenMeeting.objects.select_for_update().get(pk=opened.pk)
    if row.meeting.state != Meeting.State.CLOSED:
        raise ConflictError(_("Outcomes are published when the meeting is closed."))
    if row.outcomes_at is not None or row.withdrawn_at is not None:
        raise ConflictError(_("This is published already, or withdrawn."))
    for one in row.items.select_related("item"):
        clean = in_three(words.get(one.item_id, {}), f"words_{one.item_id}", 2000)
        one.outcome = one.item.outcome
        for code in LANGUAGES:
            setattr(one, f"words_{code}", clean[code])
        one.save()
    row.outcomes_at = now
    row.save(update_fields=["outcomes_at"])
    record(actor=actor, action="commission.open_outcomes", subject=row.meeting, now=now)
    return row


@transaction.atomic
def open_recommendation(
    *, actor: Actor, recommendation: Recommendation, texts: Texts, now: datetime
) -> OpenRecommendation:
    """Show a recommendation to everyone; its state is from then on followed by everyone.

    Raises
    ------
    ConflictError
        It is shown already.
    InputError
        The text is missing in a language or names a person.
    """
    require(actor, ADD, OpenRecommendation)
    row = Recommendation.objects.select_for_update().get(pk=recommendation.pk)
    if OpenRecommendation.objects.filter(recommendation=row).exists():
        raise ConflictError(_("This recommendation is published already."))
    clean = in_three(texts, "text", 2000)
    made = OpenRecommendation.objects.create(
        recommendation=row, opened_at=now, opened_by=_user(actor),
        **{f"text_{code}": clean[code] for code in LANGUAGES},
    )  # fmt: skip
    record(actor=actor, action="commission.open_recommendation", subject=row, now=now)
    return made


@transaction.atomic
def withdraw_opening(
    *, actor: Actor, opened: OpenMeeting | OpenRecommendation, reasons: Texts, now: datetime
) -> None:
    """Show the words of a meeting or recommendation no more; that and why stays visible.

    Raises
    ------
    ConflictError
        It was withdrawn before.
    InputError
        The reason is missing in a language.
    """
    require(actor, CHANGE, type(opened))
    row = type(opened).objects.select_for_update().get(pk=opened.pk)
    if row.withdrawn_at is not None:
        raise ConflictError(_("This was withdrawn before."))
    for code, text in in_three(reasons, "reason", NOTE).items():
        setattr(row, f"withdrawal_{code}", text)
    row.withdrawn_at = now
    row.save()
    subject = row.meeting if isinstance(row, OpenMeeting) else row.recommendation
    record(actor=actor, action="commission.withdraw_opening", subject=subject, now=now)


def _user(actor: Actor) -> User | None:
    return actor if isinstance(actor, User) else None
