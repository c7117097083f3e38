"""Is a forecast better than the count map: a difference, its interval, a word and the reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints.scoring.checks import ScoreInputError, counts, numbers, share

Word = Literal["gain", "no evidence of gain", "worse"]

_FEWEST_BLOCKS = 5
"""With fewer blocks an interval says nothing."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may be said of a forecast beside the baseline.

    Attributes
    ----------
    word : str
        "gain", "no evidence of gain" or "worse".
    gain : float
        Mean gain an event (baseline's loss minus the forecast's loss); above 0 is better.
    low, high : float
        Interval of the gain; not a number if there is too little to make one.
    level : float
        Of the interval.
    periods, events : int
        What was compared.
    block : int
        Periods that were drawn together.
    reason : str
        One sentence for people.
    """

    word: Word
    gain: float
    low: float
    high: float
    level: float
    periods: int
    events: int
    block: int
    reason: str


def compare(
    loss: ArrayLike,
    baseline: ArrayLike,
    events: ArrayLike,
    *,
    rng: np.random.Generator,
    block: int = 4,
    resamples: int = 9999,
    level: float = 0.95,
    unit: str = "nats an event",
) -> Verdict:
    """Compare two forecasts of the same periods by a paired bootstrap of blocks of periods.

    The gain is the sum of differences over the sum of events. Whole blocks of adjacent periods
    are drawn, because a good week comes beside good weeks; both forecasts always keep the same
    periods. Deviations are stretched by ``sqrt(n / (n - block))`` and by Student's over the
    normal quantile at as many degrees of freedom as there are blocks less one, since blocks drawn
    from a short series vary too little: on 52 independent weeks in blocks of four the plain
    interval misses twice as often as it says.

    Parameters
    ----------
    loss, baseline : (periods,) array of float
        Summed loss of each period, less is better.
    events : (periods,) array of int
        Events of each period.
    rng : numpy.random.Generator
        Draws the blocks.
    block : int
        Periods of a block.
    resamples : int
        Bootstrap samples.
    level : float
        Of the two-sided interval.
    unit : str
        Of the gain, for the sentence.

    Returns
    -------
    Verdict
        "gain" only if the whole interval lies above 0, "worse" only if it lies below.

    Raises
    ------
    ScoreInputError
        If shapes disagree, a loss is not finite, or a setting has no meaning.

    References
    ----------
    Künsch, H. R. (1989). The jackknife and the bootstrap for general stationary observations.
    Annals of Statistics 17(3), 1217-1241.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> base = np.full(52, 30.0)
    >>> better = base - 1 - np.tile([0.1, -0.1], 26)
    >>> verdict = compare(better, base, np.full(52, 10), rng=rng)
    >>> verdict.word, round(verdict.gain, 3)
    ('gain', 0.1)
    >>> compare(base, base, np.full(52, 10), rng=rng).reason
    'the two forecasts score the same in every period'
    """
    share(level, "level")
    ours, theirs = numbers(loss, "loss", ndim=1), numbers(baseline, "baseline", ndim=1)
    weight = counts(events, "events", ndim=1)
    n = len(weight)
    if not len(ours) == len(theirs) == n:
        raise ScoreInputError(
            f"loss, baseline and events have {len(ours)}, {len(theirs)} and {n} periods"
        )
    if block < 1 or resamples < 100:
        raise ScoreInputError("a block needs 1 period or more, the bootstrap 100 samples or more")
    difference = theirs - ours
    total = int(weight.sum())
    gain = float(difference.sum() / total) if total else float("nan")
    none = float("nan")
    if total == 0 or n < _FEWEST_BLOCKS * block:
        reason = (
            "nothing happened in these periods"
            if total == 0
            else f"{n} periods are too few: {_FEWEST_BLOCKS} blocks of {block} are needed"
        )
        return _verdict("no evidence of gain", gain, (none, none), level, n, total, block, reason)
    if not difference.any():
        reason = "the two forecasts score the same in every period"
        return _verdict("no evidence of gain", 0.0, (0.0, 0.0), level, n, total, block, reason)
    low, high = _interval(difference, weight, gain, block, resamples, level, rng)
    word: Word = "gain" if low > 0 else "worse" if high < 0 else "no evidence of gain"
    end = {
        "gain": "lies wholly above 0",
        "worse": "lies wholly below 0",
        "no evidence of gain": "holds 0",
    }[word]
    reason = (
        f"{gain:+.4f} {unit} over {n} periods; "
        f"the {level:.0%} interval from {low:+.4f} to {high:+.4f} {end}"
    )
    return _verdict(word, gain, (low, high), level, n, total, block, reason)


def moving_blocks(
    periods: int, block: int, resamples: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return (resamples, periods) indices made of blocks of adjacent periods.

    Examples
    --------
    >>> moving_blocks(4, 4, 2, np.random.default_rng(1)).tolist()
    [[0, 1, 2, 3], [0, 1, 2, 3]]
    """
    pieces = -(-periods // block)
    starts = rng.integers(0, periods - block + 1, size=(resamples, pieces))
    index = (starts[:, :, None] + np.arange(block)).reshape(resamples, -1)
    return np.asarray(index[:, :periods], dtype=np.int64)


def _interval(
    difference: NDArray[np.float64],
    weight: NDArray[np.float64],
    gain: float,
    block: int,
    resamples: int,
    level: float,
    rng: np.random.Generator,
) -> tuple[float, float]:
    """Return the percentile interval of the ratio, stretched for short series."""
    from scipy import special

    index = moving_blocks(len(weight), block, resamples, rng)
    below = weight[index].sum(axis=1)
    ratios = difference[index].sum(axis=1)[below > 0] / below[below > 0]
    centre = float(ratios.mean())
    upper = (1 + level) / 2
    student = special.stdtrit(len(weight) / block - 1, upper) / special.ndtri(upper)
    stretch = float(student * np.sqrt(len(weight) / (len(weight) - block)))
    edges = np.quantile(ratios, [1 - upper, upper])
    # Around the gain seen, not around the mean of the samples: blocks favour the middle weeks.
    low, high = gain + stretch * (edges - centre)
    return float(low), float(high)


def _verdict(
    word: Word,
    gain: float,
    interval: tuple[float, float],
    level: float,
    periods: int,
    events: int,
    block: int,
    reason: str,
) -> Verdict:
    """Put the parts together."""
    return Verdict(word, gain, *interval, level, periods, events, block, reason)
