"""Write understood rows into the ledger, each incident and each source once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from qalqan.desk.incidents.models import Incident, IncidentSource
from qalqan.desk.incidents.search import search_text
from qalqan.desk.incidents.services.locating import districts_of_spots
from qalqan.desk.incidents.services.rows import ParsedIncident, SourceClaim
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.sources import services as source_services
from qalqan.desk.platform.sources.tables import Problem, Row

if TYPE_CHECKING:
    from qalqan.desk.incidents.services.importing import ImportReport

_COMPARED = ("kind", "killed", "injured", "officers_killed", "weapons", "place_text")
_FAR_APART = timedelta(days=31)

Understood = tuple[Row, ParsedIncident]


def identity_of(parsed: ParsedIncident) -> str:
    """Return what makes a row the same incident: its number, or else all that it states."""
    if parsed.external_id:
        content: Any = ["id", parsed.external_id]
    else:
        content = [
            (name, value.isoformat() if isinstance(value, datetime) else value)
            for name, value in sorted(parsed.values.items())
            # Who said it when is the source's, not the incident's; a district may be redrawn.
            if name not in ("reported_at", "district_id")
        ]
    packed = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return hashlib.blake2b(packed, digest_size=16).hexdigest()


class Ledger:
    """The ledger as one import sees it."""

    def __init__(self, *, actor: Actor, now: datetime, is_sample: bool) -> None:
        self._actor = actor
        self._now = now
        self._is_sample = is_sample
        self._sources: dict[tuple[str, str, str], int] = {}
        self._place_names: dict[int, list[str]] = {}

    def store(self, good: list[Understood], report: ImportReport) -> list[tuple[Row, Problem]]:
        """Store a batch; return the rows that contradict what their number stands for."""
        _set_districts([parsed for _row, parsed in good])
        keyed = [(identity_of(parsed), row, parsed) for row, parsed in good]
        known = {
            incident.identity: incident
            for incident in Incident.objects.filter(
                identity__in={identity for identity, _row, _parsed in keyed}
            )
        }
        before = set(known)
        fresh: list[Incident] = []
        refused: list[tuple[Row, Problem]] = []
        kept: list[tuple[str, ParsedIncident]] = []
        for identity, row, parsed in keyed:
            incident = known.get(identity)
            if incident is None:
                incident = self._incident(identity, parsed)
                known[identity] = incident
                fresh.append(incident)
            elif _is_another(incident, parsed):
                refused.append((row, _taken(row, incident)))
                continue
            kept.append((identity, parsed))
        self._fill_search_text(fresh)
        Incident.objects.bulk_create(fresh, batch_size=500)
        added = self._add_sources(kept, known)
        self._count(kept, before, added, report)
        return refused

    def _incident(self, identity: str, parsed: ParsedIncident) -> Incident:
        return Incident(
            identity=identity,
            external_id=parsed.external_id,
            recorded_at=self._now,
            is_sample=self._is_sample,
            **parsed.values,
        )

    def _fill_search_text(self, fresh: list[Incident]) -> None:
        wanted = {i.place_id for i in fresh} | {i.district_id for i in fresh}
        missing = wanted - set(self._place_names) - {None}
        if missing:
            model: Any = Incident._meta.get_field("place").related_model
            rows = model._default_manager.filter(pk__in=missing)
            for pk, *names in rows.values_list("pk", "name_kk", "name_ru", "name_en"):
                self._place_names[pk] = names
        for incident in fresh:
            names = self._place_names.get(incident.place_id or 0, [])
            names = names + self._place_names.get(incident.district_id or 0, [])
            incident.search_text = search_text(incident, names)

    def _add_sources(
        self, kept: list[tuple[str, ParsedIncident]], known: dict[str, Incident]
    ) -> set[int]:
        """Store the sources of the kept rows; return the positions of those that are new."""
        ids = {known[identity].pk for identity, _parsed in kept}
        have = set(
            IncidentSource.objects.filter(incident_id__in=ids).values_list(
                "incident_id", "source_id", "citation"
            )
        )
        rows: list[IncidentSource] = []
        added: set[int] = set()
        for position, (identity, parsed) in enumerate(kept):
            if parsed.source is None:
                continue
            incident = known[identity]
            key = (incident.pk, self._source_id(parsed.source), parsed.source.citation)
            if key in have:
                continue
            have.add(key)
            added.add(position)
            rows.append(
                IncidentSource(
                    incident=incident,
                    source_id=key[1],
                    credibility=parsed.source.credibility,
                    citation=parsed.source.citation,
                    reported_at=parsed.source.reported_at,
                    differs=_differences(incident, parsed),
                )
            )
        IncidentSource.objects.bulk_create(rows, batch_size=500)
        return added

    def _source_id(self, claim: SourceClaim) -> int:
        key = (claim.name, claim.kind, claim.reliability)
        if key not in self._sources:
            source = source_services.get_or_create_source(
                actor=self._actor,
                name=claim.name,
                kind=claim.kind,
                now=self._now,
                is_sample=self._is_sample,
            )
            # A grade that people gave stands; a file may only fill in one that is missing.
            if claim.reliability not in ("", "F") and source.reliability == "F":
                source_services.grade_source(
                    actor=self._actor,
                    source=source,
                    reliability=claim.reliability,
                    reason=_("Stated in an imported file."),
                    now=self._now,
                )
            self._sources[key] = source.pk
        return self._sources[key]

    @staticmethod
    def _count(
        kept: Iterable[tuple[str, ParsedIncident]],
        before: set[str],
        added: set[int],
        report: ImportReport,
    ) -> None:
        seen = set(before)
        for position, (identity, _parsed) in enumerate(kept):
            if identity not in seen:
                seen.add(identity)
                report.stored += 1
            elif position in added:
                report.sourced += 1
            else:
                report.known += 1


def _set_districts(batch: list[ParsedIncident]) -> None:
    """Let coordinates decide the district; they are more exact than a name."""
    exact = [parsed.values for parsed in batch if parsed.values["latitude"] is not None]
    spots = [(values["latitude"], values["longitude"]) for values in exact]
    for values, district in zip(exact, districts_of_spots(spots), strict=True):
        values["district_id"] = district or values["district_id"]


def _is_another(incident: Incident, parsed: ParsedIncident) -> bool:
    """Tell whether a row with a known number speaks of quite another time."""
    gap = max(
        parsed.values["occurred_from"] - incident.occurred_to,
        incident.occurred_from - parsed.values["occurred_to"],
    )
    return bool(gap > _FAR_APART)


def _taken(row: Row, incident: Incident) -> Problem:
    reason = _("the number “%(number)s” stands for an incident of %(date)s") % {
        "number": incident.external_id,
        "date": incident.occurred_from.date().isoformat(),
    }
    return Problem(row.line, "id", reason)


def _differences(incident: Incident, parsed: ParsedIncident) -> dict[str, Any]:
    """Return what this source states otherwise than the incident does; silence is no difference."""
    return {
        name: parsed.values[name]
        for name in _COMPARED
        if parsed.values.get(name) not in (None, "", "unknown")
        and parsed.values[name] != getattr(incident, name)
    }
