"""A site's score from parts that everybody can see, and how much it hangs on the weights.

Saltelli A et al. (2008), Global sensitivity analysis: the primer, Wiley, chapter 1. OECD (2008),
Handbook on constructing composite indicators, step 7.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.protection.checks import ProtectionInputError, as_count, as_vector, refuse

WEIGHTS = {"vulnerability": 0.4, "consequence": 0.4, "exposure": 0.2}
"""Weights where nobody has set others: a convention, not a finding; hence the sensitivity."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores of sites, 0 to 100.

    Attributes
    ----------
    total : ndarray, shape (sites,)
        Score: the sum of the parts.
    parts : dict of str to ndarray, shape (sites,)
        What each component adds to the score, in points.
    weights : dict of str to float
        Weights, summing to 1.
    """

    total: NDArray[np.float64]
    parts: dict[str, NDArray[np.float64]]
    weights: dict[str, float]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What becomes of the ranking if the weights were others.

    Attributes
    ----------
    low, high : ndarray, shape (sites,)
        5 % and 95 % points of the score over drawn weights.
    top_share : ndarray, shape (sites,)
        Share of drawn weights with which the site is among the first ``top``.
    without : dict of str to float
        Share of the first ``top`` that stays if a component is left out.
    """

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    top_share: NDArray[np.float64]
    without: dict[str, float]


def vulnerability(failed: ArrayLike, asked: ArrayLike) -> NDArray[np.float64]:
    """Return the share of a checklist's weight that failed; a half where nothing was asked.

    Parameters
    ----------
    failed, asked : array_like, shape (sites,)
        Sums of the weights of questions failed and of questions answered.

    Raises
    ------
    ProtectionInputError
        More failed than asked, or less than 0.

    Examples
    --------
    >>> vulnerability([3, 0], [12, 0]).tolist()
    [0.25, 0.5]
    """
    bad = as_vector(failed, "failed")
    all_of = as_vector(asked, "asked", len(bad))
    refuse((bad < 0) | (bad > all_of), "failed lies outside 0 to asked", "failed")
    return np.where(all_of > 0, bad / np.where(all_of > 0, all_of, 1.0), 0.5)


def staleness(days: ArrayLike, half_after: float = 365.0) -> NDArray[np.float64]:
    """Return how stale the last look at a site is: 0 today, a half after some days, towards 1.

    >>> staleness([0.0, 365.0, 730.0]).tolist()
    [0.0, 0.5, 0.75]
    """
    since = as_vector(days, "days")
    refuse(since < 0, "days are negative", "days")
    return 1.0 - 0.5 ** (since / half_after)


def score(
    components: Mapping[str, ArrayLike], weights: Mapping[str, float] | None = None
) -> Scores:
    """Add up components, each 0 to 1, by shown weights.

    Parameters
    ----------
    components : mapping of str to array_like, shape (sites,)
        By name, each 0 (best) to 1 (worst).
    weights : mapping of str to float, optional
        One a component, at least 0; brought to the sum 1. `WEIGHTS` by default.

    Returns
    -------
    Scores
        Totals, and what each component adds.

    Raises
    ------
    ProtectionInputError
        A component outside 0 to 1, or weights that do not belong to the components.

    Examples
    --------
    >>> found = score({"a": [1.0, 0.5], "b": [0.0, 1.0]}, {"a": 3, "b": 1})
    >>> found.total.tolist(), found.parts["b"].tolist()
    ([75.0, 62.5], [0.0, 25.0])
    """
    shares = _weights(components, WEIGHTS if weights is None else weights)
    arrays = _components(components)
    parts = {name: 100.0 * shares[name] * values for name, values in arrays.items()}
    return Scores(np.sum(list(parts.values()), axis=0), parts, shares)


def _components(components: Mapping[str, ArrayLike]) -> dict[str, NDArray[np.float64]]:
    arrays: dict[str, NDArray[np.float64]] = {}
    length = None
    for name, values in components.items():
        arrays[name] = as_vector(values, name, length)
        length = len(arrays[name])
        refuse((arrays[name] < 0) | (arrays[name] > 1), f"{name} lies outside 0 to 1", name)
    return arrays


def _weights(components: Mapping[str, ArrayLike], given: Mapping[str, float]) -> dict[str, float]:
    if set(given) != set(components):
        raise ProtectionInputError(
            f"weights are given for {', '.join(sorted(given))}, "
            f"components for {', '.join(sorted(components))}"
        )
    values = as_vector([given[name] for name in components], "weight")
    refuse(values < 0, "a weight is negative", "weight")
    if not values.sum() > 0:
        raise ProtectionInputError("the weights sum to 0")
    return dict(zip(components, (values / values.sum()).tolist(), strict=True))


def sensitivity(
    components: Mapping[str, ArrayLike],
    weights: Mapping[str, float] | None = None,
    *,
    top: int,
    rng: np.random.Generator,
    draws: int = 2000,
    firmness: float = 10.0,
) -> Sensitivity:
    """Draw other weights around those given, and leave out each component in turn.

    Weights come from a Dirichlet distribution around those given; equal scores count as equal
    rank by chance (the order of sites is drawn anew each time).

    Parameters
    ----------
    components, weights
        As in `score`.
    top : int
        How many sites would be chosen.
    rng : numpy.random.Generator
        Source of chance.
    draws : int
        Weights drawn.
    firmness : float
        Sum of the Dirichlet parameters: 10 lets a weight of 0.4 vary by about 0.15.

    Returns
    -------
    Sensitivity
        By site, and by component left out.

    Examples
    --------
    >>> found = sensitivity({"a": [1, 0.2, 0], "b": [1, 0, 0.1]}, {"a": 1, "b": 1}, top=1,
    ...                     rng=np.random.default_rng(1), draws=50)
    >>> found.top_share.tolist(), found.without
    ([1.0, 0.0, 0.0], {'a': 1.0, 'b': 1.0})
    """
    base = score(components, weights)
    names = list(base.weights)
    table = np.stack(list(_components(components).values()))
    sites = table.shape[1]
    count = min(as_count(top, "top", 1), sites)
    alpha = np.array([base.weights[name] for name in names]) * firmness
    drawn = np.zeros((as_count(draws, "draws", 1), len(names)))
    drawn[:, alpha > 0] = rng.dirichlet(alpha[alpha > 0], size=len(drawn))
    totals = 100.0 * drawn @ table
    hits = np.zeros(sites)
    for row in totals:
        order = rng.permutation(sites)
        hits[order[np.argsort(-row[order], kind="stable")[:count]]] += 1
    low, high = np.quantile(totals, [0.05, 0.95], axis=0)
    return Sensitivity(low, high, hits / len(drawn), _without(table, base, names, count))


def _without(
    table: NDArray[np.float64], base: Scores, names: list[str], count: int
) -> dict[str, float]:
    first = set(np.argsort(-base.total, kind="stable")[:count].tolist())
    result = {}
    for row, name in enumerate(names):
        rest = base.total - 100.0 * base.weights[name] * table[row]
        others = set(np.argsort(-rest, kind="stable")[:count].tolist())
        result[name] = len(first & others) / count
    return result
