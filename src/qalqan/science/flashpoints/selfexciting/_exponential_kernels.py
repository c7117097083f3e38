"""Compiled loops of the exponential Hawkes process; a plain twin stands in the tests."""

from __future__ import annotations

import math

import numpy as np

from qalqan.science.flashpoints._compile import Floats, kernel

LARGE = 1e250


@kernel
def evaluate(times: Floats, horizon: float, mu: float, alpha: float, beta: float) -> Floats:
    """Return the log likelihood, its gradient and its Hessian in one pass.

    Nine numbers: value; derivatives by mu, alpha, beta; second derivatives mm, ma, mb, aa, ab,
    bb are at 4 to 9. The sums over the past follow from those at the event before (Ogata 1981):
    ``r``, ``a`` and ``b`` hold the sums of e, lag e and lag² e with e = exp(-beta lag).
    """
    out = np.zeros(10)
    r, a, b = 0.0, 0.0, 0.0
    waiting = 0.0
    product, logs = 1.0, 0.0
    last = times[0]
    for i in range(times.shape[0]):
        lag = times[i] - last
        if lag > 0.0:
            decay = math.exp(-beta * lag)
            older = r + waiting
            r = decay * older
            b = decay * (b + lag * (2.0 * a + lag * older))
            a = decay * a + lag * r
            waiting = 0.0
            last = times[i]
        waiting += 1.0
        g = beta * r
        g1 = r - beta * a
        g2 = beta * b - 2.0 * a
        rate = mu + alpha * g
        inverse = 1.0 / rate
        product *= rate
        if product > LARGE or product < 1.0 / LARGE:
            logs += math.log(product)
            product = 1.0
        lm = inverse
        la = g * inverse
        lb = alpha * g1 * inverse
        out[1] += lm
        out[2] += la
        out[3] += lb
        out[4] -= lm * lm
        out[5] -= lm * la
        out[6] -= lm * lb
        out[7] -= la * la
        out[8] += g1 * inverse - la * lb
        out[9] += alpha * g2 * inverse - lb * lb
    lag = horizon - last
    decay = math.exp(-beta * lag)
    older = r + waiting
    r = decay * older
    b = decay * (b + lag * (2.0 * a + lag * older))
    a = decay * a + lag * r
    grown = times.shape[0] - r
    out[0] = logs + math.log(product) - mu * horizon - alpha * grown
    out[1] -= horizon
    out[2] -= grown
    out[3] -= alpha * a
    out[8] -= a
    out[9] += alpha * b
    return out


@kernel
def compensate(times: Floats, mu: float, alpha: float, beta: float) -> Floats:
    """Return the integrated rate from 0 up to each event."""
    out = np.empty(times.shape[0])
    r, waiting, before = 0.0, 0.0, 0.0
    last = times[0]
    for i in range(times.shape[0]):
        lag = times[i] - last
        if lag > 0.0:
            r = math.exp(-beta * lag) * (r + waiting)
            before += waiting
            waiting = 0.0
            last = times[i]
        waiting += 1.0
        out[i] = mu * times[i] + alpha * (before - r)
    return out
