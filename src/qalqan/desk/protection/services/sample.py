"""Put the sample's sites, devices and inspections into a demo desk."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from qalqan.desk.platform.accounts.models import User
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.protection.checklist_spec import QuestionSpec
from qalqan.desk.protection.expressions import asked_codes
from qalqan.desk.protection.models import ChecklistVersion, Equipment, Site, SiteEvent
from qalqan.desk.protection.services import importing
from qalqan.desk.protection.services.checklists import spec_of
from qalqan.desk.protection.services.facts import SiteFacts, apply, districts_for
from qalqan.desk.protection.services.inspecting import take_inspection
from qalqan.desk.protection.services.numbers import next_numbers
from qalqan.desk.protection.services.reading import Answered, Sent
from qalqan.desk.protection.services.shipped import load_shipped

if TYPE_CHECKING:
    from qalqan.sample.sites import SampleSite, SampleVisit

_LISTED_DAYS_AGO = 400
_OWN_SITES = 3
_NAMESPACE = uuid.UUID("6f1b3c52-6a0e-4a53-9f0b-5d1c5f1e8a10")


@transaction.atomic
def load_sample_sites(
    *, actor: Actor, sites: Iterable[SampleSite], inspector: User, owner: User, now: datetime
) -> int:
    """Store the sample's sites in bulk, and take their inspections in; once.

    Parameters
    ----------
    inspector
        Who made the inspections.
    owner
        Whose body owns the first few sites, so that an owner's view has something to show.

    Returns
    -------
    int
        How many sites were stored.
    """
    require(actor, ADD, Site)
    if Site.objects.filter(is_sample=True).exists():
        return 0
    load_shipped(actor=actor, now=now)
    made = list(sites)
    rows = _stored_sites(made, owner, now)
    Equipment.objects.bulk_create(_devices(made, rows, now))
    versions = {
        version.checklist.code: version
        for version in ChecklistVersion.objects.filter(state="published").select_related(
            "checklist"
        )
    }
    questions = {code: spec_of(version).questions for code, version in versions.items()}
    visits = sorted(
        ((row, visit) for site, row in zip(made, rows, strict=True) for visit in site.visits),
        key=lambda pair: -pair[1].days_ago,
    )
    for row, visit in visits:
        sent = _sent(row, visit, versions[visit.checklist], questions[visit.checklist], now)
        take_inspection(actor=inspector, sent=sent, now=sent.finished_at)
    audit.record(
        actor=actor, action="protection.load_sample", subject="protection", now=now,
        detail={"sites": len(rows), "inspections": len(visits)},
    )  # fmt: skip
    return len(rows)


def _stored_sites(made: list[SampleSite], owner: User, now: datetime) -> list[Site]:
    places = importing.KnownPlaces()
    listed = now - timedelta(days=_LISTED_DAYS_AGO)
    facts = [
        SiteFacts(
            category=site.category, capacity=site.capacity, place_id=places.find(site.kato) or 0,
            name_kk=site.names[0], name_ru=site.names[1], name_en=site.names[2],
            owner_id=owner.organisation_id if position < _OWN_SITES else None,
            owner_name=site.owner_name, owner_language=site.owner_language,
            latitude=site.latitude, longitude=site.longitude,
        )
        for position, site in enumerate(made)
    ]  # fmt: skip
    numbers = next_numbers("site", len(made))
    rows = []
    for number, one, district in zip(numbers, facts, districts_for(facts), strict=True):
        row = Site(
            status=Site.Status.LISTED, number=number, recorded_at=listed, changed_at=listed,
            listed_at=listed, is_sample=True,
            # Spread over a year and more, so that some are overdue and most are not.
            next_due_on=now.date() + timedelta(days=(number * 37) % 420 - 60),
        )  # fmt: skip
        apply(row, one, district_id=district)
        rows.append(row)
    Site.objects.bulk_create(rows, batch_size=200)
    SiteEvent.objects.bulk_create(
        SiteEvent(site=row, at=listed, kind=SiteEvent.Kind.IMPORTED) for row in rows
    )
    return rows


def _devices(made: list[SampleSite], rows: list[Site], now: datetime) -> list[Equipment]:
    today = now.date()
    return [
        Equipment(
            site=row, kind=device.kind, label=device.label, state=device.state,
            latitude=row.latitude, longitude=row.longitude, state_since=today,
            installed_on=today - timedelta(days=device.installed_days_ago),
            expires_on=None if device.expires_in_days is None
            else today + timedelta(days=device.expires_in_days),
            rated_level_db=device.rated_level_db, is_speech=device.is_speech,
            mast_height_m=device.mast_height_m, recorded_at=now, is_sample=True,
        )
        for site, row in zip(made, rows, strict=True)
        for device in site.devices
    ]  # fmt: skip


def _sent(
    row: Site, visit: SampleVisit, version: ChecklistVersion,
    questions: Iterable[QuestionSpec], now: datetime,
) -> Sent:  # fmt: skip
    """Return what a phone would have sent of the visit."""
    finished = now - timedelta(days=visit.days_ago, hours=3)
    identity = uuid.uuid5(_NAMESPACE, f"{row.number}/{visit.days_ago}")
    answers = _answers(list(questions), visit.failed, row.capacity)
    # Pictures are promised by name only where a question needs them, as from a slow phone.
    pictures = tuple(
        (uuid.uuid5(identity, f"{question.code}/{n}"), question.code)
        for question in questions if question.code in answers
        for n in range(question.pictures_required)
    )  # fmt: skip
    return Sent(
        client_id=identity, site_id=row.pk, version_id=version.pk,
        started_at=finished - timedelta(minutes=50), finished_at=finished, sent_at=finished,
        answers=tuple(Answered(code, value, "") for code, value in answers.items()),
        pictures=pictures, office="Sample office", inspector_signature="", owner_signature="",
        digest=identity.hex * 2,
    )  # fmt: skip


_GOOD = {"integer": "3", "decimal": "12.5", "date": "2026-01-15", "text": ""}
_GOOD_BY_CODE = {
    "camera_days": "45", "exits": "6", "patrol": "4", "guarded": "always",
    "announce_languages": "both", "substances": "no",
}  # fmt: skip
_BAD_BY_CODE = {"camera_days": "7", "drill_months": "14", "patrol": "1", "exits": "1"}


def _answers(
    questions: list[QuestionSpec], failed: tuple[str, ...], capacity: int
) -> Mapping[str, str]:
    answers = {}
    for question in questions:
        good = _GOOD_BY_CODE.get(question.code) or _GOOD.get(question.kind, "yes")
        answers[question.code] = (
            _BAD_BY_CODE.get(question.code, "no") if question.code in failed else good
        )
    answers["expected"] = str(capacity)
    known = {code: answers[code] for code in (q.code for q in questions)}
    asked = asked_codes(questions, known)
    return {code: known[code] for code in asked if known[code]}
