"""The branching ratio with its band: what it is under every background that is as good.

"Violence is a virus" is easily an artefact. Places that are busy anyway look like contagion when
the background is too smooth, and contagion is swallowed when it is too fine. So the ratio is
never given alone: it comes with the range over bandwidths and over jitter of the coordinates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints.selfexciting.background import Background, kernel_map
from qalqan.science.flashpoints.selfexciting.checks import (
    EventInputError,
    checked_points,
    checked_times,
    positive,
)
from qalqan.science.flashpoints.selfexciting.region import Region
from qalqan.science.flashpoints.selfexciting.spacetime import (
    Events,
    SpaceShape,
    SpaceTimeFit,
    TimeShape,
    fit_space_time,
    log_likelihood,
    prepare,
)


@dataclass(frozen=True, slots=True)
class BandwidthChoice:
    """Bandwidths judged on events that the fit has not seen.

    Attributes
    ----------
    bandwidths : (k,) array of float64
        As given.
    scores : (k,) array of float64
        Log likelihood of the held-out period, per held-out event.
    best : float
        The bandwidth with the highest score.
    as_good : (k,) array of bool
        Those whose score is within two standard errors of the best (paired by event).
    held_out : int
        Events held out.
    """

    bandwidths: NDArray[np.float64]
    scores: NDArray[np.float64]
    best: float
    as_good: NDArray[np.bool_]
    held_out: int


@dataclass(frozen=True, slots=True)
class BranchingBand:
    """The branching ratio, its interval, and the band over what could as well have been assumed.

    Attributes
    ----------
    estimate : float
        At the bandwidth chosen on held-out data, coordinates as given.
    low, high : float
        95 % interval of the estimate, background taken as known.
    band_low, band_high : float
        Least and greatest estimate over all bandwidths and jitters: say this beside the estimate.
    wide_low, wide_high : float
        Least lower and greatest upper limit over them.
    bandwidths : (k,) array of float64
        Background bandwidths tried.
    by_bandwidth : (k,) array of float64
        Estimate at each, coordinates as given.
    by_jitter : (j,) array of float64
        Estimates at the chosen bandwidth with jittered coordinates.
    choice : BandwidthChoice
        How the bandwidth was chosen.
    fit : SpaceTimeFit
        The fit at the chosen bandwidth.
    converged : bool
        Whether all fits reached their maximum; those that did not are left out of the band.
    """

    estimate: float
    low: float
    high: float
    band_low: float
    band_high: float
    wide_low: float
    wide_high: float
    bandwidths: NDArray[np.float64]
    by_bandwidth: NDArray[np.float64]
    by_jitter: NDArray[np.float64]
    choice: BandwidthChoice
    fit: SpaceTimeFit
    converged: bool


@dataclass(frozen=True, slots=True)
class Settings:
    """How each fit of a band is made.

    Attributes
    ----------
    max_lag, max_distance : float
        Where the kernels end.
    time_shape, space_shape : str
        Which kernels.
    decluster : int
        How often the background is made anew from the probabilities to be background.
    held_out : float
        Share of the period, at its end, on which bandwidths are judged.
    floor : float
        Share of the background spread evenly.
    """

    max_lag: float
    max_distance: float
    time_shape: TimeShape = "exponential"
    space_shape: SpaceShape = "gaussian"
    decluster: int = 3
    held_out: float = 0.25
    floor: float = 0.01


def fit_with_kernel(
    events: Events, bandwidth: float, settings: Settings, *, until: float | None = None
) -> tuple[SpaceTimeFit, Background]:
    """Fit with a smoothed background made from the events themselves (stochastic declustering).

    The background starts from all events and is made anew, ``decluster`` times, from each
    event's probability to be background under the fit before; no event adds to its own place.

    Parameters
    ----------
    events : Events
        From :func:`~qalqan.science.flashpoints.selfexciting.spacetime.prepare`.
    bandwidth : float
        Of the background.
    settings : Settings
        Kernels and rounds.
    until : float, optional
        Use the events before this moment only.

    Returns
    -------
    (SpaceTimeFit, Background)
        Of the last round.

    References
    ----------
    Zhuang, J., Ogata, Y., Vere-Jones, D. (2002). Stochastic declustering of space-time earthquake
    occurrences. Journal of the American Statistical Association 97(458), 369-380, eqs. 11-15.
    Mohler, G. O. et al. (2011), Journal of the American Statistical Association 106(493),
    100-108, section 3.
    """
    last = events.times.size if until is None else int(np.searchsorted(events.times, until))
    used = events.points[:last]
    weights = np.ones(last)
    fitted: SpaceTimeFit | None = None
    for _ in range(settings.decluster + 1):
        background = kernel_map(
            used, events.region, bandwidth, weights=weights, floor=settings.floor
        )
        density = np.concatenate(
            [background.at_own_events(used), background.at(events.points[last:])]
        )
        fitted = fit_space_time(
            events, density, time_shape=settings.time_shape, space_shape=settings.space_shape,
            until=until, start=fitted.model if fitted else None,
        )  # fmt: skip
        weights = fitted.background_share[:last]
    assert fitted is not None  # noqa: S101 -- at least one round is run
    return fitted, background


def choose_bandwidth(
    events: Events, bandwidths: Sequence[float], settings: Settings
) -> BandwidthChoice:
    """Judge bandwidths of the background by the events at the end of the period.

    Each is fitted to the first part of the period and scored by the log likelihood of the rest,
    given the true past. Whoever chooses on the events of the fit chooses the finest bandwidth.

    Parameters
    ----------
    events : Events
        All events.
    bandwidths : sequence of float
        Candidates, in the unit of the coordinates.
    settings : Settings
        Kernels and the share held out.

    Returns
    -------
    BandwidthChoice
        Scores, the best, and those that are as good.

    Raises
    ------
    EventInputError
        If there is no candidate, or nothing is left to fit or to judge.
    """
    if not len(bandwidths):
        raise EventInputError("there is no bandwidth to choose from")
    if not 0 < settings.held_out < 1:
        raise EventInputError(
            f"the share held out must lie between 0 and 1, not {settings.held_out}"
        )
    split = events.horizon * (1 - settings.held_out)
    first = int(np.searchsorted(events.times, split))
    judged = events.times.size - first
    if judged < 20 or first < 20:
        raise EventInputError(
            f"{first} events to fit and {judged} to judge; twenty each are needed"
        )
    scores, each = [], []
    for bandwidth in bandwidths:
        fitted, background = fit_with_kernel(events, bandwidth, settings, until=split)
        density = background.at(events.points)
        value = log_likelihood(events, density, fitted.model, start=split)[0]
        scores.append(value / judged)
        share = fitted.background_share[first:]
        each.append(np.log(fitted.model.mu * density[first:] / share))
    values, table = np.array(scores), np.array(each)
    top = int(np.argmax(values))
    apart = (table[top] - table).std(axis=1, ddof=1) / np.sqrt(judged)
    as_good = values >= values[top] - 2 * apart
    return BandwidthChoice(
        np.asarray(bandwidths, dtype=np.float64), values, float(bandwidths[top]), as_good, judged
    )


def branching_band(
    times: ArrayLike,
    points: ArrayLike,
    region: Region,
    horizon: float,
    *,
    bandwidths: Sequence[float],
    jitter: float,
    settings: Settings,
    rng: np.random.Generator,
    jitters: int = 5,
) -> BranchingBand:
    """Return the branching ratio with its band over background bandwidth and coordinate jitter.

    Parameters
    ----------
    times, points, region, horizon
        As in :func:`~qalqan.science.flashpoints.selfexciting.spacetime.prepare`.
    bandwidths : sequence of float
        Background bandwidths; span all that one could defend, a factor of four or more.
    jitter : float
        Greatest shift of a coordinate, in its unit: how finely places are known. Where events
        share a spot, every fit is made on shifted coordinates: unshifted ones have no maximum.
    settings : Settings
        Kernels and how the bandwidth is chosen.
    rng : numpy.random.Generator
        For the jitter.
    jitters : int
        How often the coordinates are shifted.

    Returns
    -------
    BranchingBand
        Estimate, interval and band.

    Raises
    ------
    EventInputError
        As in the functions it calls, or if no fit converges.
    """
    when = checked_times(times, horizon)
    where = checked_points(points, when.size)
    if jitter < 0 or jitters < 0:
        raise EventInputError("the jitter and how often it is drawn must be 0 or more")
    reach = {"max_lag": settings.max_lag, "max_distance": settings.max_distance}
    shared = np.unique(where, axis=0).shape[0] < where.shape[0]
    first = _shifted(where, region, jitter, rng) if shared else where
    events = prepare(when, first, region, horizon, **reach)
    choice = choose_bandwidth(events, bandwidths, settings)
    by_bandwidth = [fit_with_kernel(events, width, settings)[0] for width in bandwidths]
    by_jitter = []
    for _ in range(jitters if jitter > 0 else 0):
        moved = prepare(when, _shifted(where, region, jitter, rng), region, horizon, **reach)
        by_jitter.append(fit_with_kernel(moved, choice.best, settings)[0])
    chosen = by_bandwidth[int(np.argmax(choice.scores))]
    return _banded(chosen, by_bandwidth, by_jitter, choice)


def spread_ties(
    times: ArrayLike, width: float, horizon: float, *, rng: np.random.Generator
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Spread times known only to an interval evenly over it, and return them in order.

    Times in whole days put all events of a day on one instant, where they cannot excite each
    other. Repeat with several draws, and see what moves.

    Parameters
    ----------
    times : (n,) array of float
        Starts of the intervals.
    width : float
        Length of the intervals, 1 for days.
    horizon : float
        Nothing is moved beyond it.
    rng : numpy.random.Generator
        Where the randomness comes from.

    Returns
    -------
    ((n,) array of float64, (n,) array of int64)
        Times in order, and which event each of them is.

    Examples
    --------
    >>> moved, order = spread_ties([0, 0, 1], 1.0, 2.0, rng=np.random.default_rng(1))
    >>> bool(np.all(np.diff(moved) > 0)), sorted(order.tolist())
    (True, [0, 1, 2])
    """
    positive(width, "width")
    moved = np.asarray(times, dtype=np.float64)
    moved = np.minimum(moved + rng.uniform(0.0, width, moved.shape), horizon)
    order = np.argsort(moved, kind="stable")
    return moved[order], order


