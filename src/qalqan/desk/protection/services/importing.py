"""Bring a file of sites into the register: all of it, or none and the reasons."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.places.fold import fold_name
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.platform.sources.tables import (
    BadFieldError,
    Problem,
    Row,
    collected_rejects,
    require_columns,
)
from qalqan.desk.platform.sources.workbooks import open_any_table
from qalqan.desk.protection.models import Site
from qalqan.desk.protection.services.facts import (
    SiteFacts,
    problems_with,
)
from qalqan.desk.protection.services.import_storing import Good, SiteImport, refuse, store
from qalqan.errors import InputError, Location

COMPULSORY = ("category", "capacity")
OPTIONAL = (
    "number", "name_kk", "name_ru", "name_en", "place", "latitude", "longitude", "address",
    "owner", "owner_language", "duty_contact",
)  # fmt: skip
TOLD_ONLY = ("tier", "district", "status", "last_inspected", "next_due", "exported")
"""Columns that an export tells and an import leaves unread."""
_MOST_ROWS = 100_000

Progress = Callable[[int], None]


class BadSitesError(InputError):
    """Rows of a file cannot be taken; nothing of it was stored."""

    code = "import.bad_rows"

    def __init__(self, file: str, report: SiteImport) -> None:
        first = report.problems[0]
        more = report.rejected - 1
        hint = ngettext(
            "%(count)s more row is bad; nothing was stored; --keep-good stores the rest",
            "%(count)s more rows are bad; nothing was stored; --keep-good stores the rest",
            more,
        ) % {"count": more}
        super().__init__(first.reason, location=Location(file, first.line, first.field), hint=hint)
        self.report = report


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
) -> SiteImport:
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
    report = SiteImport()
    with (
        open_any_table(path) as table,
        collected_rejects(keep_good, path, rejects, table) as reject,
        transaction.atomic(),
    ):
        require_columns(table, compulsory=COMPULSORY, optional=(*OPTIONAL, *TOLD_ONLY))
        known_places = KnownPlaces()
        good = []
        for row in table.rows:
            report.read += 1
            if report.read > _MOST_ROWS:
                raise InputError(
                    _("The file has more than %(most)s rows.") % {"most": _MOST_ROWS},
                    location=Location(path.name, row.line),
                )
            try:
                good.append(_read(row, known_places))
            except BadFieldError as error:
                refuse(row, Problem(row.line, error.field, error.reason), report, reject)
            if progress and report.read % 500 == 0:
                progress(report.read)
        store(good, report, reject, actor=actor, now=now, is_sample=is_sample,
               allow_doubles=allow_doubles)  # fmt: skip
        if report.rejected and not keep_good:
            raise BadSitesError(path.name, report)
        if not report.read:
            raise InputError(_("The file has a header but no rows."), location=Location(path.name))
        counts = ("read", "stored", "changed", "known", "rejected")
        audit.record(
            actor=actor, action="protection.import_sites", subject="protection", now=now,
            detail={"file": path.name[:120], **{name: getattr(report, name) for name in counts}},
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
    if row.problem is not None:
        raise BadFieldError(row.problem.field, row.problem.reason)
    cells = {name: _plain(cell) for name, cell in row.cells.items()}
    latitude, longitude = _spot(cells)
    facts = SiteFacts(
        category=_category(cells["category"]),
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


def _plain(text: str) -> str:
    """Take off the mark that an export sets before what a spreadsheet would compute."""
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text


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


@lru_cache(maxsize=1)
def _category_words() -> dict[str, str]:
    words = {value: value for value in Site.Category.values}
    for language in ("kk", "ru", "en"):
        with translation.override(language):
            for value, label in Site.Category.choices:
                words.setdefault(fold_name(str(label)), value)
    return words


def _category(text: str) -> str:
    words = _category_words()
    found = words.get(text.strip().lower().replace(" ", "_")) or words.get(fold_name(text))
    if found is None:
        near = difflib.get_close_matches(text.strip().lower(), Site.Category.values, n=1)
        raise BadFieldError(
            "category",
            _("“%(text)s” is not known; use %(known)s")
            % {"text": text[:40], "known": near[0] if near else ", ".join(Site.Category.values)},
        )
    return found
