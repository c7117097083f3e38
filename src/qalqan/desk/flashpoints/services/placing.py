"""Put findings on the desk, each thing once: what continues is seen again, not listed as new."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.flashpoints.method import ALPHA, Weight, carried_by, is_clearly_larger
from qalqan.desk.flashpoints.models import (
    AreaKind,
    Finding,
    FindingArea,
    FlashPoint,
    FlashPointStep,
    ScanRun,
)
from qalqan.desk.flashpoints.policies import REVIEW
from qalqan.desk.flashpoints.services.steps import add_step
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor, SystemActor, require
from qalqan.errors import ConflictError


def put_on_the_desk(*, run: ScanRun, findings: Sequence[Finding], now: datetime) -> None:
    """Tie each finding that counts to the flash-point that it continues, or open one for it.

    A finding continues a flash-point when it shares a district with its newest sighting, and a
    day: its first day is not after that sighting's last. A flash-point that is closed or an
    artefact stays so, unless the finding is clearly larger than what was judged, or carried by
    another stream: tips that were an artefact do not hide incidents. Scans of the
    grid show where more precisely; they continue flash-points and open none, so that they do not
    double the false alerts. A run of an earlier day than the newest one changes nothing.
    """
    counting = [one for one in findings if one.p_value <= _alpha(run)]
    if not counting:
        return
    districts = _districts_of(counting)
    _lock(set().union(*districts.values()))
    if _is_behind(run):
        return
    for finding in counting:
        known = _continued(finding, districts[finding.pk])
        if known is not None:
            _see_again(known, finding, now)
        elif run.area_kind == AreaKind.DISTRICTS:
            _open(finding, run, now)


@transaction.atomic
def take_up(*, actor: Actor, finding: Finding, now: datetime) -> FlashPoint:
    """Put a finding that counts on the desk by hand, such as one of the grid.

    Where it continues what is on the desk already, it becomes one more sighting of that.

    Raises
    ------
    ConflictError
        It is on the desk already, or does not count at its setting.
    RefusedError
        The actor may not review findings.
    """
    require(actor, REVIEW, FlashPoint)
    locked: Finding = Finding.objects.select_for_update().get(pk=finding.pk)
    if locked.flash_point_id is not None:
        raise ConflictError(_("This finding is on the desk already."))
    if locked.p_value > _alpha(locked.run):
        raise ConflictError(_("This finding does not count at its setting."))
    districts = _districts_of([locked])[locked.pk]
    _lock(districts)
    flash_point = _continued(locked, districts)
    if flash_point is None or flash_point.is_off_the_desk:
        flash_point = _open(locked, locked.run, now, actor=actor)
    else:
        _see_again(flash_point, locked, now)
    audit.record(actor=actor, action="flashpoints.take_up", subject=flash_point, now=now)
    return flash_point


def _alpha(run: ScanRun) -> float:
    return float(run.parameters.get("alpha", ALPHA))


def _is_behind(run: ScanRun) -> bool:
    later = ScanRun.objects.filter(stream=run.stream, area_kind=run.area_kind)
    return later.filter(window_end__gt=run.window_end).exists()


def _districts_of(findings: Sequence[Finding]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {finding.pk: set() for finding in findings}
    rows = FindingArea.objects.filter(finding__in=findings).values_list("finding_id", "place_id")
    for finding_id, place_id in rows:
        found[finding_id].add(place_id)
    return found


def _lock(district_ids: set[int]) -> None:
    """Let scans that found something in the same district go one after the other."""
    rows = places.districts(SystemActor("flashpoints")).filter(pk__in=district_ids)
    list(rows.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))


def _continued(finding: Finding, districts: set[int]) -> FlashPoint | None:
    """Return the flash-point that the finding continues: the one it shares most with."""
    rows = FlashPoint.objects.filter(
        last_day__gte=finding.start, newest__areas__place__in=districts
    )
    best: FlashPoint | None = None
    most = (0, 0)
    for known in rows.select_related("newest").distinct().order_by("pk"):
        newest = known.newest
        if newest is None or newest.start > finding.end:
            continue
        theirs = set(newest.areas.values_list("place_id", flat=True))
        shared = len(theirs & districts)
        days = (min(newest.end, finding.end) - max(newest.start, finding.start)).days + 1
        # Of two that fit equally well the one that is still on the desk, then the older one.
        fit = (shared * days, int(not known.is_off_the_desk))
        if fit > most:
            best, most = known, fit
    if best is None:
        return None
    locked: FlashPoint = FlashPoint.objects.select_for_update().get(pk=best.pk)
    return locked


def _see_again(flash_point: FlashPoint, finding: Finding, now: datetime) -> None:
    """Add a sighting; the newest is of the last day, and of that day the first one.

    So the numbers of one stream are followed from night to night as long as it finds the thing,
    and what several streams or the grid say of the same night stands beside them. Of several
    findings of one run that continue it, the surest stays the newest.
    """
    finding.flash_point = flash_point
    finding.save(update_fields=["flash_point"])
    newest = flash_point.newest
    if newest is None or finding.end > newest.end or _is_made_anew(finding, newest):
        flash_point.newest = finding
        flash_point.last_day = finding.end
        flash_point.save(update_fields=["newest", "last_day"])
    judged = flash_point.judged
    if not flash_point.is_off_the_desk or judged is None:
        return
    if is_clearly_larger(carried_by(_weight(finding)), carried_by(_weight(judged))):
        flash_point.newest = finding
        flash_point.save(update_fields=["newest"])
        flash_point.state, flash_point.judgement = FlashPoint.State.NEW, ""
        add_step(flash_point, kind=FlashPointStep.Kind.RETURNED, finding=finding, now=now)


def _is_made_anew(finding: Finding, newest: Finding) -> bool:
    """Tell whether a later run of the same scan and day found it."""
    run, other = finding.run, newest.run
    is_same = (run.stream, run.area_kind) == (other.stream, other.area_kind)
    is_later = (run.created_at, run.pk) > (other.created_at, other.pk)
    return is_same and is_later and finding.end == newest.end


def _weight(finding: Finding) -> Weight:
    """Return observed and expected cases by stream, whether one was scanned or several."""
    if not finding.by_stream:
        return {finding.run.stream: (finding.observed, finding.expected)}
    return {stream: (seen, mean) for stream, seen, mean in finding.by_stream}


def _open(
    finding: Finding, run: ScanRun, now: datetime, *, actor: Actor | None = None
) -> FlashPoint:
    flash_point = FlashPoint.objects.create(
        newest=finding, last_day=finding.end, opened_at=now, changed_at=now,
        is_sample=run.is_sample,
    )  # fmt: skip
    finding.flash_point = flash_point
    finding.save(update_fields=["flash_point"])
    add_step(
        flash_point, kind=FlashPointStep.Kind.OPENED, finding=finding, now=now, actor=actor
    )  # fmt: skip
    return flash_point
