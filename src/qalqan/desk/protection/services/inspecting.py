"""Taking inspections in from phones: each once, whatever often it is sent, none overwritten."""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import IntegrityError as DatabaseRefusal
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.platform.privacy.guard import screen
from qalqan.desk.protection.models import (
    ChecklistVersion,
    Given,
    Inspection,
    InspectionPicture,
    Question,
    Site,
    SiteEvent,
)
from qalqan.desk.protection.services.files import keep_file
from qalqan.desk.protection.services.finding import note_failures
from qalqan.desk.protection.services.judging import judge
from qalqan.desk.protection.services.reading import Sent
from qalqan.errors import ConflictError, InputError, Location, RefusedError

CLOCK_TOLERANCE = timedelta(minutes=2)
"""A phone's clock may be off by so much before its times are corrected."""
SAME_VISIT = timedelta(hours=24)
"""Another inspection of the site within so much is pointed out."""
MOST_PICTURES = 200


class OtherContentError(ConflictError):
    """An inspection with this identity is at the desk, with another content."""

    code = "protection.other_content"

    def __init__(self, inspection: Inspection) -> None:
        super().__init__(
            _("The desk holds this inspection already, with other answers. Nothing was changed.")
        )
        self.inspection = inspection


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an inspection that a phone sent."""

    inspection: Inspection
    is_new: bool
    notes: tuple[str, ...] = ()


def take_inspection(*, actor: Actor, sent: Sent, now: datetime) -> Taken:
    """Store an inspection that a phone sent, unless it is stored already.

    Sending the same again returns what is stored. The same identity with another content is a
    conflict: what is stored stays, and the phone shows both.

    Raises
    ------
    InputError
        A required answer is missing, or an answer is not of its kind.
    OtherContentError
        It is stored with another content.
    RefusedError
        The actor may not inspect, or does not see the site.
    """
    require(actor, ADD, Inspection)
    if known := _known(actor, sent):
        return Taken(known, is_new=False)
    try:
        return _store(actor, sent, now)
    except DatabaseRefusal:
        # The same inspection came twice at once, and the other came first.
        if known := _known(actor, sent):
            return Taken(known, is_new=False)
        raise


def _known(actor: Actor, sent: Sent) -> Inspection | None:
    row: Inspection | None = Inspection.objects.filter(client_id=sent.client_id).first()
    if row is None:
        return None
    if row.inspector_id != getattr(actor, "pk", None):
        raise RefusedError(_("This inspection was sent by somebody else."))
    if row.payload_digest != sent.digest:
        raise OtherContentError(row)
    return row


@transaction.atomic
def _store(actor: Actor, sent: Sent, now: datetime) -> Taken:
    site = Site.objects.visible_to(actor).select_for_update().filter(pk=sent.site_id).first()
    if site is None:
        raise InputError(_("There is no such site."), location=Location(field="site"))
    version = (
        ChecklistVersion.objects.visible_to(actor)
        .exclude(state=ChecklistVersion.State.DRAFT)
        .select_related("checklist")
        .filter(pk=sent.version_id)
        .first()
    )
    if version is None:
        raise InputError(_("There is no such checklist."), location=Location(field="version"))
    started, finished, offset = _corrected(sent, now)
    inspection, given = _written(actor, sent, site, version, (started, finished, offset), now)
    notes = _notes(inspection, site, version)
    _bring_up_to_date(inspection, site)
    counts = note_failures(inspection, given)
    detail = {
        "site": site.pk, "version": version.pk, "result": str(inspection.result),
        "failed": inspection.failed_count, "pictures": len(sent.pictures), "offset": offset,
        "digest": sent.digest, **counts,
    }  # fmt: skip
    record(actor=actor, action="protection.inspect", subject=inspection, now=now, detail=detail)
    return Taken(inspection, is_new=True, notes=notes)


def _corrected(sent: Sent, now: datetime) -> tuple[datetime, datetime, int]:
    """Return start and end by the desk's clock, and how far ahead the phone's clock was.

    The phone tells its time at sending; the difference to the desk's is taken off. An end in
    the future cannot be, and a start after the end neither.
    """
    ahead = sent.sent_at - now
    shift = ahead if abs(ahead) > CLOCK_TOLERANCE else timedelta(0)
    finished = min(sent.finished_at - shift, now)
    return min(sent.started_at - shift, finished), finished, round(ahead.total_seconds())


def _written(
    actor: Actor, sent: Sent, site: Site, version: ChecklistVersion,
    times: tuple[datetime, datetime, int], now: datetime,
) -> tuple[Inspection, list[Given]]:  # fmt: skip
    started, finished, offset = times
    questions = list(Question.objects.filter(version=version).order_by("order"))
    by_code = {question.code: question for question in questions}
    for place, row in enumerate(sent.answers):
        if row.question not in by_code:
            raise InputError(
                _("The checklist has no such question."),
                location=Location(field=f"answers[{place}].question"),
            )
    values = {row.question: row.value for row in sent.answers}
    judged = judge(questions, values, Tally(code for _id, code in sent.pictures))
    due = timezone.localdate(finished) + timedelta(days=version.days_after(judged.result))
    inspection = Inspection.objects.create(
        client_id=sent.client_id,
        site=site,
        version=version,
        inspector=actor if isinstance(actor, get_user_model()) else None,
        started_at=started,
        finished_at=finished,
        received_at=now,
        clock_offset_seconds=max(-(2**31), min(2**31 - 1, offset)),
        result=judged.result,
        score=judged.score,
        failed_count=len(judged.failed),
        next_due_on=due,
        # Free text from a phone passes the guard: identity and phone numbers are masked.
        representative_office=screen(sent.office).text[:120],
        inspector_signature=sent.inspector_signature,
        owner_signature=sent.owner_signature,
        payload_digest=sent.digest,
        is_sample=site.is_sample,
    )
    notes = {row.question: screen(row.note).text[:1000] for row in sent.answers}
    given = Given.objects.bulk_create(
        Given(
            inspection=inspection,
            question=by_code[code],
            value=_value(by_code[code], values.get(code, "")),
            note=notes.get(code, ""),
            failed=code in judged.failed,
        )
        for code in judged.asked
        if values.get(code) or notes.get(code)
    )
    return inspection, list(given)


def _value(question: Question, value: str) -> str:
    return screen(value).text[:500] if question.kind == Question.Kind.TEXT else value


def _notes(inspection: Inspection, site: Site, version: ChecklistVersion) -> tuple[str, ...]:
    """Say what changed at the desk while the phone was away."""
    notes = []
    near = Q(
        finished_at__gte=inspection.finished_at - SAME_VISIT,
        finished_at__lte=inspection.finished_at + SAME_VISIT,
    )
    others = Inspection.objects.filter(near, site=site).exclude(pk=inspection.pk)
    if count := others.count():
        notes.append(
            _("Others inspected this site within a day of it: %(count)d. Both are kept.")
            % {"count": count}
        )
    if site.status != Site.Status.LISTED:
        notes.append(_("The site is no longer on the list."))
    if version.state == ChecklistVersion.State.RETIRED:
        notes.append(_("A newer version of the checklist is in use."))
    if abs(inspection.clock_offset_seconds) > CLOCK_TOLERANCE.total_seconds():
        notes.append(_("The phone's clock was wrong; the times were corrected."))
    return tuple(notes)


def _bring_up_to_date(inspection: Inspection, site: Site) -> None:
    """Let the site show its newest inspection; one that comes late changes nothing there."""
    newer = Inspection.objects.filter(site=site, finished_at__gt=inspection.finished_at)
    if not newer.exists():
        site.last_inspected_on = timezone.localdate(inspection.finished_at)
        site.last_result = inspection.result
        site.next_due_on = inspection.next_due_on
        site.save(update_fields=["last_inspected_on", "last_result", "next_due_on"])
    SiteEvent.objects.create(
        site=site, at=inspection.finished_at, kind=SiteEvent.Kind.INSPECTED,
        by_id=inspection.inspector_id,
        detail={"inspection": inspection.pk, "result": str(inspection.result)},
    )  # fmt: skip


def take_picture(
    *, actor: Actor, inspection: UUID, client_id: UUID, code: str, data: bytes, now: datetime
) -> tuple[InspectionPicture, bool]:
    """Store a picture of an inspection, unless it is stored already; tell whether it is new.

    Raises
    ------
    InputError
        There is no such inspection or question, or it has too many pictures.
    PictureError
        It is no picture that the desk takes.
    RefusedError
        The inspection or the picture was sent by somebody else.
    """
    require(actor, ADD, InspectionPicture)
    if known := _known_picture(actor, inspection, client_id):
        return known, False
    try:
        return _store_picture(actor, inspection, client_id, code, data, now), True
    except DatabaseRefusal:
        if known := _known_picture(actor, inspection, client_id):
            return known, False
        raise


def _known_picture(actor: Actor, inspection: UUID, client_id: UUID) -> InspectionPicture | None:
    rows = InspectionPicture.objects.select_related("inspection")
    row: InspectionPicture | None = rows.filter(client_id=client_id).first()
    if row is None:
        return None
    is_mine = row.inspection.inspector_id == getattr(actor, "pk", None)
    if not is_mine or row.inspection.client_id != inspection:
        raise RefusedError(_("This picture belongs to another inspection."))
    return row


@transaction.atomic
def _store_picture(
    actor: Actor, inspection: UUID, client_id: UUID, code: str, data: bytes, now: datetime
) -> InspectionPicture:
    owner = getattr(actor, "pk", None)
    rows = Inspection.objects.select_for_update().filter(client_id=inspection)
    parent: Inspection | None = rows.filter(inspector_id=owner).first()
    if parent is None:
        raise InputError(_("There is no such inspection."), location=Location(field="inspection"))
    question = Question.objects.filter(version_id=parent.version_id, code=code).first()
    if question is None and code:
        raise InputError(
            _("The checklist has no such question."), location=Location(field="question")
        )
    if parent.pictures.count() >= MOST_PICTURES:
        raise InputError(
            _("An inspection has at most %(most)d pictures.") % {"most": MOST_PICTURES}
        )
    stored = keep_file(
        data=data, name=f"{client_id}.jpg", now=now, field="file", is_sample=parent.is_sample
    )
    row = InspectionPicture.objects.create(
        client_id=client_id, inspection=parent, question=question, file=stored, received_at=now
    )
    detail = {"inspection": parent.pk, "sha256": stored.sha256}
    record(actor=actor, action="protection.take_picture", subject=row, now=now, detail=detail)
    return row
