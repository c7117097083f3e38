"""Provinces with keys, and the returns that they sign."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from tests.support.agencies_factories import SYSTEM
from tests.support.factories import NOW

from qalqan.desk.agencies import return_document as documents
from qalqan.desk.agencies.services import keys
from qalqan.desk.platform.places.models import Place

PROVINCES = (
    ("150000000", "Aktobe Region", 48.78, 57.99), ("230000000", "Atyrau Region", 47.1, 51.9),
    ("390000000", "Kostanay Region", 51.6, 63.9), ("750000000", "Almaty", 43.24, 76.95),
)  # fmt: skip
MONTH = date(2026, 1, 1)
ISSUED = datetime(2026, 2, 3, 9, 0, tzinfo=UTC)


def new_key() -> Any:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.generate()


def pem_of(key: Any) -> bytes:
    """Return the public half of a key."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    pem: bytes = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem


def make_province(code: str, name: str, latitude: float = 48.0, longitude: float = 66.0) -> Place:
    """Return the province of a code, stored where it is not there."""
    country = Place.objects.filter(kind="country").first() or Place.objects.create(
        kind="country", name_kk="Land", name_ru="Land", name_en="Land", latitude=48, longitude=66
    )
    found = Place.objects.filter(kato=code).first()
    return found or Place.objects.create(
        kind="province", kato=code, name_kk=name, name_ru=name, name_en=name, parent=country,
        latitude=latitude, longitude=longitude,
    )  # fmt: skip


def make_trusted(code: str, name: str, *place: float) -> tuple[Place, Any]:
    """Return a province and the private half of the key that is trusted for it."""
    province, key = make_province(code, name, *place), new_key()
    keys.trust_key(actor=SYSTEM, province=province, pem=pem_of(key), now=NOW)
    return province, key


def document(code: str = "150000000", **fields: Any) -> documents.Document:
    """Return what a province returns."""
    label = {"kk": "Тексерулер", "ru": "Проверки", "en": "Inspections of sites"}
    counts = (
        documents.Count("protection.inspected", label, fields.pop("total", 12), (
            documents.Area("1", "Alga", fields.pop("value", 12)),
            documents.Area("2", "Temir", 0),
        )),
    )  # fmt: skip
    values = {
        "province_code": code, "province_name": "P", "month": MONTH, "edition": 1, "replaces": "",
        "issued_at": ISSUED, "threshold": 5, "is_sample": False, "counts": counts, **fields,
    }  # fmt: skip
    return documents.Document(**values)


def signed(key: Any, code: str = "150000000", **fields: Any) -> documents.Signed:
    """Return a signed return."""
    return documents.sign(document(code, **fields), key)
