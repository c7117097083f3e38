"""Compiled shapes of the excitation in time and space, with derivatives by log parameters.

Time: 0 exponential, rate ``first``; 1 power law (Omori and Utsu), density
(p - 1) / c (1 + t / c)^-p with c = ``first``, p = 1 + ``second``. Space: 0 Gaussian, standard
deviation ``first`` on each axis; 1 power law, density (q - 1) / (pi d²) (1 + r² / d²)^-q with
d = ``first``, q = 1 + ``second``.
"""

from __future__ import annotations

import math

import numpy as np

from qalqan.science.flashpoints._compile import Floats, Whole, kernel

EXPONENTIAL, OMORI = 0, 1
GAUSSIAN, POWER = 0, 1
_LOG2E = 1.4426950408889634
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_SHIFT = 6755399441055744.0


@kernel
def exponentials(values: Floats, count: int) -> None:
    """Replace the first ``count`` values, none above 700, by their exponentials, in place.

    Reduced by powers of two and a Taylor polynomial, without a branch, so that the loop becomes
    vector code; the relative error is below 1e-14. Values below -700 give what -700 gives.
    """
    bits = values.view(np.int64)
    for j in range(count):
        x = max(values[j], -700.0)
        shifted = x * _LOG2E + _SHIFT
        k = shifted - _SHIFT
        r = (x - k * _LN2_HIGH) - k * _LN2_LOW
        s = r * (1.0 / 6227020800.0) + 1.0 / 479001600.0
        s = s * r + 1.0 / 39916800.0
        s = s * r + 1.0 / 3628800.0
        s = s * r + 1.0 / 362880.0
        s = s * r + 1.0 / 40320.0
        s = s * r + 1.0 / 5040.0
        s = s * r + 1.0 / 720.0
        s = s * r + 1.0 / 120.0
        s = s * r + 1.0 / 24.0
        s = s * r + 1.0 / 6.0
        s = s * r + 0.5
        s = s * r + 1.0
        values[j] = s * r + 1.0
        bits[j] += np.int64(k) << np.int64(52)


@kernel
def time_distribution(kind: int, first: float, second: float, lag: float, out: Floats) -> None:
    """Return the share of the mass before a lag, and its derivatives by the log parameters."""
    if lag <= 0.0:
        out[0], out[1], out[2] = 0.0, 0.0, 0.0
    elif kind == EXPONENTIAL:
        left = math.exp(-first * lag)
        out[0] = -math.expm1(-first * lag)
        out[1] = first * lag * left
        out[2] = 0.0
    else:
        w = math.log1p(lag / first)
        left = math.exp(-second * w)
        out[0] = -math.expm1(-second * w)
        out[1] = -second * (lag / (first + lag)) * left
        out[2] = second * w * left


@kernel
def space_distribution(kind: int, first: float, second: float, r2: float, out: Floats) -> None:
    """Return the share of the mass within a squared distance, and its derivatives."""
    x = r2 / (first * first)
    if kind == GAUSSIAN:
        left = math.exp(-0.5 * x)
        out[0] = -math.expm1(-0.5 * x)
        out[1] = -x * left
        out[2] = 0.0
    else:
        w = math.log1p(x)
        left = math.exp(-second * w)
        out[0] = -math.expm1(-second * w)
        out[1] = -2.0 * second * (x / (1.0 + x)) * left
        out[2] = second * w * left


@kernel
def time_logs(kind: int, first: float, second: float, lags: Whole, count: int, out: Floats) -> None:
    """Return the logarithm of the density at each lag and its derivatives, shape (3, count)."""
    if kind == EXPONENTIAL:
        top = math.log(first)
        for j in range(count):
            out[0, j] = top - first * lags[j]
            out[1, j] = 1.0 - first * lags[j]
            out[2, j] = 0.0
        return
    power = 1.0 + second
    top = math.log(second / first)
    inverse = 1.0 / first
    for j in range(count):
        out[0, j] = 1.0 + lags[j] * inverse
        out[1, j] = power - 1.0 - power / out[0, j]
        w = math.log(out[0, j])
        out[0, j] = top - power * w
        out[2, j] = 1.0 - second * w


@kernel
def space_logs(
    kind: int, first: float, second: float, squares: Whole, count: int, out: Floats
) -> None:
    """Return the logarithm of the density at each squared distance and its derivatives."""
    inverse = 1.0 / (first * first)
    if kind == GAUSSIAN:
        top = math.log(inverse / (2.0 * math.pi))
        for j in range(count):
            x = squares[j] * inverse
            out[0, j] = top - 0.5 * x
            out[1, j] = x - 2.0
            out[2, j] = 0.0
        return
    power = 1.0 + second
    top = math.log(second * inverse / math.pi)
    for j in range(count):
        out[0, j] = 1.0 + squares[j] * inverse
        out[1, j] = 2.0 * (power - 1.0 - power / out[0, j])
        w = math.log(out[0, j])
        out[0, j] = top - power * w
        out[2, j] = 1.0 - second * w
