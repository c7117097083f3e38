"""Growing claims: against independent formulas, mornings with nothing, and planted growth."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq
from scipy.stats import false_discovery_control, nbinom

from qalqan.science.spread.growth import Verdict, adjust, growing_now, to_blocks
from qalqan.science.spread.growth_model import DEFAULT_MODEL, GrowthModel, fit_model

TABLES = st.lists(
    st.lists(st.integers(0, 30), min_size=6, max_size=6), min_size=1, max_size=12
).map(lambda rows: np.array(rows, dtype=np.int64))


def morning(seed, *, known=300, short=1500, blocks=15, size=3.0):
    """Simulate claims that do not grow: lasting ones with bursts and drift, and passing ones."""
    rng = np.random.default_rng(seed)
    level = rng.gamma(0.3, 2.0, known)[:, None] * np.exp(np.cumsum(rng.normal(0, 0.1, blocks)))
    lasting = rng.poisson(level * rng.gamma(size, 1 / size, (known, blocks)))
    passing = np.zeros((short, blocks), dtype=np.int64)
    born = rng.integers(0, blocks, short)
    passing[np.arange(short), born] = 1 + rng.negative_binomial(0.5, 0.5, short)
    return np.vstack([lasting, passing])


def growing_rows(result):
    return [row for row, verdict in enumerate(result.verdicts) if verdict is Verdict.GROWING]


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=50), st.sampled_from(["bh", "by"]))
def test_the_correction_is_that_of_scipy(p_values, method):
    p = np.array(p_values)
    np.testing.assert_allclose(
        adjust(p, method=method), false_discovery_control(p, method=method), atol=1e-300
    )


def test_an_unknown_correction_is_refused():
    with pytest.raises(ValueError, match="unknown correction"):
        adjust(np.array([0.1]), method="bonferroni")


@given(TABLES)
@settings(deadline=None)
def test_p_values_are_zero_truncated_negative_binomial_tails(table):
    result = growing_now(table, model=DEFAULT_MODEL)
    model = DEFAULT_MODEL
    others = table.sum(axis=0)[None, :] - table + 50.0
    exposure = others / others[:, :-1].mean(axis=1, keepdims=True)
    for row, counts in enumerate(table):
        shape, rate = model.shape, model.rate
        for age, (copies, volume) in enumerate(
            zip(counts[-2::-1], exposure[row, -2::-1], strict=True)
        ):
            shape += model.discount**age * copies
            rate += model.discount**age * volume
        mean = exposure[row, -1] * shape / rate
        size = 1 / (1 / model.size + (1 + 1 / model.size) / shape)
        if counts[:-1].sum() == 0:
            mean, size = exposure[row, -1] * model.new_mean, model.new_size
        chance = size / (size + mean)
        expected = 1.0
        if counts[-1] > 0:
            expected = nbinom.sf(counts[-1] - 1, size, chance) / nbinom.sf(0, size, chance)
        assert result.p_value[row] == pytest.approx(expected, rel=1e-6, abs=1e-12)


@given(TABLES, st.randoms(use_true_random=False))
@settings(deadline=None)
def test_the_order_of_claims_does_not_matter(table, random):
    order = list(range(len(table)))
    random.shuffle(order)
    straight = growing_now(table, model=DEFAULT_MODEL)
    shuffled = growing_now(table[order], model=DEFAULT_MODEL)
    np.testing.assert_allclose(shuffled.q_value, straight.q_value[order])
    assert shuffled.verdicts == tuple(straight.verdicts[row] for row in order)


@given(TABLES, st.integers(1, 40))
@settings(deadline=None)
def test_more_copies_never_look_less_like_growth(table, more):
    totals = table.sum(axis=0) + 1000
    grown = table.copy()
    grown[0, -1] += more
    added = np.where(np.arange(table.shape[1]) == table.shape[1] - 1, more, 0)
    before = growing_now(table, totals=totals, model=DEFAULT_MODEL)
    after = growing_now(grown, totals=totals + added, model=DEFAULT_MODEL)
    assert after.p_value[0] <= before.p_value[0] + 1e-12
    assert after.rate_ratio[0] > before.rate_ratio[0]


@given(TABLES)
@settings(deadline=None)
def test_an_interval_holds_its_ratio(table):
    result = growing_now(table, model=DEFAULT_MODEL)
    seen = result.copies > 0
    assert np.all(result.low[seen] <= result.rate_ratio[seen])
    assert np.all(result.high[seen] >= result.rate_ratio[seen])
    assert np.all(result.q_value >= result.p_value - 1e-12)


@given(TABLES)
@settings(deadline=None)
def test_interval_and_test_never_contradict_each_other(table):
    result = growing_now(table, model=DEFAULT_MODEL, level=0.95)
    told = result.copies >= 5
    sure = np.abs(result.p_value - 0.025) > 1e-9
    assert np.array_equal((result.low > 1)[told & sure], (result.p_value < 0.025)[told & sure])


@pytest.mark.parametrize("past", [[0] * 14, [0] * 11 + [2, 6, 9], [4] * 14])
def test_the_ends_are_where_the_test_turns(past):
    # The same test, asked of a claim whose whole past is as many times louder.
    table = np.array([[*past, 30], [50] * 15])
    totals = np.full(15, 10**12)
    model = DEFAULT_MODEL
    result = growing_now(table, totals=totals, model=model)
    mean, size = _window(np.array(past, dtype=float), model)
    for end, copies, chance in ((result.low[0], 30, 0.025), (result.high[0], 31, 0.975)):
        if np.isinf(end):
            continue
        scaled = _scaled(mean, size, end, is_new=not any(past))
        p = size / (size + scaled)
        assert nbinom.sf(copies - 1, size, p) / nbinom.sf(0, size, p) == pytest.approx(
            chance, rel=1e-6
        )


def _window(past, model):
    weights = model.discount ** np.arange(len(past) - 1, -1, -1)
    shape = model.shape + past @ weights
    if not past.any():
        return model.new_mean, model.new_size
    size = 1 / (1 / model.size + (1 + 1 / model.size) / shape)
    return shape / (model.rate + weights.sum()), size


def _scaled(mean, size, ratio, *, is_new):
    """Return the mean at which the expected copies are so many times what they were."""
    if not is_new:
        return mean * ratio

    def seen(one):
        return one / nbinom.sf(0, size, size / (size + one))

    return brentq(lambda one: seen(one) - ratio * seen(mean), 1e-6, 1e9, xtol=1e-10)


def test_few_copies_are_too_few_whatever_their_p():
    table = np.zeros((50, 15), dtype=np.int64)
    table[:, 3] = 1
    table[0, -1] = 4
    assert growing_now(table).verdicts[0] is Verdict.TOO_FEW
    assert growing_now(table, minimum_copies=4, alpha=0.5).verdicts[0] is not Verdict.TOO_FEW


def test_a_claim_past_its_peak_does_not_grow():
    table = morning(5)
    table = np.vstack([table, [0] * 12 + [40, 300, 120]])
    result = growing_now(table)
    assert result.verdicts[-1] is Verdict.NOT_GROWING
    assert result.previous[-1] == 300


def test_a_loud_day_for_everything_is_no_growth():
    rng = np.random.default_rng(2)
    table = rng.poisson(6.0, (80, 15))
    table[:, -1] = rng.poisson(18.0, 80)
    assert growing_rows(growing_now(table)) == []


def test_mornings_without_growth_are_mostly_silent():
    # 40 mornings at a false discovery rate of 5 %: two alarms are expected, and more than six
    # come about once in two hundred tries where the method keeps its promise.
    alarms = sum(bool(growing_rows(growing_now(morning(seed), alpha=0.05))) for seed in range(40))
    assert alarms <= 6


@pytest.mark.parametrize("planted", [[0] * 13 + [6, 40], [0] * 14 + [40], [2] * 14 + [40]])
def test_planted_growth_is_found(planted):
    found = 0
    for seed in range(10):
        table = np.vstack([morning(seed), planted])
        found += growing_rows(growing_now(table, alpha=0.01))[-1:] == [len(table) - 1]
    assert found == 10


def test_intervals_cover_the_true_ratio():
    rng = np.random.default_rng(8)
    level, ratio, size = 20.0, 3.0, 4.0
    rates = np.full(15, level)
    rates[-1] *= ratio
    table = rng.poisson(rates * rng.gamma(size, 1 / size, (2000, 15)))
    totals = np.full(15, 10_000_000)
    result = growing_now(table, totals=totals)
    covered = np.mean((result.low <= ratio) & (ratio <= result.high))
    assert 0.92 <= covered <= 0.99


def test_intervals_of_new_claims_cover_their_ratio():
    # Copies of first blocks, given that they are seen, at three times the usual mean.
    model = DEFAULT_MODEL
    rng = np.random.default_rng(9)
    mean = 3.0 * model.new_mean
    drawn = rng.negative_binomial(model.new_size, model.new_size / (model.new_size + mean), 20000)
    table = np.zeros((np.count_nonzero(drawn), 15), dtype=np.int64)
    table[:, -1] = drawn[drawn > 0]
    result = growing_now(table, totals=np.full(15, 10**9), model=model, minimum_copies=1)

    def seen(one):
        return one / nbinom.sf(0, model.new_size, model.new_size / (model.new_size + one))

    truth = seen(mean) / seen(model.new_mean)
    covered = np.mean((result.low <= truth) & (truth <= result.high))
    assert 0.945 <= covered <= 0.995


def test_the_fit_recovers_what_it_was_simulated_from():
    rng = np.random.default_rng(3)
    table = rng.poisson(25.0 * rng.gamma(4.0, 0.25, (1500, 15)))
    model = fit_model(table, totals=np.full(15, 10_000_000))
    assert model.size == pytest.approx(4.0, rel=0.25)
    before = np.cumsum(table, axis=1)[:, :-2]
    assert model.pairs == np.count_nonzero((table[:, 1:-1] > 0) & (before > 0))


def test_without_a_past_the_default_decides():
    assert fit_model(np.array([[0, 0, 9]])) == DEFAULT_MODEL
    assert fit_model(np.zeros((0, 4), dtype=int)) == GrowthModel()
    assert growing_now(np.zeros((0, 4), dtype=int)).examined == 0


@pytest.mark.parametrize("table", [np.zeros(5), np.zeros((3, 1)), np.array([[1, -1]])])
def test_a_table_that_is_none_is_refused(table):
    with pytest.raises(ValueError, match="counts must"):
        growing_now(table)


def test_hours_are_added_up_into_blocks_that_end_now():
    table = to_blocks(
        np.array([0, 0, 0, 1, 1]),
        np.array([0, 23, 24, 71, 72]),
        np.array([1, 2, 4, 8, 16]),
        claims=2,
        blocks=3,
    )
    assert table.tolist() == [[0, 4, 3], [8, 0, 0]]
