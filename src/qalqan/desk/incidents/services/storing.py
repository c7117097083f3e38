"""Write understood rows into the ledger, each incident and each report once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from qalqan.desk.incidents import beliefs
from qalqan.desk.incidents.models import Incident, IncidentVersion, Report
from qalqan.desk.incidents.services import settling
from qalqan.desk.incidents.services.locating import districts_of_spots
from qalqan.desk.incidents.services.rows import ParsedIncident, SourceClaim
from qalqan.desk.incidents.services.settling import Done, Places
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.sources import services as source_services
from qalqan.desk.platform.sources.tables import Problem, Row

if TYPE_CHECKING:
    from qalqan.desk.incidents.services.importing import ImportReport

_FAR_APART = timedelta(days=31)
_DERIVED = ("within", "about", "district")

Understood = tuple[Row, ParsedIncident]
_Key = tuple[str, int | None, str]


def identity_of(parsed: ParsedIncident) -> str:
    """Return what makes a row the same incident: its number, or else all that it states."""
    if parsed.identity:
        return parsed.identity
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


@dataclass(slots=True)
class _Batch:
    """What one batch brings: incidents, new reports, and reports that their source corrected."""

    fresh: dict[str, Incident] = field(default_factory=dict)
    reports: dict[_Key, Report] = field(default_factory=dict)
    added: list[tuple[str, Report, str]] = field(default_factory=list)
    ended: list[Report] = field(default_factory=list)


class Ledger:
    """The ledger as one import sees it."""

    def __init__(self, *, actor: Actor, now: datetime, is_sample: bool) -> None:
        self._actor = actor
        self._now = now
        self._is_sample = is_sample
        self._sources: dict[tuple[str, str, str], int] = {}
        self._places = Places()

    def store(self, good: list[Understood], report: ImportReport) -> list[tuple[Row, Problem]]:
        """Store a batch; return the rows that contradict what their number stands for."""
        _set_districts([parsed for _row, parsed in good])
        keyed = [(identity_of(parsed), row, parsed) for row, parsed in good]
        known = _known({identity for identity, _row, _parsed in keyed})
        batch = _Batch(reports=_reports_of(known))
        moment = settling.moment_after(self._now)
        refused: list[tuple[Row, Problem]] = []
        for identity, row, parsed in keyed:
            incident = known.get(identity) or batch.fresh.get(identity)
            if incident is not None and _is_another(incident, parsed):
                refused.append((row, _taken(row, incident)))
                continue
            is_new = incident is None
            if is_new:
                batch.fresh[identity] = self._incident(identity, parsed, moment)
            said = self._take(batch, identity, parsed, moment)
            report.stored += is_new
            report.sourced += said and not is_new
            report.known += not said and not is_new
        self._write_fresh(batch)
        self._write_known(batch, known, moment)
        return refused

    def _incident(self, identity: str, parsed: ParsedIncident, moment: datetime) -> Incident:
        return Incident(
            identity=identity, external_id=parsed.external_id, recorded_at=moment,
            is_sample=self._is_sample, version=1, changed_at=moment, **parsed.values,
        )  # fmt: skip

    def _take(self, batch: _Batch, identity: str, parsed: ParsedIncident, at: datetime) -> bool:
        """Note what a row says, where its source did not say the same before."""
        claim = parsed.source
        key = (identity, self._source_id(claim) if claim else None, claim.citation if claim else "")
        says = self._places.around(beliefs.says_of(parsed.values))
        before = batch.reports.get(key)
        act = IncidentVersion.Act.REPORT_ADDED
        if before is not None:
            if _same(before.says, says):
                return False
            if before.ended_at is None:
                before.ended_at, before.ended_as = at, Report.End.CORRECTED
                batch.ended.append(before)
                act = IncidentVersion.Act.REPORT_CORRECTED
        made = Report(
            source_id=key[1], citation=key[2], says=says, recorded_at=at, first_recorded_at=at,
            credibility=claim.credibility if claim else 6,
            reported_at=claim.reported_at if claim else parsed.values.get("reported_at"),
            is_official=bool(claim and claim.kind == "agency"),
            recorded_by=settling.person(self._actor),
        )  # fmt: skip
        batch.reports[key] = made
        batch.added.append((identity, made, str(act)))
        return True

    def _write_fresh(self, batch: _Batch) -> None:
        """Write new incidents with their first versions: one row a table and event."""
        if not batch.fresh:
            return
        own: dict[str, list[Report]] = {identity: [] for identity in batch.fresh}
        for identity, made, _act in batch.added:
            if identity in own:
                own[identity].append(made)
        rows = batch.fresh
        for identity, incident in rows.items():
            live = [one for one in own[identity] if one.ended_at is None]
            settling.apply(incident, _believed(live))
        self._places.name(rows.values())
        Incident.objects.bulk_create(rows.values(), batch_size=500)
        for identity, said in own.items():
            for one in said:
                one.incident_id = rows[identity].pk
        Report.objects.bulk_create([one for said in own.values() for one in said], batch_size=500)
        keys = [incident.pk for incident in rows.values()]
        for start in range(0, len(keys), 500):
            settling.begin(keys[start : start + 500], settling.person(self._actor))

    def _write_known(self, batch: _Batch, known: dict[str, Incident], moment: datetime) -> None:
        """Write what is new about incidents that the ledger had: one version an incident."""
        done: dict[int, Done] = {}
        reports = []
        for identity, made, act in batch.added:
            if identity in batch.fresh:
                continue
            made.incident = known[identity]
            reports.append(made)
            done[made.incident.pk] = Done(made.incident, act, report=made)
        ended = [one for one in batch.ended if one.pk]
        Report.objects.bulk_update(ended, ["ended_at", "ended_as"], batch_size=200)
        Report.objects.bulk_create(reports, batch_size=500)
        if done:
            settling.settle(
                list(done.values()), actor=self._actor, moment=moment, places=self._places
            )

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


def _known(identities: set[str]) -> dict[str, Incident]:
    """Lock the incidents that are there; what was merged away stands for the one it went into."""
    rows = Incident.objects.select_for_update().filter(identity__in=identities).order_by("pk")
    found = {row.identity: row for row in rows}
    while merged := {key: row for key, row in found.items() if row.merged_into_id}:
        wanted = {key: row.merged_into_id or 0 for key, row in merged.items()}
        into = {row.pk: row for row in settling.locked(wanted.values())}
        into |= {row.pk: row for row in found.values()}
        found |= {key: into[target] for key, target in wanted.items()}
    return found


def _reports_of(known: dict[str, Incident]) -> dict[_Key, Report]:
    """Return the latest report by incident, source and citation; ended ones count, too.

    What was retracted here is not brought back by reading its file again, and what was moved to
    another incident is not said of this one again.
    """
    identities: dict[int, list[str]] = {}
    for identity, row in known.items():
        identities.setdefault(row.pk, []).append(identity)
    rows = Report.objects.filter(incident__in=identities).order_by("pk")
    return {
        (identity, row.source_id, row.citation): row
        for row in rows
        for identity in identities[row.incident_id]
    }


def _believed(reports: Iterable[Report]) -> list[beliefs.Belief]:
    said: dict[str, list[beliefs.Said]] = {}
    for report in reports:
        for attribute, one in settling.statements(report):
            said.setdefault(attribute, []).append(one)
    return [beliefs.believe(name, said.get(name, [])) for name in beliefs.ATTRIBUTES]


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return _bare(one) == _bare(other)


def _bare(says: dict[str, Any]) -> dict[str, Any]:
    """Return what was said without what the desk worked out of it."""
    if "where" not in says:
        return says
    where = says["where"]["value"]
    stated = {name: value for name, value in where.items() if name not in _DERIVED}
    return says | {"where": {**says["where"], "value": stated}}


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
