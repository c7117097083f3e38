"""Write incidents as a bundle of STIX 2.1: no persons, the same names each time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import uuid5

import stix2

from qalqan.desk.incidents.models import Incident, IncidentVersion
from qalqan.desk.incidents.services.stix_words import CORE, DESK, FORMAT, LEDGER, NAMES

_LICENCE = "https://docs.oasis-open.org/cti/stix/v2.1/"
_METRES = {"exact": 1_000, "settlement": 10_000, "district": 100_000, "province": 500_000}

Told = Iterator[tuple[Incident | IncidentVersion, dict[str, Any], str]]


def bundle_pieces(told: Told, mark: str, now: datetime) -> Iterator[str]:
    """Return a bundle piece by piece; each object is checked by the library as it is made.

    Parameters
    ----------
    told
        Each incident with its cells and its key.
    mark
        The statement that every object bears.
    now
        When it is handed out.
    """
    # The statement names the export, so each export has its own marking.
    marking = stix2.v21.MarkingDefinition(
        id=f"marking-definition--{uuid5(NAMES, mark)}", created=now,
        definition_type="statement", definition={"statement": mark},
    )  # fmt: skip
    desk = stix2.v21.Identity(
        id=DESK, created=_SINCE, modified=_SINCE, name="Qalqan desk",
        identity_class="organization",
    )  # fmt: skip
    extension = stix2.v21.ExtensionDefinition(
        id=LEDGER, created=_SINCE, modified=_SINCE, created_by_ref=DESK,
        name="Columns of the ledger of incidents", schema=_LICENCE, version="1.0",
        extension_types=["property-extension"],
    )  # fmt: skip
    yield f'{{"type": "bundle", "id": "bundle--{uuid5(NAMES, f"bundle {mark}")}", "objects": [\n'
    yield ",\n".join(one.serialize() for one in (marking, desk, extension))
    for row, cells, identity in told:
        for one in _objects(row, cells, identity, marking.id):
            yield ",\n" + one.serialize()
    yield "\n]}\n"


_SINCE = "2026-01-01T00:00:00Z"


def _objects(
    row: Incident | IncidentVersion, cells: dict[str, Any], identity: str, marking: str
) -> Iterator[Any]:
    made = row.incident.recorded_at if isinstance(row, IncidentVersion) else row.recorded_at
    changed = row.recorded_from if isinstance(row, IncidentVersion) else row.changed_at or made
    common = {
        "created": made, "modified": max(made, changed), "created_by_ref": DESK,
        "object_marking_refs": [marking],
    }  # fmt: skip
    incident = stix2.v21.Incident(
        id=f"incident--{uuid5(NAMES, identity)}", name=row.title,
        description=row.what_is_known or None, labels=[row.kind.replace("_", "-")],
        external_references=_references(cells) or None,
        extensions={
            CORE: {
                "extension_type": "property-extension", "determination": "suspected",
                "investigation_status": "open",
            },
            LEDGER: {"extension_type": "property-extension", "format": FORMAT, **cells},
        },
        **common,
    )  # fmt: skip
    yield incident
    if row.latitude is None:
        return
    place = stix2.v21.Location(
        id=f"location--{uuid5(NAMES, f'{identity} place')}", name=cells.get("place"),
        latitude=row.latitude, longitude=row.longitude,
        precision=_METRES.get(row.place_precision), **common,
    )  # fmt: skip
    yield place
    yield stix2.v21.Relationship(
        id=f"relationship--{uuid5(NAMES, f'{identity} located-at')}",
        relationship_type="located-at", source_ref=incident.id, target_ref=place.id, **common,
    )  # fmt: skip


def _references(cells: dict[str, Any]) -> list[dict[str, str]]:
    return [
        {"source_name": one["source"], "description": one.get("citation") or one["source"]}
        for one in cells.get("sources", [])
    ]
