"""Spread of a claim on a network, with a correction that runs after it.

Whoever takes up the claim passes it on along each edge with a given chance, after an exponential
waiting time. The correction starts later, from given nodes, and spreads the same way; who hears it
first never takes up the claim, and who believes the claim already is convinced with a given
chance, passes on the correction from then on, and the claim no more. Events are worked off in the
order of their time.

Every random number belongs to a run and an edge, not to the order of work: results are equal for
any number of threads, and two scenarios with one seed differ by what was changed and nothing else.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.spread.network import Floats, Network

_MOST_IN_A_PART = 64


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is known, or assumed, of a spread and of its correction.

    Parameters
    ----------
    starts
        Nodes that hold the claim at time 0.
    delay
        Mean waiting time before passing on, in hours.
    answerers
        Nodes that publish the correction; none for a claim that nobody answers.
    answer_at
        When, in hours.
    answer_delay
        Mean waiting time before passing on the correction, in hours.
    answer_ratio
        Chance that an edge passes on the correction over the chance for the claim.
    convinces
        Chance that the correction convinces somebody who believes the claim.
    end
        When to stop looking, in hours.
    """

    starts: tuple[int, ...]
    delay: float = 1.0
    answerers: tuple[int, ...] = ()
    answer_at: float = 0.0
    answer_delay: float = 1.0
    answer_ratio: float = 1.0
    convinces: float = 1.0
    end: float = 168.0


@dataclass(frozen=True, slots=True)
class Spread:
    """Outcome of many runs of a scenario; one row a run.

    Parameters
    ----------
    believed : (runs,)
        Weight of all nodes that ever took up the claim.
    corrected : (runs,)
        Weight of those that the correction reached first or convinced.
    still_believing : (runs,)
        Weight of those that believe the claim at the end.
    curve : (runs, bins)
        Weight that took up the claim in each bin of time.
    bin_hours
        Width of a bin.
    """

    believed: Floats
    corrected: Floats
    still_believing: Floats
    curve: Floats
    bin_hours: float


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over runs with its interval: what more runs could change, nothing else."""

    value: float
    low: float
    high: float


def simulate(
    network: Network,
    scenario: Scenario,
    *,
    runs: int,
    seed: int = 0,
    first_run: int = 0,
    weights: ArrayLike | None = None,
    bins: int = 1,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Spread:
    """Simulate a spread many times.

    Parameters
    ----------
    network
        Who passes on to whom.
    scenario
        Where the claim starts, when the correction does.
    runs
        How often, at least 1.
    seed, first_run
        Run r draws from the stream of ``(seed, first_run + r)``.
    weights : (nodes,), optional
        What each node counts, members for instance; 1 by default.
    bins
        Bins of time between 0 and the end.
    threads
        How many runs go on at once; all processors by default. Results do not depend on it.
    progress
        Called with the runs done and their number.

    Returns
    -------
    Spread

    Raises
    ------
    ValueError
        A node, time, chance, weight or count is out of range.

    References
    ----------
    Event-driven simulation: I. Z. Kiss, J. C. Miller, P. L. Simon, "Mathematics of Epidemics on
    Networks" (2017), appendix A. Edges that pass on with one chance are bond percolation: M. E. J.
    Newman, Physical Review E 66 (2002) 016128, eqs. 23-27. Competing spread: C. Budak, D. Agrawal,
    A. El Abbadi, WWW 2011, 665-674.

    Examples
    --------
    >>> from qalqan.science.spread.network import network
    >>> path = network([0, 1], [1, 2], nodes=3)
    >>> simulate(path, Scenario((0,)), runs=2).believed.tolist()
    [3.0, 3.0]
    """
    _check(network, scenario, runs, bins)
    each = np.ones(1) if weights is None else np.asarray(weights, dtype=np.float64)
    if weights is not None and (each.shape != (network.nodes,) or not (each >= 0).all()):
        raise ValueError("weights need one number of at least 0 for each node")
    settings = np.array([
        scenario.answer_at, scenario.delay, scenario.answer_delay, scenario.answer_ratio,
        scenario.convinces, scenario.end, scenario.end / bins,
    ])  # fmt: skip
    reach, curve = np.zeros((runs, 3)), np.zeros((runs, bins))
    workers = max(1, min(threads or os.cpu_count() or 1, runs))
    # Runs differ widely in length: small parts keep all threads busy until the end.
    parts = np.array_split(np.arange(runs), min(runs, max(4 * workers, runs // _MOST_IN_A_PART)))
    starts = np.array(scenario.starts, dtype=np.int64)
    answerers = np.array(scenario.answerers, dtype=np.int64)

    def work(part: NDArray[np.int64]) -> None:
        from qalqan.science.spread._kernels import simulate_runs

        rows = slice(int(part[0]), int(part[-1]) + 1)
        simulate_runs(
            network.rows, network.targets, network.thresholds, each, starts, answerers, seed,
            first_run + rows.start, settings, reach[rows], curve[rows],
        )  # fmt: skip

    _in_threads(work, parts, workers, progress)
    return Spread(reach[:, 0], reach[:, 1], reach[:, 2], curve, scenario.end / bins)


def _in_threads(
    work: Callable[[NDArray[np.int64]], None], parts: Sequence[NDArray[np.int64]], workers: int,
    progress: Callable[[int, int], None] | None,
) -> None:  # fmt: skip
    """Do the parts side by side, and tell how many runs are done."""
    runs, done = sum(len(part) for part in parts), 0
    pool = ThreadPoolExecutor(workers)
    try:
        for part, _nothing in zip(parts, pool.map(work, parts), strict=True):
            done += len(part)
            if progress is not None:
                progress(done, runs)
    finally:
        # Also when stopped by Ctrl-C: what has not begun does not begin.
        pool.shutdown(cancel_futures=True)


def mean_of(values: ArrayLike, *, level: float = 0.95) -> Mean:
    """Return the mean over independent runs with its interval (normal).

    Examples
    --------
    >>> mean_of([2.0, 2.0]).low
    2.0
    """
    from scipy.special import ndtri

    sample = np.asarray(values, dtype=np.float64)
    middle = float(sample.mean())
    if sample.size < 2:
        return Mean(middle, -np.inf, np.inf)
    reach = float(ndtri((1 + level) / 2)) * float(sample.std(ddof=1)) / np.sqrt(sample.size)
    return Mean(middle, float(middle - reach), float(middle + reach))


def later(scenario: Scenario, hours: float) -> Scenario:
    """Return the scenario with the correction that many hours later."""
    return replace(scenario, answer_at=scenario.answer_at + hours)


def _check(network: Network, scenario: Scenario, runs: int, bins: int) -> None:
    if runs < 1 or bins < 1:
        raise ValueError("at least one run and one bin are needed")
    if not scenario.starts:
        raise ValueError("the claim starts nowhere")
    for nodes in (scenario.starts, scenario.answerers):
        _check_nodes(nodes, network.nodes)
    times = (scenario.delay, scenario.answer_delay, scenario.end)
    if not np.isfinite(times).all() or min(times) <= 0 or not scenario.answer_at >= 0:
        raise ValueError("delays and the end must be above 0, the correction not before 0")
    if not (0 <= scenario.convinces <= 1 and 0 <= scenario.answer_ratio < np.inf):
        raise ValueError("convincing is a chance between 0 and 1, the ratio at least 0")


def _check_nodes(nodes: Sequence[int], count: int) -> None:
    if any(not 0 <= node < count for node in nodes):
        raise ValueError(f"nodes are numbered from 0 to {count - 1}")
