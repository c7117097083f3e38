"""Open a file of incidents of any known form as a table, and find the layout of its columns."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from qalqan.desk.incidents.services.readers.column_map import load_map, shipped_maps
from qalqan.desk.incidents.services.readers.mapped import layout_by
from qalqan.desk.incidents.services.readers.tabled import Opened
from qalqan.desk.incidents.services.readers.ucdp import UCDP
from qalqan.desk.incidents.services.rows import (
    DESK,
    Context,
    Layout,
    ParsedIncident,
    read_desk_row,
)
from qalqan.desk.platform.sources.tables import detect_encoding, open_table
from qalqan.errors import InputError, Location

_HEAD = 4096


def _read_stix_row(cells: Mapping[str, str], context: Context) -> ParsedIncident:
    return read_desk_row(cells, context, is_foreign=cells.get("id", "").startswith("stix:"))


STIX = Layout("stix", DESK.compulsory, DESK.optional, True, _read_stix_row)


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """Open CSV, GeoJSON or a STIX 2.1 bundle; which of them the file itself tells.

    Raises
    ------
    InputError
        The file cannot be read as any of them.
    """
    head = _head(path)
    if head.startswith(("{", "[")):
        yield _open_json(path)
        return
    with open_table(path) as table:
        yield Opened(table, "csv")


def _head(path: Path) -> str:
    encoding = detect_encoding(path)
    with path.open(encoding=encoding, newline="", errors="replace") as stream:
        return stream.read(_HEAD).lstrip("\ufeff \t\r\n")


def _open_json(path: Path) -> Opened:
    from qalqan.desk.incidents.services.readers.geojson import open_geojson
    from qalqan.desk.incidents.services.readers.json_text import JsonText

    text = JsonText(path)
    kind = str(text.members.get("type") or "")
    if kind == "bundle":
        # The STIX library takes its time to load; most imports never meet a bundle.
        from qalqan.desk.incidents.services.readers.stix import open_stix

        return open_stix(text)
    if kind == "FeatureCollection":
        return open_geojson(text)
    raise InputError(
        _("This is neither GeoJSON nor a STIX bundle: its type is %(kind)s.")
        % {"kind": kind[:40] or "–"},
        location=Location(path.name, 1, "type"),
        hint=_("GeoJSON has the type FeatureCollection, a STIX bundle the type bundle."),
    )


def layouts() -> dict[str, Layout]:
    """Return the layouts that the desk knows, by name."""
    known = {one.name: one for one in (DESK, UCDP)}
    return known | {name: layout_by(one) for name, one in shipped_maps().items()}


def layout_for(
    source: Opened, *, name: str | None = None, column_map: Path | None = None
) -> Layout:
    """Return the layout that was asked for, or the one that the columns bear.

    Raises
    ------
    InputError
        There is no layout of that name, or the map cannot be used.
    """
    if source.form == "stix":
        return STIX
    if column_map is not None:
        return layout_by(load_map(column_map))
    if name:
        known = layouts()
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            raise InputError(
                _("“%(text)s” is not known; use %(known)s")
                % {"text": name[:40], "known": near[0] if near else ", ".join(known)},
                location=Location(field="layout"),
            )
        return known[name]
    have = set(source.table.columns)
    if {"type_of_violence", "date_start"} <= have:
        return UCDP
    for one in shipped_maps().values():
        if one.recognise and one.recognise <= have:
            return layout_by(one)
    return DESK
