"""Warnings for tests: a province of two districts, messages in every state."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tests.support.factories import NOW, make_user
from tests.support.places_factories import make_place

from qalqan.desk.alerts import services
from qalqan.desk.alerts.content import Content, Said
from qalqan.desk.alerts.models import AlertVersion
from qalqan.desk.platform.accounts.models import User
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.policies import Role

SAID = {
    "kk": Said(
        event="Аммиактың шығуы",
        headline="Аммиак шықты: терезелерді жабыңыз",
        description="Тоңазытқыш зауытынан аммиак шықты. Жел қалаға қарай соғып тұр.",
        instruction="Үйде болыңыз. Терезе мен есікті жабыңыз. Желдеткішті өшіріңіз.",
    ),
    "ru": Said(
        event="Утечка аммиака",
        headline="Утечка аммиака: закройте окна",
        description="На холодильном заводе утечка аммиака. Ветер дует в сторону города.",
        instruction="Оставайтесь дома. Закройте окна и двери. Выключите вентиляцию.",
    ),
    "en": Said(
        event="Ammonia leak",
        headline="Ammonia leak: close your windows",
        description="Ammonia leaks from the cold store. The wind blows towards the town.",
        instruction="Stay at home. Close windows and doors. Switch the ventilation off.",
    ),
}


def square(latitude: float, longitude: float, side: float = 0.5) -> dict[str, Any]:
    """Return a GeoJSON square whose south-west corner is given."""
    y, x, s = latitude, longitude, side
    ring = [[x, y], [x + s, y], [x + s, y + s], [x, y + s], [x, y]]
    return {"type": "Polygon", "coordinates": [ring]}


def make_district(
    name: str = "Алға", *, latitude: float = 50.0, longitude: float = 57.0, **fields: Any
) -> Place:
    """Store a district half a degree wide with its boundary."""
    place = make_place(
        name, "district", latitude=latitude + 0.25, longitude=longitude + 0.25, **fields
    )
    place.boundary = square(latitude, longitude)
    place.save(update_fields=["boundary"])
    return place


def make_content(district: Place | None = None, **fields: Any) -> Content:
    """Return a whole warning for a district."""
    values: dict[str, Any] = {
        "said": SAID, "category": "CBRNE", "severity": "Severe", "urgency": "Immediate",
        "certainty": "Observed", "response_types": ("Shelter",), "minutes": 120,
        "place_ids": (district.pk,) if district else (), **fields,
    }  # fmt: skip
    return Content(**values)


def make_submitted(
    writer: User | None = None,
    *,
    status: str = "Actual",
    content: Content | None = None,
    now: datetime = NOW,
) -> AlertVersion:
    """Store a message that waits for a second person."""
    writer = writer or make_user(Role.DUTY_OFFICER)
    version = services.start(actor=writer, status=status, now=now)
    if content is None:
        content = make_content(Place.objects.filter(kind="district").first() or make_district())
    return services.submit(actor=writer, version=version, content=content, now=now)


def make_sent(
    writer: User | None = None,
    approver: User | None = None,
    *,
    status: str = "Actual",
    content: Content | None = None,
    now: datetime = NOW,
) -> AlertVersion:
    """Store a message that a second person approved."""
    version = make_submitted(writer, status=status, content=content, now=now)
    approver = approver or make_user(Role.SECRETARY)
    return services.approve(actor=approver, version=version, shown_hash=version.xml_sha256, now=now)
