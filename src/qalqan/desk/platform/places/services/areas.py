"""Store provinces and districts with their boundaries."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.places.geojson import Area, FieldNames, read_areas
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.places.services._store import (
    PlacesReport,
    check_parent,
    digest,
    update,
    write_names,
)
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.errors import InputError


@transaction.atomic
def add_place(
    *,
    actor: Actor,
    kind: str,
    names: tuple[str, str, str],
    latitude: float,
    longitude: float,
    now: datetime,
    kato: str = "",
    parent: Place | None = None,
    origin: str = "",
    aliases: tuple[tuple[str, str], ...] = (),
    is_sample: bool = False,
) -> Place:
    """Store one place; a place with this KATO code, or of this kind and name, is returned as is.

    Parameters
    ----------
    names
        In Kazakh, Russian and English.
    aliases
        Further names with their language (``kk``, ``ru``, ``en``, ``und``).

    Raises
    ------
    InputError
        The parent is of the same or a smaller kind.
    RefusedError
        The actor may not add places.
    """
    require(actor, ADD, Place)
    check_parent(kind, parent)
    known = (
        Place.objects.filter(kato=kato) if kato else
        Place.objects.filter(kind=kind, name_ru=names[1], parent=parent)
    ).first()  # fmt: skip
    if known:
        return known
    place = Place(
        kind=kind, kato=kato, parent=parent, latitude=latitude, longitude=longitude,
        name_kk=names[0], name_ru=names[1], name_en=names[2], origin=origin, is_sample=is_sample,
    )  # fmt: skip
    place.full_clean(exclude=["boundary", "parent"], validate_constraints=False)
    place.save()
    write_names(place, aliases)
    record(actor=actor, action="places.place_added", subject=place, now=now,
           detail={"kind": kind, "kato": kato})  # fmt: skip
    return place


@transaction.atomic
def import_areas(
    *,
    actor: Actor,
    path: Path,
    now: datetime,
    kind: str = "district",
    parent: Place | None = None,
    fields: FieldNames | None = None,
    approximate: bool = False,
    origin: str = "",
    is_sample: bool = False,
) -> PlacesReport:
    """Store the areas of a GeoJSON file: all of them, or none and an error that says why.

    An area whose code is stored already gets the new boundary and names; settlements are then
    assigned anew to the district whose boundary holds them.

    Parameters
    ----------
    actor, path, now
        Who imports what, when.
    kind
        ``district`` or ``province``.
    parent
        What the areas lie in; left as it is where not given.
    fields
        Property names, where they cannot be guessed.
    approximate
        The boundaries are a stand-in until official ones are imported.
    origin
        Whom to credit; the ``name`` of the collection, or of the file, where not given.

    Raises
    ------
    InputError
        With file, feature number and property.
    """
    require(actor, ADD, Place)
    if kind not in (Place.Kind.DISTRICT, Place.Kind.PROVINCE, Place.Kind.COUNTRY):
        raise InputError(_("Areas are of kind district, province or country."))
    check_parent(kind, parent)
    read = read_areas(path, fields)
    stored = {
        place.kato: place
        for place in Place.objects.filter(kato__in=[area.code for area in read.areas])
    }
    counts = {"added": 0, "changed": 0, "unchanged": 0}
    for area in read.areas:
        place = stored.get(area.code)
        if place is not None and place.kind != kind:
            raise InputError(
                _("The code %(code)s belongs to a %(kind)s already.")
                % {"code": area.code, "kind": place.get_kind_display()}
            )
        outcome = _store_area(
            place, area, kind, parent, approximate, origin or read.title or path.name, is_sample
        )
        counts[outcome] += 1
    notes = [f"{area.code}: {area.note}" for area in read.areas if area.note]
    if kind == Place.Kind.DISTRICT:
        moved = assign_settlements()
        if moved:
            notes.append(_("%(count)d settlements were given a district.") % {"count": moved})
    repaired = sum(bool(area.note) for area in read.areas)
    record(
        actor=actor,
        action="places.areas_imported",
        subject=f"file:{path.name}"[:200],
        now=now,
        detail={"kind": kind, "repaired": repaired, **counts},
    )
    return PlacesReport(read=len(read.areas), notes=tuple(notes), **counts)


def _store_area(
    place: Place | None, area: Area, kind: str, parent: Place | None,
    approximate: bool, origin: str, is_sample: bool,
) -> str:  # fmt: skip
    values = {
        "kind": kind, "kato": area.code,
        "name_kk": area.names["kk"], "name_ru": area.names["ru"], "name_en": area.names["en"],
        "latitude": area.latitude, "longitude": area.longitude,
        "boundary": dict(area.geometry), "boundary_digest": digest(area.geometry),
        "boundary_is_approximate": approximate, "boundary_note": area.note,
        "origin": origin[:200], "is_sample": is_sample,
    }  # fmt: skip
    if parent is not None:
        values["parent"] = parent
    if place is None:
        write_names(Place.objects.create(**values))
        return "added"
    changed = update(place, values)
    return "changed" if write_names(place) or changed else "unchanged"


def assign_settlements() -> int:
    """Put every settlement into the district whose boundary holds it; return how many moved."""
    from qalqan.desk.platform.places.selectors import districts_at

    rows = list(
        Place.objects.filter(kind=Place.Kind.SETTLEMENT).only(
            "pk", "latitude", "longitude", "parent"
        )
    )
    found = districts_at([p.latitude for p in rows], [p.longitude for p in rows])
    moved = []
    for place, district in zip(rows, found.tolist(), strict=True):
        if district and place.parent_id != district:
            place.parent_id = district
            moved.append(place)
    Place.objects.bulk_update(moved, ["parent"], batch_size=500)
    return len(moved)
