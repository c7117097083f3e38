"""The self-exciting process in space and time: background, echo, and how long and far it lasts.

The rate is ``mu * b(x) + alpha * sum(g(t - t_j) * f(x - x_j))`` over the events before ``t``.
``b`` is a density over the region, ``g`` a density of lags up to ``max_lag``, ``f`` a round
density up to ``max_distance``; so ``mu`` is the number of background events per unit of time in
the whole region, and ``alpha`` the branching ratio. What would fall outside the region is not
expected inside (edge correction). Events at the same instant do not bring each other forth.

A single ``alpha`` is not a finding: it moves with the background. Report it by
:func:`qalqan.science.flashpoints.selfexciting.band.branching_band`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints.selfexciting._spacetime_kernels import (
    excitation,
    expected_children,
    tally,
)
from qalqan.science.flashpoints.selfexciting.checks import EventInputError, as_floats
from qalqan.science.flashpoints.selfexciting.model import (
    NAMES,
    Events,
    Model,
    SpaceShape,
    TimeShape,
    prepare,
    region_mass,
)

__all__ = [
    "NAMES",
    "Events",
    "Model",
    "SpaceShape",
    "SpaceTimeFit",
    "TimeShape",
    "fit_space_time",
    "log_likelihood",
    "prepare",
]

_ROUNDS = 60
_LARGEST_STEP = 1.0
_CLOSE_ENOUGH = 1e-8
_SAMPLE = 5000
"""Events by which the starting values are chosen."""


@dataclass(frozen=True, slots=True)
class SpaceTimeFit:
    """Maximum likelihood estimates for one given background.

    Attributes
    ----------
    model : Model
        The estimates.
    log_likelihood : float
        At the maximum.
    standard_errors : (6,) array of float64
        In the order of ``NAMES``; ``nan`` for parameters the shapes do not have.
    log_covariance : (6, 6) array of float64
        Of the logarithms of the parameters; zero where the shapes have none.
    background_share : (n,) array of float64
        Probability of each event to be background (Zhuang et al. 2002).
    converged : bool
        Whether the maximum was reached; if not, do not use the estimates.
    rounds : int
        Steps taken.
    """

    model: Model
    log_likelihood: float
    standard_errors: NDArray[np.float64]
    log_covariance: NDArray[np.float64]
    background_share: NDArray[np.float64]
    converged: bool
    rounds: int

    def intervals(self, z: float = 1.959963984540054) -> NDArray[np.float64]:
        """Return intervals, shape (6, 2), symmetric on the logarithm of each parameter."""
        reach = np.exp(z * np.sqrt(np.diag(self.log_covariance)))
        return np.column_stack([self.model.parameters / reach, self.model.parameters * reach])


def log_likelihood(
    events: Events,
    density: ArrayLike,
    model: Model,
    *,
    start: float = 0.0,
    end: float | None = None,
) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
    """Return log likelihood, gradient and information of a period, given all that came before.

    Parameters
    ----------
    events : Events
        From :func:`prepare`.
    density : (n,) array of float
        Background density at each event, per squared unit of length; its integral over the
        region is one.
    model : Model
        With the same ``max_lag`` and ``max_distance``.
    start, end : float
        Part of the period that is judged; events before it only excite.

    Returns
    -------
    (float, (6,) array, (6, 6) array)
        Value; gradient by the logarithms of the parameters; sum of the squared scores of the
        events, which estimates Fisher's information (Ogata 1978).

    References
    ----------
    Ogata, Y. (1978). The asymptotic behaviour of maximum likelihood estimators for stationary
    point processes. Annals of the Institute of Statistical Mathematics 30, 243-261. Reinhart, A.
    (2018). A review of self-exciting spatio-temporal point processes and their applications.
    Statistical Science 33(3), 299-318, eqs. 5 and 11.
    """
    quiet = checked_density(density, events.times.size)
    until = events.horizon if end is None else float(end)
    first = int(np.searchsorted(events.times, start))
    last = events.times.size if end is None else int(np.searchsorted(events.times, until))
    kinds, shape = model.kinds, model.parameters[2:]
    excited = excitation(
        events.pointer, events.lags, events.squares, kinds, shape, events.max_lag,
        events.max_distance, first, last,
    )  # fmt: skip
    active = slice(int(np.searchsorted(events.times, start - events.max_lag)), last)
    expected = expected_children(
        events.times[active], region_mass(events, model, active), int(kinds[0]), shape,
        events.max_lag, float(start), until,
    )  # fmt: skip
    value, gradient, squares = tally(
        quiet[first:last], excited, expected, model.mu, model.alpha, until - start
    )
    return float(value), gradient, squares


def fit_space_time(
    events: Events,
    density: ArrayLike,
    *,
    time_shape: TimeShape = "exponential",
    space_shape: SpaceShape = "gaussian",
    until: float | None = None,
    start: Model | None = None,
) -> SpaceTimeFit:
    """Fit background rate, branching ratio and both kernels for a given background density.

    Fisher scoring on the logarithms of the parameters with the information of Ogata (1978),
    steps halved until the likelihood rises.

    Parameters
    ----------
    events : Events
        From :func:`prepare`.
    density : (n,) array of float
        Background density at each event; for a density made from the same events, leave each
        out at its own place.
    time_shape : {"exponential", "omori"}
        Decay of the excitation in time.
    space_shape : {"gaussian", "power"}
        Decay in space.
    until : float, optional
        Use the events before this moment only.
    start : Model, optional
        Where to begin; by default the best of a few on a part of the events.

    Returns
    -------
    SpaceTimeFit
        Check ``converged``.

    Raises
    ------
    EventInputError
        If a density is negative, there are fewer than twenty events, or two events within the
        largest lag lie on exactly one spot: the likelihood then grows without end as the reach
        in space shrinks.

    References
    ----------
    Mohler, G. O. et al. (2011). Self-exciting point process modeling of crime. Journal of the
    American Statistical Association 106(493), 100-108. Ogata, Y. (1988), Journal of the American
    Statistical Association 83(401), 9-27. Ogata, Y. (1998). Space-time point-process models for
    earthquake occurrences. Annals of the Institute of Statistical Mathematics 50, 379-402.
    """
    quiet = checked_density(density, events.times.size)
    end = events.horizon if until is None else float(until)
    if np.count_nonzero(events.times < end) < 20:
        raise EventInputError("twenty events are the least for a fit")
    if (events.squares == 0).any():
        raise EventInputError(
            "several events lie on exactly one spot; spread them over the precision of their "
            "coordinates first, or use branching_band with a jitter"
        )
    model = start or _best_start(events, quiet, time_shape, space_shape, end)
    free = model.free
    value, gradient, squares = log_likelihood(events, quiet, model, end=until)
    converged, rounds = False, 0
    while rounds < _ROUNDS and not converged:
        rounds += 1
        step = _scoring_step(gradient, squares, free)
        for _ in range(30):
            tried = model.moved(step)
            found = log_likelihood(events, quiet, tried, end=until)
            if np.isfinite(found[0]) and found[0] >= value - 1e-9:
                break
            step = step / 2
        else:
            break
        converged = float(gradient @ step) < _CLOSE_ENOUGH
        model, (value, gradient, squares) = tried, found
    return _summary(events, quiet, model, value, squares, converged, rounds)


def checked_density(density: ArrayLike, count: int) -> NDArray[np.float64]:
    """Return the background density at the events, or say what is wrong with it."""
    array = as_floats(density, "background densities")
    if array.shape != (count,):
        raise EventInputError(f"the density must have shape ({count},), not {array.shape}")
    if (array < 0).any():
        raise EventInputError("a background density is negative")
    return array


def _best_start(
    events: Events,
    density: NDArray[np.float64],
    time_shape: TimeShape,
    space_shape: SpaceShape,
    end: float,
) -> Model:
    """Return the best of nine pairs of scales, judged on the last few thousand events."""
    count = int(np.searchsorted(events.times, end))
    since = float(events.times[count - _SAMPLE]) if count > _SAMPLE else 0.0
    rate = count / end
    best: tuple[float, Model] | None = None
    for in_time in (0.02, 0.06, 0.2):
        for in_space in (0.03, 0.1, 0.3):
            scale = events.max_lag * in_time
            model = Model(
                rate / 2, 0.5, 1 / scale if time_shape == "exponential" else scale,
                events.max_distance * in_space, events.max_lag, events.max_distance,
                time_shape, space_shape,
            )  # fmt: skip
            value = log_likelihood(events, density, model, start=since, end=end)[0]
            if best is None or value > best[0]:
                best = (value, model)
    assert best is not None  # noqa: S101 -- the loop above ran nine times
    return best[1]


def _scoring_step(
    gradient: NDArray[np.float64], squares: NDArray[np.float64], free: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return the step of Fisher scoring, limited in length; zero for unused parameters."""
    which = np.flatnonzero(free)
    part = squares[np.ix_(which, which)]
    part = part + np.diag(1e-9 * np.diag(part) + 1e-12)
    step = np.zeros(6)
    step[which] = np.linalg.solve(part, gradient[which])
    longest = float(np.abs(step).max())
    return step * (_LARGEST_STEP / longest) if longest > _LARGEST_STEP else step


def _summary(
    events: Events,
    density: NDArray[np.float64],
    model: Model,
    value: float,
    squares: NDArray[np.float64],
    converged: bool,
    rounds: int,
) -> SpaceTimeFit:
    """Return the fit with its covariance and the background share of each event."""
    which = np.flatnonzero(model.free)
    covariance = np.zeros((6, 6))
    part = squares[np.ix_(which, which)]
    covariance[np.ix_(which, which)] = np.linalg.pinv(part, hermitian=True)
    errors = np.full(6, np.nan)
    errors[which] = model.parameters[which] * np.sqrt(np.diag(covariance)[which])
    excited = excitation(
        events.pointer, events.lags, events.squares, model.kinds, model.parameters[2:],
        events.max_lag, events.max_distance, 0, events.times.size,
    )[:, 0]  # fmt: skip
    quiet = model.mu * density
    share = quiet / (quiet + model.alpha * excited)
    return SpaceTimeFit(model, value, errors, covariance, share, converged, rounds)
