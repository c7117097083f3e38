"""Which classification of a recommendation can follow which, as at the NTSB."""

from __future__ import annotations

from qalqan.desk.commission.models import Recommendation

_State = Recommendation.State
_NEEDS_NO_RESPONSE = frozenset(
    {_State.UNACCEPTABLE, _State.NOT_APPLICABLE, _State.RECONSIDERED, _State.SUPERSEDED,
     _State.CLOSED_UNACCEPTABLE}
)  # fmt: skip
"""Silence can be unacceptable, and what is asked can lose its ground, without a response."""


def may_follow(before: str, after: str, has_response: bool) -> bool:
    """Tell whether a classification can follow another.

    A closed one can only be opened again. What praises or accepts what the addressee did needs
    its response.

    >>> may_follow("open_await", "closed_acceptable", False)
    False
    >>> may_follow("open_await", "open_unacceptable", False)
    True
    >>> may_follow("closed_acceptable", "open_await", True)
    True
    >>> may_follow("closed_acceptable", "closed_exceeds", True)
    False
    """
    if before == after:
        return False
    if before.startswith("closed_"):
        return after.startswith("open_")
    if after == _State.AWAIT:
        return True
    return has_response or after in _NEEDS_NO_RESPONSE
