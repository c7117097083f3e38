"""Small areas: direct estimates strengthened by what is known of each area (Fay and Herriot).

Fay RE, Herriot RA (1979), JASA 74. Rao JNK, Molina I (2015), Small area estimation, second
edition, Wiley, chapter 6: equations 6.1.12 (EBLUP), 6.2.1 (mean squared error) and 6.1.17 (bias
of maximum likelihood). Datta GS, Lahiri P (2000), Statistica Sinica 10.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.polls.checks import PollInputError, as_vector, refuse

Method = Literal["reml", "ml"]
_Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Areas:
    """A Fay-Herriot model and its predictions.

    Attributes
    ----------
    refvar : float
        Variance of the areas about the regression.
    coefficients : ndarray, shape (columns,)
    coefficient_se : ndarray, shape (columns,)
    eblup : ndarray, shape (areas,)
        Predictions.
    mse : ndarray, shape (areas,)
        Estimated mean squared errors.
    direct_share : ndarray, shape (areas,)
        How much of the prediction is the area's own estimate; the rest is the regression.
    loglikelihood : float
        Of the chosen kind, with its constant.
    steps : int
    """

    refvar: float
    coefficients: _Vector
    coefficient_se: _Vector
    eblup: _Vector
    mse: _Vector
    direct_share: _Vector
    loglikelihood: float
    steps: int


def fay_herriot(
    direct: ArrayLike,
    sd: ArrayLike,
    covariates: ArrayLike,
    *,
    method: Method = "reml",
    tolerance: float = 1e-12,
    most: int = 1000,
) -> Areas:
    """Fit the model, converged, and predict each area.

    Parameters
    ----------
    direct : array_like, shape (areas,)
        Direct estimates.
    sd : array_like, shape (areas,)
        Their standard errors, taken as known; above 0.
    covariates : array_like, shape (areas, columns)
        Auxiliary values; a column of ones for the intercept.
    method : str
        ``reml`` or ``ml``; their mean squared errors differ by the bias of the variance.
    tolerance : float
        Scoring ends when the variance changes by less, relative to its size.
    most : int
        Steps at most.

    Returns
    -------
    Areas
        A variance of 0 says that the areas lie about the regression as their errors let expect.

    Raises
    ------
    PollInputError
        Standard errors not above 0, as many columns as areas, columns that others make up, or no
        convergence.

    Examples
    --------
    >>> found = fay_herriot([1.0, 2.0, 6.0, 3.0], [0.5] * 4, [[1.0]] * 4)
    >>> round(found.refvar, 9), found.coefficients.tolist()
    (4.416666667, [3.0])
    """
    y = as_vector(direct, "direct")
    error = as_vector(sd, "sd", len(y))
    refuse(error <= 0, "a standard error is 0 or less", "sd")
    x = _columns(covariates, y)
    psi = error**2
    if method not in ("reml", "ml"):
        raise PollInputError("the method is reml or ml", column="method")
    refvar, steps = _fit(y, psi, x, method, tolerance, most)
    return _predict(y, psi, x, refvar, steps, method)


def _columns(covariates: ArrayLike, y: _Vector) -> _Vector:
    x = np.asarray(covariates, dtype=np.float64)
    if x.ndim != 2 or len(x) != len(y):
        raise PollInputError("each area needs a row of covariates", column="covariates")
    refuse(np.asarray(~np.isfinite(x).all(axis=1)), "a covariate is missing", "covariates")
    if x.shape[1] >= len(y):
        raise PollInputError(
            f"{len(y)} areas cannot tell {x.shape[1]} coefficients and a variance",
            column="covariates",
        )
    scaled = x / np.maximum(np.abs(x).max(axis=0), 1e-300)
    if np.linalg.matrix_rank(scaled) < x.shape[1]:
        raise PollInputError(
            "some covariates are made up by others", column="covariates",
            hint="leave one of them out; the intercept is one already",
        )  # fmt: skip
    return x


def _gls(y: _Vector, weight: _Vector, x: _Vector) -> tuple[_Vector, _Vector]:
    """Return coefficients and their covariance at given inverse variances."""
    weighted = x * weight[:, None]
    inverse = np.asarray(np.linalg.inv(x.T @ weighted), dtype=np.float64)
    return inverse @ (weighted.T @ y), inverse


def _score(
    y: _Vector, psi: _Vector, x: _Vector, refvar: float, method: Method
) -> tuple[float, float]:
    """Return the score in the variance and its expected information."""
    weight = 1.0 / (refvar + psi)
    beta, inverse = _gls(y, weight, x)
    residual = weight * (y - x @ beta)
    if method == "ml":
        return (
            float(0.5 * (residual @ residual) - 0.5 * weight.sum()),
            float(0.5 * (weight**2).sum()),
        )
    # With P = W - W X (X'WX)^-1 X'W: trace of P, and of P P.
    second = inverse @ (x.T @ (x * (weight**2)[:, None]))
    third = inverse @ (x.T @ (x * (weight**3)[:, None]))
    trace = weight.sum() - np.trace(second)
    square = (weight**2).sum() - 2 * np.trace(third) + np.trace(second @ second)
    return float(0.5 * (residual @ residual) - 0.5 * trace), float(0.5 * square)


def _fit(
    y: _Vector, psi: _Vector, x: _Vector, method: Method, tolerance: float, most: int
) -> tuple[float, int]:
    """Find where the score is 0 by Fisher's steps, halved where they overshoot."""
    if _score(y, psi, x, 0.0, method)[0] <= 0 and _falls(y, psi, x, method):
        return 0.0, 0
    refvar = float(np.median(psi))
    for step in range(1, most + 1):
        score, information = _score(y, psi, x, refvar, method)
        new = refvar + score / information
        if new <= 0:
            new = refvar / 2
        if abs(new - refvar) <= tolerance * max(refvar, 1e-3 * float(np.median(psi))):
            return new, step
        refvar = new
        if refvar < 1e-12 * float(psi.min()):
            return 0.0, step
    raise PollInputError(f"the variance has not settled after {most} steps", column="direct")


