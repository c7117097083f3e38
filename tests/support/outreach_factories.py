"""Bodies and activities for tests."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils import timezone
from tests.support.factories import NOW, make_organisation, make_user
from tests.support.protection_factories import make_place

from qalqan.desk.agencies.models import Body
from qalqan.desk.outreach.models import Activity
from qalqan.desk.outreach.services.activities import add_activity
from qalqan.desk.outreach.services.facts import ActivityFacts, Outcome
from qalqan.desk.platform.policies import Role, SystemActor

_numbers = itertools.count(1)
SYSTEM = SystemActor("tests")
TODAY = date(2026, 3, 2)


def make_body(**fields: Any) -> Body:
    """Store a civil group."""
    number = next(_numbers)
    fields = {
        "number": 70_000 + number, "kind": "civil", "type": Body.Type.ASSOCIATION,
        "name_kk": f"Топ {number}", "name_ru": f"Группа {number}", "name_en": f"Group {number}",
        "recorded_at": NOW, "changed_at": NOW, **fields,
    }  # fmt: skip
    fields.setdefault("area", make_place())
    return Body.objects.create(**fields)


def make_group_worker(**fields: Any) -> tuple[Any, Body]:
    """Store a group with an account of its worker."""
    organisation = make_organisation(kind="group")
    body = make_body(organisation=organisation)
    return make_user(Role.GROUP_WORKER, organisation=organisation, **fields), body


def facts(**changes: Any) -> ActivityFacts:
    """Return the facts of a talk in Alga, held the day before the tests' clock."""
    changes.setdefault("place_id", None)
    place_id = changes.pop("place_id") or make_place().pk
    body_id = changes.pop("body_id", None) or make_body().pk
    plain = ActivityFacts(
        title="Talk on rights", kind="talk", theme="rights", place_id=place_id, body_id=body_id,
        held_on=date(2026, 3, 1), language="kk",
    )  # fmt: skip
    return replace(plain, **changes)


OUTCOME = Outcome(reach=40, reach_is="counted", bands={"14_17": 25, "18_24": 10}, cost=12_000)


def make_activity(outcome: Outcome | None = None, actor: Any = SYSTEM, **changes: Any) -> Activity:
    """Store an activity through its service; what came of it is told now."""
    now = timezone.now() if outcome else NOW
    return add_activity(actor=actor, facts=facts(**changes), outcome=outcome, now=now)
