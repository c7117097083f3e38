"""Times until something happens, where for some it has not happened yet.

A desk that reports the mean over answered rumours looks the faster the more it leaves unanswered.
Here what is still open counts as open: Kaplan and Meier's curve, its quantiles with the interval
of Brookmeyer and Crowley, and counts before and after a moment.

References
----------
Kaplan and Meier 1958, J. Am. Stat. Assoc. 53:457-481, eq. 2b. Greenwood 1926. Brookmeyer and
Crowley 1982, Biometrics 38:29-41. Kalbfleisch and Prentice 1980, sec. 1.3 (log-log). Efron 1979,
Ann. Stat. 7:1-26 (resampling).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.errors import InputError

Transform = Literal["log-log", "log", "plain"]
_TIE = 1e-9
"""A curve this near a level lies on it; products of fractions are not exact."""


@dataclass(frozen=True, slots=True)
class KaplanMeier:
    """The curve of what is still open, one entry for each distinct time.

    Parameters
    ----------
    time
        Distinct times, ascending; shape (t,), in the unit of the input.
    at_risk, events, censored
        At each time: still open just before it, ended there, last seen open there; shape (t,).
    survival
        Share still open just after each time; shape (t,).
    greenwood
        Greenwood's sum, the variance of the logarithm of the share; shape (t,), infinite at 0.
    """

    time: NDArray[np.float64]
    at_risk: NDArray[np.int64]
    events: NDArray[np.int64]
    censored: NDArray[np.int64]
    survival: NDArray[np.float64]
    greenwood: NDArray[np.float64]

    @property
    def count(self) -> int:
        """How many were followed."""
        return int(self.events.sum() + self.censored.sum())

    @property
    def ended(self) -> int:
        """For how many of them it happened."""
        return int(self.events.sum())


@dataclass(frozen=True, slots=True)
class TimeQuantile:
    """The time by which a share has ended, with its interval.

    Parameters
    ----------
    share
        The share, e.g. 0.5 for the median.
    time, low, high
        In the unit of the input; ``None`` where the curve or its band does not come down so far
        within the time that was observed, which means "longer than observed".
    """

    share: float
    time: float | None
    low: float | None
    high: float | None


def kaplan_meier(times: ArrayLike, ended: ArrayLike) -> KaplanMeier:
    """Estimate which share is still open after each time.

    Parameters
    ----------
    times
        Time until the end, or until it was last seen open; shape (n,), 0 or more.
    ended
        Whether it ended then; shape (n,). Ends come before those last seen at the same time.

    Raises
    ------
    InputError
        The shapes differ, or a time is negative or no number.

    Examples
    --------
    >>> curve = kaplan_meier([1, 2, 2, 3], [True, True, False, True])
    >>> curve.survival.tolist()
    [0.75, 0.5, 0.0]
    """
    at = np.asarray(times, dtype=np.float64)
    done = np.asarray(ended, dtype=np.bool_)
    if at.ndim != 1 or at.shape != done.shape:
        raise InputError("Times and ends must be two lists of the same length.")
    if not np.isfinite(at).all() or (at < 0).any():
        raise InputError("A time must be a number that is not negative.")
    distinct, where = np.unique(at, return_inverse=True)
    events = np.bincount(where, weights=done, minlength=len(distinct)).astype(np.int64)
    gone = np.bincount(where, minlength=len(distinct)).astype(np.int64)
    at_risk = len(at) - np.concatenate([[0], np.cumsum(gone)[:-1]]).astype(np.int64)[: len(gone)]
    survival = np.cumprod(1.0 - events / at_risk, dtype=np.float64)
    left = at_risk - events
    with np.errstate(divide="ignore"):
        terms = np.where(events > 0, events / (at_risk * left.astype(np.float64)), 0.0)
    return KaplanMeier(
        distinct, at_risk, events, gone - events, survival, np.cumsum(terms, dtype=np.float64)
    )


def band(
    curve: KaplanMeier, *, confidence: float = 0.95, transform: Transform = "log-log"
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lower and upper end of the share still open, pointwise; shape (t,) each.

    Parameters
    ----------
    confidence
        Chance with which each interval holds the true share.
    transform
        Scale on which the interval is symmetric. ``log-log`` stays between 0 and 1 and holds in
        small samples (Kalbfleisch and Prentice 1980); the others are there for comparison.

    Notes
    -----
    Where the curve is 1 or 0 its variance is not known and both ends are the curve's value for 1,
    and not a number for 0.
    """
    from scipy.special import ndtri

    z = float(ndtri(0.5 + confidence / 2))
    share, sd = curve.survival, np.sqrt(curve.greenwood)
    with np.errstate(divide="ignore", invalid="ignore"):
        if transform == "plain":
            low, high = share - z * share * sd, share + z * share * sd
        elif transform == "log":
            low, high = share * np.exp(-z * sd), share * np.exp(z * sd)
        else:
            spread = np.exp(z * sd / np.abs(np.log(share)))
            low, high = share**spread, share ** (1 / spread)
    low, high = np.clip(low, 0, 1), np.clip(high, 0, 1)
    low[share >= 1], high[share >= 1] = 1.0, 1.0
    low[share <= 0], high[share <= 0] = np.nan, np.nan
    return low, high


