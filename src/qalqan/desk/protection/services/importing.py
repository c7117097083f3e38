"""Bring a file of sites into the register: all of it, or none and the reasons."""

from __future__ import annotations

import math
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.platform.sources.tables import (
    BadFieldError,
    Row,
    collected_rejects,
    require_columns,
)
from qalqan.desk.platform.sources.taking import (
    Progress,
    Taken,
    cells_of,
    choice,
    read_rows,
    require_taken,
)
from qalqan.desk.platform.sources.workbooks import open_any_table
from qalqan.desk.protection.models import Site
from qalqan.desk.protection.services.facts import (
    SiteFacts,
    problems_with,
)
from qalqan.desk.protection.services.import_storing import Good, store

COMPULSORY = ("category", "capacity")
OPTIONAL = (
    "number", "name_kk", "name_ru", "name_en", "place", "latitude", "longitude", "address",
    "owner", "owner_language", "duty_contact",
)  # fmt: skip
TOLD_ONLY = ("tier", "district", "status", "last_inspected", "next_due", "exported")
"""Columns that an export tells and an import leaves unread."""
_MOST_ROWS = 100_000


def import_sites(
    *,
    actor: Actor,
    path: Path,
    now: datetime,
    keep_good: bool = False,
    rejects: Path | None = None,
    allow_doubles: bool = False,
    progress: Progress | None = None,
    is_sample: bool = False,
) -> Taken:
    """Read sites from CSV or XLSX.

    A row with the number of a listed site corrects that site; a row with another number, or
    none, is a new site.

    Parameters
    ----------
    keep_good
        Store the good rows even where others are bad; otherwise one bad row refuses the file.
    rejects
        Where the bad rows go with their reasons; by default beside the file.
    allow_doubles
        Take rows that are like a site of the register, or like an earlier row.
    progress
        Called with the number of rows read so far.

    Raises
    ------
    InputError
        The file or a row cannot be taken; nothing is stored.
    RefusedError
        The actor may not add sites.
    """
    require(actor, ADD, Site)
    report = Taken()
    with (
        open_any_table(path) as table,
        collected_rejects(keep_good, path, rejects, table) as reject,
        transaction.atomic(),
    ):
        require_columns(table, compulsory=COMPULSORY, optional=(*OPTIONAL, *TOLD_ONLY))
        known_places = KnownPlaces()
        good = read_rows(
            table, lambda row: _read(row, known_places), report, reject, most=_MOST_ROWS,
            progress=progress,
        )  # fmt: skip
        store(good, report, reject, actor=actor, now=now, is_sample=is_sample,
              allow_doubles=allow_doubles)  # fmt: skip
        require_taken(report, file=path.name, keep_good=keep_good)
        audit.record(
            actor=actor, action="protection.import_sites", subject="protection", now=now,
            detail=report.told(path.name),
        )  # fmt: skip
    return report


class KnownPlaces:
    """Places by code or name, each name looked up once."""

    def __init__(self) -> None:
        model: Any = Site._meta.get_field("place").related_model
        rows = model.objects.order_by("pk").values_list("pk", "kato", "kind")
        self._by_code = {code: key for key, code, kind in rows if code}
        self._kinds = {key: kind for key, _code, kind in rows}
        self._by_text: dict[str, int | None] = {}

    def find(self, text: str) -> int | None:
        """Return the place that a name or a code means, or nothing."""
        if text not in self._by_text:
            found = self._by_code.get(text)
            if found is None:
                matches = places.finder().find(text)
                found = matches[0].place_id if matches else None
            # A site lies in a settlement or a district; a whole province says too little.
            usable = found is not None and self._kinds.get(found) in ("district", "settlement")
            self._by_text[text] = found if usable else None
        return self._by_text[text]


def _read(row: Row, known_places: KnownPlaces) -> Good:
    cells = cells_of(row)
    latitude, longitude = _spot(cells)
    facts = SiteFacts(
        category=choice("category", cells["category"], Site.Category),
        capacity=_whole(cells["capacity"], "capacity"),
        place_id=_place(cells.get("place", ""), latitude, longitude, known_places),
        name_kk=cells.get("name_kk", ""),
        name_ru=cells.get("name_ru", ""),
        name_en=cells.get("name_en", ""),
        owner_name=cells.get("owner", ""),
        owner_language=cells.get("owner_language", "").lower() or "kk",
        duty_contact=cells.get("duty_contact", ""),
        latitude=latitude,
        longitude=longitude,
        address=cells.get("address", ""),
    )
    problem = next(iter(problems_with(facts)), None)
    if problem is not None:
        name = "owner" if problem.field == "owner_name" else problem.field
        raise BadFieldError(name, problem.reason)
    number = cells.get("number", "")
    return Good(row, _whole(number, "number", least=1) if number else None, facts)


def _whole(text: str, name: str, *, least: int = 0) -> int:
    plain = text.replace("\u00a0", "").replace(" ", "")
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 9 and int(plain) >= least):
        raise BadFieldError(
            name, _("“%(text)s” is not a whole number from %(least)s")
            % {"text": text[:40], "least": least},
        )  # fmt: skip
    return int(plain)


def _spot(cells: dict[str, str]) -> tuple[float | None, float | None]:
    values: list[float | None] = []
    for name in ("latitude", "longitude"):
        text = cells.get(name, "")
        if not text:
            values.append(None)
            continue
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise BadFieldError(name, _("“%(text)s” is not a number") % {"text": text[:40]})
        values.append(value)
    return values[0], values[1]


def _place(
    text: str, latitude: float | None, longitude: float | None, known_places: KnownPlaces
) -> int:
    if text:
        found = known_places.find(text)
        if found is None:
            raise BadFieldError(
                "place", _("“%(text)s” is no place that the desk knows") % {"text": text[:60]}
            )
        return found
    on_earth = (
        latitude is not None and longitude is not None
        and abs(latitude) <= 90 and abs(longitude) <= 180
    )  # fmt: skip
    district = places.district_at(latitude, longitude) if on_earth else 0  # type: ignore[arg-type]
    if not district:
        raise BadFieldError(
            "place", _("say the place: a name or code, or coordinates within a known district")
        )
    return district
