"""Where incidents and tips exceed what is expected, with the map."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from qalqan.desk.brief.content import DistrictCount, Excess, Map, MapArea, Scan
from qalqan.desk.brief.services.names import name_of
from qalqan.desk.flashpoints import selectors as flashpoints
from qalqan.desk.flashpoints.services import run_scan
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor

if TYPE_CHECKING:
    from qalqan.desk.flashpoints.models import Finding, ScanRun

STREAMS = ("tips", "incidents")
_MOST_EXCESSES = 4
_TOLERANCE_DEGREES = 0.01


@dataclass(frozen=True, slots=True)
class Found:
    """What the scans said, and the districts they were run over."""

    scans: list[Scan]
    excesses: list[Excess]
    map: Map | None
    districts: int
    are_approximate: bool


def excesses_and_map(
    actor: Actor,
    as_of: datetime,
    *,
    seed: int,
    replicates: int,
    sites: dict[int, int] | None,
    progress: Callable[[int, int], None],
) -> Found:
    """Scan both streams and gather what they found.

    Parameters
    ----------
    sites
        Places to protect by district, where they are known.
    """
    everything = replicates * len(STREAMS)
    runs = []
    for number, stream in enumerate(STREAMS):
        ordered = run_scan(
            actor=actor, stream=stream, now=as_of, seed=seed, replicates=replicates,
            progress=partial(_advance, progress, number * replicates, everything),
        )  # fmt: skip
        run = flashpoints.run_for(actor, ordered.pk)
        if run is not None:
            runs.append(run)
    progress(everything, everything)
    findings = [(run, finding) for run in runs for finding in run.findings.all()]
    counted = [(run, found) for run, found in findings if found.p_value <= _alpha(run)]
    counted.sort(key=lambda pair: (pair[1].p_value, -pair[1].log_likelihood_ratio))
    drawn = _map(actor, runs, [finding for _run, finding in counted])
    return Found(
        scans=[_scan(run) for run in runs],
        excesses=[_excess(run, finding, sites) for run, finding in counted[:_MOST_EXCESSES]],
        map=drawn,
        districts=places.districts(actor).count(),
        are_approximate=flashpoints.has_approximate_boundaries(actor),
    )


def _advance(
    progress: Callable[[int, int], None], before: int, everything: int, done: int, _total: int
) -> None:
    progress(before + done, everything)


def _alpha(run: ScanRun) -> float:
    return float(run.parameters["alpha"])


def _scan(run: ScanRun) -> Scan:
    return Scan(
        stream=run.stream,
        verdict=run.verdict,
        run_id=run.pk,
        window_start=run.window_start,
        window_end=run.window_end,
        cases=run.cases,
        areas=run.areas,
        replicates=run.replicates,
        seed=run.seed,
        data_hash=run.data_hash,
        alpha=_alpha(run),
    )


def _excess(run: ScanRun, finding: Finding, sites: dict[int, int] | None) -> Excess:
    areas = list(finding.areas.all())
    return Excess(
        finding_id=finding.pk,
        stream=run.stream,
        places=[name_of(area.place) for area in areas],
        start=finding.start,
        end=finding.end,
        observed=finding.observed,
        expected=round(finding.expected, 3),
        relative_risk=finding.relative_risk,
        relative_risk_low=finding.relative_risk_low,
        relative_risk_high=finding.relative_risk_high,
        p_value=finding.p_value,
        recurrence_days=finding.recurrence_interval,
        sites=None if sites is None else sum(sites.get(area.place_id, 0) for area in areas),
    )


def _map(actor: Actor, runs: list[ScanRun], counted: list[Finding]) -> Map | None:
    """Return the districts with what was counted in the last days that a finding may span."""
    rows = list(places.districts(actor))
    if not rows or not runs:
        return None
    flagged: dict[int, list[str]] = {}
    for run in runs:
        for finding in counted:
            if finding.run_id == run.pk:
                for area in finding.areas.all():
                    flagged.setdefault(area.place_id, []).append(run.stream)
    by_place: dict[int, list[DistrictCount]] = {}
    for run in runs:
        for place, observed, expected in run.by_area:
            one = DistrictCount(run.stream, int(observed), float(expected))
            by_place.setdefault(int(place), []).append(one)
    # The stream with a finding is the one to look at; else the one with more cases.
    shaded = max(runs, key=lambda run: (run.verdict == "found", run.cases))
    return Map(
        start=shaded.window_end - timedelta(days=int(shaded.parameters["max_duration"]) - 1),
        end=shaded.window_end,
        stream=shaded.stream,
        areas=[
            MapArea(
                place=name_of(place),
                latitude=place.latitude,
                longitude=place.longitude,
                geometry=_simplified(place.boundary),
                counts=by_place.get(place.pk, []),
                flagged=sorted(set(flagged.get(place.pk, []))),
            )
            for place in rows
        ],
    )


def _simplified(geometry: dict[str, Any] | None) -> dict[str, Any] | None:
    """Drop points closer than about a kilometre to the line; the edition keeps what it drew."""
    if not geometry:
        return None
    import shapely
    from shapely.geometry import mapping, shape

    outline = shape(geometry).simplify(_TOLERANCE_DEGREES)
    rounded = shapely.transform(outline, lambda points: points.round(4))
    plain: dict[str, Any] = mapping(rounded)
    return {"type": plain["type"], "coordinates": _lists(plain["coordinates"])}


def _lists(value: Any) -> Any:
    return [_lists(item) for item in value] if isinstance(value, tuple | list) else float(value)
