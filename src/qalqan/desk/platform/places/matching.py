"""Names that are nearly what was typed."""

from __future__ import annotations

from collections.abc import Sequence

ENOUGH = 0.5
"""Share of three-letter pieces in common from which a name is offered."""


def pieces(text: str) -> frozenset[str]:
    """Return the three-letter pieces of a folded name, its ends marked.

    >>> sorted(pieces("ой"))
    ['  о', ' ой', 'ой ']
    """
    # Two marks before and one after: the first letters of a name weigh most.
    padded = f"  {text} "
    return frozenset(padded[i : i + 3] for i in range(len(padded) - 2))


def similar_names(key: str, names: Sequence[tuple[str, int]]) -> list[int]:
    """Return the places whose folded names resemble the key, best first.

    Parameters
    ----------
    key
        A folded name.
    names
        Folded names with the places they belong to.

    Returns
    -------
    list of int
        Places by falling similarity (Dice's coefficient of three-letter pieces).

    Examples
    --------
    >>> similar_names("кандагаш", [("кандиагаш", 1), ("шалкар", 2)])
    [1]
    """
    wanted = pieces(key)
    scored: dict[int, float] = {}
    for name, place_id in names:
        have = pieces(name)
        score = 2 * len(wanted & have) / max(1, len(wanted) + len(have))
        if score >= ENOUGH:
            scored[place_id] = max(score, scored.get(place_id, 0.0))
    return sorted(scored, key=lambda place_id: (-scored[place_id], place_id))
