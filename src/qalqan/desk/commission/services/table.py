"""Commissions, seats and meetings: called, begun with a quorum, closed with minutes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.commission.models import Agenda, Commission, Meeting, Presence, Seat
from qalqan.desk.commission.services.checks import address, next_number, words
from qalqan.desk.platform.accounts.models import Organisation
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.errors import ConflictError, InputError, Location

_Outcome = Agenda.Outcome


@transaction.atomic
def add_commission(
    *, actor: Actor, level: str, names: Mapping[str, str], place: Place | None,
    quorum_percent: int, now: datetime, is_sample: bool = False,
) -> Commission:  # fmt: skip
    """Enter a commission.

    Parameters
    ----------
    names
        Its name by ``kk``, ``ru`` and ``en``; all three.
    quorum_percent
        Share of the votes that must be present, of all seats with a vote.

    Raises
    ------
    InputError
        A name is missing, or the quorum is no share.
    """
    require(actor, ADD, Commission)
    if not 1 <= quorum_percent <= 100:
        raise InputError(
            _("A quorum lies between 1 and 100 percent."), location=Location(field="quorum_percent")
        )
    made = Commission.objects.create(
        level=level, place=place, quorum_percent=quorum_percent, is_sample=is_sample,
        **{f"name_{code}": words(names.get(code, ""), f"name_{code}", 200)
           for code in ("kk", "ru", "en")},
    )  # fmt: skip
    audit.record(actor=actor, action="commission.add_commission", subject=made, now=now)
    return made


@transaction.atomic
def add_seat(
    *, actor: Actor, commission: Commission, office: str, organisation: Organisation | None,
    part: str, has_vote: bool, since: date, now: datetime,
) -> Seat:  # fmt: skip
    """Give an office a seat.

    Raises
    ------
    ConflictError
        There is a chair already.
    """
    require(actor, ADD, Seat)
    Commission.objects.select_for_update().get(pk=commission.pk)
    live = Seat.objects.filter(commission=commission, until__isnull=True)
    if part == Seat.Part.CHAIR and live.filter(part=part).exists():
        raise ConflictError(_("This commission has a chair already; end that seat first."))
    made = Seat.objects.create(
        commission=commission, office=words(office, "office", 200), organisation=organisation,
        part=part, has_vote=has_vote, since=since,
    )  # fmt: skip
    audit.record(actor=actor, action="commission.add_seat", subject=made, now=now)
    return made


@transaction.atomic
def end_seat(*, actor: Actor, seat: Seat, until: date, now: datetime) -> Seat:
    """End a seat; past meetings keep it.

    Raises
    ------
    ConflictError
        It has ended already.
    InputError
        The day lies before its beginning.
    """
    require(actor, CHANGE, Seat, seat)
    locked = Seat.objects.select_for_update().get(pk=seat.pk)
    if locked.until is not None:
        raise ConflictError(_("This seat has ended already."))
    if until <= locked.since:
        raise InputError(_("A seat ends after it began."), location=Location(field="until"))
    locked.until = until
    locked.save(update_fields=["until"])
    audit.record(actor=actor, action="commission.end_seat", subject=locked, now=now)
    return locked


@transaction.atomic
def call_meeting(
    *, actor: Actor, commission: Commission, starts_at: datetime, venue: str, now: datetime,
    is_sample: bool = False,
) -> Meeting:  # fmt: skip
    """Call a meeting; what earlier ones carried over stands first on its agenda."""
    require(actor, ADD, Meeting)
    Commission.objects.select_for_update().get(pk=commission.pk)
    made = Meeting.objects.create(
        commission=commission,
        number=next_number(f"meeting.{commission.pk}"),
        starts_at=starts_at,
        venue=words(venue, "venue", 200),
        is_sample=is_sample,
    )
    for item in backlog(commission):
        _carry(item, made)
    audit.record(
        actor=actor, action="commission.call_meeting", subject=made, now=now,
        detail={"carried": made.agenda.count()},
    )  # fmt: skip
    return made


def backlog(commission: Commission) -> list[Agenda]:
    """Return what was carried over and stands on no later agenda, oldest first."""
    rows = Agenda.objects.filter(
        meeting__commission=commission, outcome=_Outcome.CARRIED, carried_to__isnull=True
    )
    return list(rows.order_by("meeting__starts_at", "order"))


@transaction.atomic
def add_item(
    *, actor: Actor, meeting: Meeting, title: str, now: datetime, paper: str = "", url: str = "",
    brought_by: Organisation | None = None,
) -> Agenda:  # fmt: skip
    """Put an item on the agenda of a meeting that is not closed.

    Raises
    ------
    ConflictError
        The meeting is closed or cancelled.
    """
    require(actor, ADD, Agenda)
    locked = _live(meeting)
    made = Agenda.objects.create(
        meeting=locked,
        order=_next_order(locked),
        title=words(title, "title", 200),
        paper=words(paper, "paper", 8000, needed=False),
        url=address(url),
        brought_by=brought_by,
    )
    audit.record(actor=actor, action="commission.add_item", subject=made, now=now)
    return made


@transaction.atomic
def begin(*, actor: Actor, meeting: Meeting, how: Mapping[int, str], now: datetime) -> Meeting:
    """Begin a meeting with those who are there.

    Parameters
    ----------
    how
        Presence by key of seat; a seat that is not named is absent.

    Raises
    ------
    ConflictError
        There is no quorum, or the meeting has begun or ended already.
    """
    require(actor, CHANGE, Meeting, meeting)
    locked = _live(meeting)
    if locked.state != Meeting.State.PLANNED:
        raise ConflictError(_("This meeting has begun already."))
    seats = seats_on(locked.commission, locked.starts_at.date())
    there = {seat.pk: how.get(seat.pk, Presence.How.ABSENT) for seat in seats}
    votes = [seat for seat in seats if seat.has_vote]
    present = sum(there[seat.pk] != Presence.How.ABSENT for seat in votes)
    if not votes or present * 100 < locked.commission.quorum_percent * len(votes):
        raise ConflictError(
            _("There is no quorum: %(present)d of %(all)d votes, %(percent)d percent are needed.")
            % {"present": present, "all": len(votes), "percent": locked.commission.quorum_percent}
        )
    Presence.objects.bulk_create(
        Presence(meeting=locked, seat=seat, how=there[seat.pk]) for seat in seats
    )
    locked.state, locked.opened_at = Meeting.State.OPEN, now
    locked.votes_of_all, locked.votes_present = len(votes), present
    locked.save(update_fields=["state", "opened_at", "votes_of_all", "votes_present"])
    detail = {"present": present, "of": len(votes)}
    audit.record(actor=actor, action="commission.begin", subject=locked, now=now, detail=detail)
    return locked


def seats_on(commission: Commission, day: date) -> list[Seat]:
    """Return the seats that a commission has on a day, the chair first."""
    rows = Seat.objects.filter(commission=commission, since__lte=day).exclude(until__lte=day)
    order = list(Seat.Part.values)
    return sorted(rows, key=lambda seat: (order.index(seat.part), seat.pk))


@transaction.atomic
def conclude_item(
    *, actor: Actor, item: Agenda, outcome: str, said: str, now: datetime,
    votes: tuple[int, int, int] | None = None,
) -> Agenda:  # fmt: skip
    """Say what came of an item while the meeting is under way.

    Parameters
    ----------
    votes
        For, against and abstained, where there was a vote.

    Raises
    ------
    ConflictError
        The meeting is not under way, or the item is concluded with a decision.
    InputError
        More votes than are present.
    """
    require(actor, CHANGE, Agenda, item)
    meeting = Meeting.objects.select_for_update().get(pk=item.meeting_id)
    if meeting.state != Meeting.State.OPEN:
        raise ConflictError(_("Items are concluded while the meeting is under way."))
    locked = Agenda.objects.select_for_update().get(pk=item.pk)
    if locked.decisions.exists() and outcome != _Outcome.DECIDED:
        raise ConflictError(_("This item has a decision already."))
    if outcome not in set(_Outcome.values) - {_Outcome.NONE}:
        raise InputError(_("Choose an outcome."), location=Location(field="outcome"))
    if votes is not None and sum(votes) > (meeting.votes_present or 0):
        raise InputError(
            _("There are more votes than are present (%(count)d).")
            % {"count": meeting.votes_present or 0},
            location=Location(field="votes_for"),
        )
    locked.outcome = outcome
    locked.words = words(said, "words", 4000, needed=False)
    locked.votes_for, locked.votes_against, locked.abstained = votes or (None, None, None)
    locked.save(update_fields=["outcome", "words", "votes_for", "votes_against", "abstained"])
    detail = {"outcome": str(outcome)}
    audit.record(
        actor=actor, action="commission.conclude_item", subject=locked, now=now, detail=detail
    )
    return locked


@transaction.atomic
def close_meeting(*, actor: Actor, meeting: Meeting, now: datetime) -> Meeting:
    """Close a meeting; what was not treated is carried over.

    Raises
    ------
    ConflictError
        It is not under way, or an item says "decided" without a decision.
    """
    require(actor, CHANGE, Meeting, meeting)
    locked = _live(meeting)
    if locked.state != Meeting.State.OPEN:
        raise ConflictError(_("Only a meeting that is under way can be closed."))
    bare = locked.agenda.filter(outcome=_Outcome.DECIDED, decisions__isnull=True).first()
    if bare is not None:
        raise ConflictError(
            _("“%(title)s” says decided, but no decision is entered.") % {"title": bare.title}
        )
    locked.agenda.filter(outcome=_Outcome.NONE).update(outcome=_Outcome.CARRIED)
    locked.state, locked.closed_at = Meeting.State.CLOSED, now
    locked.save(update_fields=["state", "closed_at"])
    later = (
        Meeting.objects.filter(commission=locked.commission, state=Meeting.State.PLANNED)
        .order_by("starts_at")
        .first()
    )
    if later is not None:
        for item in backlog(locked.commission):
            _carry(item, later)
    audit.record(actor=actor, action="commission.close_meeting", subject=locked, now=now)
    return locked


@transaction.atomic
def cancel_meeting(*, actor: Actor, meeting: Meeting, reason: str, now: datetime) -> Meeting:
    """Cancel a meeting that has not begun; its agenda is carried over.

    Raises
    ------
    ConflictError
        It has begun.
    """
    require(actor, CHANGE, Meeting, meeting)
    locked = _live(meeting)
    if locked.state != Meeting.State.PLANNED:
        raise ConflictError(_("A meeting that has begun is closed, not cancelled."))
    locked.reason = words(reason, "reason", 500)
    locked.state = Meeting.State.CANCELLED
    locked.save(update_fields=["state", "reason"])
    locked.agenda.filter(outcome=_Outcome.NONE).update(outcome=_Outcome.CARRIED)
    audit.record(actor=actor, action="commission.cancel_meeting", subject=locked, now=now)
    return locked


def _live(meeting: Meeting) -> Meeting:
    locked: Meeting = (
        Meeting.objects.select_related("commission")
        .select_for_update(of=("self",))
        .get(pk=meeting.pk)
    )
    if not locked.is_live:
        raise ConflictError(_("This meeting is closed or cancelled."))
    return locked


def _next_order(meeting: Meeting) -> int:
    last = meeting.agenda.order_by("-order").values_list("order", flat=True).first()
    return (last or 0) + 1


def _carry(item: Agenda, meeting: Meeting) -> None:
    Agenda.objects.create(
        meeting=meeting, order=_next_order(meeting), title=item.title, paper=item.paper,
        url=item.url, brought_by=item.brought_by, carried_from=item,
    )  # fmt: skip
