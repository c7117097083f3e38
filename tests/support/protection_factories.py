"""Sites, checklists and inspections for tests."""

from __future__ import annotations

import io
import itertools
import uuid
from datetime import timedelta
from typing import Any

from tests.support.factories import NOW

from qalqan.desk.platform.places.fold import fold_name
from qalqan.desk.platform.places.models import Place, PlaceAlias
from qalqan.desk.platform.policies import SystemActor
from qalqan.desk.protection.models import (
    ChecklistVersion,
    Equipment,
    Given,
    Inspection,
    Site,
)
from qalqan.desk.protection.services.shipped import load_shipped

_numbers = itertools.count(1)
SYSTEM = SystemActor("tests")


def make_place(name: str = "Alga", **fields: Any) -> Place:
    """Return the district of that English name, stored where it is not there."""
    found = Place.objects.filter(name_en=name, kind="district").first()
    if found:
        return found
    fields = {"latitude": 49.9, "longitude": 57.33, "kind": "district", **fields}
    place = Place.objects.create(name_kk=name, name_ru=name, name_en=name, **fields)
    PlaceAlias.objects.create(place=place, name=name, language="en", key=fold_name(name))
    return place


def make_site(**fields: Any) -> Site:
    """Store a listed site."""
    number = next(_numbers)
    place = fields.pop("place", None) or make_place()
    fields = {
        "number": 90_000 + number, "name_kk": f"Нысан {number}", "name_ru": f"Объект {number}",
        "name_en": f"Site {number}", "category": Site.Category.SCHOOL, "capacity": 300, "tier": 2,
        "district": place, "latitude": 49.9, "longitude": 57.3, "listed_at": NOW,
        "recorded_at": NOW, "changed_at": NOW, **fields,
    }  # fmt: skip
    return Site.objects.create(place=place, **fields)


def make_checklists() -> dict[str, ChecklistVersion]:
    """Return the shipped checklists' versions in use, by code."""
    load_shipped(actor=SYSTEM, now=NOW)
    versions = ChecklistVersion.objects.filter(state="published").select_related("checklist")
    return {version.checklist.code: version for version in versions}


def make_inspection(site: Site | None = None, **fields: Any) -> Inspection:
    """Store an inspection without answers."""
    version = fields.pop("version", None) or make_checklists()["general_premises"]
    finished = fields.pop("finished_at", NOW)
    fields = {
        "client_id": uuid.uuid4(), "started_at": finished - timedelta(hours=1),
        "received_at": finished, "result": "pass",
        "next_due_on": (finished + timedelta(365)).date(),
        **fields,
    }  # fmt: skip
    return Inspection.objects.create(
        site=site or make_site(), version=version, finished_at=finished, **fields
    )


def give(inspection: Inspection, **answers: str) -> None:
    """Store answers by code; ``no`` counts as failed."""
    codes = {question.code: question for question in inspection.version.questions.all()}
    Given.objects.bulk_create(
        Given(inspection=inspection, question=codes[code], value=value, failed=value == "no")
        for code, value in answers.items()
    )


def make_equipment(site: Site | None = None, **fields: Any) -> Equipment:
    """Store a working camera."""
    fields = {"kind": "camera", "label": f"Camera {next(_numbers)}", "recorded_at": NOW, **fields}
    return Equipment.objects.create(site=site or make_site(), **fields)


def picture_bytes(form: str = "JPEG", size: tuple[int, int] = (64, 48), **save: Any) -> bytes:
    """Return a small picture of two colours."""
    from PIL import Image

    image = Image.new("RGB", size, (200, 30, 30))
    image.paste((30, 30, 200), (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    image.save(out, form, **save)
    return out.getvalue()
