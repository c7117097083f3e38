"""Which state of a claim may follow which; what is not here is refused.

::

    new ─► triage ─► checking ─► verdict ─► answered ─► watching ─► closed
     └────────┴──►──────┘ │          │          └───────────────────►┘
                          └► unverifiable ◄┘
    watching, closed ─(new copies)─► returned ─► answered (from stock), checking, closed

``duplicate`` is entered and left by merging alone: undoing the merge restores the state before.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from qalqan.desk.rumours.models.claims import Claim

S = Claim.State

TRANSITIONS: Mapping[str, frozenset[str]] = {
    S.NEW: frozenset({S.TRIAGE, S.CHECKING, S.CLOSED}),
    S.TRIAGE: frozenset({S.CHECKING, S.CLOSED}),
    S.CHECKING: frozenset({S.TRIAGE, S.VERDICT, S.UNVERIFIABLE}),
    S.VERDICT: frozenset({S.VERDICT, S.CHECKING, S.ANSWERED, S.UNVERIFIABLE}),
    S.ANSWERED: frozenset({S.WATCHING, S.CLOSED, S.CHECKING}),
    S.WATCHING: frozenset({S.CLOSED, S.RETURNED, S.CHECKING}),
    S.CLOSED: frozenset({S.RETURNED, S.TRIAGE, S.CHECKING}),
    S.RETURNED: frozenset({S.ANSWERED, S.CHECKING, S.CLOSED}),
    S.UNVERIFIABLE: frozenset({S.CHECKING, S.CLOSED}),
    S.DUPLICATE: frozenset(),
}
"""The table that every service asks."""

OWNED = frozenset({S.CHECKING, S.VERDICT})
"""States in which one person answers for the claim."""

FREE = frozenset({S.NEW, S.TRIAGE, S.RETURNED, S.UNVERIFIABLE})
"""States in which a claim is simply taken."""

DECIDED = frozenset({S.VERDICT, S.ANSWERED, S.WATCHING, S.CLOSED, S.RETURNED})
"""States in which checking again needs a reason."""

OPEN = frozenset({S.NEW, S.TRIAGE, S.CHECKING, S.VERDICT, S.RETURNED})
"""States in which the desk still owes something."""

SETTLED = frozenset({S.WATCHING, S.CLOSED})
"""States from which new copies bring a claim back."""

WATCH_AFTER = timedelta(hours=24)
"""An answered claim is watched from then on."""

RETURN_COPIES = 10
RETURN_WINDOW = timedelta(hours=24)
"""So many copies published within the window, and after the claim was settled, bring it back."""


def may_follow(before: str, after: str) -> bool:
    """Tell whether a claim may go from one state to another.

    >>> may_follow("new", "triage"), may_follow("new", "answered")
    (True, False)
    """
    return after in TRANSITIONS[before]
