"""Scores, zones, what fits into a shift, the price of a change, committed seeds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qalqan.science.protection import planning, risk
from qalqan.science.protection.baselines import shift_baselines
from qalqan.science.protection.checks import ProtectionInputError
from qalqan.science.protection.columngen import Shift, solve_scheduled
from qalqan.science.protection.commitment import commit, digest, generator, is_committed
from qalqan.science.protection.payoffs import checked
from qalqan.science.protection.planning import Travel
from qalqan.science.protection.rounding import slot_entropy_bits
from qalqan.science.protection.shifts import shifts

PLACES = st.lists(
    st.tuples(st.floats(49, 51), st.floats(56, 59)), min_size=1, max_size=40
)  # fmt: skip


@given(PLACES)
@settings(max_examples=150, deadline=None, derandomize=True)
def test_a_zone_is_small_enough_and_the_tour_fits(places: list[tuple[float, float]]) -> None:
    lat, lon = (np.array(column) for column in zip(*places, strict=True))
    travel = Travel()
    zone = planning.zones(lat, lon, travel)
    held = planning.fitting(lat, lon, zone, [(50.0, 57.5)], [5], travel)
    assert set(zone.tolist()) == set(range(zone.max() + 1))
    for number in range(zone.max() + 1):
        here = np.flatnonzero(zone == number)
        assert len(here) <= 2 * travel.most
        hops = [
            travel.minutes(planning.distances_km(lat[here], lon[here], (lat[i], lon[i]))).max()
            for i in here
        ]
        assert max(hops) <= travel.hop_minutes * 1.02
        out = travel.minutes(planning.distances_km(lat[here], lon[here], (50.0, 57.5)))
        visits = int(held.limits[0, number])
        if visits:
            # Any order of any visits of the zone, from the base and back, within the shift.
            tour = 2 * out.max() + visits * travel.visit_minutes + (visits - 1) * max(hops)
            assert tour <= travel.shift_minutes + 1e-6
        elif len(here):
            assert 2 * out.max() + travel.visit_minutes > travel.shift_minutes


def test_distance_on_the_equator_is_a_degree() -> None:
    found = planning.distances_km(np.array([0.0]), np.array([1.0]), (0.0, 0.0))
    assert found[0] == pytest.approx(2 * np.pi * planning.EARTH_KM / 360)


def test_the_price_of_a_change_by_hand() -> None:
    # Four sites alike, one shift, one site each: 2 bits; always A instead of B leaves 1.5 bits.
    game = checked([0] * 4, [-4] * 4, [0] * 4, [4] * 4)
    mixture = [Shift(0, zone, (zone,), 0.25) for zone in range(4)]
    cover = np.full(4, 0.25)
    price = planning.price_of_change(game, cover, mixture, kind=0, amount=1, old=1, new=0)
    assert price.before == pytest.approx(-3)
    assert price.after == pytest.approx(-4)
    assert price.lost == pytest.approx(1)
    assert price.bits_before == pytest.approx(2)
    assert price.bits_lost == pytest.approx(0.5)
    free = planning.price_of_change(game, cover, mixture, kind=0, amount=1, old=1, new=None)
    assert (free.lost, free.bits_lost) == pytest.approx((1, 0))


def test_the_guarantee_under_shifts_is_above_all_plain_rules_and_lost_by_changes() -> None:
    rng = np.random.default_rng(3)
    lat, lon = 50 + rng.random(60) / 3, 57 + rng.random(60) / 3
    travel = Travel()
    zone = planning.zones(lat, lon, travel)
    held = planning.fitting(lat, lon, zone, [(50.1, 57.1), (50.3, 57.3)], [3, 3], travel)
    game = planning.payoffs_of(rng.uniform(5, 95, 60))
    found = solve_scheduled(game, held)
    for rule in shift_baselines(game, held).values():
        assert rule.coverage.sum() <= (held.limits.max(axis=1) * held.amounts).sum() + 1e-9
        assert rule.response.defender_value <= found.defender_value + 1e-9
    sure = max(range(60), key=lambda row: found.coverage[row])
    kind = next(one.kind for one in found.shifts if sure in one.targets)
    price = planning.price_of_change(
        game, found.coverage, found.shifts, kind=kind, amount=3, old=sure, new=None
    )
    bits = slot_entropy_bits(found.shifts, [3, 3])[kind]
    assert price.bits_before == pytest.approx(bits, abs=1e-9)
    assert 0 <= price.bits_lost <= bits
    assert price.lost >= -1e-9


def test_a_score_is_the_sum_of_shown_parts() -> None:
    parts = {"vulnerability": [0.5, 0], "consequence": [1, 0.25], "exposure": [0, 1]}
    found = risk.score(parts)
    assert found.total == pytest.approx([0.4 * 50 + 0.4 * 100, 0.4 * 25 + 0.2 * 100])
    assert sum(found.parts.values()) == pytest.approx(found.total)
    assert sum(found.weights.values()) == pytest.approx(1)


def test_sensitivity_says_when_the_ranking_hangs_on_the_weights() -> None:
    rng = np.random.default_rng(1)
    parts = {"a": [1.0, 0.0, 0.4], "b": [0.0, 1.0, 0.4]}
    found = risk.sensitivity(parts, {"a": 1, "b": 1}, top=1, rng=rng)
    assert found.top_share[:2] == pytest.approx([0.5, 0.5], abs=0.06)
    assert found.top_share.sum() == pytest.approx(1)
    assert found.low[0] < 50 < found.high[0]
    firm = risk.sensitivity(parts, {"a": 1, "b": 1}, top=1, rng=rng, firmness=10_000)
    assert firm.high[0] - firm.low[0] < 5
    equal = risk.sensitivity({"a": [0.5] * 4}, {"a": 1}, top=2, rng=rng)
    assert equal.top_share == pytest.approx([0.5] * 4, abs=0.06)


def test_a_commitment_holds_for_one_seed_and_one_plan() -> None:
    mixture, seed = [Shift(0, 0, (1, 2), 0.5)], bytes(range(32))
    one = digest(mixture, [0], "2026-W11")
    held = commit(seed, one)
    assert is_committed(seed, one, held)
    assert not is_committed(bytes(32), one, held)
    for other in (
        digest(mixture, [0], "2026-W12"),
        digest(mixture, [0, 0], "2026-W11"),
        digest([Shift(0, 0, (1, 2), 0.5 + 2**-53)], [0], "2026-W11"),
    ):
        assert not is_committed(seed, other, held)
    assert not is_committed(b"short", one, held)
    with pytest.raises(ProtectionInputError, match="32 bytes"):
        commit(b"short", one)
    assert generator(seed).random() == generator(seed).random() != generator(bytes(32)).random()


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: planning.payoffs_of([-1.0]),
        lambda: planning.payoffs_of([1.0], 0),
        lambda: planning.zones([91.0], [0.0], Travel()),
        lambda: Travel(speed_kmh=0),
        lambda: Travel(most=0),
        lambda: risk.score({"a": [2.0]}, {"a": 1}),
        lambda: risk.score({"a": [1.0]}, {"b": 1}),
        lambda: risk.score({"a": [1.0]}, {"a": 0}),
        lambda: risk.vulnerability([2], [1]),
        lambda: risk.staleness([-1]),
        lambda: shifts([0], [[1]], [-1]),
    ],
)
def test_what_makes_no_sense_is_refused(wrong) -> None:
    with pytest.raises(ProtectionInputError):
        wrong()
