"""What goes into the search for an earlier answer, and what comes out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AnsweredClaim:
    """A claim that has been answered before.

    Parameters
    ----------
    id : int or str
        Identifier. The same one may come several times with other wordings or languages; the best
        of them counts.
    text : str
        What the claim says.
    title : str
        Headline of the answer, where there is one.
    """

    id: int | str
    text: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """One possible earlier answer, or the possibility that there is none.

    Parameters
    ----------
    id : int, str or None
        The answered claim; ``None`` stands for "has not been answered before".
    probability : float
        Calibrated; over all claims and the ``None`` of one text they add up to one.
    score : float
        What the order follows: higher is nearer. 0 for ``None``.
    reasons : tuple of str
        Codes with values, the weightiest first: ``"meaning 0.91"``, ``"words 0.74"``.
    """

    id: int | str | None
    probability: float
    score: float
    reasons: tuple[str, ...] = ()
