"""A scan run, and its result as plain data, as rows and as a table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from qalqan.cli.flashpoints.assemble import Assembled, assemble
from qalqan.cli.flashpoints.files import finite
from qalqan.cli.flashpoints.job import Job
from qalqan.science.flashpoints.montecarlo import Progress
from qalqan.science.flashpoints.results import Cluster, ScanResult
from qalqan.science.flashpoints.scan import scan

LEAST_LLR = 0.001
"""SaTScan reports no cluster below it, nor do we."""

COLUMNS = (
    "rank", "ids", "center_id", "radius", "start", "end", "observed", "expected",
    "relative_risk", "relative_risk_low", "relative_risk_high", "llr", "p",
    "recurrence_interval",
)  # fmt: skip


def run(job: Job, progress: Progress | None = None) -> dict[str, Any]:
    """Read the files, scan, and return the result as it is written to JSON."""
    assembled = assemble(job)
    job.options = replace(job.options, metric=assembled.metric)
    result = scan(assembled.data, job.options, progress=progress)
    data = result_data(job, assembled, result)
    if job.gini_besides and len(assembled.data.streams) == 1:
        chosen = scan(assembled.data, replace(job.options, gini=True))
        data["gini_clusters"] = _clusters(job, assembled, chosen)
        data["reporting_share"] = finite(chosen.reporting_share)
    return data


def result_data(job: Job, assembled: Assembled, result: ScanResult) -> dict[str, Any]:
    """Return clusters, and all that is needed to find them again."""
    options, period = job.options, assembled.period
    return {
        "clusters": _clusters(job, assembled, result),
        "replicates": result.replicates,
        "seed": result.seed,
        "method": result.method,
        "model": options.model,
        "time": options.time,
        "zones": options.zones,
        "metric": assembled.metric,
        "distance_unit": "km" if assembled.metric == "greatcircle" else "unit of the coordinates",
        "direction": options.direction,
        "period": {
            "start": period.shown(period.first),
            "end": period.shown(period.last),
            "unit": period.words,
            "number": len(period.boundaries) - 1,
        },
        "areas": assembled.areas,
        "cases": assembled.cases,
        "limits": {
            "max_share": options.max_share,
            "max_radius": options.max_radius,
            "max_duration": options.max_duration,
            "max_duration_share": None if options.max_duration else options.max_duration_share,
            "min_cases": options.min_cases,
        },
        "stopped_early": result.stopped,
        "reporting_share": finite(result.reporting_share),
        "interval": "95 %, relative risk, the zone taken as given",
        "notes": job.notes,
    }


def _clusters(job: Job, assembled: Assembled, result: ScanResult) -> list[dict[str, Any]]:
    reported = [found for found in result.clusters if found.test_statistic >= LEAST_LLR]
    return [_cluster(job, assembled, found, result.replicates) for found in reported]


def _cluster(job: Job, assembled: Assembled, found: Cluster, replicates: int) -> dict[str, Any]:
    """Return one cluster, the fields that the issue names first."""
    flat, period = job.options.time == "none", assembled.period
    somewhere = found.centre >= 0
    p_value = finite(found.gumbel_p_value) if job.gumbel else finite(found.p_value)
    recurrence = found.recurrence_interval if replicates and not job.alive else None
    data: dict[str, Any] = {
        "ids": list(found.ids),
        "center": assembled.data.coordinates[found.centre].tolist()  # type: ignore[index,union-attr]
        if somewhere
        else None,
        "radius": finite(found.radius) if somewhere else None,
        "start": None if flat else period.shown(found.first_day),
        "end": None if flat else period.shown(found.last_day),
        "observed": found.observed,
        "expected": found.expected,
        "relative_risk": finite(found.relative_risk),
        "llr": found.log_likelihood_ratio,
        "p": p_value if replicates else None,
        "recurrence_interval": finite(recurrence),
        "relative_risk_low": finite(found.relative_risk_low),
        "relative_risk_high": finite(found.relative_risk_high),
        "observed_over_expected": finite(found.observed / found.expected)
        if found.expected
        else None,
        "center_id": assembled.data.ids[found.centre] if somewhere else None,
        "test_statistic": found.test_statistic,
        "p_gumbel": finite(found.gumbel_p_value),
    }
    if recurrence is not None:
        data["recurrence_unit"] = period.words
    if job.options.zones == "ellipse":
        data |= {"shape": found.shape, "angle": found.angle}
    if found.streams:
        data["streams"] = [
            {"name": stream.name, "observed": pair[0], "expected": pair[1]}
            for stream, pair in zip(assembled.data.streams, found.streams, strict=True)
        ]
    return data


def rows_of(data: dict[str, Any]) -> list[list[Any]]:
    """Return the clusters as rows of ``COLUMNS``."""
    return [
        [rank, " ".join(cluster["ids"]), *(cluster[name] for name in COLUMNS[2:])]
        for rank, cluster in enumerate(data["clusters"], start=1)
    ]


def shown_table(data: dict[str, Any], limit: int) -> tuple[list[str], list[list[str]]]:
    """Return titles and the first clusters in words, for a person."""
    clusters = data["clusters"][:limit]
    columns = {
        "areas": [_named(cluster["ids"]) for cluster in clusters],
        "when": [_window(cluster) for cluster in clusters],
        "cases": [str(cluster["observed"]) for cluster in clusters],
        "expected": [f"{cluster['expected']:.2f}" for cluster in clusters],
        "RR (95 %)": [
            f"{_short(cluster['relative_risk'])} ({_short(cluster['relative_risk_low'])}–"
            f"{_short(cluster['relative_risk_high'])})"
            for cluster in clusters
        ],
        "LLR": [f"{cluster['llr']:.4f}" for cluster in clusters],
        "p": ["" if cluster["p"] is None else f"{cluster['p']:.4g}" for cluster in clusters],
        "once in": [_recurs(cluster) for cluster in clusters],
    }
    filled = {title: cells for title, cells in columns.items() if any(cells)}
    return list(filled), [list(row) for row in zip(*filled.values(), strict=True)]


def _named(ids: list[str]) -> str:
    return ", ".join(ids[:3]) + (f" + {len(ids) - 3}" if len(ids) > 3 else "")


def _window(cluster: dict[str, Any]) -> str:
    return "" if cluster["start"] is None else f"{cluster['start']} to {cluster['end']}"


def _recurs(cluster: dict[str, Any]) -> str:
    interval = cluster["recurrence_interval"]
    return "" if interval is None else f"{interval:.0f} × {cluster['recurrence_unit']}"


def _short(value: float | None) -> str:
    return "∞" if value is None else f"{value:.2f}"
