"""How many more copies of each claim to expect in the next hours, and how badly that is known.

The forecast is negative binomial. Its mean is a weighted sum of the copies of the last week by
their age, raised to a power (large claims fall back), times a drift (the last three hours against
the three before) and an effect of the claim's age; its size lets small and large claims burst as
they do. Nothing here says why copies come: from timestamps alone a reproduction number is not
identified (`identified` in `links`), and none is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.spread.forecast_model import (
    MEMORY,
    CopiesModel,
    Floats,
    HorizonModel,
    mean_and_size,
    past_of,
)

Ints = NDArray[np.int64]

HORIZONS = (1, 6, 24)

DEFAULT_COPIES_MODEL = CopiesModel(
    (
        HorizonModel(
            1, (-0.312, -3.121, -3.875, -5.312, -6.26, -7.979, -8.747), -3.188, 0.931, 0.146,
            -0.08, -1.974, (-1.927, 0.327, 0.372),
        ),
        HorizonModel(
            6, (1.669, -0.873, -1.027, -2.05, -4.246, -5.756, -6.817), -1.63, 0.837, 0.008,
            -0.157, -1.584, (-2.6, 0.299, 0.321),
        ),
        HorizonModel(
            24, (2.685, 0.81, 0.449, -0.487, -4.07, -3.565, -4.745), 0.066, 0.795, -0.02,
            -0.22, -1.722, (-2.748, 0.273, 0.314),
        ),
    )
)  # fmt: skip
"""Fitted to 1,599 real cascades of two kinds, either kind with half the weight (model card)."""


@dataclass(frozen=True, slots=True)
class CopiesForecast:
    """Further copies of each claim; all tables have claims as rows and horizons as columns.

    Parameters
    ----------
    horizons
        Hours ahead, ascending.
    mean
        Expected further copies.
    median
        As likely more as fewer: the better single guess, since further copies are skewed.
    low, high
        Interval of whole copies, both ends included; ends hold on average the nominal share
        (mid-p), not at least that share of every claim.
    sd
        Standard deviation.
    size
        Negative binomial size.
    level
        Nominal coverage of the interval.
    """

    horizons: tuple[int, ...]
    mean: Floats
    median: Ints
    low: Ints
    high: Ints
    sd: Floats
    size: Floats
    level: float

    def prob_at_least(self, copies: ArrayLike) -> Floats:
        """Return the chance of at least so many further copies.

        Parameters
        ----------
        copies
            A number, or an array that fits the tables.

        Returns
        -------
        (n_claims, n_horizons)
        """
        wanted = np.broadcast_to(np.asarray(copies, dtype=np.int64), self.mean.shape)
        result: Floats = 1.0 - _below(wanted, self.mean, self.size)
        return result


@dataclass(frozen=True, slots=True)
class Alarm:
    """Which claims are expected to reach many more copies; one entry a claim.

    Parameters
    ----------
    more
        Copies that matter.
    hours
        By when.
    chance
        Probability of at least ``more`` further copies by then.
    needed
        Probability from which the alarm is raised.
    raised
        Whether it is.
    """

    more: int
    hours: int
    chance: Floats
    needed: float
    raised: NDArray[np.bool_]


def forecast_copies(
    hourly: NDArray[np.integer],
    horizons: Sequence[int] = HORIZONS,
    *,
    model: CopiesModel | None = None,
    age_hours: NDArray[np.integer] | None = None,
    level: float = 0.95,
) -> CopiesForecast:
    r"""Forecast the further copies of many claims.

    With :math:`c_k` the copies of lag class :math:`k`, :math:`d` the drift and :math:`a` the age,

    .. math:: \log m_h = \gamma_h \log\Bigl(b_h + \sum_k w_{hk} c_k\Bigr) + \delta_h d
              + \alpha_h \log a + \kappa_h [\text{quiet}], \qquad
              \log s_h = \sigma_{h0} + \sigma_{h1} \log m_h + \sigma_{h2} \log(1 + c_{24}),

    and the further copies are negative binomial with mean :math:`m_h` and size :math:`s_h`.

    Parameters
    ----------
    hourly : (n_claims, n_hours)
        Copies, oldest hour first; the last column is the hour that has just ended. The last 168
        are used.
    horizons
        Hours ahead, within those of the model (1 to 24 by default).
    model
        Forecast; `DEFAULT_COPIES_MODEL` by default. A desk with a few hundred claims of its own
        should fit one (`fit_copies_model` on `moments`).
    age_hours : (n_claims,), optional
        Hours since the first copy; by default since the first copy in the table.
    level
        Coverage of the interval, in (0, 1).

    Returns
    -------
    CopiesForecast

    Raises
    ------
    ValueError
        The table is not two-dimensional or has negative counts; a horizon or the level is out
        of range.

    References
    ----------
    R. Crane, D. Sornette, PNAS 105 (2008) 15649-15653, eq. 1 (a memory that weighs past events
    by their age). Q. Zhao et al., KDD 2015, 1513-1522 (SEISMIC). The negative binomial in place
    of the Poisson: A. C. Harvey, C. Fernandes, J. Business & Economic Statistics 7 (1989) 407-417.

    Examples
    --------
    >>> import numpy as np
    >>> hourly = np.zeros((2, 48), dtype=int)
    >>> hourly[0, -6:] = [1, 2, 4, 8, 16, 32]
    >>> hourly[1, -40] = 3
    >>> found = forecast_copies(hourly)
    >>> bool((found.low[0] > 0).all()), found.high[1, 0].item()
    (True, 0)
    >>> bool(found.prob_at_least(30)[0, 2] > 0.5)
    True
    """
    table = np.asarray(hourly)
    if table.ndim != 2:
        raise ValueError("hourly copies must have claims as rows and hours as columns")
    if table.size and table.min() < 0:
        raise ValueError("copies must not be negative")
    if not 0 < level < 1:
        raise ValueError("the level must lie between 0 and 1")
    hours = tuple(int(h) for h in horizons)
    if not hours or list(hours) != sorted(set(hours)):
        raise ValueError("horizons must be given in ascending order")
    model = DEFAULT_COPIES_MODEL if model is None else model
    past = past_of(table[:, -MEMORY:], _age(table) if age_hours is None else age_hours)
    pairs = [mean_and_size(model.at(h), past) for h in hours]
    # More time cannot bring fewer copies, though horizons are fitted one by one.
    mean = np.maximum.accumulate(np.stack([pair[0] for pair in pairs], axis=1), axis=1)
    size = np.stack([pair[1] for pair in pairs], axis=1)
    low, high = _interval(mean, size, level)
    sd = np.sqrt(mean + mean**2 / size)
    return CopiesForecast(hours, mean, _quantile(0.5, mean, size), low, high, sd, size, level)


def expected_further_copies(
    hourly: NDArray[np.integer],
    hours: int = 24,
    *,
    model: CopiesModel | None = None,
    age_hours: NDArray[np.integer] | None = None,
) -> Floats:
    """Return the expected further copies of each claim within some hours.

    Parameters
    ----------
    hourly, model, age_hours
        As for `forecast_copies`.
    hours
        How far ahead.

    Returns
    -------
    (n_claims,)

    Examples
    --------
    >>> import numpy as np
    >>> fast, slow = expected_further_copies(np.array([[0, 0, 9], [0, 0, 1]]))
    >>> bool(fast > 3 * slow)
    True
    """
    model = DEFAULT_COPIES_MODEL if model is None else model
    table = np.asarray(hourly)
    past = past_of(table[:, -MEMORY:], _age(table) if age_hours is None else age_hours)
    return mean_and_size(model.at(hours), past)[0]


def alarms(
    forecast: CopiesForecast, *, more: int, probability: float, hours: int | None = None
) -> Alarm:
    """Tell which claims reach many more copies with at least some probability.

    Parameters
    ----------
    forecast
        What to expect.
    more
        Further copies that matter, at least 1.
    probability
        From which chance on, in (0, 1).
    hours
        By when: one of the horizons; the longest by default.

    Returns
    -------
    Alarm

    Raises
    ------
    ValueError
        A parameter is out of range.
    """
    by = forecast.horizons[-1] if hours is None else hours
    if by not in forecast.horizons:
        raise ValueError(f"there is no forecast for {by} hours")
    if more < 1 or not 0 < probability < 1:
        raise ValueError("an alarm needs at least one copy and a probability between 0 and 1")
    chance = forecast.prob_at_least(more)[:, forecast.horizons.index(by)]
    return Alarm(more, by, chance, probability, chance >= probability)


def moments(
    hourly: NDArray[np.integer],
    *,
    horizons: Sequence[int] = HORIZONS,
    ages: Sequence[int] = (1, 2, 3, 4, 6, 8, 12, 18, 24, 36, 48, 72, 96, 120, 144, 168),
) -> tuple[Ints, Ints, Ints]:
    """Cut histories into moments whose further copies are known, to fit a forecast to.

    Parameters
    ----------
    hourly : (n_claims, n_hours)
        Whole histories, oldest hour first.
    horizons
        Hours ahead.
    ages
        Hours after the first copy at which to stand.

    Returns
    -------
    hourly : (n, 168), further : (n, n_horizons), age_hours : (n,)
        As `fit_copies_model` takes them. Only moments whose longest horizon lies in the table.
    """
    table = np.asarray(hourly, dtype=np.int64)
    first = (table != 0).argmax(axis=1)
    padded = np.hstack([np.zeros((len(table), MEMORY), dtype=np.int64), table])
    running = np.hstack([np.zeros((len(table), 1), dtype=np.int64), np.cumsum(table, axis=1)])
    before, further, age = [], [], []
    for row in np.flatnonzero(table.any(axis=1)):
        for since in ages:
            now = int(first[row]) + since
            if now + max(horizons) <= table.shape[1]:
                before.append(padded[row, now : now + MEMORY])
                further.append([running[row, now + h] - running[row, now] for h in horizons])
                age.append(since)
    shape = (len(age), len(tuple(horizons)))
    return (
        np.array(before, dtype=np.int64).reshape(-1, MEMORY),
        np.array(further, dtype=np.int64).reshape(shape),
        np.array(age, dtype=np.int64),
    )


def _age(table: NDArray[np.integer]) -> Ints:
    """Hours since the first copy in the table; 0 where there is none."""
    first = np.where(table.any(axis=1), (table != 0).argmax(axis=1), table.shape[1])
    return np.asarray(table.shape[1] - first, dtype=np.int64)


def _below(copies: Ints, mean: Floats, size: Floats) -> Floats:
    """Return P(Y < copies)."""
    from scipy.special import betainc

    result = np.zeros(mean.shape)
    some = copies > 0
    m, s = mean[some], size[some]
    result[some] = betainc(s, copies[some].astype(np.float64), s / (s + m))
    return result


def _quantile(chance: float, mean: Floats, size: Floats) -> Ints:
    """Return the smallest number that is not exceeded with that chance, by bisection."""
    high = np.zeros(mean.shape, dtype=np.int64)
    open_ = _below(high + 1, mean, size) < chance
    reach = 1
    while open_.any():
        high[open_] += reach
        reach *= 4
        open_[open_] = _below(high[open_] + 1, mean[open_], size[open_]) < chance
    low = np.full(mean.shape, -1, dtype=np.int64)
    active = high - low > 1
    while active.any():
        middle = (low[active] + high[active]) // 2
        enough = _below(middle + 1, mean[active], size[active]) >= chance
        high[active] = np.where(enough, middle, high[active])
        low[active] = np.where(enough, low[active], middle)
        active = high - low > 1
    return high


def _interval(mean: Floats, size: Floats, level: float) -> tuple[Ints, Ints]:
    """Mid-p interval; where it starts at zero, the whole rest lies above it."""
    tail = (1.0 - level) / 2
    low = _quantile(tail, mean, size)
    low += _middle(low, mean, size) < tail
    share = np.where(low == 0, level, 1.0 - tail)
    high = np.where(low == 0, _quantile(level, mean, size), _quantile(1.0 - tail, mean, size))
    high -= (_middle(high, mean, size) > share) & (high > low)
    return low, np.maximum(low, high)


def _middle(copies: Ints, mean: Floats, size: Floats) -> Floats:
    """Return P(Y < copies) + P(Y = copies) / 2."""
    return (_below(copies, mean, size) + _below(copies + 1, mean, size)) / 2
