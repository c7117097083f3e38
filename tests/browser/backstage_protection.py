"""Behind the pages of protection: sites and plans made up, the worker's part, what is stored."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any


def _now() -> Any:
    from django.utils import timezone

    return timezone.now()


def small_checklist() -> int:
    """Put a checklist of four questions in use, for every category; return its version."""
    from qalqan.desk.protection.models import Checklist, ChecklistVersion, Question

    made, is_new = Checklist.objects.get_or_create(
        code="short", defaults={"name_kk": "Қысқа", "name_ru": "Короткий", "name_en": "Short"}
    )
    if not is_new:
        return int(made.versions.get().pk)
    version = ChecklistVersion.objects.create(
        checklist=made, version=1, state="published", digest="short", created_at=_now()
    )
    rows = [
        ("exits", "yes_no", "Шығулар бос па?", "Выходы свободны?", "Are the exits free?", "", 0),
        ("guards", "integer", "Күзетші нешеу?", "Сколько охранников?", "How many guards?", "", 0),
        ("alarm", "yes_no", "Дабыл іске қосылды ма?", "Тревога сработала?", "Did the alarm work?",
         "${guards} > 0", 0),
        ("door", "yes_no", "Есік жабыла ма?", "Дверь закрывается?", "Does the door close?", "", 1),
    ]  # fmt: skip
    for order, (code, kind, kk, ru, en, relevant, pictures) in enumerate(rows, start=1):
        Question.objects.create(
            version=version, order=order, code=code, kind=kind, text_kk=kk, text_ru=ru,
            text_en=en, relevant=relevant, pictures_required=pictures, severity="serious",
            legal_ground="Rule 7", days_to_mend=10,
        )  # fmt: skip
    return int(version.pk)


def field_sites(*, username: str, count: int, owner: int | None = None) -> list[dict[str, Any]]:
    """Enter sites and let an inspector take them along."""
    from tests.support.protection_factories import make_site

    from qalqan.desk.platform.accounts.models import User
    from qalqan.desk.platform.places.models import Place
    from qalqan.desk.protection.models import Site
    from qalqan.desk.protection.services.field import take_along

    now, user = _now(), User.objects.get(username=username)
    district = Place.objects.filter(kind="district").order_by("pk").first()
    first = 1 + (Site.objects.order_by("-number").values_list("number", flat=True).first() or 0)
    found = []
    for place in range(count):
        number = first + place
        site = make_site(
            number=number, name_kk=f"Мектеп {number}", name_ru=f"Школа {number}",
            name_en=f"School {number}", place=district, owner_id=owner, is_sample=True,
            duty_contact="Reception, 71-32-00",
        )  # fmt: skip
        take_along(actor=user, site=site, until=now.date() + timedelta(days=3), now=now)
        found.append(
            {"id": site.pk, "number": number, "name": site.name_en, "name_kk": site.name_kk}
        )
    return found


def inspections(*, sites: list[int]) -> list[dict[str, Any]]:
    """Return what the desk holds of inspections of some sites."""
    from qalqan.desk.protection.models import Inspection

    rows = Inspection.objects.filter(site__in=sites).order_by("pk")
    return [
        {
            "client_id": str(row.client_id),
            "site": row.site_id,
            "result": row.result,
            "offset": row.clock_offset_seconds,
            "started": row.started_at.timestamp(),
            "finished": row.finished_at.timestamp(),
            "received": row.received_at.timestamp(),
            "answers": {one.question.code: [one.value, one.note] for one in row.given.all()},
            "pictures": sorted(
                (one.question.code if one.question else "", one.file.sha256)
                for one in row.pictures.all()
            ),
            "office": row.representative_office,
        }
        for row in rows
    ]


def device_of(*, username: str) -> list[str]:
    """Return the phones that the desk knows of an inspector."""
    from qalqan.desk.protection.models import FieldDevice

    return [str(row.device_id) for row in FieldDevice.objects.filter(user__username=username)]


def notice_of(*, site: int) -> dict[str, Any]:
    """Return the newest notice of a site."""
    from qalqan.desk.protection.models import Notice

    row = Notice.objects.filter(site=site).order_by("-pk")[0]
    steps = [[step.kind, step.audience, step.rung] for step in row.steps.all()]
    violations = [str(item.violation.state) for item in row.items.all()]
    level = row.owed.escalation_level if row.owed else None
    return {
        "id": row.pk, "reference": row.reference, "state": row.state, "steps": steps,
        "violations": violations, "level": level, "owed": row.owed.state if row.owed else None,
    }  # fmt: skip


def issue_notice(*, username: str, days: int) -> dict[str, Any]:
    """Have an inspector find something at a new site and issue a notice about it."""
    import json
    import uuid

    from qalqan.desk.platform.accounts.models import User
    from qalqan.desk.protection.models import Site, Violation
    from qalqan.desk.protection.services.inspecting import take_inspection
    from qalqan.desk.protection.services.notices import issue_notice as issue
    from qalqan.desk.protection.services.reading import read_sent

    now, user = _now(), User.objects.get(username=username)
    version = small_checklist()
    site = field_sites(username=username, count=1)[0]
    body = {
        "id": str(uuid.uuid4()), "site": site["id"], "version": version,
        "started_at": now.isoformat(), "finished_at": now.isoformat(),
        "sent_at": now.isoformat(),
        "answers": [
            {"question": "exits", "value": "no"}, {"question": "guards", "value": "0"},
            {"question": "door", "value": "yes"},
        ],
        "photos": [{"id": str(uuid.uuid4()), "question": "door"}],
        "signatures": {"inspector": {"confirmed": True}, "owner": {"confirmed": True}},
    }  # fmt: skip
    take_inspection(actor=user, sent=read_sent(json.dumps(body).encode()), now=now)
    row = Site.objects.get(pk=site["id"])
    made = issue(
        actor=user, site=row, violations=list(Violation.objects.filter(site=row)),
        language="en", deadline=now.date() + timedelta(days=days), now=now,
    )  # fmt: skip
    return {"url": made.get_absolute_url(), "reference": made.reference, "site": row.pk}


def pass_days(*, days: float) -> None:
    """Do the worker's part as it will be some days later."""
    from qalqan.desk.platform.work import jobs as work
    from qalqan.desk.protection import jobs

    at = _now() + timedelta(days=days)
    jobs.remind(at)
    work.remind(at)


ACTS: dict[str, Callable[..., Any]] = {
    act.__name__: act
    for act in (
        small_checklist,
        field_sites,
        inspections,
        device_of,
        notice_of,
        issue_notice,
        pass_days,
    )
}
