"""Rules that tell a signal from noise on a control chart, and how often each is wrong.

Every further rule finds more and cries wolf more often. A chart that is read with rules must
therefore say how long a process that does not change stays without a false alarm.

References
----------
Western Electric 1956, Statistical Quality Control Handbook, p. 25-28. Nelson 1984, J. Quality
Technology 16:237-239. Champ and Woodall 1987, Technometrics 29:393-399: exact run lengths by a
Markov chain, table 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import erf, factorial, inf, sqrt
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.indicators.checks import IndicatorsInputError, as_list

WESTERN_ELECTRIC = ("beyond_3", "two_of_three", "four_of_five", "eight_one_side")
NELSON = (
    "beyond_3", "nine_one_side", "six_trend", "fourteen_alternating", "two_of_three",
    "four_of_five", "fifteen_near", "eight_away",
)  # fmt: skip
FEW = ("beyond_3", "eight_one_side")
"""The two rules that series of a few dozen months can bear."""
_RUNS = {"eight_one_side": 8, "nine_one_side": 9}
_ZONED = frozenset({"beyond_3", "two_of_three", "four_of_five", *_RUNS})
_State = tuple[tuple[int, ...], int]


@dataclass(frozen=True, slots=True)
class Signal:
    """A rule that fired.

    Parameters
    ----------
    rule
        One of the rules.
    at
        The point that completed it, from 0.
    """

    rule: str
    at: int


def signals(z: ArrayLike, rules: Sequence[str] = FEW) -> list[Signal]:
    """Return where rules fire, in the order of the points.

    Parameters
    ----------
    z
        Distances from the centre in standard deviations, see `control.ControlChart.z`;
        shape (n,).
    rules
        Names of `WESTERN_ELECTRIC` and `NELSON`.

    Raises
    ------
    IndicatorsInputError
        A rule is not known.

    Examples
    --------
    >>> signals([0.1, 3.2, -0.4])
    [Signal(rule='beyond_3', at=1)]
    >>> signals([0.5] * 9, ["eight_one_side"])[0].at
    7
    """
    points = as_list(z, "z")
    _known(rules)
    return [
        Signal(rule, at)
        for at in range(len(points))
        for rule in rules
        if _FIRES[rule](points[: at + 1])
    ]


def average_run_length(rules: Sequence[str] = FEW) -> float:
    """Return how many points a process that does not change gives, on average, until a false alarm.

    Parameters
    ----------
    rules
        Of ``beyond_3``, ``two_of_three``, ``four_of_five``, ``eight_one_side`` and
        ``nine_one_side``; others have no exact run length here.

    Raises
    ------
    IndicatorsInputError
        A rule has none.

    Notes
    -----
    Exact for independent normal points with known centre and spread (Champ and Woodall 1987).
    Where both are estimated from a few points, false alarms are more frequent.

    Examples
    --------
    Champ and Woodall, table 1: 370.40 for the first rule alone, 91.75 for all four.

    >>> round(average_run_length(["beyond_3"]), 1), round(average_run_length(WESTERN_ELECTRIC), 2)
    (370.4, 91.75)
    """
    from scipy.sparse import eye
    from scipy.sparse.linalg import spsolve

    move = _chain(tuple(rules))
    return float(spsolve((eye(move.shape[0]) - move).tocsc(), np.ones(move.shape[0]))[0])


def false_alarm(rules: Sequence[str] = FEW, *, points: int = 12) -> float:
    """Return the chance of at least one false alarm among so many points.

    Parameters
    ----------
    rules
        See `average_run_length`.
    points
        How many points, 1 or more.

    Examples
    --------
    >>> round(false_alarm(["beyond_3"], points=1), 4)
    0.0027
    """
    if points < 1:
        raise IndicatorsInputError("points must be at least 1", column="points")
    move = _chain(tuple(rules)).T.tocsr()
    at = np.zeros(move.shape[0])
    at[0] = 1.0
    for _point in range(points):
        at = move @ at
    return float(1 - at.sum())


def simulated_false_alarm(
    rules: Sequence[str], *, points: int, rng: np.random.Generator, runs: int = 2_000
) -> float:
    """Return the chance of a false alarm for any rules, by simulation.

    Parameters
    ----------
    points, runs
        Points of a series; how many series.
    rng
        Generator.
    """
    _known(rules)
    hits = sum(bool(signals(rng.standard_normal(points), rules)) for _run in range(runs))
    return hits / runs


def trend_chance(length: int = 6) -> float:
    """Return the chance that so many points in a row all rise, or all fall.

    >>> round(trend_chance(6), 6)
    0.002778
    """
    return 2 / factorial(length)


def _known(rules: Sequence[str]) -> None:
    for rule in rules:
        if rule not in _FIRES:
            raise IndicatorsInputError(f"there is no rule {rule!r}", column="rules")


def _of_last(number: int, needed: int, beyond: float) -> Callable[[NDArray[np.float64]], bool]:
    """Tell whether so many of the last lie beyond a line on one side, the last one among them."""

    def fires(z: NDArray[np.float64]) -> bool:
        last = z[-number:]
        return any(
            side * z[-1] > beyond and int((side * last > beyond).sum()) >= needed
            for side in (1, -1)
        )

    return fires


def _steadily(number: int) -> Callable[[NDArray[np.float64]], bool]:
    def fires(z: NDArray[np.float64]) -> bool:
        steps = np.diff(z[-number:])
        return len(z) >= number and bool((steps > 0).all() or (steps < 0).all())

    return fires


def _alternating(number: int) -> Callable[[NDArray[np.float64]], bool]:
    def fires(z: NDArray[np.float64]) -> bool:
        steps = np.diff(z[-number:])
        return len(z) >= number and bool((steps[1:] * steps[:-1] < 0).all())

    return fires


def _all_within(number: int, low: float, high: float) -> Callable[[NDArray[np.float64]], bool]:
    def fires(z: NDArray[np.float64]) -> bool:
        far = np.abs(z[-number:])
        return len(z) >= number and bool(((far > low) & (far < high)).all())

    return fires


_FIRES: dict[str, Callable[[NDArray[np.float64]], bool]] = {
    "beyond_3": _of_last(1, 1, 3.0),
    "two_of_three": _of_last(3, 2, 2.0),
    "four_of_five": _of_last(5, 4, 1.0),
    "eight_one_side": _of_last(8, 8, 0.0),
    "nine_one_side": _of_last(9, 9, 0.0),
    "six_trend": _steadily(6),
    "fourteen_alternating": _alternating(14),
    "fifteen_near": _all_within(15, -1.0, 1.0),
    "eight_away": _all_within(8, 1.0, inf),
}


def _chain(rules: tuple[str, ...]) -> Any:
    """Return the moves between states in which no rule has fired; the first state is the start."""
    from scipy.sparse import csr_matrix

    missing = [rule for rule in rules if rule not in _ZONED]
    if missing or not rules:
        raise IndicatorsInputError(
            f"there is no exact run length for {', '.join(missing) or 'no rule'}", column="rules"
        )
    chances = _zone_chances()
    states: dict[_State, int] = {((), 0): 0}
    waiting: list[_State] = [((), 0)]
    moves: list[tuple[int, int, float]] = []
    while waiting:
        state = waiting.pop()
        for zone, chance in chances.items():
            after = _after(state, zone, rules)
            if after is None:
                continue
            if after not in states:
                states[after] = len(states)
                waiting.append(after)
            moves.append((states[state], states[after], chance))
    rows, columns, values = zip(*moves, strict=True)
    return csr_matrix((values, (rows, columns)), shape=(len(states), len(states)))


def _zone_chances() -> dict[int, float]:
    """Return the chance of each zone: 1 within one sigma … 4 beyond three, with its side."""
    below = [0.5 * (1 + erf(line / sqrt(2))) for line in (0, 1, 2, 3)] + [1.0]
    one = {zone: below[zone] - below[zone - 1] for zone in (1, 2, 3, 4)}
    return {side * zone: chance for zone, chance in one.items() for side in (1, -1)}


def _after(state: _State, zone: int, rules: tuple[str, ...]) -> _State | None:
    """Return the state after a point; nothing where a rule fires."""
    recent, run = state
    side = 1 if zone > 0 else -1
    length = abs(run) + 1 if run * side > 0 else 1
    last = (*recent, zone)
    fires = (
        ("beyond_3" in rules and abs(zone) == 4)
        or ("two_of_three" in rules and _many(last[-3:], 3, side) >= 2 and abs(zone) >= 3)
        or ("four_of_five" in rules and _many(last[-5:], 2, side) >= 4 and abs(zone) >= 2)
        or any(rule in rules and length >= needed for rule, needed in _RUNS.items())
    )
    if fires:
        return None
    longest = max((needed for rule, needed in _RUNS.items() if rule in rules), default=1)
    return _forgotten(last, rules), side * min(length, longest)


def _many(zones: tuple[int, ...], least: int, side: int) -> int:
    return sum(zone * side >= least for zone in zones)


def _forgotten(zones: tuple[int, ...], rules: tuple[str, ...]) -> tuple[int, ...]:
    """Keep of the past only what a rule can still ask, so that the chain stays small."""
    kept = []
    for back, zone in enumerate(reversed(zones), start=1):
        side, size = (1 if zone > 0 else -1), abs(zone)
        if back <= 2 and "two_of_three" in rules and size >= 3:
            kept.append(3 * side)
        elif back <= 4 and "four_of_five" in rules and size >= 2:
            kept.append(2 * side)
        elif back <= 4:
            kept.append(0)
    return tuple(reversed(kept))
