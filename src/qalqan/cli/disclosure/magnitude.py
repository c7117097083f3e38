"""Cells that are sensitive because of who contributes to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qalqan.errors import InputError, Location

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qalqan.cli.disclosure.layout import Held
    from qalqan.science.disclosure.problem import Need
    from qalqan.science.disclosure.publication import Spot


def sensitive(
    held: Sequence[Held], dominance: str, p_percent: float
) -> tuple[dict[Spot, Need], bool]:
    """Return cells that dominance or the p % rule hides, and whether the values are counts."""
    from qalqan.science.disclosure.primary import dominated, within_percent

    if not dominance and not p_percent:
        return {}, True
    n, k = _dominance(dominance)
    if p_percent and not 0 < p_percent <= 100:
        raise InputError("--p-percent is a share between 0 and 100")
    found: dict[Spot, Need] = {}
    for one in held:
        if not one.contributions:
            raise InputError(
                "dominance and p % need columns top1, top2 … with the largest contributions",
                location=Location(str(one.path), 1),
            )
        for labels, tops in one.contributions.items():
            value = one.entries[labels].value
            if sum(tops) > value * (1 + 1e-9) + 1e-9:
                raise InputError(
                    "the largest contributions add up to more than the value",
                    location=Location(str(one.path), one.lines[labels], "top1"),
                )
            need = (dominated(value, tops, n, k) if n else None) or (
                within_percent(value, tops, p_percent) if p_percent else None
            )
            if need is not None:
                found[one.name, labels] = need
    return found, False


def _dominance(text: str) -> tuple[int, float]:
    if not text:
        return 0, 0.0
    first, _, second = text.partition(",")
    try:
        n, k = int(first), float(second)
    except ValueError:
        raise InputError("--dominance is n,k: for instance 2,85") from None
    if n < 1 or not 0 < k < 100:
        raise InputError("--dominance is n,k with n of at least 1 and k between 0 and 100")
    return n, k
