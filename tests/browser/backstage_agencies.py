"""What happens behind the pages of bodies, matters and returns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any


def make_three_bodies() -> dict[str, Any]:
    """Enter three bodies with staff: one leads, two may help; return them with sessions."""
    from django.test import Client
    from tests.support.agencies_factories import make_body, make_part, staff_of
    from tests.support.factories import sign_in

    from qalqan.desk.platform.places.models import Place

    province = Place.objects.get(kato="150000000")
    made: dict[str, Any] = {}
    for name, part in (("Sports office", "leads"), ("School office", "helps"),
                       ("Youth league", "helps")):  # fmt: skip
        body = make_body(name_ru=name, name_en=name, name_kk=name, area=province)
        make_part(body, province, part, matter="agencies.emergency")
        user = staff_of(body, "inspector")
        made[name] = {"session": sign_in(Client(), user).session.session_key, "body": body.pk}
    return made


def open_matter(*, body: int, title: str) -> str:
    """Open a matter in the hands of a body; return its page."""
    from django.utils import timezone
    from tests.support.agencies_factories import make_matter

    from qalqan.desk.agencies.models import Body
    from qalqan.desk.platform.places.models import Place

    now = timezone.now()
    area = Place.objects.filter(kind="district", parent__kato="150000000").first()
    matter = make_matter(
        Body.objects.get(pk=body), area, kind="agencies.emergency", title=title, now=now,
        due_at=now + timedelta(days=9),
    )  # fmt: skip
    return str(matter.get_absolute_url())


def holder(*, url: str) -> dict[str, Any]:
    """Return who holds a matter, and who held it before."""
    from qalqan.desk.agencies.models import Matter

    row = Matter.objects.get(pk=int(url.rstrip("/").rsplit("/", 1)[1]))
    held = [one.body.name_en for one in row.holdings.select_related("body")]
    return {"holder": row.holder.name_en, "held": held, "sought": row.seeks_body}


def sign_returns() -> list[dict[str, str]]:
    """Trust three provinces' keys; return their files, and one signed by a stranger."""
    from tests.support.return_factories import PROVINCES, make_province, make_trusted, new_key
    from tests.support.return_factories import signed as sign

    files = []
    for number, (code, name, *place) in enumerate(PROVINCES[1:], 1):
        _province, key = make_trusted(code, name, *place)
        one = sign(key, code, total=10 * number, value=10 * number)
        files.append({"name": f"{code}.json", "text": one.as_file().decode()})
    make_province("590000000", "North Kazakhstan Region", 54.9, 69.1)
    stranger = sign(new_key(), "590000000")
    return [*files, {"name": "stranger.json", "text": stranger.as_file().decode()}]


ACTS: dict[str, Callable[..., Any]] = {
    "make_three_bodies": make_three_bodies,
    "open_matter": open_matter,
    "holder": holder,
    "sign_returns": sign_returns,
}
