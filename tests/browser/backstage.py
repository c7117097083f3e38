"""What happens behind the pages: the worker's part, and a look at what is stored.

Run as a program beside the desk under test, with its settings and its database. Each line it
reads is JSON, ``{"act": …, "with": {…}}``; each line it answers is JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django
from tests.browser.backstage_agencies import ACTS as AGENCIES
from tests.browser.backstage_commission import ACTS as COMMISSION
from tests.browser.backstage_protection import ACTS as PROTECTION
from tests.browser.backstage_support import ACTS as SUPPORT


def verify() -> dict[str, Any]:
    """Check the whole record of acts, as ``qalqan audit verify`` does."""
    from qalqan.desk.platform.audit import services

    found = services.verify()
    return {"ok": found.ok, "entries": found.entries, "reason": str(found.reason or "")}


def acts(*, after: int) -> list[list[str]]:
    """Return action and role of each entry of the record after a number."""
    from qalqan.desk.platform.audit.models import AuditEntry

    rows = AuditEntry.objects.filter(sequence__gt=after).order_by("sequence")
    return [[row.action, row.role] for row in rows]


def store_what_waits() -> int:
    """Do the worker's job for messages that came through the web."""
    from django.utils import timezone

    from qalqan.desk.intake.jobs import store_what_waits as store

    return store(timezone.now())


def repeat_report(*, text: str, copies: int) -> int:
    """Take the same report from further citizens, a minute apart; return how many are stored."""
    from django.utils import timezone

    from qalqan.desk.intake import services
    from qalqan.desk.intake.models import MessageKind
    from qalqan.desk.intake.readers import Record
    from qalqan.desk.platform.policies import PUBLIC

    now = timezone.now()
    times = [now - timedelta(minutes=number) for number in range(1, copies + 1)]
    records = [Record(text, time, kind=MessageKind.HOTLINE) for time in times]
    services.accept_records(
        actor=PUBLIC, records=records, channel="Hotline", kind=MessageKind.HOTLINE, now=now
    )
    store_what_waits()
    return len(messages(part=text)) - 1


def compute_brief(*, days_later: float = 0) -> int:
    """Do the worker's job of the morning, now or some days later; return the edition."""
    from django.utils import timezone

    from qalqan.desk.brief import services
    from qalqan.desk.platform.policies import SystemActor

    now = timezone.now() + timedelta(days=days_later)
    edition = services.compute_brief(actor=SystemActor("brief"), now=now, replicates=99)
    return int(edition.pk)


def forget_brief(*, edition: int) -> None:
    """Take an edition of a made-up morning away, so that Today is today again."""
    from qalqan.desk.brief.models import BriefEdition

    BriefEdition.objects.filter(pk=edition).delete()


def find_tonight(*, district: str, incidents: int) -> str:
    """Enter incidents of the last days and do the worker's job of the night; return the finding."""
    from django.utils import timezone
    from tests.support.incidents_factories import make_incident

    from qalqan.desk.flashpoints import jobs
    from qalqan.desk.flashpoints.models import FlashPoint
    from qalqan.desk.platform.places.models import Place

    now = timezone.now()
    place = Place.objects.get(kind="district", name_en=district)
    for number in range(incidents):
        make_incident(
            at=now - timedelta(days=number % 3, minutes=5), district=place, is_sample=True,
            title_en=f"Window broken {number}",
        )  # fmt: skip
    jobs.scan(now)
    found = FlashPoint.objects.filter(state="new", newest__areas__place=place).latest("pk")
    return str(found.newest.get_absolute_url())


def find_again() -> None:
    """Do the worker's job of the night once more, with what has come in since."""
    from django.utils import timezone
    from tests.support.incidents_factories import make_incident

    from qalqan.desk.flashpoints import jobs
    from qalqan.desk.platform.places.models import Place

    now = timezone.now()
    make_incident(at=now, district=Place.objects.get(name_en="Khobda district"), is_sample=True)
    jobs.scan(now)


def flash_point(*, url: str) -> dict[str, Any]:
    """Return the state of the flash-point that a finding belongs to, and its steps."""
    from qalqan.desk.flashpoints.models import Finding

    row = Finding.objects.get(pk=int(url.rstrip("/").rsplit("/", 1)[1])).flash_point
    steps = [[step.kind, step.text] for step in row.steps.all()]
    works = [step.work.title for step in row.steps.all() if step.work]
    return {"state": row.state, "judgement": row.judgement, "steps": steps, "work": works}


