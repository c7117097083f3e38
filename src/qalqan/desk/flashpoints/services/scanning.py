"""Look for areas and days with more than expected, and keep what was found."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import transaction
from django.utils import timezone
from numpy.typing import NDArray

from qalqan.desk.flashpoints.method import DEFAULTS, ScanSettings
from qalqan.desk.flashpoints.models import Finding, FindingArea, ScanRun, Stream
from qalqan.desk.flashpoints.streams import READERS
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import ADD, Actor, require

if TYPE_CHECKING:
    from qalqan.science.flashpoints.results import Cluster, ScanResult

_FORMAT = 1
"""Raised when the meaning of a stored run changes, so that old runs are not taken for new."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Data:
    """Cases by area and day, with the centres of the areas."""

    place_ids: NDArray[np.int64]
    days: list[date]
    counts: NDArray[np.int64]
    coordinates: NDArray[np.float64]
    is_sample: bool

    @property
    def total(self) -> int:
        return int(self.counts.sum())


def run_scan(
    *,
    actor: Actor,
    stream: str,
    now: datetime,
    seed: int = 0,
    replicates: int = 999,
    settings: ScanSettings = DEFAULTS,
    progress: Progress | None = None,
) -> ScanRun:
    """Scan a stream for flash-points that are alive now, and store run and findings.

    The prospective space-time permutation scan compares each district and day with the others:
    a district with many people, or a day with many reports everywhere, is no finding by itself.
    The same data, settings and seed are scanned once; the stored run is returned.

    Parameters
    ----------
    stream
        ``incidents`` or ``tips``.
    now
        The window ends on this moment's day in the province.
    seed, replicates
        Of the Monte Carlo test.
    progress
        Called with the replicates done and wanted.

    Raises
    ------
    RefusedError
        The actor may not order a scan.
    """
    require(actor, ADD, ScanRun)
    end = timezone.localtime(now, timezone.get_default_timezone()).date()
    start = end - timedelta(days=settings.window_days - 1)
    data = _read(actor, Stream(stream), start, end)
    digest = _digest(data, settings, start, end)
    known = ScanRun.objects.filter(
        stream=stream, data_hash=digest, seed=seed, replicates=replicates
    ).first()
    if known is not None:
        return known
    result = _scan(data, settings, seed, replicates, progress)
    run = ScanRun(
        stream=stream,
        window_start=start,
        window_end=end,
        parameters=asdict(settings),
        cases=data.total,
        areas=len(data.place_ids),
        seed=seed,
        replicates=replicates,
        verdict=_verdict(result, settings),
        created_at=now,
        data_hash=digest,
        is_sample=data.is_sample,
        by_area=_by_area(data, settings.max_duration),
    )
    return _store(actor=actor, run=run, data=data, result=result, now=now)


def _read(actor: Actor, stream: Stream, start: date, end: date) -> _Data:
    reader = READERS[stream]
    place_ids, days, counts = reader.counts(actor, start, end)
    centres = {
        pk: (lat, lon)
        for pk, lat, lon in places.districts(actor).values_list("pk", "latitude", "longitude")
    }
    keep = np.array([int(pk) in centres for pk in place_ids], dtype=bool)
    place_ids, counts = place_ids[keep], counts[keep]
    coordinates = np.array([centres[int(pk)] for pk in place_ids], dtype=np.float64)
    is_sample = bool(counts.sum()) and reader.has_sample(actor, start, end)
    return _Data(place_ids, days, counts, coordinates.reshape(-1, 2), is_sample)


def _digest(data: _Data, settings: ScanSettings, start: date, end: date) -> str:
    """Return a hash of everything that the result depends on, but for seed and replicates."""
    head = json.dumps([_FORMAT, asdict(settings), str(start), str(end)], sort_keys=True)
    digest = hashlib.sha256(head.encode())
    for array in (data.place_ids, data.counts, data.coordinates):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def _by_area(data: _Data, days: int) -> list[list[float]]:
    """Return place, observed and expected cases of each area in the last days of the window."""
    if not data.total:
        return []
    expected = np.outer(data.counts.sum(axis=1), data.counts.sum(axis=0)) / data.total
    recent = zip(
        data.place_ids.tolist(),
        data.counts[:, -days:].sum(axis=1).tolist(),
        expected[:, -days:].sum(axis=1).tolist(),
        strict=True,
    )
    return [[place, observed, round(mean, 3)] for place, observed, mean in recent]


