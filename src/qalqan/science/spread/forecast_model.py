"""What the forecast of copies knows, and how it is fitted to claims whose end was seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LAGS = (0, 1, 3, 6, 12, 24, 72, 168)
"""Hours ago between which copies weigh alike."""
MEMORY = LAGS[-1]
"""Hours that the forecast looks back."""
_BUCKETS = len(LAGS) - 1
_QUIET_AFTER = LAGS.index(24)
_WIDEST_DRIFT = 2.0


@dataclass(frozen=True, slots=True)
class HorizonModel:
    r"""Forecast for one horizon; the sizes are those of `forecast.forecast_copies`.

    Parameters
    ----------
    hours
        The horizon.
    weights : (7,)
        Logarithms of the copies that one copy of each lag of `LAGS` lets expect.
    base
        Logarithm of the copies to expect from none.
    power
        Exponent of the sum: below 1, large claims fall back more than small ones.
    drift
        Exponent of the ratio of the last three hours to the three before.
    age
        Exponent of the age in days.
    quiet
        Logarithm of the factor for claims without a copy in the last 24 hours.
    spread
        Logarithm of the negative binomial size at one expected copy, and its exponents of the
        expected copies and of the copies of the last 24 hours.
    """

    hours: int
    weights: tuple[float, ...]
    base: float
    power: float
    drift: float
    age: float
    quiet: float
    spread: tuple[float, float, float]

    def vector(self) -> Floats:
        """Return the parameters in the order of the fit."""
        return np.array(
            [*self.weights, self.base, self.power, self.drift, self.age, self.quiet, *self.spread]
        )

    @classmethod
    def of(cls, hours: int, vector: Floats) -> HorizonModel:
        """Return the model with these parameters."""
        p = [float(value) for value in vector]
        k = _BUCKETS
        return cls(
            hours, tuple(p[:k]), p[k], p[k + 1], p[k + 2], p[k + 3], p[k + 4],
            (p[k + 5], p[k + 6], p[k + 7]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class CopiesModel:
    """Forecasts by horizon, in ascending order; between them parameters are interpolated.

    Parameters
    ----------
    horizons
        One model a fitted horizon.
    origins
        Number of moments it was fitted to; 0 where it was not fitted here.
    """

    horizons: tuple[HorizonModel, ...]
    origins: int = 0

    def at(self, hours: int) -> HorizonModel:
        """Return the model for a horizon.

        Raises
        ------
        ValueError
            The horizon lies outside those fitted.
        """
        known = [model.hours for model in self.horizons]
        if not known[0] <= hours <= known[-1]:
            raise ValueError(f"forecasts reach from {known[0]} to {known[-1]} hours, not {hours}")
        if hours in known:
            return self.horizons[known.index(hours)]
        above = next(k for k, at in enumerate(known) if at > hours)
        low, high = self.horizons[above - 1], self.horizons[above]
        part = np.log(hours / low.hours) / np.log(high.hours / low.hours)
        return HorizonModel.of(hours, (1 - part) * low.vector() + part * high.vector())


START = HorizonModel(1, (-1.2, -1.2, -1.2, -2.3, -2.3, -3.9, -3.9), -4.0, 1.0, 0.0, 0.0, 0.0,
                     (0.0, 0.3, 0.3))  # fmt: skip
"""Where every fit begins and what it is drawn to, weakly."""


@dataclass(frozen=True, slots=True)
class Past:
    """What the forecast sees of each claim at a moment; one entry (row) a claim.

    Parameters
    ----------
    buckets : (n, 7)
        Copies by lag, between the hours of `LAGS`.
    drift : (n,)
        Logarithm of the ratio of the last three hours to the three before; 0 for claims younger
        than six hours.
    age : (n,)
        Logarithm of the age in days, at most a week.
    """

    buckets: Floats
    drift: Floats
    age: Floats

    @property
    def recent(self) -> Floats:
        """Copies of the last 24 hours."""
        result: Floats = self.buckets[:, :_QUIET_AFTER].sum(axis=1)
        return result


def past_of(hourly: NDArray[np.integer], age_hours: NDArray[np.integer] | None = None) -> Past:
    """Return what the forecast sees of a table of hourly counts.

    Parameters
    ----------
    hourly : (n_claims, n_hours)
        Oldest hour first; the last column is the hour that has just ended.
    age_hours : (n_claims,), optional
        Hours since the first copy; by default since the first copy in the table.
    """
    table = np.asarray(hourly)
    running = np.zeros((table.shape[0], table.shape[1] + 1))
    np.cumsum(table, axis=1, out=running[:, 1:])
    edges = [max(table.shape[1] - lag, 0) for lag in LAGS]
    buckets = running[:, edges[:-1]] - running[:, edges[1:]]
    if age_hours is None:
        first = np.where(table.any(axis=1), (table != 0).argmax(axis=1), table.shape[1])
        age_hours = table.shape[1] - first
    age = np.clip(np.asarray(age_hours, dtype=np.float64), 1.0, MEMORY)
    ratio = np.log((buckets[:, 0] + buckets[:, 1] + 1.0) / (buckets[:, 2] + 1.0))
    drift = np.where(age >= LAGS[3], np.clip(ratio, -_WIDEST_DRIFT, _WIDEST_DRIFT), 0.0)
    return Past(buckets, drift, np.log(age / 24.0))


def mean_and_size(model: HorizonModel, past: Past) -> tuple[Floats, Floats]:
    """Return mean and size of the negative binomial of every claim."""
    log_mean, log_size, _lead, _parts = _logs(model.vector(), past)
    return np.exp(log_mean), np.exp(log_size)


def fit_copies_model(
    hourly: NDArray[np.integer],
    further: NDArray[np.integer],
    *,
    horizons: tuple[int, ...] = (1, 6, 24),
    age_hours: NDArray[np.integer] | None = None,
    weights: Floats | None = None,
) -> CopiesModel:
    """Fit the forecast to moments whose further copies are known, by maximum likelihood.

    Parameters
    ----------
    hourly : (n, n_hours)
        Copies before each moment, as for `forecast.forecast_copies`.
    further : (n, n_horizons)
        Copies in the hours after it.
    horizons
        Hours, ascending.
    age_hours : (n,), optional
        Hours since the first copy.
    weights : (n,), optional
        How much each moment counts.

    Returns
    -------
    CopiesModel

    Raises
    ------
    ValueError
        Fewer than 100 moments: keep the model of the package.
    """
    after = np.asarray(further, dtype=np.float64)
    if len(after) < 100:
        raise ValueError(f"{len(after)} moments are too few to fit a forecast to: take 100")
    if list(horizons) != sorted(set(horizons)) or after.shape != (len(hourly), len(horizons)):
        raise ValueError("further copies need one column for each of the ascending horizons")
    past = past_of(hourly, age_hours)
    each = np.ones(len(after)) if weights is None else np.asarray(weights, dtype=np.float64)
    fitted = tuple(
        HorizonModel.of(hours, _fit_one(past, after[:, k], each / each.sum()))
        for k, hours in enumerate(horizons)
    )
    return CopiesModel(fitted, len(after))


def _logs(p: Floats, past: Past) -> tuple[Floats, Floats, Floats, Floats]:
    """Logarithms of mean and size, of the sum of weighted copies, and the sum's terms."""
    k = _BUCKETS
    parts = past.buckets * np.exp(p[:k])
    lead = np.log(parts.sum(axis=1) + np.exp(p[k]))
    recent = past.recent
    log_mean = p[k + 1] * lead + p[k + 2] * past.drift + p[k + 3] * past.age
    log_mean = np.clip(log_mean + p[k + 4] * (recent == 0), -20.0, 20.0)
    log_size = p[k + 5] + p[k + 6] * log_mean + p[k + 7] * np.log1p(recent)
    return log_mean, np.clip(log_size, -12.0, 12.0), lead, parts


