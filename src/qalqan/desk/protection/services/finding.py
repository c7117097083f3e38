"""Violations: an inspection finds them, finds them again, or finds them gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Q

from qalqan.desk.protection.models import (
    Given,
    Inspection,
    Notice,
    NoticeStep,
    Question,
    Violation,
)

S = Violation.State
_UNNOTIFIED = (S.OPEN, S.REOPENED)
_LIVE_NOTICE = (Notice.State.ISSUED, Notice.State.ANSWERED)


def note_failures(inspection: Inspection, given: Sequence[Given]) -> Mapping[str, int]:
    """Bring the violations of a site up to what an inspection found; call inside its act.

    A violation that was verified and fails again is reopened, not entered anew. What an
    inspection found before the verification, but sent after it, reopens nothing. A violation
    that nobody was notified of is settled by passing.

    Returns
    -------
    Mapping
        How many were ``found``, ``again``, ``reopened`` and ``settled``.
    """
    counts = {"found": 0, "again": 0, "reopened": 0, "settled": 0}
    checklist = inspection.version.checklist_id
    codes = [row.question.code for row in given]
    known = {
        row.code: row
        for row in Violation.objects.select_for_update().filter(
            site_id=inspection.site_id, checklist_id=checklist, code__in=codes
        )
    }
    for row in given:
        violation = known.get(row.question.code)
        if row.failed and row.question.severity != Question.Severity.NONE:
            counts[_failed(inspection, row, violation)] += 1
        elif violation is not None and not row.failed and row.value:
            counts["settled"] += _passed(inspection, violation)
    return counts


def _failed(inspection: Inspection, row: Given, violation: Violation | None) -> str:
    if violation is None:
        Violation.objects.create(
            site_id=inspection.site_id,
            checklist_id=inspection.version.checklist_id,
            code=row.question.code,
            found_at=inspection.finished_at,
            is_sample=inspection.is_sample,
            **_last(inspection, row),
        )
        return "found"
    violation.times_found += 1
    outcome = "again"
    is_newest = inspection.finished_at >= violation.last_found_at
    if violation.state == S.VERIFIED:
        if violation.verified_at and inspection.finished_at <= violation.verified_at:
            violation.save(update_fields=["times_found"])
            return outcome
        violation.state, violation.verified_at = S.REOPENED, None
        violation.times_reopened += 1
        outcome = "reopened"
    if is_newest:
        for name, value in _last(inspection, row).items():
            setattr(violation, name, value)
    violation.save()
    _tell_notice(inspection, violation, is_reopened=outcome == "reopened")
    return outcome


def _last(inspection: Inspection, row: Given) -> dict[str, object]:
    return {
        "question": row.question,
        "inspection": inspection,
        "severity": row.question.severity,
        "legal_ground": row.question.legal_ground,
        "note": row.note,
        "last_found_at": inspection.finished_at,
    }


def _tell_notice(inspection: Inspection, violation: Violation, *, is_reopened: bool) -> None:
    """Add to the newest notice of the violation that an inspection found it again."""
    of_it = Q(items__violation=violation)
    if not is_reopened:
        of_it &= Q(state__in=_LIVE_NOTICE)
    notice = Notice.objects.filter(of_it).order_by("-issued_at", "-pk").first()
    if notice is not None:
        NoticeStep.objects.create(
            notice=notice,
            at=inspection.received_at,
            kind=NoticeStep.Kind.RECURRED,
            by_id=inspection.inspector_id,
            text=str(violation.question)[:500],
        )


def _passed(inspection: Inspection, violation: Violation) -> int:
    if violation.state not in _UNNOTIFIED or inspection.finished_at <= violation.last_found_at:
        return 0
    violation.state, violation.verified_at = S.VERIFIED, inspection.finished_at
    violation.save(update_fields=["state", "verified_at"])
    return 1
