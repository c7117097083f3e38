"""Expected cases: population between census days, and indirect standardisation by strata."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints.checks import ScanInputError, as_floats, refuse


def person_time(
    population: ArrayLike, days: tuple[date, ...], boundaries: tuple[date, ...]
) -> NDArray[np.float64]:
    """Return the person-days of each period from populations on some days.

    Between two days the population runs along a straight line; before the first and after the
    last it stays as it is. A day means its beginning.

    Parameters
    ----------
    population : (n, days) or (n, days, strata) array of float
        People on each day.
    days : tuple of date
        Ascending.
    boundaries : tuple of date
        First day of each period and the day after the last.

    Returns
    -------
    (n, periods) or (n, periods, strata) array of float
        Person-days.

    Raises
    ------
    ScanInputError
        If shapes disagree, a population is negative or not finite, or days do not ascend.

    References
    ----------
    Kulldorff, M. (2021). SaTScan User Guide for version 10.0, section "Population File".

    Examples
    --------
    >>> census = (date(2001, 1, 1), date(2001, 1, 11))
    >>> person_time([[0.0, 10.0]], census, (date(2001, 1, 1), date(2001, 1, 11))).tolist()
    [[50.0]]
    """
    people = as_floats(population, "people")
    if people.ndim not in (2, 3) or people.shape[1] != len(days):
        raise ScanInputError(f"population of shape {people.shape} does not match {len(days)} days")
    refuse(~np.isfinite(people), "population is not finite")
    refuse(people < 0, "population is negative")
    known = np.array([day.toordinal() for day in days], dtype=np.float64)
    if (np.diff(known) <= 0).any():
        raise ScanInputError("the days of the population do not ascend")
    ends = np.array([day.toordinal() for day in boundaries], dtype=np.float64)
    if (np.diff(ends) <= 0).any():
        raise ScanInputError("the boundaries of the periods do not ascend")
    knots = np.unique(np.concatenate([ends, known[(known > ends[0]) & (known < ends[-1])]]))
    weights = np.zeros((len(ends) - 1, len(knots)))
    for i in range(len(knots) - 1):
        period = int(np.searchsorted(ends, knots[i], side="right")) - 1
        weights[period, i : i + 2] += (knots[i + 1] - knots[i]) / 2
    # What each census day adds to each knot: hat functions along the days.
    hats = np.stack([np.interp(knots, known, row) for row in np.eye(len(known))], axis=1)
    shares = weights @ hats
    result: NDArray[np.float64] = np.einsum("pd,nd...->np...", shares, people)
    return result


def standardised(cases: ArrayLike, person: ArrayLike) -> NDArray[np.float64]:
    """Return expected cases adjusted for strata by indirect standardisation.

    Each stratum has one rate, its cases over its person-time in all areas and periods; what is
    expected is the sum over the strata of rate times person-time.

    Parameters
    ----------
    cases : (n, periods, strata) array of float
        Cases.
    person : (n, periods, strata) array of float
        Person-time, in any unit.

    Returns
    -------
    (n, periods) array of float
        Expected cases; they add up to all cases.

    Raises
    ------
    ScanInputError
        If shapes disagree, or a stratum has cases but no population.

    References
    ----------
    Kulldorff, M., Feuer, E. J., Miller, B. A., Freedman, L. S. (1997). Breast cancer clusters in
    the northeast United States: a geographic analysis. American Journal of Epidemiology 146(2),
    161-170, "Statistical methods".

    Examples
    --------
    >>> standardised([[[1, 0]], [[1, 6]]], [[[10, 10]], [[10, 20]]]).tolist()
    [[3.0], [5.0]]
    """
    counts, people = as_floats(cases, "cases"), as_floats(person, "people")
    if counts.ndim != 3 or counts.shape != people.shape:
        raise ScanInputError(
            f"cases of shape {counts.shape} and population of shape {people.shape} disagree"
        )
    by_stratum, at_risk = counts.sum(axis=(0, 1)), people.sum(axis=(0, 1))
    bad = (by_stratum > 0) & (at_risk == 0)
    if bad.any():
        raise ScanInputError(f"stratum {int(np.argmax(bad))} has cases but no population (from 0)")
    rates = np.divide(by_stratum, at_risk, out=np.zeros_like(by_stratum), where=at_risk > 0)
    expected: NDArray[np.float64] = people @ rates
    return expected
