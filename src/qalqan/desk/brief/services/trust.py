"""How far people trust official word, by the newest poll that measured it."""

from __future__ import annotations

from datetime import datetime

from qalqan.desk.brief.content import TrustNow
from qalqan.desk.platform.policies import Actor
from qalqan.desk.polls import selectors


def trust_now(actor: Actor, now: datetime) -> TrustNow | None:
    """Return the index with its interval and tested change; nothing where none was measured."""
    board = selectors.trust(actor)
    whole = board.measure.whole if board else None
    if board is None or whole is None or whole.value is None:
        return None
    poll = board.latest.poll
    if poll.ends_on > now.date() or whole.low is None or whole.high is None:
        return None
    change = board.change
    return TrustNow(
        index=whole.value, low=whole.low, high=whole.high, answers=whole.n or 0,
        start=poll.starts_on, end=poll.ends_on, formula=int(board.formula["version"]),
        change=change["difference"] if change else None,
        change_low=change["low"] if change else None,
        change_high=change["high"] if change else None,
    )  # fmt: skip
