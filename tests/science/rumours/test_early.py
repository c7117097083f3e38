"""Early sight: features of ten copies, the fit, the curve."""

from __future__ import annotations

import math

import numpy as np
import pytest

from qalqan.science.rumours.early import (
    FEATURES,
    EarlyModel,
    first_copies,
    fit_early_model,
    sight_curve,
)


def test_features_by_hand():
    times = [0, 10, 30, 60, 100, 150, 210, 280, 360, 450, 9999]
    row = dict(
        zip(FEATURES, first_copies(times[::-1], places=[1, 1, 2, 3, 3, 3, 3, 3, 3, 3]), strict=True)
    )
    assert row["duration"] == pytest.approx(math.log(451))
    assert row["second_half"] == pytest.approx(math.log(301))
    assert row["last_three"] == pytest.approx(math.log(241))
    assert row["first_gap"] == pytest.approx(math.log(11))
    assert row["typical_gap"] == pytest.approx(math.log(51))
    assert row["acceleration"] == pytest.approx(math.log(151) - math.log(301))
    assert row["places"] == pytest.approx(math.log(3))
    assert math.isnan(row["languages"])


def test_only_the_first_ten_count_and_the_origin_does_not():
    times = np.arange(10) ** 2
    later = first_copies([*times, 500, 600])
    assert first_copies(times + 1.6e9)[:7] == pytest.approx(later[:7])


@pytest.mark.parametrize("times", [range(9), [*range(9), math.nan]])
def test_too_few_copies_are_refused(times):
    with pytest.raises(ValueError, match="at least 10"):
        first_copies(times)


def drawn(n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(n, len(FEATURES)))
    truth = np.linspace(-1, 1, len(FEATURES))
    chance = 1 / (1 + np.exp(-(rows @ truth - 1)))
    return rows, rng.random(n) < chance, chance


def test_the_fit_finds_the_probabilities_that_made_the_claims():
    rows, reached, chance = drawn(20_000)
    model = fit_early_model(rows, reached, ridge=1e-6)
    assert np.abs(model.probability(rows) - chance).mean() < 0.01


def test_unknown_features_say_nothing():
    rows, reached, _ = drawn(2_000)
    rows[:, 7:] = np.nan
    model = fit_early_model(rows, reached)
    assert model.weights[7:].tolist() == [0.0, 0.0, 0.0]
    known = rows.copy()
    known[:, 7:] = 5.0
    assert model.probability(known) == pytest.approx(model.probability(rows))


def test_another_share_shifts_the_odds_by_the_ratio_of_odds():
    model = EarlyModel(np.zeros(10), np.ones(10), np.ones(10), -0.3, 0.5)
    row = np.full((1, 10), 0.1)
    before, after = model.probability(row)[0], model.probability(row, share=0.1)[0]
    assert (after / (1 - after)) / (before / (1 - before)) == pytest.approx(0.1 / 0.9)
    with pytest.raises(ValueError, match="share"):
        model.probability(row, share=1.0)


def test_claims_of_one_kind_cannot_be_learnt_from():
    with pytest.raises(ValueError, match="did not"):
        fit_early_model(np.zeros((5, 10)), np.ones(5, dtype=bool))


def test_the_curve_counts_claims_that_died_and_flags_ties_together():
    chance = np.array([0.9, 0.8, 0.8, 0.8, 0.1])
    reached = np.array([True, True, False, True, False])
    curve = sight_curve(chance, reached)
    assert curve.seen.tolist() == pytest.approx([1 / 3, 1, 1])
    assert curve.false_alarms.tolist() == pytest.approx([0, 1 / 2, 1])
    assert curve.at(0.4) == (pytest.approx(1 / 3), 0.9)
    assert sight_curve(chance, reached, never_ten=8).at(0.1)[0] == 1.0
    assert sight_curve(np.array([0.5]), np.array([False])).at(0.1) == (0.0, math.inf)