def make_body(*, name: str) -> int:
    """Enter an agency, unless an earlier journey or try has entered it."""
    from tests.support.factories import make_organisation

    from qalqan.desk.platform.accounts.models import Organisation

    there = Organisation.objects.filter(name=name).first()
    return int((there or make_organisation(name=name)).pk)


def make_user(
    *, role: str, username: str, body: int, language: str = "en", factor: bool = True
) -> dict[str, str]:
    """Open an account, unless an earlier try has; return what signs it in."""
    from django.test import Client
    from tests.support.factories import PASSWORD, TOTP_SECRET, make_user, sign_in

    from qalqan.desk.platform.accounts.models import User

    user = User.objects.filter(username=username, role=role, organisation_id=body).first()
    user = user or make_user(role, username=username, organisation_id=body, language=language)
    made = {"username": username, "password": PASSWORD, "secret": TOTP_SECRET}
    if factor:
        made["session"] = str(sign_in(Client(), user).session.session_key)
    return made


def idle(*, session: str, minutes: int) -> None:
    """Let minutes pass since a session's last request."""
    from importlib import import_module

    from django.conf import settings

    from qalqan.desk.platform.accounts.middleware import SEEN

    store = import_module(settings.SESSION_ENGINE).SessionStore(session)
    store[SEEN] = store[SEEN] - 60 * minutes
    store.save()


def open_work(*, title: str, body: int, due_in_days: float) -> int:
    """Put a piece of work on a body's list."""
    from django.utils import timezone

    from qalqan.desk.platform.accounts.models import Organisation
    from qalqan.desk.platform.policies import SystemActor
    from qalqan.desk.platform.work import services

    now = timezone.now()
    item = services.open_item(
        actor=SystemActor("tests"),
        kind="work.check",
        title=title,
        subject="tests",
        owner=None,
        organisation=Organisation.objects.get(pk=body),
        due_at=now + timedelta(days=due_in_days),
        now=now,
    )
    return int(item.pk)


def remind(*, days_later: float) -> int:
    """Take the steps of the ladder that work has reached so many days from now."""
    from django.utils import timezone

    from qalqan.desk.platform.policies import SystemActor
    from qalqan.desk.platform.work.services import send_due_reminders

    later = timezone.now() + timedelta(days=days_later)
    return send_due_reminders(actor=SystemActor("worker"), now=later)


def work(*, item: int) -> dict[str, Any]:
    """Return who owes a piece of work, and its state."""
    from qalqan.desk.platform.work.models import WorkItem

    row = WorkItem.objects.get(pk=item)
    return {"body": row.organisation_id, "state": str(row.state), "outcome": row.outcome}


def messages(*, part: str) -> list[dict[str, Any]]:
    """Return the stored messages whose text holds a part."""
    from qalqan.desk.rumours.models import Message

    rows = Message.objects.filter(text__contains=part)
    return [{"text": row.text, "kind": str(row.kind), "language": row.language} for row in rows]


def bring_back(*, claim: int, text: str, copies: int) -> list[int]:
    """Watch an answered claim, let it grow again, and do the worker's job; return what came back.

    The claim is watched three hours ago, so that the new copies lie in later hours.
    """
    from django.utils import timezone

    from qalqan.desk.platform.policies import SystemActor
    from qalqan.desk.rumours import services
    from qalqan.desk.rumours.models import Claim

    now, actor = timezone.now(), SystemActor("tests")
    row = Claim.objects.get(pk=claim)
    services.watch_claim(actor=actor, claim=row, now=now - timedelta(hours=3))
    repeat_report(text=text, copies=copies)
    return services.return_claims(actor=actor, now=now)


def counts() -> dict[str, int]:
    """Return how many rows a file of messages may add to."""
    from qalqan.desk.intake.models import ImportRun
    from qalqan.desk.rumours.models import Answer, Message

    return {model.__name__: model.objects.count() for model in (ImportRun, Message, Answer)}


ACTS: dict[str, Callable[..., Any]] = (
    PROTECTION
    | SUPPORT
    | AGENCIES
    | COMMISSION
    | {
        act.__name__: act
        for act in (
            verify,
            acts,
            store_what_waits,
            repeat_report,
            compute_brief,
            forget_brief,
            find_again,
            find_tonight,
            flash_point,
            make_body,
            make_user,
            idle,
            open_work,
            remind,
            work,
            messages,
            bring_back,
            counts,
        )
    }
)


def main() -> None:
    """Answer until there is no further line."""
    django.setup()
    for line in sys.stdin:
        asked = json.loads(line)
        answer = ACTS[asked["act"]](**asked["with"])
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