def time_quantile(
    curve: KaplanMeier,
    share: float,
    *,
    confidence: float = 0.95,
    transform: Transform = "log-log",
) -> TimeQuantile:
    """Return the time by which a share has ended, with the interval of Brookmeyer and Crowley.

    The interval holds those times at which the band of the curve contains ``1 - share``. Where a
    curve runs level exactly at that height, the middle of the level stretch is taken, as is usual.

    Parameters
    ----------
    share
        0.5 for the median, 0.9 for the time by which nine of ten have ended.

    Raises
    ------
    InputError
        The share does not lie between 0 and 1.

    Examples
    --------
    >>> curve = kaplan_meier([1, 2, 3, 4, 5], [True] * 5)
    >>> time_quantile(curve, 0.5).time
    3.0
    >>> time_quantile(kaplan_meier([5, 6], [False, False]), 0.5).time is None
    True
    """
    if not 0 < share < 1:
        raise InputError("The share must lie between 0 and 1.")
    low, high = band(curve, confidence=confidence, transform=transform)
    level = 1 - share
    return TimeQuantile(
        share,
        _crossing(curve.time, curve.survival, level),
        _crossing(curve.time, low, level),
        _crossing(curve.time, high, level),
    )


def _crossing(time: NDArray[np.float64], curve: NDArray[np.float64], level: float) -> float | None:
    """Return where a falling curve first comes down to a level; nothing where it never does."""
    known = ~np.isnan(curve)
    reached = np.flatnonzero(known & (curve <= level + _TIE))
    if not len(reached):
        return None
    first = int(reached[0])
    below = np.flatnonzero(known & (curve < level - _TIE))
    if abs(curve[first] - level) > _TIE or not len(below):
        return float(time[first])
    return float(time[first] + time[int(below[0])]) / 2


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """Copies a day before and after a moment, over several claims.

    Parameters
    ----------
    claims
        How many were compared.
    before, after
        Copies a day, mean over the claims; with 95 % intervals ``before_interval`` and
        ``after_interval``.
    ratio, ratio_interval
        After over before; the ratio is ``None`` where there was nothing before.
    """

    claims: int
    before: float
    before_interval: tuple[float, float]
    after: float
    after_interval: tuple[float, float]
    ratio: float | None
    ratio_interval: tuple[float, float] | None


LEAST_COMPARED = 8
"""Fewer claims than this and resampling them says nothing about others."""


def before_after(
    before: ArrayLike,
    after: ArrayLike,
    days_before: ArrayLike,
    days_after: ArrayLike,
    *,
    rng: np.random.Generator,
    draws: int = 2000,
    confidence: float = 0.95,
) -> BeforeAfter | None:
    """Compare copies a day before and after a moment of each claim, by resampling claims.

    Copies of one claim hang together, so claims are resampled and not copies. It is no measure of
    effect: claims are answered when they are many, and would have fallen without an answer.

    Parameters
    ----------
    before, after
        Copies of each claim on the two sides; shape (n,).
    days_before, days_after
        Days counted on the two sides, above 0; shape (n,).
    rng
        Source of chance.

    Returns
    -------
    BeforeAfter or None
        Nothing where fewer than `LEAST_COMPARED` claims can be compared.

    Raises
    ------
    InputError
        The shapes differ, a count is negative, or a side has no days.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> found = before_after([8] * 9, [2] * 9, [2] * 9, [1] * 9, rng=rng)
    >>> found.before, found.after, found.ratio, found.ratio_interval
    (4.0, 2.0, 0.5, (0.5, 0.5))
    """
    columns = [np.asarray(c, dtype=np.float64) for c in (before, after, days_before, days_after)]
    if len({c.shape for c in columns}) != 1 or columns[0].ndim != 1:
        raise InputError("Counts and days must be lists of the same length.")
    table = np.stack(columns, axis=1)
    if (table[:, :2] < 0).any() or (table[:, 2:] <= 0).any() or not np.isfinite(table).all():
        raise InputError("Counts must not be negative, and each side needs some time.")
    n = len(table)
    if n < LEAST_COMPARED:
        return None
    rates = table[:, :2] / table[:, 2:]
    picks = rng.integers(0, n, size=(draws, n))
    means = rates[picks].mean(axis=1)
    tails = ((1 - confidence) / 2, (1 + confidence) / 2)
    ends = np.quantile(means, tails, axis=0)
    mean = rates.mean(axis=0)
    ratio, ratio_interval = None, None
    if mean[0] > 0 and (means[:, 0] > 0).all():
        ratio = float(mean[1] / mean[0])
        ratio_interval = _pair(np.quantile(means[:, 1] / means[:, 0], tails))
    return BeforeAfter(
        n, float(mean[0]), _pair(ends[:, 0]), float(mean[1]), _pair(ends[:, 1]),
        ratio, ratio_interval,
    )  # fmt: skip


def _pair(values: NDArray[np.float64]) -> tuple[float, float]:
    return float(values[0]), float(values[1])


def suppress_small(counts: Sequence[int], *, least: int) -> list[bool]:
    """Tell which groups of a breakdown with a known total must not be shown.

    A group below ``least`` is hidden. Subtraction tells the sum of the hidden ones, so at least two
    are hidden, and as many more, the smallest first, as their sum needs to reach ``least``.

    Examples
    --------
    >>> suppress_small([40, 3, 12], least=10)
    [False, True, True]
    >>> suppress_small([40, 1, 1], least=10)
    [True, True, True]
    >>> suppress_small([40, 6, 7], least=10)
    [False, True, True]
    >>> suppress_small([40, 0, 12], least=10)
    [False, False, False]
    """
    hidden = [0 < count < least for count in counts]
    if not any(hidden):
        return hidden
    for count, at in sorted((count, at) for at, count in enumerate(counts) if count >= least):
        known = sum(other for other, hide in zip(counts, hidden, strict=True) if hide)
        if sum(hidden) > 1 and known >= least:
            break
        hidden[at] = count > 0
    return hidden
