"""Look for areas and days with more than expected, and keep what was found."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.flashpoints.method import DEFAULTS, ScanSettings
from qalqan.desk.flashpoints.models import (
    AreaKind,
    Finding,
    FindingArea,
    ScanRun,
    Stream,
    stream_key,
)
from qalqan.desk.flashpoints.services.placing import put_on_the_desk
from qalqan.desk.flashpoints.services.reading import Cases, by_area, digest_of, read_cases
from qalqan.desk.flashpoints.services.rival import Reports
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.errors import InputError

if TYPE_CHECKING:
    from qalqan.science.flashpoints.results import Cluster, ScanResult

Progress = Callable[[int, int], None]

_RUN_FIELDS = (
    *("area_kind", "window_start", "window_end", "parameters", "cases", "areas", "left_out"),
    *("verdict", "created_at", "is_sample", "by_area"),
)


@dataclass(frozen=True, slots=True)
class Read:
    """What is to be scanned, and how the run will look; nothing is computed or stored yet."""

    run: ScanRun
    data: Cases
    settings: ScanSettings


def run_scan(
    *,
    actor: Actor,
    stream: str = "",
    streams: Sequence[str] = (),
    area_kind: str = AreaKind.DISTRICTS,
    now: datetime,
    seed: int = 0,
    replicates: int = 999,
    settings: ScanSettings = DEFAULTS,
    progress: Progress | None = None,
) -> ScanRun:
    """Scan for flash-points that are alive now, and store run, findings and what they continue.

    The prospective space-time permutation scan compares each area and day with the others: an
    area with many people, or a day with many reports everywhere, is no finding by itself.
    The same data, settings and seed are scanned once; the stored run is returned.

    Parameters
    ----------
    stream, streams
        One stream, or several that are scanned at once.
    area_kind
        ``districts`` or ``grid``.
    now
        The window ends on this moment's day in the province.
    seed, replicates
        Of the Monte Carlo test.
    progress
        Called with the replicates done and wanted.

    Raises
    ------
    InputError
        No such stream.
    RefusedError
        The actor may not order a scan.
    """
    require(actor, ADD, ScanRun)
    read = read_for_scan(
        actor=actor, streams=streams or stream.split("+"), area_kind=area_kind, now=now,
        seed=seed, replicates=replicates, settings=settings,
    )  # fmt: skip
    known = ScanRun.objects.filter(
        stream=read.run.stream, data_hash=read.run.data_hash, seed=seed, replicates=replicates
    ).first()
    if known is not None:
        return known
    result = compute(read, progress)
    return _store(actor=actor, read=read, result=result, now=now)


def read_for_scan(
    *,
    actor: Actor,
    streams: Sequence[str],
    area_kind: str,
    now: datetime,
    seed: int,
    replicates: int,
    settings: ScanSettings,
) -> Read:
    """Read the data of a scan and describe the run, without its verdict.

    Raises
    ------
    InputError
        No such stream, or none.
    """
    unknown = set(streams) - set(Stream.values)
    if unknown or not streams:
        raise InputError(
            _("There is no such stream: %(names)s.") % {"names": ", ".join(sorted(unknown)) or "–"}
        )
    end = timezone.localtime(now, timezone.get_default_timezone()).date()
    start = end - timedelta(days=settings.window_days - 1)
    data = read_cases(actor, streams, area_kind, start, end)
    run = ScanRun(
        stream=stream_key(streams),
        area_kind=area_kind,
        window_start=start,
        window_end=end,
        parameters=asdict(settings),
        cases=data.total,
        areas=len(data.place_ids),
        left_out=data.left_out,
        seed=seed,
        replicates=replicates,
        created_at=now,
        data_hash=digest_of(data, settings),
        is_sample=data.is_sample,
        by_area=by_area(data, settings.max_duration),
    )
    return Read(run, data, settings)


def compute(read: Read, progress: Progress | None = None) -> ScanResult | None:
    """Scan, and write the verdict on the run; nothing where there is too little to scan."""
    result = _scan(read, progress)
    if result is None:
        read.run.verdict = ScanRun.Verdict.NOT_ENOUGH
    elif any(cluster.p_value <= read.settings.alpha for cluster in result.clusters):
        read.run.verdict = ScanRun.Verdict.FOUND
    else:
        read.run.verdict = ScanRun.Verdict.NOTHING
    return result


def _scan(read: Read, progress: Progress | None) -> ScanResult | None:
    data, settings = read.data, read.settings
    counted = data.counts[data.counts.sum(axis=(1, 2)) > 0]
    if data.total < settings.enough_cases or len(data.place_ids) < 2:
        return None
    if np.count_nonzero(data.together.sum(axis=1)) < 2:
        return None
    # The kernels need numba, which takes a second to load; the pages do without.
    from qalqan.science.flashpoints.engine import Plan, run
    from qalqan.science.flashpoints.models import permutation_counted
    from qalqan.science.flashpoints.zones import circular_zones

    zones = circular_zones(
        data.coordinates,
        population=data.together.sum(axis=1),
        max_share=settings.max_share,
        metric="greatcircle",
    )
    plan = Plan(
        read.run.seed, read.run.replicates, "high", prospective=True,
        durations=(1, settings.max_duration), min_cases=settings.min_cases, workers=1,
        progress=progress,
    )  # fmt: skip
    return run([permutation_counted(one, zones.n_areas) for one in counted], zones, plan)


@transaction.atomic
def _store(*, actor: Actor, read: Read, result: ScanResult | None, now: datetime) -> ScanRun:
    """Store the run with its findings; if another process was faster, return its run."""
    run = read.run
    stored, is_new = ScanRun.objects.get_or_create(
        stream=run.stream,
        data_hash=run.data_hash,
        seed=run.seed,
        replicates=run.replicates,
        defaults={name: getattr(run, name) for name in _RUN_FIELDS},
    )
    if not is_new:
        return stored
    clusters = result.clusters[: read.settings.most_findings] if result else []
    reports = Reports(actor, read.data.days)
    findings = []
    for rank, cluster in enumerate(clusters, start=1):
        values = values_of(read, cluster, rank)
        if cluster.p_value <= read.settings.alpha:
            values["reporting"] = check_of(reports, read, cluster, values)
        finding = Finding.objects.create(run=stored, **values)
        FindingArea.objects.bulk_create(
            FindingArea(
                finding=finding, order=order, cell=read.data.cells[member],
                place_id=int(read.data.place_ids[member]),
            )
            for order, member in enumerate(cluster.members)
        )  # fmt: skip
        findings.append(finding)
    put_on_the_desk(run=stored, findings=findings, now=now)
    audit.record(
        actor=actor,
        action="flashpoints.run_scan",
        subject=stored,
        now=now,
        detail={
            "stream": run.stream, "areas": str(run.area_kind), "verdict": str(run.verdict),
            "findings": len(clusters),
        },
    )  # fmt: skip
    return stored


def check_of(
    reports: Reports, read: Read, cluster: Cluster, values: dict[str, Any]
) -> dict[str, Any]:
    """Return how reports of everything else rose in the area and days of a cluster."""
    return reports.check(
        streams=read.data.streams,
        districts=set(read.data.place_ids[list(cluster.members)].tolist()),
        start=values["start"],
        end=values["end"],
        risk=(
            values["relative_risk"], values["relative_risk_low"], values["relative_risk_high"],
        ),
    )  # fmt: skip


def values_of(read: Read, cluster: Cluster, rank: int) -> dict[str, Any]:
    """Return the numbers of a cluster under the names that a finding has for them."""
    data = read.data
    members = list(cluster.members)
    inside = data.together[members].sum(axis=0)
    expected = data.expected()[:, members].sum(axis=(0, 1))
    curve = [
        [day.isoformat(), int(observed), round(float(mean), 3)]
        for day, observed, mean in zip(data.days, inside, expected, strict=True)
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
        "by_stream": _by_stream(data, cluster),
    }


def _by_stream(data: Cases, cluster: Cluster) -> list[list[Any]]:
    """Return stream, observed and expected cases where several were scanned at once."""
    if len(data.streams) < 2:
        return []
    block = np.ix_(list(cluster.members), range(cluster.start, cluster.end + 1))
    return [
        [str(stream), int(table[block].sum()), round(float(mean[block].sum()), 3)]
        for stream, table, mean in zip(data.streams, data.counts, data.expected(), strict=True)
    ]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
