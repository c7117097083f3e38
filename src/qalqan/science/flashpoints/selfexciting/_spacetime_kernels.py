"""Compiled likelihood of the self-exciting process in space and time; plain twin in the tests."""

from __future__ import annotations

import math

import numpy as np

from qalqan.science.flashpoints._compile import Floats, Whole, kernel
from qalqan.science.flashpoints.selfexciting._shapes import (
    exponentials,
    space_distribution,
    space_logs,
    time_distribution,
    time_logs,
)


@kernel
def excitation(
    pointer: Whole,
    lags: Whole,
    squares: Whole,
    kinds: Whole,
    shape: Floats,
    max_lag: float,
    max_distance: float,
    first: int,
    last: int,
) -> Floats:
    """Return for events ``first`` to ``last`` the sum of the kernel over their past.

    Shape (last - first, 5): the sum, and its derivatives by the logarithms of the four shape
    parameters (two of time, two of space). The kernel ends at the greatest lag and distance and
    has mass one up to there.
    """
    out = np.zeros((last - first, 5))
    longest = 1
    for i in range(first, last):
        longest = max(longest, pointer[i + 1] - pointer[i])
    in_time, in_space = np.empty((3, longest)), np.empty((3, longest))
    weight = np.empty(longest)
    ends = np.empty((2, 3))
    time_distribution(kinds[0], shape[0], shape[1], max_lag, ends[0])
    space_distribution(kinds[1], shape[2], shape[3], max_distance * max_distance, ends[1])
    cut = -math.log(ends[0, 0]) - math.log(ends[1, 0])
    for i in range(first, last):
        low, count = pointer[i], pointer[i + 1] - pointer[i]
        if count == 0:
            continue
        time_logs(kinds[0], shape[0], shape[1], lags[low : low + count], count, in_time)
        space_logs(kinds[1], shape[2], shape[3], squares[low : low + count], count, in_space)
        for j in range(count):
            weight[j] = in_time[0, j] + in_space[0, j] + cut
        exponentials(weight, count)
        total, t1, t2, s1, s2 = 0.0, 0.0, 0.0, 0.0, 0.0
        for j in range(count):
            total += weight[j]
            t1 += weight[j] * in_time[1, j]
            t2 += weight[j] * in_time[2, j]
            s1 += weight[j] * in_space[1, j]
            s2 += weight[j] * in_space[2, j]
        row = out[i - first]
        row[0] = total
        row[1] = t1 - total * ends[0, 1] / ends[0, 0]
        row[2] = t2 - total * ends[0, 2] / ends[0, 0]
        row[3] = s1 - total * ends[1, 1] / ends[1, 0]
        row[4] = s2 - total * ends[1, 2] / ends[1, 0]
    return out


@kernel
def expected_children(
    times: Floats, mass: Floats, kind: int, shape: Floats, max_lag: float, start: float, end: float
) -> Floats:
    """Return the children expected from ``start`` to ``end`` for a branching ratio of one.

    Five numbers: the sum over all events, and its derivatives by the log shape parameters.
    ``mass`` holds the share of each kernel inside the region with its two derivatives.
    """
    out = np.zeros(5)
    whole, upper, lower = np.empty(3), np.empty(3), np.empty(3)
    time_distribution(kind, shape[0], shape[1], max_lag, whole)
    for i in range(times.shape[0]):
        if times[i] >= end:
            break
        time_distribution(kind, shape[0], shape[1], min(end - times[i], max_lag), upper)
        time_distribution(kind, shape[0], shape[1], min(start - times[i], max_lag), lower)
        share = (upper[0] - lower[0]) / whole[0]
        out[0] += share * mass[i, 0]
        for k in range(1, 3):
            slope = (upper[k] - lower[k] - share * whole[k]) / whole[0]
            out[k] += slope * mass[i, 0]
            out[k + 2] += share * mass[i, k]
    return out


@kernel
def tally(
    density: Floats, excited: Floats, expected: Floats, mu: float, alpha: float, length: float
) -> tuple[float, Floats, Floats]:
    """Return log likelihood, gradient by the six log parameters, and sum of squared scores."""
    value = -mu * length - alpha * expected[0]
    gradient = np.zeros(6)
    squares = np.zeros((6, 6))
    score = np.empty(6)
    for i in range(density.shape[0]):
        quiet = mu * density[i]
        rate = quiet + alpha * excited[i, 0]
        value += math.log(rate)
        score[0] = quiet / rate
        score[1] = alpha * excited[i, 0] / rate
        for k in range(1, 5):
            score[k + 1] = alpha * excited[i, k] / rate
        for k in range(6):
            gradient[k] += score[k]
            for m in range(k + 1):
                squares[k, m] += score[k] * score[m]
    gradient[0] -= mu * length
    for k in range(5):
        gradient[k + 1] -= alpha * expected[k]
    for k in range(6):
        for m in range(k):
            squares[m, k] = squares[k, m]
    return value, gradient, squares


@kernel
def integrated_excitation(
    times: Floats, mass: Floats, kind: int, shape: Floats, max_lag: float
) -> Floats:
    """Return, at each event, the children expected so far for a branching ratio of one."""
    out = np.zeros(times.shape[0])
    whole, part = np.empty(3), np.empty(3)
    time_distribution(kind, shape[0], shape[1], max_lag, whole)
    head, finished = 0, 0.0
    for i in range(times.shape[0]):
        while times[i] - times[head] > max_lag:
            finished += mass[head, 0]
            head += 1
        total = finished
        for j in range(head, i):
            time_distribution(kind, shape[0], shape[1], times[i] - times[j], part)
            total += mass[j, 0] * part[0] / whole[0]
        out[i] = total
    return out
