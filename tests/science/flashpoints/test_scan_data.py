"""The one function for all scans: names, days, strata, limits, early end, choice of size."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy.stats import gumbel_r

from qalqan.errors import QalqanError
from qalqan.science.flashpoints.gini import gini_coefficient
from qalqan.science.flashpoints.montecarlo import gumbel_p_value, stopped_after
from qalqan.science.flashpoints.results import rate_ratio_interval
from qalqan.science.flashpoints.scan import (
    ScanData,
    ScanOptions,
    Stream,
    period_boundaries,
    scan,
)
from qalqan.science.flashpoints.standard import person_time, standardised

RNG = np.random.default_rng(21)
PLACES = RNG.uniform(0, 10, (12, 2))
IDS = tuple(f"area {i}" for i in range(12))
CASES = RNG.poisson(2.0, (12, 8))
CASES[3, 5:] += 7
DAYS = period_boundaries(date(2026, 1, 5), date(2026, 3, 1), "day", 7)


def data_of(**changes) -> ScanData:
    stream = Stream(
        cases=CASES, controls=np.full((12, 8), 3), population=np.ones(12),
        expected=np.full((12, 8), 2.0), size=2.0,
    )  # fmt: skip
    edges = [[i, j] for i in range(12) for j in range(i) if (i * j) % 3 == 1]
    plain = ScanData(IDS, PLACES, (stream,), DAYS, edges)
    return replace(plain, **changes)


@pytest.mark.parametrize("zones", ["circle", "ellipse", "adjacency"])
@pytest.mark.parametrize("time", ["none", "retrospective", "prospective", "temporal"])
@pytest.mark.parametrize("model", ["poisson", "bernoulli", "permutation", "ebpoisson", "negbin"])
def test_every_model_time_and_shape_runs_or_says_why_not(model, time, zones) -> None:
    options = ScanOptions(
        model=model, time=time, zones=zones, replicates=19, neighbours=4, shapes=(2.0,),
        angles=(4,), penalty="medium",
    )  # fmt: skip
    if model == "permutation" and time in ("none", "temporal"):
        with pytest.raises(QalqanError, match="space and time"):
            scan(data_of(), options)
        return
    if model == "negbin" and time == "none":
        with pytest.raises(QalqanError, match="sizes do not add up"):
            scan(data_of(), options)
        return
    result = scan(data_of(), options)
    first = result.clusters[0]
    assert 0 < first.p_value <= 1
    assert 0 <= first.gumbel_p_value <= 1
    assert first.ids == tuple(IDS[area] for area in first.members)
    if time == "temporal":
        assert (first.centre, len(first.members), len(result.clusters)) == (-1, 12, 1)
    elif time != "none":
        assert "area 3" in first.ids or model == "permutation"
        assert (first.first_day, first.last_day) == (
            DAYS[first.start],
            date.fromordinal(DAYS[first.end + 1].toordinal() - 1),
        )
    else:
        assert (first.first_day, first.last_day) == (date(2026, 1, 5), date(2026, 3, 1))
    assert (first.recurrence_interval is not None) == (time == "prospective")


def test_order_of_the_data_does_not_matter() -> None:
    order = np.random.default_rng(4).permutation(12)
    moved = ScanData(
        [IDS[i] for i in order], PLACES[order], (Stream(CASES[order], population=np.ones(12)),)
    )
    options = ScanOptions(time="retrospective", replicates=99)
    plain = scan(data_of(boundaries=None), options)
    other = scan(moved, options)
    assert [c.ids for c in plain.clusters] == [c.ids for c in other.clusters]
    assert (plain.null_maxima == other.null_maxima).all()
    assert [IDS[order[area]] for area in other.clusters[0].members] == list(other.clusters[0].ids)


def test_a_second_stream_of_nothing_new_doubles_the_statistic() -> None:
    stream = Stream(CASES, population=np.ones(12))
    options = ScanOptions(time="prospective", replicates=9)
    one = scan(data_of(streams=(stream,)), options).clusters[0]
    two = scan(data_of(streams=(stream, stream)), options).clusters[0]
    assert two.log_likelihood_ratio == pytest.approx(2 * one.log_likelihood_ratio)
    assert two.members == one.members
    assert two.streams == ((one.observed, one.expected),) * 2


def test_whole_area_and_whole_time_can_be_scanned_besides() -> None:
    cases = np.ones((12, 8), int)
    cases[:, 6:] += 2
    cases[5] += 3
    stream = Stream(cases, population=np.ones(12))
    options = ScanOptions(time="retrospective", replicates=9)
    data = data_of(streams=(stream,))
    plain = scan(data, options)
    both = scan(data, replace(options, include_space=True, include_time=True))
    whole = [cluster for cluster in both.clusters if cluster.centre == -1]
    assert [(c.start, c.end, len(c.members)) for c in whole] == [(6, 7, 12)]
    assert any(cluster.start == 0 and cluster.end == 7 for cluster in both.clusters)
    assert all(cluster.centre >= 0 for cluster in plain.clusters)


def test_secondary_clusters_may_overlap_if_wanted() -> None:
    options = ScanOptions(time="retrospective", replicates=9)
    apart = scan(data_of(), options)
    free = scan(data_of(), replace(options, overlap=True))
    areas = [area for cluster in apart.clusters for area in cluster.members]
    assert len(areas) == len(set(areas))
    assert len(free.clusters) == 12


def test_a_test_that_ends_early_says_so() -> None:
    null = data_of(streams=(Stream(np.full((12, 1), 9), population=np.ones(12)),), boundaries=None)
    spread = np.full(12, 9)
    spread[0] += 1
    null = data_of(streams=(Stream(spread, population=np.ones(12)),), boundaries=None)
    whole = scan(null, ScanOptions(replicates=999, min_cases=1))
    ended = scan(null, ScanOptions(replicates=999, min_cases=1, stop_after=50))
    assert ended.stopped
    assert not whole.stopped
    assert ended.clusters[0].p_value == 50 / len(ended.null_maxima)
    assert (whole.null_maxima[: len(ended.null_maxima)] == ended.null_maxima).all()
    assert ended.clusters[0].p_value == pytest.approx(whole.clusters[0].p_value, abs=0.15)


def test_sequential_end_and_gumbel_tail() -> None:
    assert stopped_after(5.0, np.array([1.0, 2.0]), 1) is None
    rng = np.random.default_rng(9)
    maxima = gumbel_r(loc=4.0, scale=1.2).rvs(20_000, random_state=rng)
    for point in (6.0, 9.0, 14.0):
        exact = gumbel_r(loc=4.0, scale=1.2).sf(point)
        assert gumbel_p_value(point, maxima) == pytest.approx(exact, rel=0.1)
    assert math.isnan(gumbel_p_value(1.0, np.zeros(9)))


def test_strata_are_standardised_indirectly() -> None:
    """Two age groups with rates 1 in 10 and 4 in 10, by hand."""
    people = np.array([[[90.0, 10.0]], [[10.0, 90.0]]])
    cases = np.array([[[10.0, 4.0]], [[0.0, 36.0]]])
    assert standardised(cases, people).tolist() == pytest.approx(np.array([[13.0], [37.0]]))
    data = ScanData(
        ["young", "old"], [[0, 0], [1, 1]],
        (Stream(cases, population=people[:, 0, :]),),
    )  # fmt: skip
    found = scan(data, ScanOptions(max_share=1, max_count=1, replicates=9)).clusters[0]
    assert (found.ids, found.observed) == (("young",), 14)
    assert found.expected == pytest.approx(13.0)


def test_population_between_censuses_runs_straight_and_stays_outside() -> None:
    days = (date(2001, 1, 11), date(2001, 1, 21))
    ends = (date(2001, 1, 1), date(2001, 1, 11), date(2001, 1, 16), date(2001, 1, 31))
    got = person_time([[100.0, 200.0]], days, ends)
    # Ten days of 100; five from 100 to 150; five from 150 to 200 and ten of 200.
    assert got[0] == pytest.approx([1000.0, 625.0, 875.0 + 2000.0])
    strata = person_time(np.array([[[1.0, 2.0], [1.0, 4.0]]]), days, ends)
    assert strata.shape == (1, 3, 2)
    assert strata[0, :, 0] == pytest.approx([10, 5, 15])


def test_periods_count_backwards_from_the_end() -> None:
    years = period_boundaries(date(1973, 1, 1), date(1991, 12, 31), "year")
    assert (years[0], years[-1], len(years)) == (date(1973, 1, 1), date(1992, 1, 1), 20)
    uneven = period_boundaries(date(2001, 2, 10), date(2001, 5, 31), "month", 2)
    assert uneven == (date(2001, 2, 10), date(2001, 4, 1), date(2001, 6, 1))
    ends = period_boundaries(date(2001, 1, 1), date(2001, 4, 29), "month")
    assert ends[-3:] == (date(2001, 2, 28), date(2001, 3, 30), date(2001, 4, 30))


def test_gini_prefers_two_small_hot_places_to_one_large_lukewarm_one() -> None:
    places = np.array([(x, 0.0) for x in range(20)]) + RNG.uniform(0, 0.01, (20, 2))
    cases = np.full(20, 10)
    cases[[4, 5, 8, 9]] = 60
    data = ScanData(
        [f"{i:02}" for i in range(20)], places, (Stream(cases, population=np.ones(20)),)
    )
    whole = scan(data, ScanOptions(replicates=99))
    chosen = scan(data, ScanOptions(replicates=99, gini=True))
    assert whole.reporting_share is None
    assert sorted(whole.clusters[0].members) == [4, 5, 6, 7, 8, 9]
    # From three tenths on all six fit into one circle; a quarter is the largest size below.
    assert chosen.reporting_share == 0.25
    assert [sorted(c.members) for c in chosen.clusters[:2]] == [[4, 5], [8, 9]]
    assert (whole.null_maxima == chosen.null_maxima).all()


def test_gini_is_twice_the_area_under_the_diagonal() -> None:
    """One tenth of the people with half of the cases: 0.5 - 0.1."""
    assert gini_coefficient([50], [10], 100, 100) == pytest.approx(0.4)
    assert gini_coefficient([], [], 100, 100) == 0
    # A place of low risk counts as much as one of high risk.
    assert gini_coefficient([0], [40], 100, 100) == pytest.approx(0.4)


def test_rate_ratio_interval_equals_the_tables_of_garwood() -> None:
    """0: 0 to 3.689; 10: 4.795 to 18.390; 50: 37.111 to 65.919 (95 %)."""
    for count, low, high in ((0, 0.0, 3.689), (10, 4.795, 18.390), (50, 37.111, 65.919)):
        assert rate_ratio_interval(count, 1.0) == pytest.approx((low, high), abs=0.0006)


@pytest.mark.parametrize(
    ("data", "options", "words"),
    [
        ({"ids": ("x",) * 12}, {}, "named twice"),
        ({"streams": ()}, {}, "no stream"),
        ({"ids": IDS[:5]}, {}, "do not fit 5 areas"),
        ({"coordinates": PLACES[:5]}, {}, "5 coordinates do not fit"),
        ({"edges": None}, {"zones": "adjacency"}, "pairs of neighbouring"),
        ({"edges": [[0, 40]]}, {"zones": "adjacency"}, "name no area"),
        ({"streams": (Stream(CASES),)}, {}, "needs a population"),
        ({"streams": (Stream(CASES),)}, {"model": "bernoulli"}, "needs controls"),
        ({"streams": (Stream(CASES),)}, {"model": "ebpoisson"}, "needs expected"),
        ({"streams": (Stream(CASES, expected=CASES + 1),)}, {"model": "negbin"}, "needs a size"),
        ({}, {"model": "normal"}, "unknown model"),
        ({}, {"time": "weekly"}, "unknown time"),
        ({}, {"zones": "square"}, "unknown zones"),
        ({}, {"zones": "ellipse", "metric": "greatcircle"}, "plane coordinates"),
        ({}, {"time": "retrospective", "max_duration_share": 0}, "share above 0"),
        ({}, {"stop_after": 0}, "cannot end"),
        ({}, {"gini": True, "gini_stops": (0.0,)}, "reporting sizes"),
        (
            {"streams": (Stream(CASES, population=np.ones((12, 1)), population_days=(DAYS[0],)),),
             "boundaries": None}, {}, "need 9 boundaries",
        ),
    ],
)  # fmt: skip
def test_bad_input_is_named(data, options, words) -> None:
    with pytest.raises(QalqanError, match=words):
        scan(data_of(**data), ScanOptions(**{"replicates": 9, **options}))


def test_populations_and_strata_that_do_not_fit_are_named() -> None:
    ends = (date(2001, 1, 1), date(2001, 1, 2))
    with pytest.raises(QalqanError, match="does not match 2 days"):
        person_time([[1.0]], ends, ends)
    with pytest.raises(QalqanError, match=r"negative .area 0, period 1"):
        person_time([[1.0, -1.0]], ends, ends)
    with pytest.raises(QalqanError, match="do not ascend"):
        person_time([[1.0, 1.0]], ends[::-1], ends)
    with pytest.raises(QalqanError, match="stratum 1 has cases"):
        standardised([[[1, 1]]], [[[1, 0]]])
    with pytest.raises(QalqanError, match="disagree"):
        standardised([[1, 1]], [[1, 1]])
    with pytest.raises(QalqanError, match="no periods"):
        period_boundaries(date(2001, 1, 2), date(2001, 1, 1), "day")
