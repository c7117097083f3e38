"""How much of what happened lay in the small part of the map that was pointed at."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.flashpoints.scoring.checks import (
    ScoreInputError,
    counts,
    numbers,
    refuse,
    share,
)


@dataclass(frozen=True, slots=True)
class HotspotScore:
    """What the chosen cells caught.

    Attributes
    ----------
    cells : tuple of int
        Chosen cells, the most dangerous first.
    area_share : float
        Share of the whole area that they take; at most what was asked for, unless one cell alone
        is larger.
    hits, events : int
        Events in the chosen cells, and everywhere.
    best_hits : int
        Events in the best choice of as much area, known only afterwards.
    """

    cells: tuple[int, ...]
    area_share: float
    hits: int
    events: int
    best_hits: int

    @property
    def hit_rate(self) -> float:
        """Return the share of all events that was caught; not a number without events."""
        return self.hits / self.events if self.events else float("nan")

    @property
    def pai(self) -> float:
        """Return the prediction accuracy index: hit rate over share of area (Chainey 2008)."""
        return self.hit_rate / self.area_share

    @property
    def pei(self) -> float:
        """Return the prediction efficiency index: PAI over the best possible PAI (Hunt 2016)."""
        return self.hits / self.best_hits if self.best_hits else float("nan")


def hotspots(
    forecast: ArrayLike,
    observed: ArrayLike,
    *,
    share_of_area: float,
    rng: np.random.Generator,
    area: ArrayLike | None = None,
) -> HotspotScore:
    """Choose the cells with the highest forecast per area, and count what they caught.

    Cells are taken in descending order of forecast per area as long as the next one still fits;
    the first is always taken. Equal cells come in random order: whoever lists them in the order
    of the map scores the map's numbering, not the forecast.

    Parameters
    ----------
    forecast : (n,) array of float
        Events expected in each cell.
    observed : (n,) array of int
        Events that happened in each cell.
    share_of_area : float
        Share of the whole area that may be chosen, for instance 0.01, 0.05 or 0.10.
    rng : numpy.random.Generator
        Breaks ties.
    area : (n,) array of float, optional
        Area of each cell, any unit; without it all cells are equal.

    Returns
    -------
    HotspotScore
        Hits, hit rate, PAI and PEI.

    Raises
    ------
    ScoreInputError
        If shapes disagree, a value is negative or the share is not between 0 and 1.

    Notes
    -----
    With cells of unequal area the best choice is a knapsack problem; the same greedy rule is used
    for it, so that PEI may exceed 1 by a little.

    References
    ----------
    Chainey, S., Tompson, L., Uhlig, S. (2008). The utility of hotspot mapping for predicting
    spatial patterns of crime. Security Journal 21(1-2), 4-28.
    Hunt, J. M. (2016). Do crime hot spots move? Exploring the effects of the modifiable areal
    unit problem and modifiable temporal unit problem on crime hot spot stability. PhD thesis,
    American University, Washington.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> score = hotspots([9, 1, 5, 0], [2, 3, 1, 0], share_of_area=0.5, rng=rng)
    >>> score.cells, score.hits, score.hit_rate, score.pai, score.pei
    ((0, 2), 3, 0.5, 1.0, 0.6)
    """
    share(share_of_area, "share of area")
    expected, seen = numbers(forecast, "forecast", ndim=1), counts(observed, "observed", ndim=1)
    refuse(expected < 0, "forecast: negative")
    size = np.ones(len(seen)) if area is None else numbers(area, "area", ndim=1)
    refuse(size <= 0, "area: not above 0")
    if not len(expected) == len(seen) == len(size) or len(seen) == 0:
        raise ScoreInputError(
            f"forecast, observed and area have {len(expected)}, {len(seen)} and {len(size)} cells"
        )
    chosen = _densest(expected, size, share_of_area, rng)
    best = _densest(seen, size, share_of_area, rng)
    return HotspotScore(
        cells=tuple(int(i) for i in chosen),
        area_share=float(size[chosen].sum() / size.sum()),
        hits=int(seen[chosen].sum()),
        events=int(seen.sum()),
        best_hits=int(seen[best].sum()),
    )


def pooled(scores: list[HotspotScore]) -> dict[str, float]:
    """Return hit rate, PAI and PEI of several periods together: hits over events, not a mean.

    Examples
    --------
    >>> one, two = HotspotScore((0,), 0.1, 2, 4, 4), HotspotScore((1,), 0.1, 0, 0, 0)
    >>> pooled([one, two])
    {'hit_rate': 0.5, 'pai': 5.0, 'pei': 0.5}
    """
    events = sum(score.events for score in scores)
    best = sum(score.best_hits for score in scores)
    hits = sum(score.hits for score in scores)
    nothing = float("nan")
    rate = hits / events if events else nothing
    taken = float(np.mean([score.area_share for score in scores])) if scores else nothing
    return {"hit_rate": rate, "pai": rate / taken, "pei": hits / best if best else nothing}


def _densest(
    value: NDArray[np.float64],
    area: NDArray[np.float64],
    share_of_area: float,
    rng: np.random.Generator,
) -> NDArray[np.int64]:
    """Return the cells of highest density that fit together into the share, ties at random."""
    order = np.lexsort((rng.random(len(value)), -(value / area)))
    taken = np.cumsum(area[order])
    # One part in 10**9, so that a tenth of ten cells is one cell whatever the rounding.
    fitting = int(np.searchsorted(taken, share_of_area * area.sum() * (1 + 1e-9), side="right"))
    return order[: max(fitting, 1)].astype(np.int64)
