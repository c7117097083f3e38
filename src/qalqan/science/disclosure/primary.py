"""Sensitive cells of tables of sums: who contributes so much that others could tell it."""

from __future__ import annotations

from collections.abc import Sequence

from qalqan.science.disclosure.problem import Need


def dominated(value: float, tops: Sequence[float], n: int, k: float) -> Need | None:
    """Return what a cell needs if its ``n`` largest contributions exceed ``k`` percent of it.

    The interval reaches so far above that the share of the largest would be allowed.

    Parameters
    ----------
    value
        Sum of all contributions.
    tops
        The largest contributions, falling; at least ``n`` if there are so many.
    n, k
        Number of contributions, and the share in percent, above 0 and below 100.

    References
    ----------
    A. Hundepool et al., "Statistical Disclosure Control", Wiley 2012, table 4.4.

    Examples
    --------
    >>> dominated(100, [80, 10, 5], 2, 85).above
    5.882...
    >>> dominated(100, [40, 30, 5], 2, 85) is None
    True
    """
    largest = sum(tops[:n])
    if value <= 0 or largest <= value * k / 100:
        return None
    reach = largest * 100 / k - value
    return Need(-1, min(reach, value), reach, 2 * reach if reach <= value else 0.0)


def within_percent(value: float, tops: Sequence[float], p: float) -> Need | None:
    """Return what a cell needs if the second largest could tell the largest within ``p`` percent.

    Parameters
    ----------
    value
        Sum of all contributions.
    tops
        The largest contributions, falling; at least two if there are so many.
    p
        Percent, above 0.

    References
    ----------
    A. Hundepool et al., "Statistical Disclosure Control", Wiley 2012, table 4.4.

    Examples
    --------
    >>> within_percent(100, [80, 15], 10).above
    3.0
    >>> within_percent(100, [50, 20], 10) is None
    True
    """
    first = tops[0] if tops else 0.0
    second = tops[1] if len(tops) > 1 else 0.0
    reach = first * p / 100 - (value - first - second)
    if value <= 0 or reach <= 0:
        return None
    return Need(-1, min(reach, value), reach)
