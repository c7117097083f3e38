"""Bringing in the templates that come with the desk."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from django.db import transaction

from qalqan.desk.alerts.content import Content
from qalqan.desk.alerts.models import AlertTemplate
from qalqan.desk.alerts.services.drafting import cleaned
from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, Actor, require


@cache
def shipped() -> list[dict[str, Any]]:
    """Return the templates that come with the desk: code, names, content."""
    file = resources.files("qalqan.desk.alerts") / "data" / "templates.json"
    found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return found


@transaction.atomic
def install_templates(*, actor: Actor, now: datetime) -> int:
    """Store the templates that come with the desk and are not there yet; return how many.

    Raises
    ------
    RefusedError
        The actor may not bring in templates.
    """
    require(actor, ADD, AlertTemplate)
    known = set(AlertTemplate.objects.values_list("code", flat=True))
    new = [one for one in shipped() if one["code"] not in known]
    AlertTemplate.objects.bulk_create(
        AlertTemplate(
            code=one["code"], name_kk=one["name"]["kk"], name_ru=one["name"]["ru"],
            name_en=one["name"]["en"], changed_at=now,
            content=cleaned(Content.from_json(one["content"])).as_json(),
        )
        for one in new
    )  # fmt: skip
    record(actor=actor, action="alerts.install_templates", subject="alerts.templates", now=now,
           detail={"count": len(new)})  # fmt: skip
    return len(new)
