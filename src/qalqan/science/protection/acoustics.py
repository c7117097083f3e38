"""How far a siren or loudspeaker is heard: two models, which bracket the truth by a factor of 3-4.

Levels are given at 30 m. The conservative model is that of the siren guide of the United States
(FEMA, Outdoor Warning Systems Guide, Civil Preparedness Guide 1-17, 1980): 10 dB less with each
doubling of the distance, heard to 70 dB. The upper bound is a free field: 6 dB a doubling and the
absorption of air (ISO 9613-1:1993). Wind, buildings and what is heard at night are added on top.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.protection.checks import ProtectionInputError

Floats = NDArray[np.float64]
Model = Literal["cpg", "free_field"]
Period = Literal["day", "night"]
Kind = Literal["siren", "speech"]

REFERENCE_M = 30.0
"""Distance at which levels are rated (100 feet are 30.48 m; 0.1 dB between them)."""

LOSS_PER_DOUBLING_DB = 10.0
WARNING_LEVEL_DB = 70.0
WIND_DB = {"calm": 0.0, "light": 2.0, "strong": 6.0}
"""Taken off towards every side, as a siren must be heard on the windward side as well."""
TERRAIN_DB = {"open": 0.0, "low_houses": 4.0, "high_houses": 10.0}
"""Screening by buildings, for the free field only: 10 dB a doubling was measured in towns."""
AMBIENT_DB = {"day": 60.0, "night": 45.0}
MARGIN_DB = {"siren": 10.0, "speech": 15.0}
"""How far above the noise: to be noticed, and to be understood."""
INDOORS_AT_NIGHT_DB = 75.0
"""Outdoors, so that 50 dB wake a sleeper behind closed windows that take 25 dB off."""
FREQUENCY_HZ = {"siren": 500.0, "speech": 2000.0}
FARTHEST_M = 20_000.0


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the range is computed for.

    Attributes
    ----------
    model : str
        ``"cpg"`` or ``"free_field"``.
    period : str
        ``"day"`` (people outdoors) or ``"night"`` (people asleep behind closed windows).
    wind, terrain : str
        Keys of ``WIND_DB`` and ``TERRAIN_DB``.
    temperature_c, humidity_percent, pressure_kpa : float
        Of the air; for the free field only.
    """

    model: Model = "cpg"
    period: Period = "day"
    wind: str = "calm"
    terrain: str = "open"
    temperature_c: float = 10.0
    humidity_percent: float = 70.0
    pressure_kpa: float = 101.325

    def __post_init__(self) -> None:
        if self.model not in ("cpg", "free_field"):
            raise ProtectionInputError(f"unknown model: {self.model}", column="model")
        if self.period not in AMBIENT_DB:
            raise ProtectionInputError(f"unknown period: {self.period}", column="period")
        if self.wind not in WIND_DB or self.terrain not in TERRAIN_DB:
            raise ProtectionInputError("unknown class of wind or terrain", column="wind")


def absorption(
    frequency: ArrayLike,
    *,
    temperature_c: float = 10.0,
    humidity_percent: float = 70.0,
    pressure_kpa: float = 101.325,
) -> Floats:
    r"""Return what air absorbs of a pure tone, in dB a metre.

    .. math:: \alpha = 8.686 f^2 \Bigl[ 1.84 \cdot 10^{-11} \frac{p_r}{p} \sqrt{T / T_0}
        + (T / T_0)^{-5/2} \Bigl( \frac{0.01275\, e^{-2239.1/T}}{f_O + f^2 / f_O}
        + \frac{0.1068\, e^{-3352/T}}{f_N + f^2 / f_N} \Bigr) \Bigr]

    Parameters
    ----------
    frequency
        In Hz.
    temperature_c, humidity_percent, pressure_kpa
        Of the air; -50 to 50 °C, 0 to 100 % relative humidity.

    Raises
    ------
    ProtectionInputError
        A value lies outside what the standard covers.

    References
    ----------
    ISO 9613-1:1993, equations (3) to (5), and (B.2), (B.3) for the vapour.

    Examples
    --------
    >>> (1000 * absorption([500.0, 2000.0])).round(1).tolist()
    [1.9, 9.7]
    """
    tones = np.asarray(frequency, dtype=np.float64)
    if not (-50 <= temperature_c <= 50 and 0 <= humidity_percent <= 100 and pressure_kpa > 0):
        raise ProtectionInputError("the air must have -50 to 50 °C, 0 to 100 % and a pressure")
    if np.any(~(tones > 0)):
        raise ProtectionInputError("a frequency must be above 0 Hz", column="frequency")
    kelvin, warm = temperature_c + 273.15, (temperature_c + 273.15) / 293.15
    tense = pressure_kpa / 101.325
    vapour = humidity_percent * 10 ** (-6.8346 * (273.16 / kelvin) ** 1.261 + 4.6151) / tense
    oxygen = tense * (24 + 4.04e4 * vapour * (0.02 + vapour) / (0.391 + vapour))
    slower = math.exp(-4.170 * (warm ** (-1 / 3) - 1))
    nitrogen = tense * warm**-0.5 * (9 + 280 * vapour * slower)
    relaxed = 0.01275 * math.exp(-2239.1 / kelvin) / (oxygen + tones**2 / oxygen)
    relaxed = relaxed + 0.1068 * math.exp(-3352.0 / kelvin) / (nitrogen + tones**2 / nitrogen)
    plain = 1.84e-11 / tense * math.sqrt(warm)
    result: Floats = 8.686 * tones**2 * (plain + warm**-2.5 * relaxed)
    return result


