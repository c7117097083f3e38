"""I have three staff-hours: what to do, what is left, and at what expected cost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_CELLS = 120_000_000
"""Largest decision table (bytes): above it the plan is greedy, with its gap stated."""


@dataclass(frozen=True, slots=True)
class Job:
    """Work on one claim.

    Parameters
    ----------
    claim_id : int
        The claim.
    minutes : float
        Staff-minutes until its answer is out; counted in whole minutes, rounded up.
    harm, low, high : float
        Expected harm averted by doing it now, and its 95 % interval.
    first : bool
        Comes before everything else (goes round the queue), whatever it averts.
    """

    claim_id: int
    minutes: float
    harm: float
    low: float
    high: float
    first: bool = False


@dataclass(frozen=True, slots=True)
class HoursPlan:
    """What to do with the hours.

    Parameters
    ----------
    chosen : tuple of Job
        Jobs to do, in order: first those that come before everything, then by harm a minute.
    left : tuple of Job
        Jobs not done, the costliest first.
    minutes_used, minutes_free : float
        Of the hours given. `minutes_free` is negative where the jobs that come first need more.
    averted, left_cost : float
        Expected harm averted by the plan, and expected harm of what is left.
    left_low, left_high : float
        95 % interval of the cost of what is left, doubts added as independent ones.
    greedy : float
        Harm averted by simply taking the highest harm a minute that still fits.
    gap : float
        How much better an unknown plan could be at most, as a share; 0 = proven best.
    """

    chosen: tuple[Job, ...]
    left: tuple[Job, ...]
    minutes_used: float
    minutes_free: float
    averted: float
    left_cost: float
    left_low: float
    left_high: float
    greedy: float
    gap: float


def _check(jobs: Sequence[Job], hours: float) -> None:
    if not (hours >= 0.0 and math.isfinite(hours)):
        raise ValueError(f"hours must be zero or more, got {hours}")
    for job in jobs:
        if not (job.minutes > 0.0 and math.isfinite(job.minutes)):
            raise ValueError(f"claim {job.claim_id}: minutes must be above zero")
        if not (0.0 <= job.low <= job.harm <= job.high and math.isfinite(job.harm)):
            raise ValueError(f"claim {job.claim_id}: harm needs 0 ≤ low ≤ harm ≤ high")


def _density(job: Job) -> float:
    return job.harm / job.minutes


def _candidates(jobs: Sequence[Job], budget: int) -> list[Job]:
    """Keep, of each length m, the ``budget // m`` jobs of most harm: no plan needs others."""
    room: dict[int, int] = {}
    kept = []
    for job in sorted(jobs, key=lambda job: -job.harm):
        length = math.ceil(job.minutes)
        if job.harm > 0.0 and room.setdefault(length, budget // length):
            room[length] -= 1
            kept.append(job)
    return kept


def _greedy(jobs: Sequence[Job], budget: int) -> tuple[list[Job], float]:
    """Return the greedy choice and the bound of the divisible problem (Dantzig 1957)."""
    chosen, free, bound, room = [], budget, 0.0, float(budget)
    for job in sorted(jobs, key=lambda job: -job.harm / math.ceil(job.minutes)):
        length = math.ceil(job.minutes)
        bound += job.harm * min(1.0, room / length)
        room = max(0.0, room - length)
        if length <= free:
            chosen.append(job)
            free -= length
    return chosen, bound


def _exact(jobs: Sequence[Job], budget: int) -> list[Job]:
    """Solve the 0-1 knapsack by dynamic programming over whole minutes (Bellman 1957)."""
    best: NDArray[np.float64] = np.zeros(budget + 1)
    taken = np.zeros((len(jobs), budget + 1), dtype=np.bool_)
    for row, job in enumerate(jobs):
        length = math.ceil(job.minutes)
        with_it = best[: budget + 1 - length] + job.harm
        better = with_it > best[length:]
        taken[row, length:] = better
        best[length:] = np.where(better, with_it, best[length:])
    chosen, at = [], budget
    for row in range(len(jobs) - 1, -1, -1):
        if taken[row, at]:
            chosen.append(jobs[row])
            at -= math.ceil(jobs[row].minutes)
    return chosen[::-1]


def plan_hours(jobs: Sequence[Job], hours: float) -> HoursPlan:
    """Choose the work that averts most harm within a number of staff-hours.

    Parameters
    ----------
    jobs : sequence of Job
        Open work. A job is done whole or not at all.
    hours : float
        Staff-hours, as if one person worked them one after the other.

    Returns
    -------
    HoursPlan
        The best choice, proven unless `gap` says otherwise, and what it leaves.

    Raises
    ------
    ValueError
        Hours below zero, minutes not above zero, or a harm outside its interval.

    Notes
    -----
    Jobs marked `first` are done in any case, even where they need more than the hours given. The
    rest is a 0-1 knapsack, solved exactly over whole minutes; only where its table would pass
    120 MB (thousands of jobs and several days) the greedy choice is given with the gap to the
    bound of the divisible problem. Ties go to the job that comes first in `jobs`.

    References
    ----------
    Kellerer, Pferschy, Pisinger 2004, Knapsack Problems, sections 2.2, 2.3.

    Examples
    --------
    >>> jobs = [Job(1, 100, 60, 60, 60), Job(2, 90, 50, 50, 50), Job(3, 90, 50, 50, 50)]
    >>> plan = plan_hours(jobs, 3)
    >>> [job.claim_id for job in plan.chosen], plan.averted, plan.greedy, plan.left_cost
    ([2, 3], 100.0, 60.0, 60.0)
    """
    _check(jobs, hours)
    urgent = sorted((job for job in jobs if job.first), key=lambda job: -_density(job))
    used = sum(math.ceil(job.minutes) for job in urgent)
    budget = max(0, math.floor(hours * 60.0 + 1e-9) - used)
    others = [job for job in jobs if not job.first and job.minutes <= budget]
    simple, bound = _greedy(others, budget)
    kept = _candidates(others, budget)
    is_exact = len(kept) * (budget + 1) <= _CELLS
    picked = _exact(kept, budget) if is_exact else simple
    value = sum(job.harm for job in picked)
    gap = 0.0 if is_exact or bound <= 0.0 else max(0.0, bound - value) / bound
    chosen = [*urgent, *sorted(picked, key=lambda job: -_density(job))]
    first_value = float(sum(job.harm for job in urgent))
    return _lay_out(
        jobs, chosen, hours=hours, greedy=first_value + sum(job.harm for job in simple), gap=gap
    )


def _lay_out(
    jobs: Sequence[Job], chosen: Sequence[Job], *, hours: float, greedy: float, gap: float
) -> HoursPlan:
    done = {id(job) for job in chosen}
    left = sorted((job for job in jobs if id(job) not in done), key=lambda job: -job.harm)
    cost = float(sum(job.harm for job in left))
    down = math.hypot(*(job.harm - job.low for job in left)) if left else 0.0
    up = math.hypot(*(job.high - job.harm for job in left)) if left else 0.0
    used = float(sum(math.ceil(job.minutes) for job in chosen))
    return HoursPlan(
        chosen=tuple(chosen),
        left=tuple(left),
        minutes_used=used,
        minutes_free=hours * 60.0 - used,
        averted=float(sum(job.harm for job in chosen)),
        left_cost=cost,
        left_low=max(0.0, cost - down),
        left_high=cost + up,
        greedy=float(greedy),
        gap=gap,
    )
