"""Order of the queue, plan of the hours, credibility sheet."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from qalqan.science.rumours.rank import (
    ClaimsUnderName,
    Factor,
    Job,
    QueueEntry,
    Severity,
    credibility_sheet,
    plan_hours,
    rank_queue,
)


def entry(claim: int, *, severity: Severity = Severity.PANIC, copies: float = 100.0,
          unresolved: float = 0.8, minutes: float = 30.0) -> QueueEntry:  # fmt: skip
    return QueueEntry(
        claim,
        severity,
        Factor("reach", copies, copies / 2, copies * 2, "forecast"),
        Factor("unresolved", unresolved, unresolved / 2, 1.0, "desk"),
        Factor.certain("minutes", minutes, "setting"),
    )


def test_the_score_is_weight_times_reach_times_doubt_by_minutes():
    (row,) = rank_queue([entry(1, copies=50, unresolved=0.6, minutes=20)])
    assert row.score == pytest.approx(10.0 * 50 * 0.6 / 20)
    assert [f.name for f in row.reasons] == ["severity", "reach", "unresolved", "minutes"]
    assert row.low < row.score < row.high


def test_a_threat_goes_round_the_queue_whatever_its_reach():
    big, threat = entry(1, copies=1e6), entry(2, severity=Severity.THREAT_TO_LIFE, copies=1)
    rows = rank_queue([big, threat])
    assert [r.claim_id for r in rows] == [2, 1]
    assert [r.round_the_queue for r in rows] == [True, False]


def test_more_work_or_less_harm_comes_later_and_ties_keep_their_order():
    rows = rank_queue([entry(1, minutes=60), entry(2), entry(3), entry(4, copies=400)])
    assert [r.claim_id for r in rows] == [4, 2, 3, 1]
    assert rows[1].overlaps_next


def test_the_interval_is_that_of_a_product_of_independent_lognormal_factors():
    spread = np.log(2.0) / stats.norm.ppf(0.975)
    one = QueueEntry(
        1,
        Severity.OTHER,
        Factor("reach", 40, 20, 80, "forecast"),
        Factor.certain("unresolved", 1.0, "desk"),
        Factor("minutes", 10, 5, 20, "desk"),
    )
    rng = np.random.default_rng(1)
    draws = 40 * rng.lognormal(0, spread, 400_000) / (10 * rng.lognormal(0, spread, 400_000))
    (row,) = rank_queue([one])
    assert [row.low, row.high] == pytest.approx(np.quantile(draws, [0.025, 0.975]), rel=0.02)


def test_no_further_copies_score_zero_with_an_open_upper_end():
    one = QueueEntry(
        1,
        Severity.PANIC,
        Factor("reach", 0, 0, 5, "forecast"),
        Factor.certain("unresolved", 1.0, "desk"),
        Factor.certain("minutes", 10, "setting"),
    )
    (row,) = rank_queue([one])
    assert (row.score, row.low, row.high) == (0.0, 0.0, 5.0)


@pytest.mark.parametrize("bad", [(2, 3, 4), (-1, -1, 0), (float("nan"), 0, 1)])
def test_a_factor_outside_its_interval_is_refused(bad):
    with pytest.raises(ValueError, match="reach"):
        Factor("reach", *bad, source="x")


def test_minutes_of_zero_and_probabilities_above_one_are_refused():
    with pytest.raises(ValueError, match="claim 1: minutes"):
        rank_queue([entry(1, minutes=0)])
    over = QueueEntry(
        2,
        Severity.OTHER,
        Factor.certain("reach", 1, "x"),
        Factor.certain("unresolved", 1.5, "x"),
        Factor.certain("minutes", 1, "x"),
    )
    with pytest.raises(ValueError, match="claim 2: a probability"):
        rank_queue([over])


jobs = st.lists(
    st.tuples(st.integers(1, 60), st.integers(0, 500), st.booleans()), min_size=0, max_size=9
)


def best_by_trying_all(work: list[Job], budget: int) -> float:
    best = 0.0
    for size in range(len(work) + 1):
        for some in combinations(work, size):
            if sum(job.minutes for job in some) <= budget:
                best = max(best, sum(job.harm for job in some))
    return best


@given(rows=jobs, hours=st.floats(0, 3))
def test_the_plan_is_the_best_of_all_plans(rows, hours):
    work = [Job(i, m, h, h / 2, h * 2, first=f) for i, (m, h, f) in enumerate(rows)]
    plan = plan_hours(work, hours)
    urgent = [job for job in work if job.first]
    room = max(0, int(hours * 60 + 1e-9) - sum(int(job.minutes) for job in urgent))
    others = [job for job in work if not job.first]
    expected = sum(job.harm for job in urgent) + best_by_trying_all(others, room)
    assert plan.averted == pytest.approx(expected)
    assert plan.gap == 0.0
    assert plan.greedy <= plan.averted + 1e-9
    assert set(urgent) <= set(plan.chosen)
    assert sorted(job.claim_id for job in (*plan.chosen, *plan.left)) == list(range(len(work)))
    assert plan.averted + plan.left_cost == pytest.approx(sum(job.harm for job in work))
    assert plan.left_low <= plan.left_cost <= plan.left_high


def test_thousands_of_jobs_keep_the_best_plan_through_the_pruning():
    rng = np.random.default_rng(3)
    work = [
        Job(i, float(m), float(h), 0.0, 1e9)
        for i, (m, h) in enumerate(
            zip(rng.integers(5, 90, 3000), rng.pareto(1.5, 3000), strict=True)
        )
    ]
    whole = plan_hours(work, 3)
    ends = np.zeros(181)
    for job in work:  # the same recursion over all jobs, none pruned
        m = int(job.minutes)
        ends[m:] = np.maximum(ends[m:], ends[:-m] + job.harm)
    assert whole.averted == pytest.approx(ends[-1])


def test_jobs_that_come_first_are_done_even_beyond_the_hours():
    plan = plan_hours([Job(1, 90, 1, 1, 1, first=True), Job(2, 10, 99, 9, 999)], 1)
    assert [job.claim_id for job in plan.chosen] == [1]
    assert plan.minutes_free == -30.0
    assert plan.left_cost == 99


def test_hours_below_zero_are_refused():
    with pytest.raises(ValueError, match="hours"):
        plan_hours([], -1)


def test_the_track_record_has_the_interval_of_jeffreys():
    sheet = credibility_sheet("x", earlier=ClaimsUnderName(held_true=3, held_false=17))
    assert sheet.share_low == pytest.approx(stats.beta.ppf(0.025, 3.5, 17.5))
    assert sheet.share_high == pytest.approx(stats.beta.ppf(0.975, 3.5, 17.5))
    assert sheet.share_true == pytest.approx(3.5 / 21)


def test_an_unknown_name_says_that_nothing_is_known():
    sheet = credibility_sheet("x", earlier=None)
    assert (sheet.share_low, sheet.share_high, sheet.is_known) == (0.0, 1.0, False)


def test_the_sheet_shows_details_with_their_words():
    sheet = credibility_sheet(
        "Ертең сағат 18:30-да орталық базарда бомба жарылады", places=["Ақтөбе", "Ақтөбе"]
    )
    kinds = dict(sheet.specific)
    assert kinds["place"] == "Ақтөбе"
    assert kinds["means"].startswith("бомба")
    assert {"time", "place", "means", "target"} <= set(kinds)


def test_a_source_counts_once_and_the_best_grade_is_shown():
    sheet = credibility_sheet("x", sources=[("a", "C"), ("a", "C"), ("b", "B")])
    assert (sheet.independent_sources, sheet.best_reliability) == (2, "B")
    with pytest.raises(ValueError, match="reliability"):
        credibility_sheet("x", sources=[("a", "Z")])
