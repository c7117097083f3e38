"""What the desk believed at a moment: versions, reports and judgements as they stood then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from qalqan.desk.incidents import beliefs
from qalqan.desk.incidents.beliefs import Belief, Judged, Said
from qalqan.desk.incidents.models import Dispute, Holding, Incident, IncidentVersion, Report
from qalqan.desk.incidents.search import narrowed
from qalqan.desk.incidents.selectors import ledger
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.sources.models import SourceGrade

_GRACE = timedelta(days=1)
"""An event may be recorded so much before it begins, no more; the import sees to that."""

LISTED = (
    *("title_kk", "title_ru", "title_en", "kind", "killed", "injured", "is_sample", "states"),
    *("occurred_from", "occurred_to", "time_precision", "place_precision", "place_text"),
    *("latitude", "longitude"),
)
"""What a list shows; the long texts and the boundaries of places stay where they are."""


@dataclass(frozen=True, slots=True)
class ReportThen:
    """A report as it stood at a moment.

    Parameters
    ----------
    report
        The report.
    reliability
        The grade that its source had then.
    ended
        Whether it had stopped counting by then.
    disputes
        Its disputes that were open then.
    """

    report: Report
    reliability: str
    ended: bool
    disputes: list[Dispute]

    def disputed(self, attribute: str) -> bool:
        """Tell whether what it says of an attribute was disputed."""
        return any(one.attribute == attribute for one in self.disputes)


@dataclass(frozen=True, slots=True)
class Standing:
    """One attribute as it stood: what is believed, who says what, and who judged."""

    belief: Belief
    said: list[tuple[ReportThen, Said]]
    holding: Holding | None


def end_of(day: date) -> datetime:
    """Return the last moment of a day at the desk."""
    midnight = datetime.combine(day + timedelta(days=1), time.min, timezone.get_default_timezone())
    return midnight - timedelta(microseconds=1)


def as_of(
    actor: Actor,
    moment: datetime,
    *,
    query: str = "",
    kind: str = "",
    district_id: int | None = None,
    since: date | None = None,
    until: date | None = None,
) -> QuerySet[IncidentVersion]:
    """Return the incidents as they were believed at a moment, newest event first.

    All filters hold against what was believed then, the words of a search, too.
    """
    zone = timezone.get_default_timezone()
    # No event is recorded a day before it begins: the index is entered where the moment lies, or
    # where the last day lies. Of two bounds SQLite would take the first, however wide it is.
    latest = moment + _GRACE
    if until:
        latest = min(latest, end_of(until))
    rows: QuerySet[IncidentVersion] = IncidentVersion.objects.visible_to(actor)
    rows = rows.filter(
        Q(recorded_to__gt=moment) | Q(recorded_to__isnull=True),
        recorded_from__lte=moment,
        occurred_from__lte=latest,
        merged_into__isnull=True,
    )
    if kind:
        rows = rows.filter(kind=kind)
    if district_id:
        rows = rows.filter(district_id=district_id)
    if since:
        rows = rows.filter(occurred_to__gte=datetime.combine(since, time.min, zone))
    return narrowed(rows, query).order_by("-occurred_from", "-incident_id")


def chosen(actor: Actor, moment: datetime | None, **filters: Any) -> QuerySet[Any]:
    """Return the incidents that match as they are, or as they were believed at a moment."""
    if moment is None:
        return ledger.incidents(actor, **filters)
    return as_of(actor, moment, **filters)


def in_list(actor: Actor, keys: Sequence[int]) -> list[IncidentVersion]:
    """Return versions by their keys, in this order, with what a list shows of them."""
    names = [
        f"{place}__{name}"
        for place in ("place", "district")
        for name in ("name_kk", "name_ru", "name_en")
    ]
    rows: QuerySet[IncidentVersion] = IncidentVersion.objects.visible_to(actor)
    rows = rows.select_related("place", "district").only(
        *LISTED, "incident_id", "recorded_from", *names
    )
    found = rows.in_bulk(list(keys))
    return [found[key] for key in keys if key in found]


def version_at(actor: Actor, incident: Incident, moment: datetime) -> IncidentVersion | None:
    """Return what was held of an incident at a moment, or nothing before it was recorded."""
    rows: QuerySet[IncidentVersion] = IncidentVersion.objects.visible_to(actor)
    rows = rows.filter(incident=incident, recorded_from__lte=moment)
    rows = rows.select_related("place", "district", "merged_into", "report__source")
    return rows.defer("place__boundary", "district__boundary").order_by("-number").first()


def reports_at(
    actor: Actor, incident: Incident, moment: datetime | None = None
) -> list[ReportThen]:
    """Return all reports that the desk had, in the order in which it learnt of them.

    Parameters
    ----------
    moment
        At which moment; now by default.
    """
    rows: QuerySet[Report] = Report.objects.visible_to(actor)
    rows = rows.filter(incident=incident).select_related(
        "source", "moved_to__incident", "recorded_by__organisation"
    )
    if moment is not None:
        rows = rows.filter(recorded_at__lte=moment)
    found = list(rows.order_by("first_recorded_at", "pk"))
    disputes: dict[int, list[Dispute]] = defaultdict(list)
    open_then: QuerySet[Dispute] = Dispute.objects.visible_to(actor)
    open_then = open_then.filter(_stood(moment), report__in=[one.pk for one in found])
    for one in open_then.select_related("disputed_by").order_by("pk"):
        disputes[one.report_id].append(one)
    grades = _grades(actor, {one.source_id for one in found if one.source_id}, moment)
    return [
        ReportThen(
            one,
            grades.get(one.source_id or 0, one.source.reliability if one.source else "F"),
            one.ended_at is not None and (moment is None or one.ended_at <= moment),
            disputes[one.pk],
        )
        for one in found
    ]


def standings(
    actor: Actor,
    incident: Incident,
    reports: Sequence[ReportThen],
    moment: datetime | None = None,
) -> list[Standing]:
    """Return how each attribute stood, worked out of the reports and judgements of then."""
    rows: QuerySet[Holding] = Holding.objects.visible_to(actor)
    rows = rows.filter(_stood(moment), incident=incident).select_related("recorded_by")
    held = {row.attribute: row for row in rows}
    found = []
    for attribute in beliefs.ATTRIBUTES:
        said = [
            (one, Said(
                one.report.pk, one.report.says[attribute]["value"],
                one.report.says[attribute].get("credibility", one.report.credibility),
                one.disputed(attribute),
            ))
            for one in reports
            if not one.ended and attribute in one.report.says
        ]  # fmt: skip
        holding = held.get(attribute)
        judged = Judged(holding.state, holding.value) if holding else None
        belief = beliefs.believe(attribute, [one for _report, one in said], judged)
        found.append(Standing(belief, said, holding))
    return found


def versions(actor: Actor, incident: Incident) -> list[IncidentVersion]:
    """Return all versions of an incident, the newest first."""
    rows: QuerySet[IncidentVersion] = IncidentVersion.objects.visible_to(actor)
    rows = rows.filter(incident=incident).select_related(
        "place", "district", "report__source", "done_by", "merged_into"
    )
    return list(rows.defer("place__boundary", "district__boundary").order_by("-number"))


def _stood(moment: datetime | None) -> Q:
    if moment is None:
        return Q(ended_at__isnull=True)
    return Q(Q(ended_at__isnull=True) | Q(ended_at__gt=moment), recorded_at__lte=moment)


def _grades(actor: Actor, sources: set[int], moment: datetime | None) -> dict[int, str]:
    """Return the grade that each source had at a moment."""
    if moment is None or not sources:
        return {}
    rows: QuerySet[SourceGrade] = SourceGrade.objects.visible_to(actor)
    rows = rows.filter(source__in=sources, since__lte=moment)
    return dict(rows.order_by("since", "pk").values_list("source_id", "reliability"))
