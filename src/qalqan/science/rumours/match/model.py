"""Which of the candidates is it, or none: a conditional logit with an outside option."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Choice:
    """One text to learn from.

    Parameters
    ----------
    rows : ndarray, shape (candidates, features)
        Features of its candidates.
    right : tuple of int
        Which candidates are right; empty where the right one is not among the claims.
    """

    rows: Rows
    right: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ChoiceModel:
    r"""Probabilities of the candidates of one text, and of none.

    .. math:: P(i) = \frac{e^{u_i}}{e^{u_0} + \sum_j e^{u_j}}, \qquad
              u_i = \beta^\top (x_i - m) / s

    Parameters
    ----------
    features : tuple of str
        Names of the columns.
    means, scales, weights : ndarray, shape (features,)
        :math:`m`, :math:`s` and :math:`\beta`.
    none : float
        :math:`u_0`, utility of "none of these".

    References
    ----------
    McFadden 1974, Conditional logit analysis of qualitative choice behavior, eq. 12.
    """

    features: tuple[str, ...]
    means: Rows
    scales: Rows
    weights: Rows
    none: float

    def utilities(self, rows: Rows) -> Rows:
        """Return the utility of each candidate, shape (candidates,)."""
        found: Rows = ((rows - self.means) / self.scales) @ self.weights
        return found

    def probabilities(self, utilities: Rows) -> tuple[Rows, float]:
        """Return the probability of each candidate and of none; together they make one."""
        top = max(self.none, float(utilities.max(initial=self.none)))
        mine, none = np.exp(utilities - top), float(np.exp(self.none - top))
        whole = float(mine.sum()) + none
        return mine / whole, none / whole

    def parts(self, row: Rows) -> list[tuple[str, float]]:
        """Return what each feature adds to the utility of one candidate, the most first."""
        added = ((row - self.means) / self.scales) * self.weights
        order = np.argsort(-added, kind="stable")
        return [(self.features[i], float(added[i])) for i in order]

    def as_dict(self) -> dict[str, object]:
        """Return the model as plain data."""
        return {
            "features": list(self.features),
            "means": [round(float(v), 5) for v in self.means],
            "scales": [round(float(v), 5) for v in self.scales],
            "weights": [round(float(v), 5) for v in self.weights],
            "none": round(self.none, 5),
        }

    @classmethod
    def from_dict(cls, data: dict[str, object]) -> ChoiceModel:
        """Read a model from plain data.

        Raises
        ------
        ValueError
            A part is missing or the lengths differ.
        """
        try:
            features = tuple(str(name) for name in data["features"])  # type: ignore[attr-defined]
            arrays = [np.array(data[key], dtype=np.float64) for key in _ARRAYS]
            none = float(data["none"])  # type: ignore[arg-type]
        except (KeyError, TypeError) as error:
            raise ValueError(f"this is not a model of matches: {error}") from error
        if any(array.shape != (len(features),) for array in arrays):
            raise ValueError("the model's arrays differ in length from its features")
        return cls(features, arrays[0], arrays[1], arrays[2], none)


_ARRAYS = ("means", "scales", "weights")


def bundled_models() -> dict[str, ChoiceModel]:
    """Return the models that come with the package: ``"words"`` and ``"meaning"``."""
    text = files("qalqan.science.rumours.match").joinpath("weights.json").read_text("utf-8")
    return {name: ChoiceModel.from_dict(data) for name, data in json.loads(text)["models"].items()}


def _loss(
    packed: Rows, table: Rows, real: NDArray[np.bool_], right: NDArray[np.bool_], ridge: float
) -> tuple[float, Rows]:
    """Return the penalised negative log-likelihood and its slope.

    `table` is (texts, candidates, features), padded; `real` marks what is no padding; `right` has
    one column more, for "none".
    """
    weights, none = packed[:-1], packed[-1]
    utilities = np.where(real, table @ weights, -np.inf)
    utilities = np.hstack([utilities, np.full((len(table), 1), none)])
    raw = np.exp(utilities - utilities.max(axis=1, keepdims=True))
    chance = raw / raw.sum(axis=1, keepdims=True)
    share = np.maximum((chance * right).sum(axis=1, keepdims=True), 1e-300)
    pull = chance - chance * right / share
    slope = np.einsum("tc,tcf->f", pull[:, :-1], table, optimize=True) + ridge * weights
    loss = 0.5 * ridge * float(weights @ weights) - float(np.log(share).sum())
    return loss, np.append(slope, pull[:, -1].sum())


def _padded(
    choices: Sequence[Choice], means: Rows, scales: Rows
) -> tuple[Rows, NDArray[np.bool_], NDArray[np.bool_]]:
    width = max(len(choice.rows) for choice in choices)
    table = np.zeros((len(choices), width, len(means)))
    real = np.zeros((len(choices), width), dtype=np.bool_)
    right = np.zeros((len(choices), width + 1), dtype=np.bool_)
    for at, choice in enumerate(choices):
        table[at, : len(choice.rows)] = (choice.rows - means) / scales
        real[at, : len(choice.rows)] = True
        right[at, list(choice.right) or [width]] = True
    return table, real, right


def fit_choice_model(
    choices: Sequence[Choice], features: Sequence[str], *, ridge: float = 3.0
) -> ChoiceModel:
    """Fit the model by penalised maximum likelihood.

    Parameters
    ----------
    choices : sequence of Choice
        Texts with their candidates. Those whose right claim is missing teach what "none" is like;
        as many of them as of the others means even odds.
    features : sequence of str
        Names of the columns.
    ridge : float
        Penalty on the weights of standardised features.

    Returns
    -------
    ChoiceModel
        The fitted model.

    Raises
    ------
    ValueError
        There is nothing to learn from.
    """
    from scipy.optimize import minimize

    if not choices:
        raise ValueError("there is nothing to learn from")
    every = np.vstack([choice.rows for choice in choices])
    means, scales = every.mean(axis=0), every.std(axis=0)
    scales[scales < 1e-9] = 1.0
    found = minimize(
        _loss,
        np.zeros(len(means) + 1),
        args=(*_padded(choices, means, scales), ridge),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": 500},
    )
    return ChoiceModel(tuple(features), means, scales, found.x[:-1], float(found.x[-1]))