def _shifted(
    points: NDArray[np.float64], region: Region, jitter: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return points shifted evenly by up to ``jitter``; those that would leave stay in place."""
    moved = points + rng.uniform(-jitter, jitter, points.shape)
    return np.where(region.contains(moved)[:, None], moved, points)


def _banded(
    chosen: SpaceTimeFit,
    by_bandwidth: list[SpaceTimeFit],
    by_jitter: list[SpaceTimeFit],
    choice: BandwidthChoice,
) -> BranchingBand:
    """Gather the fits into a band; a fit that did not converge is not part of it."""
    every = by_bandwidth + by_jitter
    good = [fit for fit in every if fit.converged]
    if not good or not chosen.converged:
        raise EventInputError(
            "the model cannot be fitted to these events; widen the cut-offs or take more events"
        )
    limits = np.array([fit.intervals()[1] for fit in good])
    ratios = np.array([fit.model.alpha for fit in good])
    low, high = (float(x) for x in chosen.intervals()[1])
    return BranchingBand(
        estimate=chosen.model.alpha, low=low, high=high,
        band_low=float(ratios.min()), band_high=float(ratios.max()),
        wide_low=float(limits[:, 0].min()), wide_high=float(limits[:, 1].max()),
        bandwidths=choice.bandwidths,
        by_bandwidth=np.array([fit.model.alpha for fit in by_bandwidth]),
        by_jitter=np.array([fit.model.alpha for fit in by_jitter]),
        choice=choice, fit=chosen, converged=len(good) == len(every),
    )  # fmt: skip
