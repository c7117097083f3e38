"""Goodness of fit by time-rescaling: under the right model the integrated rate ticks evenly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints.selfexciting._spacetime_kernels import integrated_excitation
from qalqan.science.flashpoints.selfexciting.checks import EventInputError, as_floats
from qalqan.science.flashpoints.selfexciting.spacetime import Events, Model, region_mass


@dataclass(frozen=True, slots=True)
class RescalingTest:
    """The test of Kolmogorov and Smirnov on rescaled waiting times.

    Attributes
    ----------
    distance : float
        Greatest distance between the distributions.
    p_value : float
        Two-sided; too large where the parameters were fitted to the same events, so a small one
        speaks against the model and a large one does not prove it.
    waits : (n,) array of float64
        Integrated rate between events; exponential with mean one if the model holds.
    """

    distance: float
    p_value: float
    waits: NDArray[np.float64]


def rescaled_times(events: Events, model: Model) -> NDArray[np.float64]:
    """Return the rate integrated over the region and from 0 up to each event.

    Parameters
    ----------
    events : Events
        From :func:`~qalqan.science.flashpoints.selfexciting.spacetime.prepare`.
    model : Model
        Its parameters.

    Returns
    -------
    (n,) array of float64
        Not decreasing; the cost grows with the pairs of events within ``max_lag``.

    References
    ----------
    Ogata, Y. (1988). Statistical models for earthquake occurrences and residual analysis for
    point processes. Journal of the American Statistical Association 83(401), 9-27, section 3.3.
    """
    mass = region_mass(events, model)
    excited = integrated_excitation(
        events.times, mass, int(model.kinds[0]), model.parameters[2:], events.max_lag
    )
    return np.asarray(model.mu * events.times + model.alpha * excited)


def rescaling_test(integrated: ArrayLike) -> RescalingTest:
    """Test whether the integrated rate ticks like a Poisson process of rate one.

    Parameters
    ----------
    integrated : (n,) array of float
        From :func:`rescaled_times` or
        :func:`~qalqan.science.flashpoints.selfexciting.exponential.integrated_rate`.

    Returns
    -------
    RescalingTest
        Distance and p-value.

    Raises
    ------
    EventInputError
        If there are fewer than five events, or the values decrease.

    References
    ----------
    Brown, E. N., Barbieri, R., Ventura, V., Kass, R. E., Frank, L. M. (2002). The time-rescaling
    theorem and its application to neural spike train data analysis. Neural Computation 14(2),
    325-346.
    """
    from scipy.stats import kstest

    values = as_floats(integrated, "integrated rates")
    if values.ndim != 1 or values.size < 5:
        raise EventInputError("five events are the least for the test")
    waits = np.diff(values, prepend=0.0)
    if (waits < 0).any():
        raise EventInputError("integrated rates decrease")
    found = kstest(waits, "expon")
    return RescalingTest(float(found.statistic), float(found.pvalue), waits)