def _falls(y: _Vector, psi: _Vector, x: _Vector, method: Method) -> bool:
    """Tell whether the likelihood is highest at 0, looked at over many sizes of the variance."""
    grid = float(np.median(psi)) * np.geomspace(1e-4, 1e4, 33)
    start = _loglikelihood(y, psi, x, 0.0, method)
    return all(_loglikelihood(y, psi, x, float(one), method) <= start for one in grid)


def _loglikelihood(y: _Vector, psi: _Vector, x: _Vector, refvar: float, method: Method) -> float:
    variance = refvar + psi
    beta, inverse = _gls(y, 1.0 / variance, x)
    apart = y - x @ beta
    free = len(y) if method == "ml" else len(y) - x.shape[1]
    value = free * np.log(2 * np.pi) + np.log(variance).sum() + (apart**2 / variance).sum()
    if method == "reml":
        value -= np.linalg.slogdet(inverse)[1]
    return float(-0.5 * value)


def _predict(
    y: _Vector, psi: _Vector, x: _Vector, refvar: float, steps: int, method: Method
) -> Areas:
    weight = 1.0 / (refvar + psi)
    beta, inverse = _gls(y, weight, x)
    share = refvar * weight
    away = psi * weight
    own = refvar * away
    regression = away**2 * np.einsum("ij,jk,ik->i", x, inverse, x)
    information = 0.5 * (weight**2).sum()
    variance = psi**2 * weight**3 / information
    mse = own + regression + 2 * variance
    if method == "ml":
        second = inverse @ (x.T @ (x * (weight**2)[:, None]))
        bias = -np.trace(second) / (2 * information)
        mse = mse - bias * away**2
    return Areas(
        refvar, beta, np.sqrt(np.diag(inverse)), share * y + (1 - share) * (x @ beta), mse,
        share, _loglikelihood(y, psi, x, refvar, method), steps,
    )  # fmt: skip
