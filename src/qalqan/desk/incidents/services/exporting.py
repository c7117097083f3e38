"""Hand the ledger out as CSV, GeoJSON or a STIX 2.1 bundle, marked with who took it and when."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.incidents.models import Holding, Incident, IncidentVersion, Report
from qalqan.desk.incidents.services.rows import SAID_KEYS
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import EXPORT, Actor, require
from qalqan.errors import InputError

COLUMNS = (
    *("id", "time", "time_precision", "place", "latitude", "longitude", "place_precision"),
    *("kind", "killed", "injured", "officers_killed", "weapons", "official_position"),
    *("known", "contested", "unknown", "who_claims", "why", "title_kk", "title_ru", "title_en"),
    *("reported_at", "exported"),
)
FORMS = {
    "csv": ("text/csv; charset=utf-8", "csv"),
    "geojson": ("application/geo+json", "geojson"),
    "stix": ("application/stix+json;version=2.1", "stix.json"),
}
"""Type and ending of each form."""
MOST_IN_A_BUNDLE = 5_000
DESK_NAME = "Qalqan desk"
_CHUNK = 1_000

Row = Incident | IncidentVersion


@dataclass(frozen=True, slots=True)
class Export:
    """A file to hand out, piece by piece."""

    name: str
    content_type: str
    mark: str
    pieces: Iterator[str]


def watermark(actor: Actor, number: int, now: datetime) -> str:
    """Return what stands on everything that is handed out: number, who, when.

    The number is that of the entry in the record, so that the file leads to it.
    """
    who = getattr(actor, "username", "") or actor.actor_label
    when = timezone.localtime(now).strftime("%Y-%m-%d %H:%M")
    return _("Export %(number)s · %(who)s · %(when)s") % {
        "number": number, "who": who, "when": when
    }  # fmt: skip


@transaction.atomic
def export_incidents(
    *, actor: Actor, rows: QuerySet[Any], now: datetime, form: str = "csv",
    moment: datetime | None = None,
) -> Export:  # fmt: skip
    """Record that the ledger is handed out, and return the file.

    Parameters
    ----------
    rows
        What to hand out, incidents or versions of them; the caller has narrowed it to what the
        actor may see.
    form
        ``csv``, ``geojson`` or ``stix``.
    moment
        Hand out what was held then, with the reports of then; by default of now.

    Raises
    ------
    InputError
        The form is not known, or there are more incidents than a bundle holds.
    RefusedError
        The actor may not export the ledger.
    """
    require(actor, EXPORT, Incident)
    if form not in FORMS:
        raise InputError(
            _("“%(text)s” is not known; use %(known)s")
            % {"text": form[:40], "known": ", ".join(FORMS)}
        )
    number = rows.count()
    if form == "stix" and number > MOST_IN_A_BUNDLE:
        raise InputError(
            _("More than %(most)s incidents match; narrow the list.") % {"most": MOST_IN_A_BUNDLE}
        )
    entry = audit.record(
        actor=actor, action="incidents.export", subject="incidents", now=now,
        detail={"rows": number, "form": form} | ({"as_of": moment.isoformat()} if moment else {}),
    )  # fmt: skip
    mark = watermark(actor, entry.sequence, now)
    content_type, ending = FORMS[form]
    found = rows.select_related("place").defer("place__boundary", "search_text")
    return Export(
        f"incidents-{entry.sequence}.{ending}", content_type, mark,
        _pieces(form, found, mark, now, moment),
    )  # fmt: skip


def _pieces(
    form: str, rows: QuerySet[Any], mark: str, now: datetime, moment: datetime | None
) -> Iterator[str]:
    if form == "csv":
        return _csv(rows, mark)
    if form == "geojson":
        return _geojson(_told(rows, moment), mark, now)
    # The library of STIX takes its time to load; other forms need not wait for it.
    from qalqan.desk.incidents.services.stix_bundle import bundle_pieces

    return bundle_pieces(_told(rows, moment), mark, now)


def _csv(rows: QuerySet[Any], mark: str) -> Iterator[str]:
    yield _line(COLUMNS)
    for row in rows.iterator(chunk_size=_CHUNK):
        cells = cells_of(row) | {"exported": mark}
        place = row.place.name_ru if row.place else row.place_text
        yield _line([{**cells, "place": place}[name] for name in COLUMNS])


def cells_of(row: Row) -> dict[str, Any]:
    """Return an incident in the columns that the import reads."""
    return {
        "id": row.external_id,
        **_said(row.occurred_from, row.occurred_to, row.time_precision),
        "place": row.place_text or _place_name(row),
        "latitude": row.latitude, "longitude": row.longitude,
        "place_precision": row.place_precision,
        "kind": row.kind, "killed": row.killed, "injured": row.injured,
        "officers_killed": row.officers_killed, "weapons": row.weapons,
        "official_position": row.official_position, "known": row.what_is_known,
        "contested": row.contested, "unknown": row.unknown, "who_claims": row.who_claims,
        "why": row.why, "title_kk": row.title_kk, "title_ru": row.title_ru,
        "title_en": row.title_en, "reported_at": _time(row.reported_at),
    }  # fmt: skip


def _said(start: datetime, end: datetime, precision: str) -> dict[str, str]:
    first, last = _time(start), _time(end)
    return {"time": first if start == end else f"{first}/{last}", "time_precision": precision}


def _place_name(row: Row) -> str:
    return str(row.place.kato or row.place.name_ru) if row.place else ""


def _told(
    rows: QuerySet[Any], moment: datetime | None
) -> Iterator[tuple[Row, dict[str, Any], str]]:
    """Return each incident with its cells, its sources among them, and its key."""
    every = rows.iterator(chunk_size=_CHUNK)
    while batch := list(islice(every, _CHUNK)):
        keys = {incident_id(row): row for row in batch}
        identities = dict(Incident.objects.filter(pk__in=keys).values_list("pk", "identity"))
        reports = _reports(keys, moment)
        judged = set(_standing(Holding, keys, moment).values_list("incident_id", flat=True))
        for key, row in keys.items():
            cells = cells_of(row)
            cells["sources"] = _sources(cells, reports.get(key, ()), key in judged)
            cells["identity"] = identities[key]
            told = {name: value for name, value in cells.items() if value not in (None, "", [])}
            yield row, told, identities[key]


def incident_id(row: Row) -> int:
    """Return the key of the incident that a row stands for."""
    return int(row.incident_id if isinstance(row, IncidentVersion) else row.pk)


def _standing(model: Any, keys: Iterable[int], moment: datetime | None) -> QuerySet[Any]:
    rows: QuerySet[Any] = model.objects.filter(incident_id__in=list(keys))
    if moment is None:
        return rows.filter(ended_at__isnull=True)
    return rows.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=moment), recorded_at__lte=moment)


def _reports(keys: Iterable[int], moment: datetime | None) -> dict[int, list[Report]]:
    found: dict[int, list[Report]] = {}
    rows = _standing(Report, keys, moment).select_related("source")
    for report in rows.order_by("first_recorded_at", "pk"):
        found.setdefault(report.incident_id, []).append(report)
    return found


def _sources(
    cells: dict[str, Any], reports: Sequence[Report], is_judged: bool
) -> list[dict[str, Any]]:
    """Return who says so, each with its grade, the item's, and what it says otherwise."""
    told: list[dict[str, Any]] = []
    if is_judged:
        # To others the desk's own judgement is what one source says, and told as such.
        told.append({"source": DESK_NAME, "source_kind": "agency", "citation": "judgement"})
    for report in reports:
        if report.source is None:
            continue
        one = {
            "source": report.source.name, "source_kind": report.source.kind,
            "source_reliability": report.source.reliability, "credibility": report.credibility,
            "citation": report.citation, "reported_at": _time(report.reported_at),
        }  # fmt: skip
        told.append({k: v for k, v in one.items() if v != ""} | _otherwise(cells, report.says))
    return told


