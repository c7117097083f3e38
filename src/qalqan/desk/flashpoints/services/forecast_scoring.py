"""Forecast one week, and score the same method on the weeks before: numbers only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qalqan.desk.flashpoints.forecast_method import (
    GRID_BANDWIDTH,
    HALF_LIVES,
    SHARES,
    ForecastSettings,
)
from qalqan.desk.flashpoints.services.forecast_reading import WeeklyCases

if TYPE_CHECKING:
    from qalqan.science.flashpoints.scoring import Forecast, OriginScore, Verdict
    from qalqan.science.flashpoints.stacked import StackedMaps

Floats = NDArray[np.float64]

_UNIFORM = 0.01
"""p below which the calibration is said to be off."""

_SLOPE = 0.03
"""By how much the mean of the transform is off the half where the level is wrong."""

_BINS = 10


@dataclass(frozen=True, slots=True)
class Expected:
    """Mean and ends of the interval of each area; shape (n,)."""

    mean: Floats
    low: Floats
    high: Floats


def method(*, is_grid: bool) -> StackedMaps:
    """Return the model: maps old and recent, on the grid also smoothed, mixed by what they said."""
    from qalqan.science.flashpoints.stacked import StackedMaps

    smooth = [(None, GRID_BANDWIDTH), (26.0, GRID_BANDWIDTH)] if is_grid else []
    return StackedMaps(components=(*((half, None) for half in HALF_LIVES), *smooth))


def expect(
    data: WeeklyCases, settings: ForecastSettings, *, is_grid: bool
) -> tuple[Expected, Expected]:
    """Return what the count map and what the model expect of the target week."""
    from qalqan.science.flashpoints.forecast import CountMap
    from qalqan.science.flashpoints.scoring import History

    history = History(data.counts.astype(np.float64), settings.embargo + 1, data.centres)
    return (
        _banded(CountMap().forecast(history), settings.band),
        _banded(method(is_grid=is_grid).forecast(history), settings.band),
    )


def _banded(forecast: Forecast, band: float) -> Expected:
    from scipy import stats

    mean = np.asarray(forecast.mean, np.float64)
    spread = np.maximum(np.broadcast_to(forecast.dispersion, mean.shape), 1e-9)
    size = 1 / spread
    spots = stats.nbinom(size, size / (size + mean))
    return Expected(mean, spots.ppf((1 - band) / 2), spots.ppf((1 + band) / 2))


def score(
    data: WeeklyCases, settings: ForecastSettings, *, is_grid: bool, seed: int
) -> dict[str, Any]:
    """Forecast each of the last weeks from what was known then; say how both methods did.

    Returns
    -------
    dict
        Empty where there is not enough to say anything. Otherwise ``word`` (``gain``,
        ``no_gain`` or ``worse``), ``log`` and ``map`` (gain in nats an event with interval),
        ``hits`` (a row a share of area), ``pit`` of both, ``weeks``, ``cases``, and what both
        expected in total.
    """
    events = int(data.counts[:, -settings.scored_weeks :].sum())
    if data.weeks < settings.enough_weeks or events < settings.enough_cases:
        return {}
    from qalqan.science.flashpoints.forecast import CountMap
    from qalqan.science.flashpoints.scoring import Panel, backtest, judge, rolling_origins

    panel = Panel(data.counts.astype(np.float64), data.centres)
    first = data.weeks - settings.scored_weeks
    origins = rolling_origins(data.weeks, first=first, embargo=settings.embargo)
    options: dict[str, Any] = {"seed": seed, "shares": SHARES, "area": data.sizes}
    base = backtest(CountMap(), panel, origins, **options)
    model = backtest(method(is_grid=is_grid), panel, origins, **options)

    def compared(number: int, loss: Any) -> Verdict:
        rng = np.random.Generator(np.random.Philox(key=seed, counter=[0, 0, 1, number]))
        return judge(
            model, base, rng=rng, loss=loss, block=settings.block, resamples=settings.resamples,
            level=settings.level,
        )  # fmt: skip

    log = compared(0, lambda one: one.log_score)
    words = {"gain": "gain", "worse": "worse"}
    return {
        "word": words.get(log.word, "no_gain"),
        "weeks": log.periods,
        "cases": log.events,
        "log": _interval(log),
        "map": _interval(compared(1, lambda one: one.share_log_score)),
        "hits": [
            _hits(model, base, place)
            | _interval(compared(2 + place, lambda one, at=place: -one.hotspots[at].hits))
            for place in range(len(SHARES))
        ],
        "pit": {"model": _calibration(model, seed), "count_map": _calibration(base, seed)},
        "expected": {"model": _total(model), "count_map": _total(base)},
    }


def _interval(verdict: Verdict) -> dict[str, float | None]:
    return {
        name: _finite(getattr(verdict, name)) for name in ("gain", "low", "high")
    }  # fmt: skip


def _total(scores: Sequence[OriginScore]) -> float:
    return round(float(sum(one.forecast.mean.sum() for one in scores)), 1)


def _hits(model: Sequence[OriginScore], base: Sequence[OriginScore], place: int) -> dict[str, Any]:
    from qalqan.science.flashpoints.scoring import pooled

    row: dict[str, Any] = {"share": SHARES[place]}
    for name, scores in (("model", model), ("count_map", base)):
        spots = [one.hotspots[place] for one in scores]
        rates = pooled(spots)
        row[name] = {
            "hits": sum(spot.hits for spot in spots),
            "area": _finite(float(np.mean([spot.area_share for spot in spots]))),
            "hit_rate": _finite(rates["hit_rate"]),
            "pai": _finite(rates["pai"]),
        }
    return row


def _calibration(scores: Sequence[OriginScore], seed: int) -> dict[str, Any]:
    """Return the histogram of the transform, the p-value of its evenness, and its shape."""
    from qalqan.science.flashpoints.scoring import (
        Forecast,
        pit_histogram,
        randomised_pit,
        uniformity,
    )

    mean = np.concatenate([one.forecast.mean for one in scores])
    spread = np.concatenate(
        [np.broadcast_to(one.forecast.dispersion, one.forecast.mean.shape) for one in scores]
    )
    seen = np.concatenate([one.observed for one in scores])
    forecast = Forecast(mean, spread)
    rng = np.random.Generator(np.random.Philox(key=seed, counter=[0, 0, 2, 0]))
    values = randomised_pit(forecast, seen, rng=rng)
    bars = pit_histogram(forecast, seen, bins=_BINS)
    p_value = uniformity(values, bins=_BINS)
    return {
        "bars": [round(float(bar), 4) for bar in bars],
        "p": p_value,
        "counts": len(values),
        "shape": "even" if p_value >= _UNIFORM else shape_of(values, bars),
    }


def shape_of(values: Floats, bars: Floats) -> str:
    """Return how a transform that is not even departs: level first, then spread.

    Returns
    -------
    str
        ``low`` (more came than was expected), ``high``, ``narrow`` (both ends heap up) or
        ``wide``.

    >>> bars = np.array([0.2, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05, 0.1, 0.1, 0.2])
    >>> shape_of(np.full(4, 0.5), bars), shape_of(np.full(4, 0.6), bars)
    ('narrow', 'low')
    """
    off = float(np.mean(values)) - 0.5
    if abs(off) > _SLOPE:
        return "low" if off > 0 else "high"
    return "narrow" if bars[0] + bars[-1] > 2 / len(bars) else "wide"


def _finite(value: float) -> float | None:
    return round(float(value), 6) if math.isfinite(value) else None