def _fit_one(past: Past, y: Floats, weights: Floats) -> Floats:
    from scipy.optimize import minimize

    start = START.vector()
    found = minimize(
        _loss, start, args=(past, y, weights, start), jac=True, method="L-BFGS-B",
        options={"maxiter": 500},
    )  # fmt: skip
    return np.asarray(found.x, dtype=np.float64)


def _loss(
    p: Floats, past: Past, y: Floats, weights: Floats, centre: Floats
) -> tuple[float, Floats]:
    """Negative log likelihood, drawn weakly to the start, and its gradient."""
    from scipy.special import gammaln, psi

    k = _BUCKETS
    log_mean, log_size, lead, parts = _logs(p, past)
    m, s = np.exp(log_mean), np.exp(log_size)
    both = np.logaddexp(log_mean, log_size)
    value = (
        gammaln(y + s) - gammaln(s) - gammaln(y + 1)
        + s * (log_size - both) + y * (log_mean - both)
    )  # fmt: skip
    by_size = weights * s * (psi(y + s) - psi(s) + log_size - both + 1 - (s + y) / (s + m))
    by_mean = weights * s * (y - m) / (s + m) + p[k + 6] * by_size
    gradient = np.empty(len(p))
    by_lead = by_mean * p[k + 1] / np.exp(lead)
    gradient[:k] = by_lead @ parts
    gradient[k] = by_lead.sum() * np.exp(p[k])
    quiet = past.recent == 0
    for at, column in enumerate((lead, past.drift, past.age, quiet), start=k + 1):
        gradient[at] = by_mean @ column
    for at, column in enumerate((np.ones(len(y)), log_mean, np.log1p(past.recent)), start=k + 5):
        gradient[at] = by_size @ column
    away = p - centre
    return (
        -float(weights @ value) + 1e-4 * float(away @ away),
        -gradient + 2e-4 * away,
    )
