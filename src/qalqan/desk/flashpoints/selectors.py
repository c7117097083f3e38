"""Every reading of runs and findings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Prefetch, QuerySet

from qalqan.desk.flashpoints.method import ALPHA
from qalqan.desk.flashpoints.models import Finding, FindingArea, ScanRun, Stream
from qalqan.desk.flashpoints.svg import MapArea
from qalqan.desk.incidents import selectors as incidents
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.ui.formatting import format_number
from qalqan.desk.rumours import selectors as rumours

_DAYS_A_YEAR = 365.25


def runs(actor: Actor, *, stream: str = "") -> QuerySet[ScanRun]:
    """Return the scans, newest first."""
    rows: QuerySet[ScanRun] = ScanRun.objects.visible_to(actor)
    if stream:
        rows = rows.filter(stream=stream)
    return rows.order_by("-created_at", "-id")


def latest_runs(actor: Actor) -> list[ScanRun]:
    """Return the newest run of each stream that was scanned, with its findings and areas."""
    found = []
    for stream in Stream.values:
        run = runs(actor, stream=stream).prefetch_related(_findings_of(actor)).first()
        if run is not None:
            found.append(run)
    return found


def latest_findings(actor: Actor, *, alpha: float = ALPHA) -> list[Finding]:
    """Return what the newest runs found with a p-value up to ``alpha``, surest first.

    Each finding has ``run`` and the ordered ``areas`` with their places at hand.
    """
    found = []
    for run in latest_runs(actor):
        for finding in run.findings.all():
            if finding.p_value <= alpha:
                finding.run = run
                found.append(finding)
    return sorted(found, key=lambda f: (f.p_value, -f.log_likelihood_ratio))


def run_for(actor: Actor, run_id: int) -> ScanRun | None:
    """Return one run with its findings and areas, or nothing."""
    return runs(actor).prefetch_related(_findings_of(actor)).filter(pk=run_id).first()


def finding_for(actor: Actor, finding_id: int) -> Finding | None:
    """Return one finding with its run and areas, or nothing."""
    rows: QuerySet[Finding] = Finding.objects.visible_to(actor)
    return (
        rows.select_related("run").prefetch_related(_areas_of(actor)).filter(pk=finding_id).first()
    )


def incidents_in(actor: Actor, finding: Finding) -> QuerySet[Any]:
    """Return the incidents in the areas and days of a finding."""
    district_ids = [area.place_id for area in finding.areas.all()]
    return incidents.in_areas(
        actor, district_ids=district_ids, start=finding.start, end=finding.end
    )


def may_read_tips(actor: Actor) -> bool:
    """Tell whether the actor may read the tips that a finding counts."""
    return rumours.may_read_messages(actor)


def history_of(actor: Actor, finding: Finding, *, days: int = 30) -> list[Finding]:
    """Return earlier findings of the stream that share an area with this one."""
    rows: QuerySet[Finding] = Finding.objects.visible_to(actor)
    earlier = rows.filter(
        run__stream=finding.run.stream,
        run__window_end__lt=finding.run.window_end,
        run__window_end__gte=finding.run.window_end - timedelta(days=days),
        p_value__lte=ALPHA,
        areas__place__in=[area.place_id for area in finding.areas.all()],
    )
    return list(earlier.select_related("run").distinct().order_by("-run__window_end", "rank")[:20])


def false_findings_a_year(alpha: float) -> float:
    """Return how many daily scans of one stream find something in a year by chance alone."""
    return alpha * _DAYS_A_YEAR


@dataclass(frozen=True, slots=True)
class DistrictRow:
    """What the map shows of one district, for the table beside it.

    Parameters
    ----------
    observed, expected
        Cases in the last days of the window; ``None`` where the district has no case.
    finding
        The surest finding that the district is in, if any counts.
    """

    name: str
    observed: float | None
    expected: float | None
    finding: Finding | None

    @property
    def ratio(self) -> float | None:
        """Return observed over expected."""
        return self.observed / self.expected if self.observed and self.expected else None


def map_of(actor: Actor, run: ScanRun) -> tuple[list[MapArea], list[DistrictRow]]:
    """Return the districts as the map draws them, and the rows of the table that says the same.

    The shade is observed over expected cases in the last days of the window; a district is
    flagged where it is in a finding that counts at the run's own setting.
    """
    flagged: dict[int, Finding] = {}
    for finding in run.findings.all():
        if finding.p_value <= float(run.parameters.get("alpha", ALPHA)):
            for area in finding.areas.all():
                flagged.setdefault(area.place_id, finding)
    counted = {int(place): (observed, expected) for place, observed, expected in run.by_area}
    areas, rows = [], []
    for place in places.districts(actor):
        observed, expected = counted.get(place.pk, (None, None))
        row = DistrictRow(place.name, observed, expected, flagged.get(place.pk))
        rows.append(row)
        areas.append(
            MapArea(
                key=str(place.pk),
                name=place.name,
                value=round(row.ratio, 1) if row.ratio else 0,
                latitude=place.latitude,
                longitude=place.longitude,
                geometry=place.boundary,
                is_flagged=row.finding is not None,
                label=_observed_of(observed, expected),
            )
        )
    return areas, rows


def _observed_of(observed: float | None, expected: float | None) -> str:
    if observed is None or expected is None:
        return "–"
    return f"{format_number(observed)} / {format_number(expected, 1)}"


def _findings_of(actor: Actor) -> Prefetch[Any]:
    rows = Finding.objects.visible_to(actor).order_by("rank").prefetch_related(_areas_of(actor))
    return Prefetch("findings", queryset=rows)


def _areas_of(actor: Actor) -> Prefetch[Any]:
    rows = FindingArea.objects.visible_to(actor).order_by("order")
    return Prefetch("areas", queryset=rows.select_related("place").defer("place__boundary"))


def boundaries(actor: Actor) -> dict[int, Any]:
    """Return the boundary of each district that has one, by its key."""
    return dict(
        places.districts(actor).filter(boundary__isnull=False).values_list("pk", "boundary")
    )


def has_approximate_boundaries(actor: Actor) -> bool:
    """Tell whether any district's boundary is only drawn around its seat."""
    return places.districts(actor).filter(boundary_is_approximate=True).exists()
