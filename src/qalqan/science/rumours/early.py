"""Early sight: from its first ten copies, will a claim reach a hundred?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Rows = NDArray[np.float64]

FIRST = 10
"""Copies that are looked at."""
FEATURES = (
    "duration", "second_half", "last_three", "first_gap", "typical_gap", "unevenness",
    "acceleration", "languages", "places", "sources",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EarlyModel:
    """A logistic model of a claim reaching a hundred copies.

    Parameters
    ----------
    means, scales, weights : ndarray, shape (features,)
        Standardisation and weights, in the order of `FEATURES`.
    intercept : float
        At the means.
    share : float
        Share of claims that reached a hundred where it was fitted.
    """

    means: Rows
    scales: Rows
    weights: Rows
    intercept: float
    share: float

    def probability(self, rows: Rows, *, share: float | None = None) -> Rows:
        r"""Return the probability of each claim.

        Parameters
        ----------
        rows : ndarray, shape (claims, features)
            From `first_copies`. An unknown feature (nan) counts as the mean: it says nothing.
        share : float, optional
            Share of claims with ten copies that reach a hundred on this desk; shifts the intercept
            by :math:`\operatorname{logit}(\text{share}) - \operatorname{logit}(\text{fitted})`
            (King and Zeng 2001, Political Analysis 9:137-163, eq. 7).

        Returns
        -------
        ndarray, shape (claims,)

        Raises
        ------
        ValueError
            The rows have another number of columns, or the share is not between 0 and 1.
        """
        table = np.atleast_2d(np.asarray(rows, dtype=np.float64))
        if table.shape[1] != len(self.means):
            raise ValueError(f"needs {len(self.means)} columns, got {table.shape[1]}")
        ready = np.where(np.isnan(table), 0.0, (table - self.means) / self.scales)
        shift = 0.0
        if share is not None:
            if not 0.0 < share < 1.0:
                raise ValueError(f"share must lie between 0 and 1, got {share}")
            shift = _logit(share) - _logit(self.share)
        chance: Rows = 1.0 / (1.0 + np.exp(-(ready @ self.weights + self.intercept + shift)))
        return chance


def _logit(share: float) -> float:
    return math.log(share / (1.0 - share))


def first_copies(
    seconds: ArrayLike,
    *,
    languages: Sequence[str] | None = None,
    places: Sequence[int] | None = None,
    sources: Sequence[int] | None = None,
) -> Rows:
    """Return the features of the first ten copies of one claim.

    Parameters
    ----------
    seconds : array_like, shape (copies,)
        Times of at least ten copies, any origin, any order.
    languages, places, sources : sequence, optional
        Of the first ten copies in order of time. Sources are channels and sites, never people.
        What is not known is left out and becomes nan.

    Returns
    -------
    ndarray, shape (len(FEATURES),)
        Durations and gaps as logarithms of one plus seconds; differences of those; counts of
        different languages, places and sources as logarithms.

    Raises
    ------
    ValueError
        Fewer than ten copies, or a time that is no number.

    Examples
    --------
    >>> row = first_copies(range(0, 600, 60), languages=["kk"] * 5 + ["ru"] * 5)
    >>> dict(zip(FEATURES, row.round(2).tolist()))["languages"]
    0.69
    """
    times = np.sort(np.asarray(list(np.ravel(np.asarray(seconds))), dtype=np.float64))
    if len(times) < FIRST or not np.isfinite(times).all():
        raise ValueError(f"needs the times of at least {FIRST} copies")
    times = times[:FIRST] - times[0]
    gaps = np.log1p(np.diff(times))
    half = FIRST // 2
    second, first = math.log1p(times[-1] - times[half]), math.log1p(times[half])
    counts = [
        math.log(len(set(values[:FIRST]))) if values is not None and len(values) else math.nan
        for values in (languages, places, sources)
    ]
    return np.array(
        [
            math.log1p(times[-1]), second, math.log1p(times[-1] - times[-4]), float(gaps[0]),
            float(np.median(gaps)), float(gaps.std()), first - second, *counts,
        ]
    )  # fmt: skip


def fit_early_model(rows: Rows, reached: NDArray[np.bool_], *, ridge: float = 3.0) -> EarlyModel:
    """Fit the model by penalised maximum likelihood (Newton's method).

    Parameters
    ----------
    rows : ndarray, shape (claims, features)
        From `first_copies`. Columns unknown throughout get weight zero.
    reached : ndarray of bool, shape (claims,)
        Whether the claim reached a hundred copies.
    ridge : float
        Penalty on the weights of standardised features; the intercept is free.

    Returns
    -------
    EarlyModel

    Raises
    ------
    ValueError
        All claims reached a hundred, or none did.

    References
    ----------
    le Cessie, van Houwelingen 1992, Applied Statistics 41:191-201, section 2.
    """
    table, y = np.asarray(rows, dtype=np.float64), np.asarray(reached, dtype=np.float64)
    share = float(y.mean()) if len(y) else 0.0
    if not 0.0 < share < 1.0:
        raise ValueError("needs claims that reached a hundred copies and claims that did not")
    known = ~np.isnan(table)
    seen = np.maximum(known.sum(axis=0), 1)
    means = np.where(known, table, 0.0).sum(axis=0) / seen
    spread = np.sqrt((np.where(known, table - means, 0.0) ** 2).sum(axis=0) / seen)
    scales = np.where(spread > 1e-9, spread, 1.0)
    ready = np.hstack([np.where(known, (table - means) / scales, 0.0), np.ones((len(y), 1))])
    penalty = np.append(np.full(table.shape[1], ridge), 0.0)
    packed = np.append(np.zeros(table.shape[1]), _logit(share))
    for _ in range(50):
        chance = 1.0 / (1.0 + np.exp(-(ready @ packed)))
        slope = ready.T @ (chance - y) + penalty * packed
        curve = (ready * (chance * (1 - chance))[:, None]).T @ ready + np.diag(penalty + 1e-9)
        step = np.linalg.solve(curve, slope)
        packed -= step
        if np.abs(step).max() < 1e-8:
            break
    return EarlyModel(means, scales, packed[:-1], float(packed[-1]), share)


@dataclass(frozen=True, slots=True)
class SightCurve:
    """What share of the large claims is seen at what rate of false alarms.

    Parameters
    ----------
    thresholds : ndarray
        Probabilities from which a claim is flagged, falling.
    seen : ndarray
        Share flagged of the claims that reach a hundred.
    false_alarms : ndarray
        Share flagged of all claims that do not, those that never had ten copies included.
    """

    thresholds: Rows
    seen: Rows
    false_alarms: Rows

    def at(self, false_alarms: float) -> tuple[float, float]:
        """Return the share seen, and the threshold, at no more than a rate of false alarms."""
        allowed = np.flatnonzero(self.false_alarms <= false_alarms + 1e-12)
        if not len(allowed):
            return 0.0, math.inf
        best = allowed[-1]
        return float(self.seen[best]), float(self.thresholds[best])


def sight_curve(probability: Rows, reached: NDArray[np.bool_], *, never_ten: int = 0) -> SightCurve:
    """Return the curve of share seen against false alarms.

    Parameters
    ----------
    probability : ndarray, shape (claims,)
        Of claims that had ten copies.
    reached : ndarray of bool, shape (claims,)
        Whether each reached a hundred.
    never_ten : int
        Claims that died before their tenth copy: no false alarm can come from them.

    Returns
    -------
    SightCurve
        One point a different probability: equal ones are flagged together.
    """
    chance, y = np.asarray(probability, dtype=np.float64), np.asarray(reached, dtype=bool)
    thresholds = np.unique(chance)[::-1]
    flagged = chance[None, :] >= thresholds[:, None]
    large, small = max(int(y.sum()), 1), max(int((~y).sum()) + never_ten, 1)
    return SightCurve(
        thresholds,
        (flagged & y).sum(axis=1) / large,
        (flagged & ~y).sum(axis=1) / small,
    )
