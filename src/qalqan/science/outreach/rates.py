"""Events per head with an interval that stays honest where numbers are small."""

from __future__ import annotations

from dataclasses import dataclass

from qalqan.errors import InputError

FEW = 5
"""Events below which a rate is shown as resting on few."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Events per unit of people, and its interval.

    Attributes
    ----------
    value, low, high
        Events per `per` people; Garwood's exact Poisson interval.
    is_few
        Whether fewer than five events stand behind it.
    """

    value: float
    low: float
    high: float
    is_few: bool


def rate(events: int, people: float, *, per: float = 10_000, level: float = 0.95) -> Rate:
    """Return events per head with Garwood's exact Poisson interval.

    Parameters
    ----------
    events
        Events held, 0 or more.
    people
        People who live there, above 0.
    per
        People to whom the rate refers.
    level
        Confidence.

    Raises
    ------
    InputError
        Events are negative, or there are no people.

    References
    ----------
    Garwood, F. (1936). Fiducial limits for the Poisson distribution. Biometrika 28, 437-442.

    Examples
    --------
    >>> found = rate(10, 10_000)
    >>> found.value, round(found.low, 4), round(found.high, 4)
    (10.0, 4.7954, 18.3904)
    """
    from scipy.special import gammaincinv

    if events < 0 or people <= 0 or not 0 < level < 1:
        raise InputError("a rate needs 0 events or more, people, and a level between 0 and 1")
    tail = (1 - level) / 2
    low = float(gammaincinv(events, tail)) if events else 0.0
    high = float(gammaincinv(events + 1, 1 - tail))
    unit = per / people
    return Rate(events * unit, low * unit, high * unit, events < FEW)
