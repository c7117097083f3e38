"""What the imports share: names with their folds, parents, and a table reader."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from qalqan.desk.platform.places.fold import fold_name
from qalqan.desk.platform.places.models import Place, PlaceAlias
from qalqan.errors import InputError, Location

RANK = {"country": 0, "province": 1, "district": 2, "settlement": 3}


@dataclass(frozen=True, slots=True)
class PlacesReport:
    """What an import did: rows read, places added, changed, unchanged, and notes to read."""

    read: int
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    notes: tuple[str, ...] = field(default_factory=tuple)


def digest(geometry: Mapping[str, Any] | None) -> str:
    """Return a digest that changes when a boundary does; empty without one."""
    if geometry is None:
        return ""
    plain = json.dumps(geometry, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(plain.encode()).hexdigest()


def check_parent(kind: str, parent: Place | None) -> None:
    """Refuse a place inside one of the same or a smaller kind."""
    if parent is not None and RANK[parent.kind] >= RANK[kind]:
        raise InputError(
            _("A %(kind)s cannot lie in a %(parent)s.")
            % {"kind": Place.Kind(kind).label, "parent": parent.get_kind_display()}
        )


def write_names(place: Place, extra: Iterable[tuple[str, str]] = ()) -> bool:
    """Make the alias table hold the place's own names and the extra ones; tell if it changed.

    Names that were there before stay: people go on using old names.
    """
    wanted = [(place.name_kk, "kk"), (place.name_ru, "ru"), (place.name_en, "en"), *extra]
    known = set(place.aliases.values_list("name", "language")) if place.pk else set()
    new: dict[tuple[str, str], PlaceAlias] = {}
    for name, language in wanted:
        clean = " ".join(name.split())[:120]
        key = fold_name(clean)[:160]
        if clean and key and (clean, language) not in known:
            new[clean, language] = PlaceAlias(place=place, name=clean, language=language, key=key)
    PlaceAlias.objects.bulk_create(new.values())
    return bool(new)


def update(place: Place, values: Mapping[str, Any]) -> bool:
    """Store the values that differ; tell whether any did."""
    different = [key for key, value in values.items() if getattr(place, key) != value]
    for key in different:
        setattr(place, key, values[key])
    if different:
        place.save(update_fields=different)
    return bool(different)


def read_table(
    path: Path, required: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line number, row) of a CSV file; its columns take the first name of a group.

    Parameters
    ----------
    path
        UTF-8, UTF-16 or CP1251 text; comma, semicolon or tab.
    required
        For each column that must be there, the names it may bear.
    """
    text = _decode(path)
    sample = text[:4096].splitlines()[0] if text.strip() else ""
    if not sample:
        raise InputError(_("The file is empty."), location=Location(path.name))
    delimiter = max(",;\t", key=sample.count)
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter, strict=True)
    try:
        headings = [(name or "").strip().lower() for name in reader.fieldnames or ()]
        reader.fieldnames = _named(path, headings, required)
        for row in reader:
            if None in row:
                raise InputError(
                    _("The row has more cells than the heading."),
                    location=Location(path.name, reader.line_num),
                )
            yield reader.line_num, {key: (value or "").strip() for key, value in row.items()}
    except csv.Error as error:
        raise InputError(
            _("This is not a table: %(why)s.") % {"why": str(error)},
            location=Location(path.name, reader.reader.line_num),
        ) from None


def _named(path: Path, headings: list[str], required: Mapping[str, tuple[str, ...]]) -> list[str]:
    for column, names in required.items():
        found = next((name for name in (column, *names) if name in headings), None)
        if found is None:
            raise InputError(
                _("The column is missing; the file has: %(columns)s.")
                % {"columns": ", ".join(headings)[:200]},
                location=Location(path.name, 1, column),
            )
        headings[headings.index(found)] = column
    return headings


def _decode(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(
            _("Cannot read the file: %(why)s.") % {"why": error.strerror},
            location=Location(path.name),
        ) from None
    utf16 = raw[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp1251"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(_("The encoding of the file is not known."), location=Location(path.name))


def number(
    path: Path, line: int, row: Mapping[str, str], column: str, low: float, high: float
) -> float:
    """Return a number of a cell within its limits, or say what is wrong where."""
    text = row.get(column, "").replace("\u00a0", "").replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise InputError(
            _("“%(text)s” is not a number from %(low)s to %(high)s.")
            % {"text": text[:40], "low": f"{low:g}", "high": f"{high:g}"},
            location=Location(path.name, line, column),
        )
    return value
