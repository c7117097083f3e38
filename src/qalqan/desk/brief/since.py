"""What is new, changed and gone between the edition a reader saw last and the one shown now.

Both editions are narrowed to what the reader may see before they are compared, so nothing can be
learnt from a line that is gone but what could be read when it was there.
"""

from __future__ import annotations

from dataclasses import dataclass

from qalqan.desk.brief import ranking as r
from qalqan.desk.brief.candidates import candidates
from qalqan.desk.brief.content import Brief
from qalqan.desk.brief.ranking import Candidate

CHANGED = 1.1
"""An estimate has changed when it rose or fell by a tenth; a count when it is another."""
_ESTIMATES = frozenset({"area", "trust"})
_NOT_COMPARED = frozenset({"sites"})
"""Sites are compared one by one."""
_ROOMS = {
    "warning": "warnings", "alone": "warnings", "signal": "devices", "device": "devices",
    "incident": "incidents", "rumour": "rumours", "silent": "rumours", "area": "flashpoints",
    "work": "overdue", "decision": "decisions", "advice": "decisions", "question": "questions",
    "site": "protection", "notices": "protection", "gap": "gaps", "trust": "trust",
    "outreach": "outreach",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Since:
    """What is different; ``changed`` holds each thing with what its number was.

    ``unknown`` names the rooms that could not be read in either edition: of them nothing is said.
    """

    new: tuple[Candidate, ...]
    changed: tuple[tuple[Candidate, float], ...]
    gone: tuple[Candidate, ...]
    unknown: tuple[str, ...] = ()

    @property
    def is_same(self) -> bool:
        """Tell whether nothing is different."""
        return not (self.new or self.changed or self.gone)


def since(before: Brief, after: Brief) -> Since:
    """Compare two editions by what may need somebody, the gravest first.

    A room that either edition is without is left out: nobody can say what became of its lines.
    """
    unread = {one.room for one in [*before.missing, *after.missing]}
    hidden = {*before.hidden, *after.hidden}
    unknown = unread | hidden
    old, new = _known(before, unknown), _known(after, unknown)
    pairs = {key: _same(one, old) for key, one in new.items()}
    still = {one.key for one in pairs.values() if one is not None}
    changed = [
        (one, was.number)
        for key, one in new.items()
        if (was := pairs[key]) is not None and was.number is not None and _differs(one, was)
    ]
    return Since(
        new=_ordered([one for key, one in new.items() if pairs[key] is None]),
        changed=tuple(sorted(changed, key=lambda pair: (-pair[0].severity, pair[0].key))),
        gone=_ordered([one for key, one in old.items() if key not in still]),
        unknown=tuple(sorted(unread - hidden)),
    )


def _known(brief: Brief, unknown: set[str]) -> dict[str, Candidate]:
    return {
        one.key: one
        for one in candidates(brief)
        if one.kind not in _NOT_COMPARED and _ROOMS.get(one.kind, one.kind) not in unknown
    }


def _same(one: Candidate, others: dict[str, Candidate]) -> Candidate | None:
    """Return what a thing was before; circles of a scan move a little, so a shared place is it."""
    if one.kind != "area":
        return others.get(one.key)
    return next(
        (
            other
            for other in others.values()
            if other.kind == "area"
            and other.subject.stream == one.subject.stream
            and other.districts & one.districts
        ),
        None,
    )


def _differs(one: Candidate, was: Candidate) -> bool:
    if one.number is None or was.number is None:
        return False
    if one.kind not in _ESTIMATES:
        return one.number != was.number
    low, high = sorted((one.number, was.number))
    return high > CHANGED * low


def _ordered(found: list[Candidate]) -> tuple[Candidate, ...]:
    return tuple(sorted(found, key=lambda one: (-one.severity, r.KINDS.index(one.kind), one.key)))