def _scan(
    data: _Data,
    settings: ScanSettings,
    seed: int,
    replicates: int,
    progress: Progress | None,
) -> ScanResult | None:
    """Return what the scan finds, or nothing where there is too little to scan."""
    if data.total < settings.enough_cases or np.count_nonzero(data.counts.sum(axis=1)) < 2:
        return None
    # The kernels need numba, which takes a second to load; the pages do without.
    from qalqan.science.flashpoints.scan import scan_permutation
    from qalqan.science.flashpoints.zones import circular_zones

    zones = circular_zones(
        data.coordinates,
        population=data.counts.sum(axis=1),
        max_share=settings.max_share,
        metric="greatcircle",
    )
    return scan_permutation(
        data.counts,
        zones,
        seed=seed,
        replicates=replicates,
        prospective=True,
        max_duration=settings.max_duration,
        min_cases=settings.min_cases,
        progress=progress,
    )


def _verdict(result: ScanResult | None, settings: ScanSettings) -> str:
    if result is None:
        return ScanRun.Verdict.NOT_ENOUGH
    if any(cluster.p_value <= settings.alpha for cluster in result.clusters):
        return ScanRun.Verdict.FOUND
    return ScanRun.Verdict.NOTHING


@transaction.atomic
def _store(
    *, actor: Actor, run: ScanRun, data: _Data, result: ScanResult | None, now: datetime
) -> ScanRun:
    """Store the run with its findings; if another process was faster, return its run."""
    stored, is_new = ScanRun.objects.get_or_create(
        stream=run.stream,
        data_hash=run.data_hash,
        seed=run.seed,
        replicates=run.replicates,
        defaults={
            name: getattr(run, name)
            for name in (
                *("window_start", "window_end", "parameters", "cases", "areas", "verdict"),
                *("created_at", "is_sample", "by_area"),
            )
        },
    )
    if not is_new:
        return stored
    most = run.parameters["most_findings"]
    clusters = result.clusters[:most] if result else []
    for rank, cluster in enumerate(clusters, start=1):
        finding = Finding.objects.create(run=stored, **_values(cluster, rank, data))
        FindingArea.objects.bulk_create(
            FindingArea(finding=finding, place_id=int(data.place_ids[member]), order=order)
            for order, member in enumerate(cluster.members)
        )
    audit.record(
        actor=actor,
        action="flashpoints.run_scan",
        subject=stored,
        now=now,
        detail={"stream": run.stream, "verdict": str(run.verdict), "findings": len(clusters)},
    )
    return stored


def _values(cluster: Cluster, rank: int, data: _Data) -> dict[str, Any]:
    inside = data.counts[list(cluster.members)]
    expected = inside.sum() * data.counts.sum(axis=0) / data.total
    curve = [
        [day.isoformat(), int(observed), round(float(mean), 3)]
        for day, observed, mean in zip(data.days, inside.sum(axis=0), expected, strict=True)
    ]
    return {
        "rank": rank,
        "start": data.days[cluster.start],
        "end": data.days[cluster.end],
        "observed": cluster.observed,
        "expected": cluster.expected,
        "relative_risk": _finite(cluster.relative_risk),
        "relative_risk_low": cluster.relative_risk_low,
        "relative_risk_high": _finite(cluster.relative_risk_high),
        "log_likelihood_ratio": cluster.log_likelihood_ratio,
        "p_value": cluster.p_value,
        "recurrence_interval": cluster.recurrence_interval or 1 / cluster.p_value,
        "radius_km": cluster.radius,
        "curve": curve,
    }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
