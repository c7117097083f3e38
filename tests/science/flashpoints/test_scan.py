"""What must hold for any scan: invariances, determinism, error rates, refusals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta, binom

from qalqan.errors import QalqanError
from qalqan.science.flashpoints.montecarlo import (
    Cylinders,
    Multinomial,
    null_maxima,
    rank_p_value,
    recurrence_interval,
)
from qalqan.science.flashpoints.scan import (
    relative_risk_interval,
    scan_permutation,
    scan_poisson,
)
from qalqan.science.flashpoints.zones import circular_zones

GRID = np.array([(x, y) for x in range(4) for y in range(3)], float)


def ratios(result) -> list[float]:
    return [cluster.log_likelihood_ratio for cluster in result.clusters]


@pytest.mark.parametrize("workers", [2, 5])
def test_any_number_of_workers_gives_the_same_numbers(workers) -> None:
    rng = np.random.default_rng(1)
    cases = rng.poisson(2, (12, 8))
    zones = circular_zones(GRID, population=cases.sum(axis=1))
    alone = scan_permutation(cases, zones, seed=9, replicates=900)
    many = scan_permutation(cases, zones, seed=9, replicates=900, workers=workers)
    assert (alone.null_maxima == many.null_maxima).all()
    assert alone.clusters == many.clusters


def test_a_longer_run_begins_with_the_shorter_one() -> None:
    cases = np.random.default_rng(2).poisson(3, 12)
    zones = circular_zones(GRID, population=np.ones(12))
    short = scan_poisson(cases, np.ones(12), zones, seed=4, replicates=99)
    long = scan_poisson(cases, np.ones(12), zones, seed=4, replicates=250)
    assert (long.null_maxima[:99] == short.null_maxima).all()


def test_another_seed_gives_other_replicates_but_the_same_clusters() -> None:
    cases = np.random.default_rng(2).poisson(3, 12)
    zones = circular_zones(GRID, population=np.ones(12))
    one, two = (scan_poisson(cases, np.ones(12), zones, seed=s, replicates=99) for s in (1, 2))
    assert (one.null_maxima != two.null_maxima).any()
    assert ratios(one) == ratios(two)


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**32), scale=st.floats(1e-3, 1e3),
    direction=st.sampled_from(["high", "low", "both"]),
)  # fmt: skip
def test_only_proportions_of_the_population_matter(seed, scale, direction) -> None:
    rng = np.random.default_rng(seed)
    cases, population = rng.poisson(4, 12), rng.uniform(1, 9, 12)
    zones = circular_zones(GRID, population=population)
    plain = scan_poisson(cases, population, zones, seed=1, replicates=0, direction=direction)
    scaled = scan_poisson(
        cases, population * scale, zones, seed=1, replicates=0, direction=direction
    )
    assert ratios(plain) == pytest.approx(ratios(scaled), rel=1e-6, abs=1e-9)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32), prospective=st.booleans())
def test_names_of_areas_do_not_matter(seed, prospective) -> None:
    rng = np.random.default_rng(seed)
    cases = rng.poisson(1.5, (12, 6))
    order = rng.permutation(12)
    plain = scan_permutation(
        cases, circular_zones(GRID, population=cases.sum(axis=1)), seed=1, replicates=0,
        prospective=prospective,
    )  # fmt: skip
    moved = scan_permutation(
        cases[order], circular_zones(GRID[order], population=cases[order].sum(axis=1)),
        seed=1, replicates=0, prospective=prospective,
    )  # fmt: skip
    assert ratios(plain)[:1] == pytest.approx(ratios(moved)[:1], rel=1e-9)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_an_area_reported_as_two_on_the_same_spot_changes_nothing(seed) -> None:
    rng = np.random.default_rng(seed)
    cases, population = rng.poisson(4, 12), rng.integers(2, 20, 12).astype(float)
    whole = scan_poisson(
        cases, population, circular_zones(GRID, population=population), seed=1, replicates=0
    )
    parts = np.append(population, population[5] / 2)
    parts[5] /= 2
    counts = np.append(cases, cases[5] // 2)
    counts[5] -= counts[12]
    places = np.vstack([GRID, GRID[5]])
    split = scan_poisson(
        counts, parts, circular_zones(places, population=parts), seed=1, replicates=0
    )
    assert ratios(whole)[:1] == pytest.approx(ratios(split)[:1], rel=1e-9)


@pytest.mark.parametrize("model", ["poisson", "permutation"])
def test_false_alarms_on_null_data_keep_to_the_level(model) -> None:
    """With 400 sets without a cluster, p <= 0.05 must be binomial with 5 %."""
    rng = np.random.default_rng(77)
    alarms = 0
    for trial in range(400):
        if model == "poisson":
            cases, population = rng.multinomial(60, np.ones(12) / 12), np.ones(12)
            zones = circular_zones(GRID, population=population)
            result = scan_poisson(cases, population, zones, seed=trial, replicates=99)
        else:
            cases = rng.poisson(1.2, (12, 6))
            zones = circular_zones(GRID, population=cases.sum(axis=1))
            result = scan_permutation(cases, zones, seed=trial, replicates=99)
        alarms += bool(result.clusters and result.clusters[0].p_value <= 0.05)
    assert binom.ppf(1e-4, 400, 0.05) <= alarms <= binom.ppf(1 - 1e-4, 400, 0.05)


def test_a_planted_flash_point_is_found_in_place_and_time() -> None:
    rng = np.random.default_rng(3)
    cases = rng.poisson(1.0, (12, 20))
    cases[[4, 5], -2:] += 8
    # Stretched, since on the square grid ties let no circle hold these two and no others.
    places = GRID * [1.5, 1.0]
    zones = circular_zones(places, population=cases.sum(axis=1))
    result = scan_permutation(cases, zones, seed=1, prospective=True, max_duration=5)
    found = result.clusters[0]
    assert sorted(found.members) == [4, 5]
    assert (found.start, found.end) == (18, 19)
    assert found.p_value == 0.001
    assert found.recurrence_interval == pytest.approx(1000)
    assert found.relative_risk_low > 1
    assert "prospective" in result.method


def test_low_rates_are_found_when_asked_for() -> None:
    cases = np.full(12, 20)
    cases[7] = 2
    zones = circular_zones(GRID, population=np.ones(12), max_share=0.2)
    high = scan_poisson(cases, np.ones(12), zones, seed=1, replicates=99)
    low = scan_poisson(cases, np.ones(12), zones, seed=1, replicates=99, direction="low")
    both = scan_poisson(cases, np.ones(12), zones, seed=1, replicates=99, direction="both")
    assert all(7 not in cluster.members for cluster in high.clusters)
    assert low.clusters[0].members == both.clusters[0].members == (7,)
    assert low.clusters[0].relative_risk < 1
    assert low.clusters[0].p_value <= 0.05


def test_fewer_cases_than_asked_for_are_no_cluster() -> None:
    zones = circular_zones([[0, 0], [9, 0], [0, 9]], population=[1, 10, 10])
    result = scan_poisson([1, 0, 0], [1, 10, 10], zones, seed=1, replicates=19)
    assert result.clusters == []
    assert (result.null_maxima == 0).all()


def test_no_cases_is_an_answer_and_no_error() -> None:
    zones = circular_zones(GRID, population=np.ones(12))
    result = scan_poisson(np.zeros(12), np.ones(12), zones, seed=1)
    assert result.clusters == []
    assert len(result.null_maxima) == 999


def test_no_circle_that_fits_is_an_answer_and_no_error() -> None:
    zones = circular_zones([[0, 0]], population=[9])
    assert zones.n_zones == 0
    result = scan_poisson([5], [9], zones, seed=1, replicates=19)
    assert result.clusters == []
    assert (result.null_maxima == 0).all()


def test_all_cases_in_one_place_have_an_infinite_relative_risk() -> None:
    zones = circular_zones([[0, 0], [9, 0]], population=[1, 1])
    found = scan_poisson([6, 0], [1, 1], zones, seed=1, replicates=9).clusters[0]
    assert (found.members, found.relative_risk) == ((0,), math.inf)
    # 6 ln 2: all six cases where three are expected.
    assert found.log_likelihood_ratio == pytest.approx(6 * math.log(2))


def test_several_machines_can_share_one_test() -> None:
    zones = circular_zones(GRID, population=np.ones(12))
    expected = np.full((12, 1), 3.0)
    one = np.zeros(1, np.int64)
    cylinders = Cylinders(zones.pointer, zones.members, zones.closed, one, one, expected)
    model = Multinomial.of(expected, 36)
    whole = null_maxima(model, cylinders, total=36, replicates=600, seed=5)
    part = null_maxima(model, cylinders, total=36, replicates=77, seed=5, first=300)
    assert (part == whole[300:377]).all()


def test_a_stopped_scan_does_not_wait_for_the_rest() -> None:
    zones = circular_zones(GRID, population=np.ones(12))
    seen: list[int] = []

    def stop(done: int, wanted: int) -> None:
        seen.append(done)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scan_poisson(
            np.full(12, 3), np.ones(12), zones, seed=1, replicates=99_999, workers=2, progress=stop
        )
    assert len(seen) == 1


def test_progress_tells_how_far_it_is() -> None:
    seen: list[tuple[int, int]] = []
    zones = circular_zones(GRID, population=np.ones(12))
    scan_poisson(
        np.full(12, 3), np.ones(12), zones, seed=1, replicates=600,
        progress=lambda done, wanted: seen.append((done, wanted)),
    )  # fmt: skip
    assert seen[-1] == (600, 600)
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})


def test_p_is_by_rank_and_counts_equals() -> None:
    assert rank_p_value(3.0, np.array([1.0, 2.0, 3.0 - 1e-12, 4.0])) == 3 / 5
    assert rank_p_value(9.0, np.zeros(999)) == 0.001
    assert recurrence_interval(0.02) == pytest.approx(50)


@settings(max_examples=50, deadline=None)
@given(total=st.integers(1, 300), data=st.data())
def test_relative_risk_interval_equals_the_textbook_one(total, data) -> None:
    observed = data.draw(st.integers(0, total))
    expected = data.draw(st.floats(0.01, 0.99)) * total
    low, high = relative_risk_interval(observed, expected, total)
    scale = (total - expected) / expected
    if observed:
        share = beta.ppf(0.025, observed, total - observed + 1)
        assert low == pytest.approx(scale * share / (1 - share), rel=1e-6)
    else:
        assert low == 0
    if observed < total:
        share = beta.ppf(0.975, observed + 1, total - observed)
        assert high == pytest.approx(scale * share / (1 - share), rel=1e-6)
    else:
        assert high == math.inf


ZONES = circular_zones([[0, 0], [1, 0], [5, 0]], population=[1, 1, 1])
GOOD = {"cases": [3, 1, 2], "population": [1, 1, 1], "zones": ZONES, "seed": 1, "replicates": 9}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"cases": [3, -1, 2]}, "negative .area 1"),
        ({"cases": [3, np.nan, 2]}, "not finite .area 1"),
        ({"cases": [3, 0.5, 2]}, "whole number"),
        ({"cases": [3, 1]}, "2 areas have cases, but the zones have 3"),
        ({"cases": [[[1]]]}, "shape"),
        ({"cases": []}, "shape"),
        ({"cases": ["many", 1, 2]}, "cases are no array of numbers"),
        ({"cases": [[1, 2], [3], [4]]}, "cases are no array of numbers"),
        ({"population": [None, {}, 1]}, "people are no array of numbers"),
        ({"cases": [2**31, 0, 0]}, "more cases"),
        ({"population": [1, 0, 1]}, "cases but no population .area 1"),
        ({"population": [1, -1, 1]}, "negative"),
        ({"population": [1, np.inf, 1]}, "not finite"),
        ({"population": [1, 1]}, "does not match"),
        ({"population": [0, 0, 0], "cases": [0, 0, 0]}, "0 everywhere"),
        ({"seed": -1}, "seed"),
        ({"replicates": -1}, "replicates"),
        ({"direction": "up"}, "direction"),
        ({"min_cases": 0}, "least number"),
        ({"workers": 0}, "least number"),
        ({"cases": [[1, 2], [1, 0], [0, 1]], "max_duration": 3}, "do not fit"),
        ({"cases": [[1, 2], [1, 0], [0, 1]], "min_duration": 0}, "do not fit"),
    ],
)
def test_bad_input_is_named(change, words) -> None:
    with pytest.raises(QalqanError, match=words):
        scan_poisson(**{**GOOD, **change})


def test_permutation_needs_an_axis_of_time() -> None:
    with pytest.raises(QalqanError, match="periods"):
        scan_permutation([3, 1, 2], ZONES, seed=1)
