"""What a phone takes along: the choices of its two forms."""

from __future__ import annotations

from typing import Any

from qalqan.desk.agencies import selectors as agencies
from qalqan.desk.outreach.models import LANGUAGES, Activity, AgeBand, FieldNote
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import ADD, Actor, Role, policy_of


def choices_for(actor: Actor) -> dict[str, Any]:
    """Return the choices of both forms, in the reader's language."""
    return {
        "places": _places(actor),
        "bodies": _bodies(actor),
        "kinds": _pairs(Activity.Kind.choices),
        "themes": _pairs(Activity.Theme.choices),
        "languages": _pairs(LANGUAGES),
        "reach_is": _pairs(Activity.ReachIs.choices),
        "bands": _pairs(AgeBand.choices),
        "note_themes": _pairs(FieldNote.Theme.choices),
        "spots": _pairs(FieldNote.Spot.choices),
        "may_note": policy_of(FieldNote).allows(actor, ADD),
    }


def _pairs(choices: Any) -> list[list[str]]:
    return [[str(value), str(label)] for value, label in choices]


def _places(actor: Actor) -> list[list[Any]]:
    """Return each district with its settlements: key, name, and those inside."""
    rows = list(
        places.places(actor)
        .filter(kind__in=("district", "settlement"))
        .only("pk", "kind", "name_kk", "name_ru", "name_en", "parent_id")
    )
    inside: dict[int | None, list[list[Any]]] = {}
    for row in rows:
        if row.kind == "settlement":
            inside.setdefault(row.parent_id, []).append([row.pk, row.name])
    found = [
        [row.pk, row.name, sorted(inside.get(row.pk, []), key=lambda one: one[1])]
        for row in rows
        if row.kind == "district"
    ]
    return sorted(found, key=lambda one: str(one[1]))


def _bodies(actor: Actor) -> list[list[Any]]:
    if not policy_of(Activity).allows(actor, ADD):
        return []
    if actor.role == Role.GROUP_WORKER:
        own = agencies.own_body(actor)
        return [[own.pk, own.name]] if own else []
    return [[key, name] for key, name in agencies.names(actor)]