def needed_level(kind: Kind, conditions: Conditions) -> float:
    """Return the level outdoors, in dB, at which people hear (or understand) it.

    70 dB (the guide's), or so far above the noise of the hour as notice or speech needs; at night
    what wakes a sleeper behind closed windows. Speech counts where it is understood, and nobody
    is woken to understand it: at night its level must carry through the window as well.

    >>> needed_level("siren", Conditions()), needed_level("speech", Conditions())
    (70.0, 75.0)
    >>> needed_level("siren", Conditions(period="night"))
    75.0
    """
    if kind not in MARGIN_DB:
        raise ProtectionInputError(f"unknown kind: {kind}", column="kind")
    above_noise = AMBIENT_DB[conditions.period] + MARGIN_DB[kind]
    asleep = INDOORS_AT_NIGHT_DB if conditions.period == "night" else 0.0
    if kind == "speech" and conditions.period == "night":
        # Indoors a voice needs 15 dB above the 30 dB of a quiet room, behind a window of 25 dB.
        asleep = max(asleep, 30.0 + MARGIN_DB["speech"] + 25.0)
    return max(WARNING_LEVEL_DB, above_noise, asleep)


def level(rated_db: ArrayLike, distance_m: ArrayLike, kind: Kind, conditions: Conditions) -> Floats:
    """Return the level at a distance, in dB; nearer than 30 m that at 30 m.

    Parameters
    ----------
    rated_db
        Level at 30 m.
    distance_m
        Distance over ground in metres.
    kind, conditions
        Siren or speech, and the model with its conditions.

    Examples
    --------
    >>> level(120.0, [30.0, 60.0, 960.0], "siren", Conditions()).tolist()
    [120.0, 110.0, 70.0]
    """
    far = np.maximum(np.asarray(distance_m, dtype=np.float64), REFERENCE_M)
    rated = np.asarray(rated_db, dtype=np.float64) - WIND_DB[conditions.wind]
    if conditions.model == "cpg":
        result: Floats = rated - LOSS_PER_DOUBLING_DB * np.log2(far / REFERENCE_M)
        return result
    rate = absorption(
        FREQUENCY_HZ[kind], temperature_c=conditions.temperature_c,
        humidity_percent=conditions.humidity_percent, pressure_kpa=conditions.pressure_kpa,
    )  # fmt: skip
    spread = 20.0 * np.log10(far / REFERENCE_M) + rate * (far - REFERENCE_M)
    return rated - TERRAIN_DB[conditions.terrain] - spread


def reach(rated_db: ArrayLike, kind: Kind, conditions: Conditions) -> Floats:
    """Return the distance to which people hear (or understand) it, in metres; 0 if nowhere.

    Parameters
    ----------
    rated_db : scalar or (devices,)
        Level at 30 m.
    kind, conditions
        Siren or speech, and the model with its conditions.

    Returns
    -------
    ndarray
        At most 20 km.

    Raises
    ------
    ProtectionInputError
        A level is not finite.

    Examples
    --------
    >>> reach([120.0, 115.0, 60.0], "siren", Conditions()).round().tolist()
    [960.0, 679.0, 0.0]
    """
    rated = np.atleast_1d(np.asarray(rated_db, dtype=np.float64))
    if not np.isfinite(rated).all():
        raise ProtectionInputError("a level is not finite", column="rated_db")
    need = needed_level(kind, conditions)
    low, high = np.full(len(rated), REFERENCE_M), np.full(len(rated), FARTHEST_M)
    # Levels fall with distance under both models, so that halving finds the one distance.
    for _ in range(60):
        middle = 0.5 * (low + high)
        loud = level(rated, middle, kind, conditions) >= need
        low, high = np.where(loud, middle, low), np.where(loud, high, middle)
    heard = level(rated, REFERENCE_M, kind, conditions) >= need
    far = level(rated, FARTHEST_M, kind, conditions) >= need
    return np.where(far, FARTHEST_M, np.where(heard, high, 0.0))
