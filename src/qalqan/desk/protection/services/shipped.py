"""The three checklists that come with Qalqan."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.protection.checklist_spec import ChecklistSpec, ChoiceSpec, QuestionSpec
from qalqan.desk.protection.models import Checklist, ChecklistVersion
from qalqan.desk.protection.services.checklists import publish_version, store_version

FOLDER = Path(__file__).resolve().parents[1] / "checklists"


def shipped_specs() -> list[ChecklistSpec]:
    """Return the shipped checklists as plain data."""
    files = sorted(FOLDER.glob("*.json"))
    return [_spec(json.loads(path.read_text(encoding="utf-8"))) for path in files]


def _spec(data: dict[str, Any]) -> ChecklistSpec:
    questions = tuple(
        QuestionSpec(
            **{
                **question,
                "choices": tuple(ChoiceSpec(**choice) for choice in question.get("choices", ())),
            }
        )
        for question in data["questions"]
    )
    return ChecklistSpec(
        **{**data, "questions": questions, "categories": tuple(data["categories"])}
    )


@transaction.atomic
def load_shipped(*, actor: Actor, now: datetime) -> list[ChecklistVersion]:
    """Put in use those shipped checklists of whose code the desk has none.

    A desk that has written its own version of one keeps it.

    Returns
    -------
    list of ChecklistVersion
        Those put in use now.

    Raises
    ------
    RefusedError
        The actor may not write checklists.
    """
    require(actor, ADD, Checklist)
    known = set(Checklist.objects.values_list("code", flat=True))
    return [
        publish_version(
            actor=actor,
            version=store_version(actor=actor, spec=spec, now=now, is_shipped=True),
            now=now,
        )
        for spec in shipped_specs()
        if spec.code not in known
    ]
