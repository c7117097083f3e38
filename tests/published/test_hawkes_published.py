"""The exponential Hawkes process against what two other programs computed on the same events."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from qalqan.science.flashpoints.selfexciting.exponential import fit_exponential, log_likelihood

HORIZON = 80_000.0


def test_a_hundred_thousand_events(shared_data: Path) -> None:
    folder = shared_data / "flashpoints"
    if not (folder / "synthetic" / "hawkes100k.npy").is_file():
        pytest.skip("the folder of published data has no events")
    expected = json.loads((folder / "expected.json").read_text())["hawkes_exp_univariate_100800"]
    times = np.load(folder / "synthetic" / "hawkes100k.npy")
    fit = fit_exponential(times, HORIZON)
    assert fit.log_likelihood == pytest.approx(expected["loglik"], abs=1e-4)
    for name in ("mu", "alpha", "beta"):
        assert getattr(fit, name) == pytest.approx(expected[name], abs=1e-4)
    there = [expected[name] for name in ("mu", "alpha", "beta")]
    value = log_likelihood(times, HORIZON, *there)[0]
    assert value == pytest.approx(expected["loglik"], abs=1e-4)
