"""Workers with keys, services and cases of the sealed room, for tests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.support.factories import NOW, make_organisation, make_user

from qalqan.desk.platform.accounts.models import Organisation, User
from qalqan.desk.platform.policies import Role
from qalqan.desk.support import crypto
from qalqan.desk.support.models import Helper, Service
from qalqan.desk.support.selectors.opening import Opened, open_case
from qalqan.desk.support.services import cases, keys

PHRASE = "steppe horse lantern river nine"
REQUEST = "Asks how to finish the ninth form in the evening"


@dataclass(frozen=True)
class Worker:
    """A support worker who has opened the own key."""

    user: User
    helper: Helper
    keys: crypto.Keys

    def open(self, case_id: UUID) -> Opened | None:
        """Open a case without a trace, to look at it in a test."""
        return open_case(self.user, self.keys, case_id)

    def look(self, case_id: UUID, act: str = "read", now: Any = NOW) -> Opened | None:
        """Open a case as the page does."""
        return cases.look(actor=self.user, keys=self.keys, case_id=case_id, now=now, act=act)


def make_worker(body: Organisation | None = None, **fields: Any) -> Worker:
    """Store a support worker with a key."""
    user = make_user(
        Role.SUPPORT_WORKER, organisation=body or make_organisation(kind="group"), **fields
    )
    helper = keys.make_key(actor=user, phrase=PHRASE, now=NOW)
    return Worker(user, helper, keys.open_key(actor=user, phrase=PHRASE, now=NOW))


def vouch(one: Worker, other: Worker) -> None:
    """Let two workers compare their keys."""
    keys.vouch_for(actor=one.user, keys=one.keys, helper=other.helper, now=NOW)
    keys.vouch_for(actor=other.user, keys=other.keys, helper=one.helper, now=NOW)


def make_service(body: Organisation | None = None, **fields: Any) -> Service:
    """Store a service that one may name as recipient."""
    name = fields.pop("name", "Help centre")
    fields.setdefault("kind", "studies")
    return Service.objects.create(
        name_kk=name, name_ru=name, name_en=name, organisation=body, **fields
    )


def begin(worker: Worker, *services: Service, request: str = REQUEST, **more: Any) -> cases.Begun:
    """Begin a case with consent for the services."""
    return cases.begin(
        actor=worker.user, keys=worker.keys, recipients=services, language="kk", kind="studies",
        request=request, now=NOW, **more,
    )  # fmt: skip
