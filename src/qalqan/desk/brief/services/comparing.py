"""What changed between two briefs."""

from __future__ import annotations

from collections.abc import Iterator

from qalqan.desk.brief.content import Brief, Change, Excess, Rumour

_MORE = 1.1
"""A relative risk that rose by a tenth counts as grown; less is noise."""
_FOUND = "found"


def changes(before: Brief, after: Brief) -> list[Change]:
    """Return what appeared, grew further or is gone; what merely stayed is left out.

    What people did in between stands in neither brief: see ``happening``.
    """
    return [*_rumours(before, after), *_areas(before, after), *_scans(before, after)]


def _rumours(before: Brief, after: Brief) -> Iterator[Change]:
    old = {rumour.claim_id: rumour for rumour in before.rumours}
    new = {rumour.claim_id: rumour for rumour in after.rumours}
    for key, rumour in new.items():
        if key not in old:
            yield _rumour("appeared", rumour, None, rumour.copies_window)
        elif rumour.copies_window > old[key].copies_window:
            yield _rumour("grown", rumour, old[key].copies_window, rumour.copies_window)
    for key, rumour in old.items():
        if key not in new:
            yield _rumour("gone", rumour, rumour.copies_window, None)


def _rumour(change: str, rumour: Rumour, before: int | None, after: int | None) -> Change:
    return Change(
        what="rumour",
        change=change,
        claim_id=rumour.claim_id,
        text=rumour.text,
        language=rumour.language,
        stream="",
        places=[],
        before=before,
        after=after,
    )


def _areas(before: Brief, after: Brief) -> Iterator[Change]:
    for excess in after.excesses:
        old = _same_area(excess, before.excesses)
        if old is None:
            yield _area("appeared", excess, None, excess.relative_risk)
        elif (excess.relative_risk or 0) > _MORE * (old.relative_risk or 0):
            yield _area("grown", excess, old.relative_risk, excess.relative_risk)
    for excess in before.excesses:
        if _same_area(excess, after.excesses) is None:
            yield _area("gone", excess, excess.relative_risk, None)


def _same_area(excess: Excess, others: list[Excess]) -> Excess | None:
    """Return the excess of the same stream that shares a district, for circles move a little."""
    ids = {place.id for place in excess.places}
    return next(
        (
            other
            for other in others
            if other.stream == excess.stream and ids & {place.id for place in other.places}
        ),
        None,
    )


def _area(change: str, excess: Excess, before: float | None, after: float | None) -> Change:
    return Change(
        what="area",
        change=change,
        claim_id=None,
        text="",
        language="",
        stream=excess.stream,
        places=excess.places,
        before=before,
        after=after,
    )


def _scans(before: Brief, after: Brief) -> Iterator[Change]:
    """Say where a scan became or ceased to be significant, with the areas it found."""
    old = {scan.stream: scan.verdict for scan in before.scans}
    for scan in after.scans:
        was, is_now = old.get(scan.stream) == _FOUND, scan.verdict == _FOUND
        if was == is_now:
            continue
        yield Change(
            what="scan",
            change="significant" if is_now else "not_significant",
            claim_id=None,
            text="",
            language="",
            stream=scan.stream,
            places=[],
            before=_found_in(before, scan.stream),
            after=_found_in(after, scan.stream),
        )


def _found_in(brief: Brief, stream: str) -> int:
    return sum(excess.stream == stream for excess in brief.excesses)
