"""What is worth spreading: replicates of a test, regions, origins of a backtest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.runners.base import Progress, Runner, RunnerInputError
from qalqan.science.flashpoints.cylinders import Cylinders
from qalqan.science.flashpoints.montecarlo import null_maxima
from qalqan.science.flashpoints.nulls import NullModel
from qalqan.science.flashpoints.scoring.rolling import (
    SHARES,
    Forecaster,
    Origin,
    OriginScore,
    Panel,
    score_origin,
)

Region = TypeVar("Region")
Finding = TypeVar("Finding")

LANES = 256
"""Replicates that a kernel runs side by side; blocks are multiples of it."""


def spread_replicates(
    runner: Runner,
    model: NullModel,
    cylinders: Cylinders,
    *,
    total: int,
    replicates: int,
    seed: int,
    pieces: int = 8,
    options: Mapping[str, Any] | None = None,
    progress: Progress | None = None,
) -> NDArray[np.float64]:
    """Return the maxima of one test whose replicates are shared out.

    Every replicate has its own number and stream, so the maxima are those of
    :func:`qalqan.science.flashpoints.montecarlo.null_maxima` whatever the pieces and the runner.

    Parameters
    ----------
    runner : Runner
        Where to run.
    model, cylinders, total, replicates, seed
        As in ``null_maxima``.
    pieces : int
        Blocks to make at most. Each sorts the cylinders anew, so a few for each worker are best.
    options : mapping, optional
        Further arguments of ``null_maxima`` (``high``, ``low``, ``min_cases``).
    progress
        Called with the blocks done and the blocks there are.

    Returns
    -------
    (replicates,) array of float64
        In the order of the replicates.

    Raises
    ------
    RunnerInputError
        If a number has no meaning.
    """
    if replicates < 0 or pieces < 1:
        raise RunnerInputError("replicates must be 0 or more, pieces 1 or more")
    whole = -(-replicates // LANES)
    length = max(-(-whole // pieces), 1) * LANES
    blocks = [(first, min(length, replicates - first)) for first in range(0, replicates, length)]
    function = partial(
        _maxima, model=model, cylinders=cylinders, total=total, seed=seed, options=options or {}
    )
    parts = runner.map_blocks(function, blocks, seed=seed, progress=progress)
    return np.concatenate([np.zeros(0), *parts])


def spread_regions(
    runner: Runner,
    function: Callable[[Region, int], Finding],
    regions: Sequence[Region],
    *,
    seed: int,
    progress: Progress | None = None,
) -> list[Finding]:
    """Return ``function(region, seed)`` of every region, each with a seed of its own.

    Parameters
    ----------
    runner : Runner
        Where to run.
    function
        For instance a scan of one province; it gets the region and a seed from 0 to 2**63 - 1.
    regions
        What to run over.
    seed : int
        The seeds of the regions follow from it and from their place in the list.
    progress
        Called after each region.

    Returns
    -------
    list
        In the order of the regions.
    """
    return runner.map_blocks(partial(_region, function), regions, seed=seed, progress=progress)


def spread_backtest(
    runner: Runner,
    forecaster: Forecaster,
    panel: Panel,
    origins: Sequence[Origin],
    *,
    seed: int,
    shares: Sequence[float] = SHARES,
    area: ArrayLike | None = None,
    progress: Progress | None = None,
) -> list[OriginScore]:
    """Return what :func:`qalqan.science.flashpoints.scoring.rolling.backtest` returns.

    Parameters
    ----------
    runner : Runner
        Where to run.
    forecaster, panel, origins, seed, shares, area
        As in ``backtest``.
    progress
        Called after each origin.

    Returns
    -------
    list of OriginScore
        In the order of the origins.
    """
    function = partial(_origin, forecaster, panel, seed, tuple(shares), area)
    return runner.map_blocks(function, origins, seed=seed, progress=progress)


def _maxima(
    block: tuple[int, int],
    rng: np.random.Generator,
    *,
    model: NullModel,
    cylinders: Cylinders,
    total: int,
    seed: int,
    options: Mapping[str, Any],
) -> NDArray[np.float64]:
    """Run some replicates; their streams come from their own numbers, not from the block's."""
    del rng
    first, count = block
    return null_maxima(
        model, cylinders, total=total, replicates=count, seed=seed, first=first, **options
    )


def _region(
    function: Callable[[Region, int], Finding], region: Region, rng: np.random.Generator
) -> Finding:
    """Run one region."""
    return function(region, int(rng.integers(0, 2**63)))


def _origin(
    forecaster: Forecaster,
    panel: Panel,
    seed: int,
    shares: tuple[float, ...],
    area: ArrayLike | None,
    origin: Origin,
    rng: np.random.Generator,
) -> OriginScore:
    """Score one origin; its ties are broken by its target's own stream, not by the block's."""
    del rng
    return score_origin(forecaster, panel, origin, seed=seed, shares=shares, area=area)
