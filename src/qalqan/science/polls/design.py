"""How a sample was drawn: strata, stages of clusters, weights, finite populations.

Särndal C-E, Swensson B, Wretman J (1992), Model assisted survey sampling, Springer, chapters 3
and 4. Lumley T (2004), Analysis of complex survey samples, Journal of Statistical Software 9(8);
its conventions are kept: numbers equal those of R's `survey`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.polls.checks import PollInputError, as_codes, as_vector, refuse

Lonely = Literal["fail", "remove", "certainty", "adjust", "average"]
LONELY: tuple[Lonely, ...] = ("fail", "remove", "certainty", "adjust", "average")
_TAKEN_WHOLE = 1e-7


class Adjustment(Protocol):
    """A calibration that the weights have been through, as the variance sees it."""

    def residuals(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Take from weighted scores, shape (rows, columns), what the known totals explain."""
        ...


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of sampling.

    Attributes
    ----------
    stratum : ndarray of int, shape (rows,)
        Stratum of each row, from 0; strata of a later stage lie within one cluster of the earlier.
    cluster : ndarray of int, shape (rows,)
        Cluster drawn at this stage, from 0, numbered through all strata.
    clusters : int
        Number of clusters.
    sampled : ndarray, shape (strata,)
        Clusters drawn in each stratum.
    population : ndarray, shape (strata,)
        Clusters that each stratum has; infinite if drawn with replacement or not known.
    stratum_of_cluster : ndarray of int, shape (clusters,)
    rows_are_clusters : bool
        Each row is a cluster of its own, in order.
    """

    stratum: NDArray[np.int64]
    cluster: NDArray[np.int64]
    clusters: int
    sampled: NDArray[np.float64]
    population: NDArray[np.float64]
    stratum_of_cluster: NDArray[np.int64]
    rows_are_clusters: bool

    def left(self) -> NDArray[np.float64]:
        """Return the share of each stratum that was not drawn, shape (strata,)."""
        with np.errstate(invalid="ignore"):
            part = (self.population - self.sampled) / self.population
        return np.where(np.isinf(self.population), 1.0, part)

    def lonely(self) -> NDArray[np.bool_]:
        """Tell which strata hold one drawn cluster of several, shape (strata,)."""
        return np.asarray((self.sampled == 1) & (self.left() >= _TAKEN_WHOLE))


@dataclass(frozen=True, slots=True)
class Design:
    """A sample and how it was drawn; made by `design`.

    Attributes
    ----------
    weights : ndarray, shape (rows,)
        How many of the population each row stands for.
    stages : tuple of Stage
        First to last.
    has_strata, has_fpc : bool
        Whether strata and finite populations were given.
    lonely : str
        What is done with a stratum of one drawn cluster.
    adjustments : tuple of Adjustment
        Calibrations of the weights, in order.
    """

    weights: NDArray[np.float64]
    stages: tuple[Stage, ...]
    has_strata: bool
    has_fpc: bool
    lonely: Lonely
    adjustments: tuple[Adjustment, ...] = ()

    def __len__(self) -> int:
        return len(self.weights)

    @property
    def degrees_of_freedom(self) -> int:
        """Clusters with weight less strata, first stage."""
        first, held = self.stages[0], self.weights != 0
        return _distinct(first.cluster[held]) - _distinct(first.stratum[held])

    def describe(self) -> dict[str, object]:
        """Return what a reader of a figure must know of the design, as plain data."""
        first = self.stages[0]
        return {
            "rows": len(self),
            "strata": len(first.sampled) if self.has_strata else 0,
            "stages": len(self.stages),
            "clusters": [stage.clusters for stage in self.stages if not stage.rows_are_clusters],
            "finite_population": self.has_fpc,
            "lonely": self.lonely,
            "population": float(self.weights.sum()),
            "df": self.degrees_of_freedom,
        }


def design(
    weights: ArrayLike | None,
    *,
    strata: ArrayLike | Sequence[ArrayLike] | None = None,
    clusters: Sequence[ArrayLike] = (),
    fpc: Sequence[ArrayLike] = (),
    nest: bool = False,
    lonely: Lonely = "fail",
) -> Design:
    """Describe how a sample was drawn.

    Parameters
    ----------
    weights : array_like, shape (rows,), or None
        At least 0, not all 0. None: from ``fpc``, as the inverse of the chance to be drawn.
    strata : array_like, shape (rows,), optional
        Names or numbers of first-stage strata.
    clusters : sequence of array_like, shape (rows,)
        One a stage, first to last; none if the rows themselves were drawn.
    fpc : sequence of array_like, shape (rows,)
        One a stage: how many clusters the row's stratum has (at a later stage: the row's
        cluster), or, if all are at most 1, the shares that were drawn.
    nest : bool
        Clusters are numbered anew in each stratum.
    lonely : str
        For a stratum of one drawn cluster: ``fail``; ``remove`` or ``certainty``, it adds no
        variance; ``adjust``, its distance from the whole counts; ``average``, it is given the
        mean variance of the other strata.

    Returns
    -------
    Design
        Checked.

    Raises
    ------
    PollInputError
        A negative or missing weight, a cluster in two strata, finite populations smaller than
        the sample or varying within a stratum, one cluster in a stratum with ``fail``.

    Examples
    --------
    >>> drawn = design([10, 10, 20, 20], strata=["a", "a", "b", "b"], fpc=[[20, 20, 40, 40]])
    >>> drawn.degrees_of_freedom, drawn.stages[0].left().tolist()
    (2, [0.9, 0.95])
    """
    if lonely not in LONELY:
        raise PollInputError(f"lonely is one of {', '.join(LONELY)}", column="strata")
    rows = _rows(weights, strata, clusters, fpc)
    if len(fpc) > max(1, len(clusters)):
        raise PollInputError(
            f"{len(fpc)} finite populations are given for {max(1, len(clusters))} stages",
            column="fpc",
        )
    populations = [as_vector(column, "fpc", rows) for column in fpc]
    stages = _stages(rows, strata, clusters, populations, nest=nest)
    if lonely == "fail":
        _refuse_lonely(stages)
    held = _from_fpc(stages) if weights is None else _checked_weights(weights, rows)
    return Design(held, stages, strata is not None, bool(fpc), lonely)


def _rows(
    weights: ArrayLike | None, strata: object, clusters: Sequence[ArrayLike],
    fpc: Sequence[ArrayLike],
) -> int:  # fmt: skip
    if weights is None and not fpc:
        raise PollInputError(
            "give weights, or finite populations they follow from", column="weight"
        )
    rows = len(np.asarray(fpc[0] if weights is None else weights))
    if rows == 0:
        raise PollInputError("there are no rows", column="weight")
    return rows


def _checked_weights(weights: ArrayLike, rows: int) -> NDArray[np.float64]:
    held = as_vector(weights, "weight", rows)
    refuse(held < 0, "a weight is negative", "weight", hint="leave the row out, or mend it")
    if not held.any():
        raise PollInputError("all weights are 0", row=0, column="weight")
    return held


def _stages(
    rows: int, strata: object, clusters: Sequence[ArrayLike],
    populations: list[NDArray[np.float64]], *, nest: bool,
) -> tuple[Stage, ...]:  # fmt: skip
    shares = _are_shares(populations)
    stratum = np.zeros(rows, np.int64) if strata is None else as_codes(strata, "strata", rows)  # type: ignore[arg-type]
    stages: list[Stage] = []
    for number in range(max(1, len(clusters))):
        if clusters:
            cluster = as_codes(clusters[number], "cluster", rows)
            if number or nest:
                cluster = pair(stratum, cluster)
        else:
            cluster = np.arange(rows)
        known = populations[number] if number < len(populations) else None
        stages.append(_stage(stratum, cluster, known, shares, number, own=not clusters))
        stratum = cluster
        if known is None and number + 1 < len(clusters):
            break
    return tuple(stages)


def _stage(
    stratum: NDArray[np.int64], cluster: NDArray[np.int64], known: NDArray[np.float64] | None,
    shares: bool, number: int, *, own: bool,
) -> Stage:  # fmt: skip
    """Return one stage, checked.

    Without finite populations the stages below the first add nothing: drawn with replacement, the
    first stage's spread holds theirs already.
    """
    count = int(cluster.max()) + 1
    of_cluster = np.zeros(count, np.int64)
    of_cluster[cluster] = stratum
    if not own:
        refuse(
            of_cluster[cluster] != stratum, "this cluster lies in two strata", "cluster",
            stage=number, hint="if clusters are numbered anew in each stratum, say --nest",
        )  # fmt: skip
    sampled = np.bincount(of_cluster, minlength=int(stratum.max()) + 1).astype(np.float64)
    population = _population(stratum, known, shares, sampled, number)
    rows_are = own or bool(
        count == len(cluster) and np.array_equal(cluster, np.arange(len(cluster)))
    )
    return Stage(stratum, cluster, count, sampled, population, of_cluster, rows_are)


def _are_shares(populations: list[NDArray[np.float64]]) -> bool:
    """Tell shares drawn (all at most 1) from counts (all at least 1)."""
    shares = bool(populations) and all((one <= 1).all() for one in populations)
    for number, one in enumerate(populations):
        refuse(one <= 0, "a finite population is 0 or less", "fpc", stage=number)
        if not shares:
            refuse(
                one < 1, "some finite populations are counts, this one is a share", "fpc",
                stage=number, hint="give all as counts (1 or more) or all as shares (1 or less)",
            )  # fmt: skip
    return shares


def _population(
    stratum: NDArray[np.int64], known: NDArray[np.float64] | None, shares: bool,
    sampled: NDArray[np.float64], number: int,
) -> NDArray[np.float64]:  # fmt: skip
    if known is None:
        return np.full(len(sampled), np.inf)
    first = np.zeros(len(sampled))
    first[stratum] = known
    refuse(
        first[stratum] != known, "the finite population varies within a stratum", "fpc",
        stage=number, hint="each row of a stratum (or cluster) must say the same number",
    )  # fmt: skip
    population = sampled / first if shares else first
    if shares:
        # A share written with a few digits must not make a whole stratum smaller than itself.
        population = np.maximum(population, sampled)
    refuse(
        (population < sampled)[stratum],
        "the finite population is smaller than the sample drawn from it", "fpc", stage=number,
    )  # fmt: skip
    return population


def _from_fpc(stages: tuple[Stage, ...]) -> NDArray[np.float64]:
    weights = np.ones(len(stages[0].stratum))
    for number, stage in enumerate(stages):
        if np.isinf(stage.population).any():
            raise PollInputError(
                f"weights follow from finite populations only if each stage has one; stage "
                f"{number + 1} has none", column="fpc", stage=number,
            )  # fmt: skip
        weights *= (stage.population / stage.sampled)[stage.stratum]
    return weights


def _refuse_lonely(stages: tuple[Stage, ...]) -> None:
    for number, stage in enumerate(stages):
        alone = stage.lonely()
        refuse(
            alone[stage.stratum],
            f"only one cluster was drawn in this stratum (stage {number + 1}), so its spread is "
            "not known", "strata", stage=number,
            hint="join it with a stratum like it, or say --lonely certainty (it was taken for "
            "sure), adjust (its distance from the whole counts), average (as the other strata) "
            "or remove",
        )  # fmt: skip


def pair(outer: NDArray[np.int64], inner: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return codes of pairs, from 0, ordered by the outer code and then the inner.

    >>> pair(np.array([0, 1, 0]), np.array([5, 5, 6])).tolist()
    [0, 2, 1]
    """
    width = int(inner.max()) + 1
    keys = outer * width + inner
    most = int(keys.max()) + 1
    if most <= 4 * len(keys) + 1024:
        seen = np.zeros(most, dtype=np.int64)
        seen[keys] = 1
        return np.asarray((np.cumsum(seen) - 1)[keys], dtype=np.int64)
    return np.asarray(np.unique(keys, return_inverse=True)[1].reshape(-1), dtype=np.int64)


def _distinct(codes: NDArray[np.int64]) -> int:
    return int(np.count_nonzero(np.bincount(codes))) if len(codes) else 0
