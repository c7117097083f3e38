"""Self-exciting processes: speed, recovery of the parameters, coverage, in CPU seconds.

    python bench/hawkes.py [--data ../shared/data] [--repeats 9] [--simulations 100]

The exponential process on 100,800 events (hawkes-rs 0.146 s and intensify 0.21 s were measured
elsewhere); the process in space and time on some 100,000 events, neighbour lists and all; then
estimates on simulated events against the truth.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

from qalqan.science.flashpoints.selfexciting.exponential import fit_exponential
from qalqan.science.flashpoints.selfexciting.region import rectangle
from qalqan.science.flashpoints.selfexciting.simulate import simulate_space_time
from qalqan.science.flashpoints.selfexciting.spacetime import (
    NAMES,
    Model,
    SpaceTimeFit,
    fit_space_time,
    prepare,
)

ROOT = Path(__file__).resolve().parent.parent
SQUARE = rectangle(0, 0, 10, 10)
Result = TypeVar("Result")


def cpu(function: Callable[[], Result], repeats: int) -> tuple[float, Result]:
    """Return the median CPU seconds of a call after one that compiles, and what it returned."""
    result, spent = function(), []
    for _ in range(repeats):
        start = time.process_time()
        result = function()
        spent.append(time.process_time() - start)
    return statistics.median(spent), result


def drawn(model: Model, horizon: float, rng: np.random.Generator) -> Callable[[], SpaceTimeFit]:
    """Return a fit, neighbour lists and all, of events simulated from a model."""
    times, points, _ = simulate_space_time(model, SQUARE, horizon, rng=rng)
    density = np.full(times.size, 1 / SQUARE.area)

    def run() -> SpaceTimeFit:
        events = prepare(
            times, points, SQUARE, horizon, max_lag=model.max_lag,
            max_distance=model.max_distance,
        )  # fmt: skip
        return fit_space_time(
            events, density, time_shape=model.time_shape, space_shape=model.space_shape
        )

    return run


def recovery(model: Model, simulations: int) -> None:
    """Print how far the estimates lie from the truth, and how often intervals cover it."""
    rng, z, covered = np.random.default_rng(1), [], np.zeros(6)
    for _ in range(simulations):
        fit = drawn(model, 40.0, rng)()
        errors = np.sqrt(np.maximum(np.diag(fit.log_covariance), 1e-300))
        z.append(np.log(fit.model.parameters / model.parameters) / errors)
        limits = fit.intervals()
        covered += (limits[:, 0] <= model.parameters) & (model.parameters <= limits[:, 1])
    table = np.array(z)
    for k in np.flatnonzero(model.free):
        mean20 = table[:20, k].mean() * np.sqrt(min(20, simulations))
        print(
            f"  {NAMES[k]:<12} covered {covered[k] / simulations:6.1%} of {simulations}; mean of "
            f"the first 20 lies {mean20:+.2f} standard errors of the mean from the truth"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--repeats", type=int, default=9)
    parser.add_argument("--simulations", type=int, default=100)
    given = parser.parse_args()
    path = given.data / "flashpoints" / "synthetic" / "hawkes100k.npy"
    if path.is_file():
        times = np.load(path)
        spent, fit = cpu(lambda: fit_exponential(times, 80_000.0), given.repeats)
        print(f"exponential, {times.size:,} events: {spent:.4f} CPU s")
        print(f"  log likelihood {fit.log_likelihood:.6f}, mu {fit.mu:.6f}, ", end="")
        print(f"alpha {fit.alpha:.6f}, beta {fit.beta:.6f}")
    models = {
        "exponential × Gaussian": Model(
            50, 0.5, time=0.7, space=0.1, max_lag=14.0, max_distance=1.0
        ),
        "Omori × power law": Model(
            50, 0.5, time=1.0, space=0.05, max_lag=14.0, max_distance=1.0, time_shape="omori",
            space_shape="power", time_power=0.8, space_power=1.2,
        ),
    }  # fmt: skip
    for name, model in models.items():
        run = drawn(model, 1000.0, np.random.default_rng(1))
        spent, found = cpu(run, max(1, given.repeats // 3))
        count = found.background_share.size
        print(f"{name}, {count:,} events: {spent:.2f} CPU s, {found.rounds} rounds")
        recovery(model, given.simulations)


if __name__ == "__main__":
    main()
