"""Runs and findings, and what lies behind a finding."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Prefetch, QuerySet

from qalqan.desk.flashpoints.method import ALPHA
from qalqan.desk.flashpoints.models import AreaKind, Finding, FindingArea, ScanRun, Stream
from qalqan.desk.incidents import selectors as incidents
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor
from qalqan.desk.rumours import selectors as rumours

_DAYS_A_YEAR = 365.25
_BEFORE = timedelta(days=14)
MOST_CLAIMS = 10


def runs(actor: Actor, *, stream: str = "") -> QuerySet[ScanRun]:
    """Return the scans, newest first."""
    rows: QuerySet[ScanRun] = ScanRun.objects.visible_to(actor)
    if stream:
        rows = rows.filter(stream=stream)
    return rows.order_by("-created_at", "-id")


def latest_runs(
    actor: Actor,
    *,
    streams: Sequence[str] = tuple(Stream.values),
    area_kind: str = AreaKind.DISTRICTS,
) -> list[ScanRun]:
    """Return the newest run of each stream that was scanned, with its findings and areas.

    Parameters
    ----------
    streams
        Single streams, or what several at once are called.
    """
    found = []
    for stream in streams:
        rows = runs(actor, stream=stream).filter(area_kind=area_kind)
        run = rows.prefetch_related(_findings_of(actor)).first()
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
        rows.select_related("run", "flash_point__newest")
        .prefetch_related(_areas_of(actor))
        .filter(pk=finding_id)
        .first()
    )


def incidents_in(actor: Actor, finding: Finding) -> QuerySet[Any]:
    """Return the incidents in the areas and days of a finding."""
    return incidents.in_areas(
        actor, district_ids=district_ids_of(finding), start=finding.start, end=finding.end
    )


def district_ids_of(finding: Finding) -> list[int]:
    """Return the districts of a finding, or those in which its cells lie, each once."""
    return list(dict.fromkeys(area.place_id for area in finding.areas.all()))


def claims_begun_in(actor: Actor, finding: Finding) -> list[Any]:
    """Return claims about the districts of a finding that began in its days or shortly before."""
    wanted = set(district_ids_of(finding))
    inside = [place for place, district in places.district_map().items() if district in wanted]
    return rumours.claims_begun(
        actor, place_ids=inside, since=finding.start - _BEFORE, until=finding.end,
        most=MOST_CLAIMS,
    )  # fmt: skip


def may_read_tips(actor: Actor) -> bool:
    """Tell whether the actor may read the tips that a finding counts."""
    return rumours.may_read_messages(actor)


def history_of(actor: Actor, finding: Finding, *, days: int = 30) -> list[Finding]:
    """Return earlier findings of the stream that share an area with this one."""
    rows: QuerySet[Finding] = Finding.objects.visible_to(actor)
    earlier = rows.filter(
        run__stream=finding.run.stream,
        run__area_kind=finding.run.area_kind,
        run__window_end__lt=finding.run.window_end,
        run__window_end__gte=finding.run.window_end - timedelta(days=days),
        p_value__lte=ALPHA,
        areas__place__in=district_ids_of(finding),
    )
    return list(earlier.select_related("run").distinct().order_by("-run__window_end", "rank")[:20])


def false_findings_a_year(alpha: float, scans: int = 1) -> float:
    """Return how many findings chance alone makes in a year of so many scans a day.

    For several scans it is the most there can be: scans of the same days err together.
    """
    return alpha * _DAYS_A_YEAR * scans


def _findings_of(actor: Actor) -> Prefetch[Any]:
    rows = Finding.objects.visible_to(actor).select_related("flash_point").order_by("rank")
    rows = rows.prefetch_related(_areas_of(actor))
    return Prefetch("findings", queryset=rows)


def _areas_of(actor: Actor) -> Prefetch[Any]:
    rows = FindingArea.objects.visible_to(actor).order_by("order")
    return Prefetch("areas", queryset=rows.select_related("place").defer("place__boundary"))
