"""What-if scans: other settings, to look at; no finding is stored, the record does not change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from qalqan.desk.flashpoints import selectors
from qalqan.desk.flashpoints.method import ScanSettings
from qalqan.desk.flashpoints.models import AreaKind, WhatIf, stream_key
from qalqan.desk.flashpoints.services.rival import Reports
from qalqan.desk.flashpoints.services.scanning import (
    Read,
    check_of,
    compute,
    read_for_scan,
    values_of,
)
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, SystemActor, require
from qalqan.errors import QalqanError

if TYPE_CHECKING:
    from qalqan.science.flashpoints.results import ScanResult

KEPT = timedelta(days=30)
"""How long a what-if scan is kept."""

_SHORT = 999 * 90
"""Replicates times days up to which a scan of districts takes about a second."""

_LONGEST_ERROR = 300


@transaction.atomic
def try_scan(
    *,
    actor: Actor,
    streams: Sequence[str],
    area_kind: str,
    as_of: datetime,
    seed: int,
    replicates: int,
    settings: ScanSettings,
    now: datetime,
) -> WhatIf:
    """Order a scan with other settings; a long one goes to the worker in the same transaction.

    Raises
    ------
    RefusedError
        The actor may not order a scan.
    """
    require(actor, ADD, WhatIf)
    what_if: WhatIf = WhatIf.objects.create(
        stream=stream_key(streams), area_kind=area_kind, parameters=asdict(settings), seed=seed,
        replicates=replicates, as_of=as_of, created_at=now,
    )  # fmt: skip
    audit.record(
        actor=actor, action="flashpoints.try_scan", subject=what_if, now=now,
        detail={"stream": what_if.stream, "areas": area_kind, "replicates": replicates},
    )  # fmt: skip
    if not is_short(what_if):
        # Imported late: the task imports the services.
        from qalqan.desk.flashpoints.tasks import compute_what_if as task

        task.enqueue(what_if.pk)
    return what_if


def is_short(what_if: WhatIf) -> bool:
    """Tell whether it is computed at once rather than by the worker."""
    work = what_if.replicates * int(what_if.parameters["window_days"])
    return what_if.area_kind == AreaKind.DISTRICTS and work <= _SHORT


def compute_what_if(*, what_if: WhatIf, clock: Callable[[], datetime]) -> WhatIf:
    """Compute an ordered scan and keep what it would have found; an error is kept and raised.

    It may be run twice: an interrupted one simply begins anew, a finished one is left alone.
    """
    row: WhatIf = WhatIf.objects.get(pk=what_if.pk)
    if row.state == WhatIf.State.DONE:
        return row
    row.state, row.done = WhatIf.State.RUNNING, 0
    row.save(update_fields=["state", "done"])
    try:
        row.result = _result(row)
    except Exception as error:
        row.state, row.finished_at = WhatIf.State.FAILED, clock()
        words = str(error.message) if isinstance(error, QalqanError) else type(error).__name__
        row.error = words[:_LONGEST_ERROR]
        row.save(update_fields=["state", "error", "finished_at"])
        raise
    row.state, row.done, row.finished_at = WhatIf.State.DONE, row.replicates, clock()
    row.save(update_fields=["state", "result", "done", "finished_at"])
    return row


def _result(row: WhatIf) -> dict[str, Any]:
    actor = SystemActor("flashpoints")
    read = read_for_scan(
        actor=actor, streams=row.stream.split("+"), area_kind=row.area_kind, now=row.as_of,
        seed=row.seed, replicates=row.replicates, settings=ScanSettings(**row.parameters),
    )  # fmt: skip
    found = compute(read, _noted(row))
    return _plain(actor, read, found)


def _noted(row: WhatIf) -> Callable[[int, int], None]:
    """Return a report of progress that writes each twentieth part."""

    def report(done: int, wanted: int) -> None:
        if done - row.done >= max(wanted // 20, 1):
            row.done = done
            WhatIf.objects.filter(pk=row.pk).update(done=done)

    return report


def _plain(actor: Actor, read: Read, found: ScanResult | None) -> dict[str, Any]:
    """Return run and findings as plain data; places by key, so that any language may read it."""
    run, data = read.run, read.data
    reports = Reports(actor, data.days)
    findings = []
    for rank, cluster in enumerate(found.clusters[: read.settings.most_findings] if found else []):
        values = values_of(read, cluster, rank + 1)
        if cluster.p_value <= read.settings.alpha:
            values["reporting"] = check_of(reports, read, cluster, values)
        members = list(cluster.members)
        values |= {
            "start": values["start"].isoformat(),
            "end": values["end"].isoformat(),
            "places": data.place_ids[members].tolist(),
            "cells": [data.cells[member] for member in members],
        }
        del values["curve"]
        findings.append(values)
    return {
        "verdict": str(run.verdict),
        "window_start": run.window_start.isoformat(),
        "window_end": run.window_end.isoformat(),
        "cases": run.cases,
        "areas": run.areas,
        "left_out": run.left_out,
        "is_sample": run.is_sample,
        "data_hash": run.data_hash,
        "by_area": run.by_area,
        "findings": findings,
    }


@transaction.atomic
def forget_what_ifs(*, actor: Actor, now: datetime) -> int:
    """Delete what-if scans that are older than `KEPT`; return how many.

    Raises
    ------
    RefusedError
        The actor may not delete them; only the system does.
    """
    require(actor, CHANGE, WhatIf)
    number, _by_model = selectors.old_what_ifs(now - KEPT).delete()
    if number:
        audit.record(
            actor=actor, action="flashpoints.forget_what_ifs", subject="flashpoints", now=now,
            detail={"count": number},
        )  # fmt: skip
    return number
