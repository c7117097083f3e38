"""The exponential Hawkes process in time: fitted exactly, in time that grows with the events.

The rate is ``mu + alpha * sum(beta * exp(-beta * (t - t_j)))`` over the events before ``t``.
``alpha`` is the branching ratio: how many further events one event brings by itself, on average.
Events at the same instant do not bring each other forth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints.selfexciting._exponential_kernels import compensate, evaluate
from qalqan.science.flashpoints.selfexciting.checks import (
    EventInputError,
    checked_times,
    positive,
)

NORMAL_95 = 1.959963984540054
_ROUNDS = 100
_LARGEST_STEP = 1.5
"""Largest change of the logarithm of a parameter in one step."""


@dataclass(frozen=True, slots=True)
class ExponentialFit:
    """Maximum likelihood estimates, with their doubt.

    Attributes
    ----------
    mu : float
        Background rate, events per unit of time.
    alpha : float
        Branching ratio, without unit.
    beta : float
        Rate of decay, per unit of time.
    log_likelihood : float
        At the maximum, natural logarithm.
    standard_errors : (3,) array of float64
        Of mu, alpha, beta, from the inverse of the Hessian; ``nan`` where it cannot be inverted.
    covariance : (3, 3) array of float64
        The inverse itself.
    events : int
        Number of events.
    horizon : float
        Length of the period.
    """

    mu: float
    alpha: float
    beta: float
    log_likelihood: float
    standard_errors: NDArray[np.float64]
    covariance: NDArray[np.float64]
    events: int
    horizon: float

    def intervals(self) -> NDArray[np.float64]:
        """Return 95 % intervals, shape (3, 2), symmetric on the logarithm of each parameter."""
        values = np.array([self.mu, self.alpha, self.beta])
        reach = np.exp(NORMAL_95 * self.standard_errors / values)
        return np.column_stack([values / reach, values * reach])


def log_likelihood(
    times: ArrayLike, horizon: float, mu: float, alpha: float, beta: float
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """Return the log likelihood with its gradient and Hessian by mu, alpha, beta.

    Parameters
    ----------
    times : (n,) array of float
        Times of the events in order, 0 ≤ time ≤ horizon.
    horizon : float
        Length of the period, in the unit of the times.
    mu, alpha, beta : float
        Background rate, branching ratio, rate of decay; all above 0.

    Returns
    -------
    (float, (3,) array, (3, 3) array)
        Value, gradient, Hessian.

    Raises
    ------
    EventInputError
        If times are not in order or outside the period, or a parameter is not above 0.

    References
    ----------
    Hawkes, A. G. (1971). Spectra of some self-exciting and mutually exciting point processes.
    Biometrika 58(1), 83-90, eq. 7. Ogata, Y. (1981). On Lewis' simulation method for point
    processes. IEEE Transactions on Information Theory 27(1), 23-31. Ozaki, T. (1979). Maximum
    likelihood estimation of Hawkes' self-exciting point processes. Annals of the Institute of
    Statistical Mathematics 31, 145-155, eqs. 4-9.

    Examples
    --------
    >>> value, gradient, hessian = log_likelihood([1.0, 2.0], 3.0, 0.5, 0.4, 1.0)
    >>> round(value, 6)
    -3.227036
    """
    array = checked_times(times, horizon)
    for number, name in ((mu, "mu"), (alpha, "alpha"), (beta, "beta")):
        positive(number, name)
    return _unpack(evaluate(array, float(horizon), float(mu), float(alpha), float(beta)))


def fit_exponential(times: ArrayLike, horizon: float) -> ExponentialFit:
    """Fit all three parameters by maximum likelihood.

    Newton's method on the logarithms of the parameters, damped where the likelihood is not
    curved downwards, from the best of five starting values of the decay.

    Parameters
    ----------
    times : (n,) array of float
        Times of the events in order, 0 ≤ time ≤ horizon; at least ten.
    horizon : float
        Length of the period, in the unit of the times.

    Returns
    -------
    ExponentialFit
        Estimates with standard errors. If the events show no excitation, alpha goes to 0 and
        the standard errors of alpha and beta mean nothing.

    Raises
    ------
    EventInputError
        If there are fewer than ten events or they are not in order.

    References
    ----------
    Ozaki, T. (1979), see :func:`log_likelihood`. Ogata, Y. (1988). Statistical models for
    earthquake occurrences and residual analysis for point processes. Journal of the American
    Statistical Association 83(401), 9-27.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> times = simulate_exponential(0.5, 0.6, 2.0, 2000.0, rng=rng)
    >>> fit = fit_exponential(times, 2000.0)
    >>> bool(abs(fit.alpha - 0.6) < 2 * fit.standard_errors[1])
    True
    """
    array = checked_times(times, horizon)
    if array.size < 10:
        raise EventInputError(f"{array.size} events are too few to fit; ten are the least")
    where, value, _, hessian = _climb(array, float(horizon))
    covariance = _inverse(-hessian)
    with np.errstate(invalid="ignore"):
        errors = np.sqrt(np.diag(covariance))
    mu, alpha, beta = (float(x) for x in where)
    return ExponentialFit(mu, alpha, beta, value, errors, covariance, array.size, float(horizon))


def integrated_rate(
    times: ArrayLike, horizon: float, mu: float, alpha: float, beta: float
) -> NDArray[np.float64]:
    """Return the integral of the rate up to each event; its steps are what goodness of fit tests.

    Parameters
    ----------
    times, horizon, mu, alpha, beta
        As in :func:`log_likelihood`.

    Returns
    -------
    (n,) array of float64
        If the model holds, the differences are independent and exponential with mean one.

    References
    ----------
    Ogata, Y. (1988), see :func:`fit_exponential`, section 3.3.

    Examples
    --------
    >>> integrated_rate([1.0, 2.0], 3.0, 0.5, 0.4, 1.0).round(6)
    array([0.5     , 1.252848])
    """
    array = checked_times(times, horizon)
    for number, name in ((mu, "mu"), (alpha, "alpha"), (beta, "beta")):
        positive(number, name)
    return compensate(array, float(mu), float(alpha), float(beta))


def simulate_exponential(
    mu: float, alpha: float, beta: float, horizon: float, *, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw events by branching: each brings a Poisson number of others, those again, and so on.

    Parameters
    ----------
    mu, alpha, beta : float
        Background rate, branching ratio below 1, rate of decay.
    horizon : float
        Length of the period; it begins without a past.
    rng : numpy.random.Generator
        Where the randomness comes from.

    Returns
    -------
    (n,) array of float64
        Times in order.

    Raises
    ------
    EventInputError
        If a parameter is not above 0, or alpha is 1 or more.

    References
    ----------
    Hawkes, A. G., Oakes, D. (1974). A cluster process representation of a self-exciting process.
    Journal of Applied Probability 11(3), 493-503.

    Examples
    --------
    >>> times = simulate_exponential(1.0, 0.5, 2.0, 1000.0, rng=np.random.default_rng(3))
    >>> bool(1600 < times.size < 2400)
    True
    """
    for number, name in ((mu, "mu"), (alpha, "alpha"), (beta, "beta"), (horizon, "horizon")):
        positive(number, name)
    if alpha >= 1:
        raise EventInputError(f"with a branching ratio of {alpha:g} the events would never end")
    parents = rng.uniform(0.0, horizon, rng.poisson(mu * horizon))
    generations = [parents]
    while parents.size:
        children = np.repeat(parents, rng.poisson(alpha, parents.size))
        children = children + rng.exponential(1.0 / beta, children.size)
        parents = children[children <= horizon]
        generations.append(parents)
    return np.sort(np.concatenate(generations))


