"""Take answers in: batches, outcomes, single entry, paper typed twice, links of one use."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import ADD, CHANGE, PUBLIC, Actor, require
from qalqan.desk.polls.answering import Read, read_answers
from qalqan.desk.polls.models import (
    Batch,
    DrawnCluster,
    OutcomeCount,
    PaperSheet,
    Poll,
    PollQuestion,
    Response,
    WebToken,
)
from qalqan.desk.polls.services.polls import by_of
from qalqan.errors import ConflictError, InputError, Location

MOST_LINKS = 2_000
MOST_NUMBERS = 5_000


class AnswersError(InputError):
    """A set of answers cannot be taken; nothing of it was stored."""

    code = "polls.answers"

    def __init__(self, read: Read) -> None:
        first = read.faults[0]
        super().__init__(first.reason, location=Location(field=first.field))
        self.faults = read.faults


@dataclass(frozen=True, slots=True)
class Where:
    """Where in the sample a set of answers belongs."""

    stratum: str = ""
    cluster: str = ""
    district: int | None = None
    settlement: str = ""


def _require_open(poll: Poll) -> None:
    if poll.state != Poll.State.OPEN:
        raise ConflictError(_("The poll is not open."))


@transaction.atomic
def open_batch(
    *, actor: Actor, poll: Poll, channel: str, now: datetime, cluster: DrawnCluster | None = None,
    stratum: str = "", issued: int = 0, digest: str = "",
) -> Batch:  # fmt: skip
    """Begin a run of calls, a pack of paper, a set of links or a file.

    Raises
    ------
    ConflictError
        The poll is not open.
    InputError
        The area or the stratum is not of this poll.
    RefusedError
        The actor may not collect.
    """
    require(actor, ADD, Batch)
    locked = Poll.objects.select_for_update().get(pk=poll.pk)
    _require_open(locked)
    if cluster is not None and cluster.poll_id != locked.pk:
        raise InputError(
            _("This area was not drawn for the poll."), location=Location(field="cluster")
        )
    if locked.method and cluster is None and channel != Batch.Channel.FILE:
        raise InputError(
            _("Say for which of the drawn areas the batch is."), location=Location(field="cluster")
        )
    if stratum and not locked.strata.filter(code=stratum).exists():
        raise InputError(_("This stratum is not of the poll."), location=Location(field="stratum"))
    last = locked.batches.aggregate(last=Max("number"))["last"] or 0
    batch = Batch.objects.create(
        poll=locked, number=last + 1, channel=channel, cluster=cluster,
        stratum=cluster.stratum if cluster else stratum, issued=issued, file_digest=digest,
        opened_at=now, is_sample=locked.is_sample,
    )  # fmt: skip
    audit.record(actor=actor, action="polls.open_batch", subject=batch, now=now,
                 detail={"poll": locked.pk, "channel": channel, "issued": issued})  # fmt: skip
    return batch


@transaction.atomic
def set_outcomes(*, actor: Actor, batch: Batch, counts: Mapping[str, int], now: datetime) -> Batch:
    """Store how the cases of a batch ended: counts only, nothing of single calls.

    Raises
    ------
    InputError
        A disposition is not known or a count negative.
    RefusedError
        The actor may not collect.
    """
    require(actor, CHANGE, Batch)
    known = set(OutcomeCount.Code.values)
    for code, count in counts.items():
        if code not in known or count < 0:
            raise InputError(
                _("A count of nought or more is needed."), location=Location(field=code)
            )
    OutcomeCount.objects.filter(batch=batch).delete()
    OutcomeCount.objects.bulk_create(
        OutcomeCount(batch=batch, code=code, count=count) for code, count in counts.items() if count
    )
    audit.record(actor=actor, action="polls.set_outcomes", subject=batch, now=now,
                 detail={"counts": dict(counts)})  # fmt: skip
    return batch


def where_of(batch: Batch) -> Where:
    """Return where the answers of a batch belong."""
    if batch.cluster is None:
        return Where(batch.stratum, district=district_of_stratum(batch.stratum))
    unit = batch.cluster.unit
    district = places.district_of(unit.place_id) or None
    return Where(batch.cluster.stratum, unit.code, district, unit.settlement)


def district_of_stratum(code: str) -> int | None:
    """Return the district whose code a stratum bears, where it does."""
    if not code:
        return None
    from qalqan.desk.platform.policies import SystemActor

    rows = places.districts(SystemActor("polls")).defer("boundary").filter(kato=code)
    return rows.values_list("pk", flat=True).first()


def questions_of(poll: Poll) -> list[PollQuestion]:
    """Return the questions of a poll, in order."""
    return list(PollQuestion.objects.filter(version_id=poll.questionnaire_id).order_by("order"))


def make_response(batch: Batch, read: Read, where: Where, day: date, *, partial: bool) -> Response:
    """Return a set of answers ready to be stored: the day, and nothing finer."""
    return Response(
        poll_id=batch.poll_id, batch=batch, stratum=where.stratum, cluster=where.cluster,
        district=where.district, day=day, age_band=read.attributes["age_band"],
        sex=read.attributes["sex"],
        settlement=where.settlement or read.attributes["settlement"], is_partial=partial,
        answers=read.answers,
    )  # fmt: skip


def _read_or_refuse(poll: Poll, given: Mapping[str, str]) -> Read:
    read = read_answers(questions_of(poll), given)
    if read.faults:
        raise AnswersError(read)
    if not read.answers:
        raise InputError(_("Nothing was answered."))
    return read


@transaction.atomic
def enter_answers(
    *, actor: Actor, batch: Batch, given: Mapping[str, str], now: datetime, partial: bool = False
) -> Response:
    """Store what was answered on the phone.

    Raises
    ------
    AnswersError
        An answer is not one that the question takes.
    ConflictError
        The poll is not open.
    RefusedError
        The actor may not collect.
    """
    require(actor, ADD, Response)
    _require_open(batch.poll)
    read = _read_or_refuse(batch.poll, given)
    row = make_response(batch, read, where_of(batch), timezone.localdate(now), partial=partial)
    row.save()
    # The audit tells that a set was entered, not which: who typed what stays unlinked.
    audit.record(actor=actor, action="polls.enter", subject=batch, now=now)
    return row


@transaction.atomic
def enter_sheet(
    *, actor: Actor, batch: Batch, number: int, given: Mapping[str, str], now: datetime
) -> PaperSheet:
    """Type in a paper sheet: the first time it is kept, the second time compared and stored.

    Raises
    ------
    AnswersError
        An answer is not one that the question takes.
    ConflictError
        The poll is not open, the sheet is stored already, or the same account typed it before.
    RefusedError
        The actor may not collect.
    """
    require(actor, ADD, PaperSheet)
    _require_open(batch.poll)
    read = _read_or_refuse(batch.poll, given)
    entry = {"answers": read.answers, "attributes": read.attributes}
    sheet = PaperSheet.objects.select_for_update().filter(batch=batch, number=number).first()
    states = PaperSheet.State
    if sheet is None:
        sheet = PaperSheet.objects.create(
            batch=batch, number=number, first=entry, entered_by=by_of(actor), state=states.ONCE
        )
    elif sheet.state == states.STORED:
        raise ConflictError(_("This sheet was entered twice already."))
    elif sheet.entered_by_id is not None and sheet.entered_by_id == getattr(actor, "pk", None):
        raise ConflictError(_("Another person types the sheet the second time."))
    else:
        sheet.differences = _differences(sheet.first, entry)
        sheet.state = states.DIFFERS if sheet.differences else states.STORED
        if sheet.state == states.STORED:
            day = timezone.localdate(now)
            make_response(batch, read, where_of(batch), day, partial=False).save()
            sheet.first = {}
        else:
            # The later reading stands until the next person types it, with both in mind.
            sheet.first, sheet.entered_by = entry, by_of(actor)
        sheet.save()
    audit.record(actor=actor, action="polls.enter_sheet", subject=batch, now=now,
                 detail={"sheet": number, "state": sheet.state})  # fmt: skip
    return sheet


def _differences(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    one = {**first.get("answers", {}), **first.get("attributes", {})}
    other = {**second["answers"], **second["attributes"]}
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


@transaction.atomic
def issue_links(*, actor: Actor, batch: Batch, count: int, now: datetime) -> list[str]:
    """Make links of one use; they are told once, only their hashes are kept.

    Raises
    ------
    InputError
        The number is not from 1 to 2 000.
    ConflictError
        The poll is not open.
    RefusedError
        The actor may not make links.
    """
    require(actor, ADD, WebToken)
    _require_open(batch.poll)
    if not 1 <= count <= MOST_LINKS:
        raise InputError(
            _("From 1 to %(most)s at a time.") % {"most": MOST_LINKS},
            location=Location(field="count"),
        )
    tokens = [secrets.token_urlsafe(18) for _number in range(count)]
    WebToken.objects.bulk_create(
        WebToken(batch=batch, token_hash=token_hash(token))
        for token in sorted(tokens, key=token_hash)
    )
    batch.issued += count
    batch.save(update_fields=["issued"])
    audit.record(actor=actor, action="polls.issue_links", subject=batch, now=now,
                 detail={"count": count})  # fmt: skip
    return tokens


def token_hash(token: str) -> str:
    """Return what is kept of a link."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def answer_by_link(*, token: str, given: Mapping[str, str], now: datetime) -> None:
    """Store what somebody answered through a link, and use the link up.

    Nothing ties the answers to the link: neither a key, nor a time finer than the day.

    Raises
    ------
    AnswersError
        An answer is not one that the question takes; the link stays good.
    ConflictError
        The link was used, or the poll is not open.
    """
    row = (
        WebToken.objects.select_for_update(of=("self",))
        .select_related("batch__poll", "batch__cluster__unit")
        .filter(token_hash=token_hash(token), used_on__isnull=True)
        .first()
    )
    if row is None:
        raise ConflictError(_("This link was used already, or there is no such link."))
    _require_open(row.batch.poll)
    read = _read_or_refuse(row.batch.poll, given)
    day = timezone.localdate(now)
    make_response(row.batch, read, where_of(row.batch), day, partial=False).save()
    WebToken.objects.filter(pk=row.pk).update(used_on=day)
    # The record tells the day as well, no minute: whoever knows when somebody held the phone
    # must not find that answer.
    audit.record(actor=PUBLIC, action="polls.answer", subject=row.batch.poll,
                 now=_midnight(day), detail={"day": day.isoformat()})  # fmt: skip


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@transaction.atomic
def draw_numbers(
    *, actor: Actor, batch: Batch, prefix: str, count: int, now: datetime
) -> list[str]:
    """Draw phone numbers at random under a prefix; they are told once and stored nowhere.

    Raises
    ------
    InputError
        The prefix is not digits, or leaves too few numbers to draw from.
    ConflictError
        The poll is not open.
    RefusedError
        The actor may not make polls.
    """
    require(actor, ADD, WebToken)
    _require_open(batch.poll)
    digits = prefix.replace(" ", "").replace("-", "").removeprefix("+")
    free = 11 - len(digits)
    if not (digits.isascii() and digits.isdigit() and digits[:1] == "7" and 3 <= free <= 10):
        raise InputError(
            _("A prefix of 1 to 8 digits that begins with 7 is needed."),
            location=Location(field="start"),
        )
    if not 1 <= count <= min(MOST_NUMBERS, 10**free // 2):
        raise InputError(
            _("From 1 to %(most)s at a time.") % {"most": min(MOST_NUMBERS, 10**free // 2)},
            location=Location(field="count"),
        )
    drawn: set[int] = set()
    while len(drawn) < count:
        drawn.add(secrets.randbelow(10**free))
    numbers = [f"+{digits}{number:0{free}}" for number in drawn]
    secrets.SystemRandom().shuffle(numbers)
    batch.issued += count
    batch.save(update_fields=["issued"])
    audit.record(actor=actor, action="polls.draw_numbers", subject=batch, now=now,
                 detail={"count": count, "prefix": digits})  # fmt: skip
    return numbers