def _otherwise(cells: dict[str, Any], says: dict[str, Any]) -> dict[str, Any]:
    said = dict.fromkeys(SAID_KEYS)
    values = {name: one.get("value") for name, one in says.items()}
    if when := values.get("when"):
        start, end = (datetime.fromisoformat(when[name]) for name in ("from", "to"))
        said |= _said(start, end, when["precision"])
    where = values.get("where") or {}
    said |= {
        "place": where.get("text"), "latitude": where.get("latitude"),
        "longitude": where.get("longitude"), "place_precision": where.get("precision"),
        "kind": values.get("what"),
    }  # fmt: skip
    for name in ("killed", "injured", "officers_killed", "weapons", "who_claims", "why"):
        said[name] = values.get(name)
    # A row must have these; a report that is silent of them repeats the row.
    silent = {"time", "time_precision", "kind"} | (set() if where else set(_PLACE))
    return {
        name: value
        for name, value in said.items()
        if (value or None) != (cells.get(name) or None)
        and not (value is None and name in silent)
        and not (name == "weapons" and (value or "unknown") == (cells.get(name) or "unknown"))
    }


_PLACE = ("place", "latitude", "longitude", "place_precision")


def _geojson(
    told: Iterator[tuple[Row, dict[str, Any], str]], mark: str, now: datetime
) -> Iterator[str]:
    """Return a feature collection as RFC 7946 wants it: longitude first, WGS84."""
    head = {"type": "FeatureCollection", "exported": mark, "generated": _time(now)}
    yield json.dumps(head, ensure_ascii=False)[:-1] + ', "features": ['
    separator = "\n"
    for row, cells, identity in told:
        spot = None
        if row.latitude is not None:
            spot = {"type": "Point", "coordinates": [row.longitude, row.latitude]}
        properties = {k: v for k, v in cells.items() if k not in ("latitude", "longitude")}
        feature = {
            "type": "Feature", "id": identity, "geometry": spot,
            "properties": properties | {"exported": mark},
        }  # fmt: skip
        yield separator + json.dumps(feature, ensure_ascii=False)
        separator = ",\n"
    yield "\n]}\n"


def _time(moment: datetime | None) -> str:
    if moment is None:
        return ""
    zone = timezone.get_default_timezone()
    # What has parts of a second cannot be read in again; no event is known so exactly.
    return timezone.localtime(moment.astimezone(UTC), zone).isoformat(timespec="seconds")


def _line(cells: Sequence[object]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(
        # A spreadsheet would run a text that begins like a formula.
        f"'{cell}" if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t") else cell
        for cell in ("" if value is None else value for value in cells)
    )
    return buffer.getvalue()