def _unpack(
    packed: NDArray[np.float64],
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """Return value, gradient and full Hessian from the ten numbers of the kernel."""
    mm, ma, mb, aa, ab, bb = packed[4:]
    return float(packed[0]), packed[1:4], np.array([[mm, ma, mb], [ma, aa, ab], [mb, ab, bb]])


def _climb(
    times: NDArray[np.float64], horizon: float
) -> tuple[NDArray[np.float64], float, NDArray[np.float64], NDArray[np.float64]]:
    """Walk to the maximum; return the parameters, value, gradient and Hessian there."""
    rate = times.size / horizon
    starts = [np.array([rate / 2, 0.5, rate * factor]) for factor in (0.03, 0.3, 1.0, 3.0, 30.0)]
    where = max(starts, key=lambda start: float(evaluate(times, horizon, *start)[0]))
    value, gradient, hessian = _unpack(evaluate(times, horizon, *where))
    damping = 0.0
    for _ in range(_ROUNDS):
        slope = gradient * where
        bend = -(hessian * np.outer(where, where) + np.diag(slope))
        step, damping = _step(slope, bend, damping)
        tried = where * np.exp(step)
        found = _unpack(evaluate(times, horizon, *tried))
        if found[0] >= value - 1e-10 * abs(value):
            gain = float(slope @ step)
            where, (value, gradient, hessian) = tried, found
            damping = damping / 10 if damping > 1e-3 else 0.0
            if abs(gain) < 1e-9:
                break
        else:
            damping = max(10 * damping, 1e-2)
            if damping > 1e12:
                break
    return where, value, gradient, hessian


def _step(
    slope: NDArray[np.float64], bend: NDArray[np.float64], damping: float
) -> tuple[NDArray[np.float64], float]:
    """Return a step uphill, damped as far as the curvature needs."""
    scale = np.diag(np.maximum(np.abs(np.diag(bend)), 1e-8))
    while True:
        try:
            root = np.linalg.cholesky(bend + damping * scale)
            break
        except np.linalg.LinAlgError:
            damping = max(4 * damping, 1e-2)
    step = np.linalg.solve(root.T, np.linalg.solve(root, slope))
    longest = float(np.abs(step).max())
    if longest > _LARGEST_STEP:
        step = step * (_LARGEST_STEP / longest)
    return step, damping


def _inverse(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the inverse of an information matrix, ``nan`` where it has none."""
    try:
        inverse = np.linalg.inv(matrix)
    except np.linalg.LinAlgError:
        return np.full(matrix.shape, math.nan)
    if not np.all(np.diag(inverse) > 0):
        return np.full(matrix.shape, math.nan)
    return np.asarray(inverse, dtype=np.float64)
