"""Bodies, areas and matters for tests."""

from __future__ import annotations

import itertools
import uuid
from datetime import date, timedelta
from typing import Any

from tests.support.factories import NOW, make_organisation, make_user

from qalqan.desk.agencies.models import Body, Grant, Matter, Responsibility
from qalqan.desk.agencies.services import handing
from qalqan.desk.agencies.services.bodies import add_body
from qalqan.desk.agencies.services.facts import BodyFacts
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.policies import Role, SystemActor

SYSTEM = SystemActor("tests")
_numbers = itertools.count(1)
DAY = date(2026, 1, 1)


def make_areas() -> dict[str, Place]:
    """Return a country, a province and two districts with a settlement."""

    def place(name: str, kind: str, parent: Place | None, kato: str) -> Place:
        found = Place.objects.filter(kato=kato).first()
        return found or Place.objects.create(
            name_kk=name, name_ru=name, name_en=name, kind=kind, parent=parent, kato=kato,
            latitude=50, longitude=57,
        )  # fmt: skip

    country = place("Land", "country", None, "KZ")
    province = place("Aktobe Region", "province", country, "150000000")
    alga = place("Alga", "district", province, "153200000")
    temir = place("Temir", "district", province, "155600000")
    town = place("Shubarkuduk", "settlement", temir, "155630100")
    return {"country": country, "province": province, "alga": alga, "temir": temir, "town": town}


def make_body(
    *, kind: str = "state", area: Place | None = None, staffed: bool = True, **fields: Any
) -> Body:
    """Store a body; with an organisation of the desk unless it has no accounts."""
    number = next(_numbers)
    names = ("Orion", "Vega", "Sirius", "Antares", "Rigel", "Deneb", "Altair", "Mira", "Capella")
    name = f"{names[number % len(names)]} {number}"
    if staffed and "organisation_id" not in fields:
        # Another process may have numbered its organisations from one, too.
        organisation = make_organisation(
            name=f"Staff {uuid.uuid4().hex[:12]}", kind="agency" if kind == "state" else "group"
        )
        fields["organisation_id"] = organisation.pk
    fields = {"name_ru": name, "type": "department" if kind == "state" else "association",
              **fields}  # fmt: skip
    facts = BodyFacts(kind=kind, area_id=(area or make_areas()["province"]).pk, **fields)
    return add_body(actor=SYSTEM, facts=facts, now=NOW, is_another=True)


def staff_of(body: Body, role: str = Role.INSPECTOR, *rights: str) -> Any:
    """Return an account of the body, with rights on its page where they are named."""
    username = f"{role}-{uuid.uuid4().hex[:12]}"
    user = make_user(role, organisation=body.organisation, username=username)
    for right in rights:
        Grant.objects.create(user=user, body=body, right=right, given_at=NOW)
    return user


def make_part(
    body: Body, area: Place, part: str = "leads", matter: str = "agencies.youth", **fields: Any
) -> Responsibility:
    """Give a body a part in the matrix."""
    fields = {"since": DAY, "recorded_at": NOW, **fields}
    return Responsibility.objects.create(body=body, area=area, part=part, matter=matter, **fields)


def make_matter(holder: Body, area: Place | None = None, **fields: Any) -> Matter:
    """Open a matter in the hands of a body."""
    fields = {"kind": "agencies.youth", "title": "Idle evenings in the town",
              "due_at": NOW + timedelta(days=30), "now": NOW, **fields}  # fmt: skip
    return handing.open_matter(
        actor=SYSTEM, area=area or make_areas()["temir"], holder=holder, **fields
    )
