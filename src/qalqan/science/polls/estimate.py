"""Means, totals, ratios and proportions with their doubt, for a whole population or by domains.

Woodruff RS (1971), A simple method for approximating the variance of a complicated estimate, JASA
66; Lumley T (2004), Journal of Statistical Software 9(8). Design effect: Kish L (1965), Survey
sampling, Wiley.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.polls.checks import PollInputError, as_vector
from qalqan.science.polls.design import Design
from qalqan.science.polls.variance import Domains, domains, variances

Compared = Literal["without", "with"]
Missing = Literal["fail", "drop"]


@dataclass(frozen=True, slots=True)
class Estimates:
    """Estimates, one a domain; without domains, arrays of one.

    Attributes
    ----------
    statistic : str
        ``mean``, ``total``, ``ratio`` or ``proportion``.
    value : ndarray, shape (domains,)
    se : ndarray, shape (domains,)
        Standard error, in the unit of the value.
    n : ndarray of int, shape (domains,)
        Rows with weight that the estimate rests on.
    deff : ndarray, shape (domains,)
        Variance over that of a simple random sample of as many; nan if it is not defined.
    df : ndarray of int, shape (domains,)
        Degrees of freedom of the variance.
    dropped : int
        Rows left out for want of a value.
    """

    statistic: str
    value: NDArray[np.float64]
    se: NDArray[np.float64]
    n: NDArray[np.int64]
    deff: NDArray[np.float64]
    df: NDArray[np.int64]
    dropped: int = 0

    @property
    def effective_n(self) -> NDArray[np.float64]:
        """Size of the simple random sample that would say as much, shape (domains,)."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return self.n / self.deff

    def interval(
        self, level: float = 0.95, df: float | ArrayLike | None = None
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the ends of symmetric intervals.

        Parameters
        ----------
        level : float
            Between 0 and 1.
        df : float or array_like, optional
            Of Student's t; None for the normal distribution.
        """
        from qalqan.science.polls.intervals import quantile

        reach = quantile(level, df) * self.se
        return self.value - reach, self.value + reach


def mean(
    design: Design,
    values: ArrayLike,
    *,
    by: ArrayLike | Domains | None = None,
    deff: Compared = "without",
    missing: Missing = "fail",
) -> Estimates:
    """Estimate means.

    Parameters
    ----------
    design : Design
        From `design`, perhaps calibrated.
    values : array_like, shape (rows,)
        nan where missing.
    by : array_like of int, shape (rows,), or Domains, optional
        Domain of each row, from 0; below 0: in none. All rows of the design count for the doubt.
    deff : str
        Compare with a simple random sample drawn ``without`` or ``with`` replacement.
    missing : str
        ``fail``, or ``drop``: rows without a value lie in no domain.

    Returns
    -------
    Estimates

    Raises
    ------
    PollInputError
        Missing values with ``fail``, or values and domains that do not fit the rows.

    Examples
    --------
    >>> from qalqan.science.polls.design import design
    >>> found = mean(design([2.0, 2, 2, 2]), [1.0, 2, 3, 4])
    >>> found.value.tolist(), found.se.round(6).tolist(), found.df.tolist()
    ([2.5], [0.645497], [3])
    """
    filled, of, dropped = _prepare(design, values, by, missing)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = of.sums(_inside(design.weights * filled, of)) / of.weight
        apart = _inside(filled - value[of.code], of)
        scores = design.weights * apart
        variance = variances(design, scores / of.weight[of.code], of)
        compared = of.sums(scores * apart) / of.weight * _srs(of, deff)
        return _estimates("mean", value, variance, compared, of, dropped)


def proportion(
    design: Design,
    holds: ArrayLike,
    *,
    by: ArrayLike | Domains | None = None,
    deff: Compared = "without",
    missing: Missing = "fail",
) -> Estimates:
    """Estimate the shares for which something holds (1, or 0, or nan where not known).

    See `mean`; intervals that stay between 0 and 1 are in `intervals`.

    >>> from qalqan.science.polls.design import design
    >>> proportion(design([1.0, 1, 2]), [1, 0, 1]).value.tolist()
    [0.75]
    """
    array = as_vector(holds, "values", len(design), missing=True)
    odd = ~np.isnan(array) & (array != 0) & (array != 1)
    if odd.any():
        raise PollInputError(
            "what holds is told by 1 and 0", row=int(np.argmax(odd)), column="values"
        )
    found = mean(design, array, by=by, deff=deff, missing=missing)
    return Estimates(
        "proportion", found.value, found.se, found.n, found.deff, found.df, found.dropped
    )


def total(
    design: Design,
    values: ArrayLike,
    *,
    by: ArrayLike | Domains | None = None,
    deff: Compared = "without",
    missing: Missing = "fail",
) -> Estimates:
    """Estimate totals over the population; parameters as in `mean`.

    >>> from qalqan.science.polls.design import design
    >>> found = total(design([2.0, 2], fpc=[[4, 4]]), [1.0, 3])
    >>> found.value.tolist(), found.se.round(6).tolist()
    ([8.0], [2.828427])
    """
    filled, of, dropped = _prepare(design, values, by, missing)
    with np.errstate(divide="ignore", invalid="ignore"):
        weighted = _inside(design.weights * filled, of)
        value = of.sums(weighted)
        variance = variances(design, weighted, of)
        apart = _inside(filled - (value / of.weight)[of.code], of)
        spread = of.sums(design.weights * apart * apart) / of.weight
        return _estimates(
            "total", value, variance, spread * of.weight**2 * _srs(of, deff), of, dropped
        )


def ratio(
    design: Design,
    numerator: ArrayLike,
    denominator: ArrayLike,
    *,
    by: ArrayLike | Domains | None = None,
    deff: Compared = "without",
    missing: Missing = "fail",
) -> Estimates:
    """Estimate ratios of two totals; parameters as in `mean`.

    Raises
    ------
    PollInputError
        As in `mean`, or the total of the denominator is 0 in a domain that has rows.

    Examples
    --------
    >>> from qalqan.science.polls.design import design
    >>> ratio(design([1.0, 1, 1]), [1.0, 2, 3], [2.0, 4, 6]).value.tolist()
    [0.5]
    """
    top = as_vector(numerator, "numerator", len(design), missing=True)
    bottom = as_vector(denominator, "denominator", len(design), missing=True)
    # A row counts only if both are known.
    lost = np.isnan(top) | np.isnan(bottom)
    _, of, dropped = _prepare(design, np.where(lost, np.nan, top), by, missing)
    above, below = np.where(lost, 0.0, top), np.where(lost, 0.0, bottom)
    under = of.sums(_inside(design.weights * below, of))
    if ((under == 0) & (of.n > 0)).any():
        raise PollInputError("the denominator sums to 0", column="denominator")
    with np.errstate(divide="ignore", invalid="ignore"):
        value = of.sums(_inside(design.weights * above, of)) / under
        apart = _inside((above - value[of.code] * below) / under[of.code], of)
        variance = variances(design, design.weights * apart, of)
        spread = of.sums(design.weights * apart * apart) / of.weight
        return _estimates(
            "ratio", value, variance, spread * of.weight**2 * _srs(of, deff), of, dropped
        )


def _prepare(
    design: Design, values: ArrayLike, by: ArrayLike | Domains | None, missing: Missing
) -> tuple[NDArray[np.float64], Domains, int]:
    array = as_vector(values, "values", len(design), missing=True)
    lost = np.isnan(array)
    if isinstance(by, Domains):
        code = by.code if by.inside is None else np.where(by.inside, by.code, -1)
        if not lost.any():
            return array, by, 0
        count: int | None = by.count
    else:
        code = np.zeros(len(design), np.int64) if by is None else np.asarray(by, dtype=np.int64)
        count = None if by is not None else 1
        if not lost.any():
            return array, domains(design, None if by is None else code, count), 0
    if missing == "fail":
        row = int(np.argmax(lost))
        raise PollInputError(
            f"{int(lost.sum())} rows have no value", row=row, column="values",
            hint="say --na drop to leave such rows out and have them counted",
        )  # fmt: skip
    if count is None:
        count = int(code.max(initial=-1)) + 1
    kept = domains(design, np.where(lost, -1, code), count)
    return np.where(lost, 0.0, array), kept, int((lost & (code >= 0)).sum())


def _inside(values: NDArray[np.float64], of: Domains) -> NDArray[np.float64]:
    return values if of.inside is None else np.where(of.inside, values, 0.0)


def _srs(of: Domains, deff: Compared) -> NDArray[np.float64]:
    """Return what turns a weighted spread into the variance of a mean of a simple sample."""
    factor = of.n / (of.n - 1) / of.n
    if deff == "with":
        return np.asarray(factor)
    left = (of.weight - of.n) / of.weight
    return np.asarray(np.where(of.weight < of.n, np.nan, factor * left))


def _estimates(
    statistic: str, value: NDArray[np.float64], variance: NDArray[np.float64],
    compared: NDArray[np.float64], of: Domains, dropped: int,
) -> Estimates:  # fmt: skip
    empty = of.n == 0
    se = np.where(empty, np.nan, np.sqrt(variance))
    deff = np.where(compared > 0, variance / compared, np.nan)
    return Estimates(
        statistic, np.where(empty, np.nan, value), se, of.n, np.where(empty, np.nan, deff),
        of.df, dropped,
    )  # fmt: skip
