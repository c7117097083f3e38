"""The UCDP Georeferenced Event Dataset."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from django.utils.translation import gettext as _

from qalqan.desk.incidents.services import parsing
from qalqan.desk.incidents.services.rows import (
    Context,
    Layout,
    ParsedIncident,
    SourceClaim,
    given,
    not_in_future,
)
from qalqan.desk.platform.sources.tables import BadFieldError

_UCDP_KINDS = {"1": "clash", "2": "group_clash", "3": "attack_on_civilians"}
_UCDP_PLACES = {
    "1": "exact",
    "2": "settlement",
    "3": "district",
    "4": "province",
    "5": "province",
    "6": "country",
    "7": "country",
}
_UCDP_TIMES = {"1": "day", "2": "day", "3": "day", "4": "month", "5": "year"}
_UCDP_NAME = "UCDP Georeferenced Event Dataset"


def read_ucdp_row(cells: Mapping[str, str], context: Context) -> ParsedIncident:
    """Read a row of the UCDP Georeferenced Event Dataset; ``best`` is the number killed."""
    spot = parsing.coordinates(given(cells, "latitude"), given(cells, "longitude"))
    precision = _mapped(cells, "where_prec", _UCDP_PLACES)
    start, end = parsing.day_span(
        given(cells, "date_start"), given(cells, "date_end"), ("date_start", "date_end"), UTC
    )
    not_in_future(start, "date_start", context)
    best, low, high = (parsing.count(cells.get(name, ""), name) for name in ("best", "low", "high"))
    contested = ""
    if low is not None and high is not None and low != high:
        contested = f"Killed: from {low} to {high}; best estimate {best}."
    place_text = ", ".join(
        part
        for part in (cells.get(name, "") for name in ("adm_2", "adm_1", "country"))
        if part not in ("", "NA")
    )
    number = parsing.short(given(cells, "id"), "id", 60)
    values: dict[str, Any] = {
        "kind": _mapped(cells, "type_of_violence", _UCDP_KINDS),
        "occurred_from": start,
        "occurred_to": end,
        "time_precision": _mapped(cells, "date_prec", _UCDP_TIMES),
        "place_id": None,
        "district_id": None,
        "place_text": place_text[:200],
        "latitude": spot[0] if spot else None,
        "longitude": spot[1] if spot else None,
        "place_precision": precision,
        "killed": best,
        "contested": contested,
    }
    claim = SourceClaim(_UCDP_NAME, "other", "", 6, f"id {number}", None)
    return ParsedIncident(f"ucdp:{number}", values, claim)


UCDP = Layout(
    "ucdp-ged",
    (
        *("id", "type_of_violence", "where_prec", "latitude", "longitude", "date_prec"),
        *("date_start", "date_end", "best"),
    ),
    ("high", "low", "adm_1", "adm_2", "country"),
    False,
    read_ucdp_row,
)


def _mapped(cells: Mapping[str, str], name: str, words: Mapping[str, str]) -> str:
    value = given(cells, name)
    if value not in words:
        raise BadFieldError(
            name,
            _("“%(text)s” is not known; use %(known)s")
            % {"text": value[:40], "known": ", ".join(words)},
        )
    return words[value]
