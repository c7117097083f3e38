"""Work out what follows from the reports, and write the next version: once for every act."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Max

from qalqan.desk.incidents import beliefs
from qalqan.desk.incidents.beliefs import Belief, Judged, Said
from qalqan.desk.incidents.models import Dispute, Holding, Incident, IncidentVersion, Report
from qalqan.desk.incidents.models.held import Held
from qalqan.desk.incidents.search import search_text
from qalqan.desk.platform.accounts.models import User
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.policies import Actor

HELD = tuple(one.attname for one in Held._meta.get_fields())  # type: ignore[union-attr]
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Done:
    """One act on one incident, which becomes its next version."""

    incident: Incident
    act: str
    reason: str = ""
    report: Report | None = None


def person(actor: Actor) -> User | None:
    """Return whose act it is, where a person acts."""
    return actor if isinstance(actor, User) else None


def moment_after(now: datetime) -> datetime:
    """Return when an act counts: now, but always after every act before it.

    A clock that stands still or was set back can so never change what was believed before.
    """
    last = Incident.objects.aggregate(last=Max("changed_at"))["last"]
    return now if last is None else max(now, last + _TICK)


def locked(keys: Iterable[int]) -> list[Incident]:
    """Lock incidents, always in the same order, and return them."""
    rows = Incident.objects.select_for_update().filter(pk__in=set(keys)).order_by("pk")
    return list(rows)


def settle(done: Sequence[Done], *, actor: Actor, moment: datetime, places: Places) -> None:
    """Bring incidents to what their reports and judgements give now, and keep it as a version."""
    rows = [one.incident for one in done]
    keys = [row.pk for row in rows]
    # What was merged away keeps the columns it had; it says nothing of its own any more.
    found = believed(keys)
    counted = {row.pk: found[row.pk] for row in rows if row.merged_into_id is None}
    first = _first_versions(key for key, told in counted.items() if any(map(_is_bare, told)))
    for row in rows:
        if row.pk in counted:
            apply(row, counted[row.pk], first.get(row.pk))
    places.name(rows)
    for row in rows:
        row.version += 1
        row.changed_at = moment
    fields = [*(name for name in HELD), "version", "changed_at", "merged_into_id", "split_from_id"]
    names = [name.removesuffix("_id") if name != "external_id" else name for name in fields]
    Incident.objects.bulk_update(rows, names, batch_size=100)
    IncidentVersion.objects.filter(incident__in=keys, recorded_to__isnull=True).update(
        recorded_to=moment
    )
    versions = [version_of(one, moment, person(actor)) for one in done]
    IncidentVersion.objects.bulk_create(versions, batch_size=200)


def version_of(done: Done, moment: datetime, by: User | None) -> IncidentVersion:
    """Return the version that begins with an act."""
    row = done.incident
    return IncidentVersion(
        incident=row, number=row.version, recorded_from=moment, act=done.act,
        reason=done.reason, report=done.report, done_by=by, merged_into_id=row.merged_into_id,
        **{name: getattr(row, name) for name in HELD},
    )  # fmt: skip


def begin(keys: Sequence[int], by: User | None) -> None:
    """Write the first versions of incidents that were just stored with their reports.

    The database copies the columns itself: a file brings thousands of incidents at once, and they
    are in the database already.

    Parameters
    ----------
    keys
        Incidents without a version, each with a report at least; a batch of them.
    """
    quote = connection.ops.quote_name
    held = ", ".join(map(quote, HELD))
    copied = ", ".join(f"i.{quote(name)}" for name in HELD)
    versions, incidents, reports = (
        quote(model._meta.db_table) for model in (IncidentVersion, Incident, Report)
    )
    wanted = ", ".join(["%s"] * len(keys))
    # Names of tables and columns are the models' own; all values are parameters.
    statement = f"""
        INSERT INTO {versions}
            (incident_id, number, recorded_from, act, reason, report_id, done_by_id, {held})
        SELECT i.id, i.version, i.recorded_at, %s, '',
            (SELECT MIN(r.id) FROM {reports} r WHERE r.incident_id = i.id), %s, {copied}
        FROM {incidents} i WHERE i.id IN ({wanted}) ORDER BY i.id"""  # noqa: S608
    with connection.cursor() as cursor:
        recorded = str(IncidentVersion.Act.RECORDED)
        cursor.execute(statement, [recorded, by.pk if by else None, *keys])


def apply(row: Incident, found: Sequence[Belief], first: IncidentVersion | None = None) -> None:
    """Set an incident's columns to what is believed.

    Parameters
    ----------
    first
        Its first version: where no report tells time, place or kind any more, the columns go
        back to what they were then, as an incident cannot be without them.
    """
    for belief in found:
        columns = beliefs.columns_of(belief)
        if first is not None and _is_bare(belief):
            columns = {name: getattr(first, name) for name in beliefs.COMPULSORY[belief.attribute]}
        for name, value in columns.items():
            setattr(row, name, value)
    row.states = {**row.states, **{belief.attribute: belief.state for belief in found}}


def _is_bare(belief: Belief) -> bool:
    return belief.value is None and belief.attribute in beliefs.COMPULSORY


def _first_versions(keys: Iterable[int]) -> dict[int, IncidentVersion]:
    wanted = list(keys)
    if not wanted:
        return {}
    rows = IncidentVersion.objects.filter(incident__in=wanted, number=1)
    return {row.incident_id: row for row in rows}


def believed(keys: Sequence[int]) -> dict[int, list[Belief]]:
    """Return what is believed of incidents by their live reports and judgements."""
    live = {"ended_at__isnull": True}
    disputed = set(
        Dispute.objects.filter(report__incident__in=keys, report__ended_at__isnull=True, **live)
        .order_by()
        .values_list("report_id", "attribute")
    )
    said: dict[tuple[int, str], list[Said]] = defaultdict(list)
    rows = Report.objects.filter(incident__in=keys, **live).order_by("first_recorded_at", "pk")
    for report in rows.only("incident_id", "credibility", "says"):
        for attribute, one in statements(report):
            doubted = (report.pk, attribute) in disputed
            said[report.incident_id, attribute].append(replace(one, disputed=doubted))
    judged = {
        (row.incident_id, row.attribute): Judged(row.state, row.value)
        for row in Holding.objects.filter(incident__in=keys, **live)
    }
    return {
        key: [
            beliefs.believe(name, said[key, name], judged.get((key, name)))
            for name in beliefs.ATTRIBUTES
        ]
        for key in keys
    }


def statements(report: Report) -> list[tuple[str, Said]]:
    """Return what a report says, attribute by attribute."""
    return [
        (name, Said(report.pk, one["value"], one.get("credibility", report.credibility)))
        for name, one in report.says.items()
        if name in beliefs.ATTRIBUTES
    ]


@dataclass(slots=True)
class Places:
    """Names of places for the search, and what lies in what; read once for many incidents."""

    _names: dict[int, list[str]] = field(default_factory=dict)
    _parents: dict[int, tuple[int | None, float | None, float | None]] | None = None

    def name(self, rows: Iterable[Incident]) -> None:
        """Write the words by which incidents can be found."""
        rows = list(rows)
        wanted = {key for row in rows for key in (row.place_id, row.district_id) if key}
        missing = wanted - set(self._names)
        if missing:
            found = Place.objects.filter(pk__in=missing)
            for pk, *names in found.values_list("pk", "name_kk", "name_ru", "name_en"):
                self._names[pk] = names
        for row in rows:
            names = self._names.get(row.place_id or 0, [])
            row.search_text = search_text(row, names + self._names.get(row.district_id or 0, []))

    def around(self, says: dict[str, Any]) -> dict[str, Any]:
        """Add to a stated place what it lies in and where it is, as known when it was recorded."""
        where = says.get("where", {}).get("value")
        if not where or not where.get("place"):
            return says
        if self._parents is None:
            rows = Place.objects.values_list("pk", "parent_id", "latitude", "longitude")
            self._parents = {pk: (parent, north, east) for pk, parent, north, east in rows}
        within, place = [], where["place"]
        _parent, north, east = self._parents.get(place, (None, None, None))
        while (place := self._parents.get(place, (None,))[0]) and place not in within:
            within.append(place)
        if where.get("district") and where["district"] not in within:
            within.append(where["district"])
        added = {"within": within} | ({"about": [north, east]} if north is not None else {})
        return says | {"where": says["where"] | {"value": where | added}}
