"""Patterns are safe and cheapest: against a textbook MIP, and against every pattern."""

import itertools
import json

import numpy as np
import pytest
from bench.disclosure import as_table, hidden_value, one_case, plain

from qalqan.science.disclosure.anonymity import anonymity
from qalqan.science.disclosure.attack import ContradictionError, attack
from qalqan.science.disclosure.audit import Standard, audit
from qalqan.science.disclosure.checks import DisclosureInputError
from qalqan.science.disclosure.primary import dominated
from qalqan.science.disclosure.problem import Need
from qalqan.science.disclosure.protect import Rules, protect
from qalqan.science.disclosure.publication import Edition
from qalqan.science.disclosure.system import assemble
from qalqan.science.disclosure.tables import Table, completed


@pytest.fixture
def example(shared_data):
    path = shared_data / "polls" / "cell_suppression_example.json"
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_example_costs_what_the_plain_mip_costs_and_less_than_tau_argus(example):
    found = protect([as_table(example["table"])])
    told = example["own_mip_scipy_highs"]
    assert found.safe
    assert found.pattern.status == "optimal"
    assert (
        hidden_value(found) == told["secondary_cost"] < example["tau_argus_OPT"]["secondary_cost"]
    )
    small = {(f"r{i}", f"c{j}") for i, j in example["primary"]}
    assert {cell.labels for cell in found.cells if cell.status == "primary"} == small


def test_the_attackers_intervals_of_the_examples_pattern_are_those_given(example):
    told = example["own_mip_scipy_highs"]
    spots = [*example["primary"], *told["secondary"]]
    table = completed(as_table(example["table"]))
    hidden = frozenset((table.name, (f"r{i}", f"c{j}")) for i, j in spots)
    findings = audit([Edition("one", (table,), hidden)])
    ends = {one.labels: [one.low, one.high] for one in findings}
    for spot, interval in told["attacker_intervals"].items():
        i, j = spot.split(",")
        assert ends[f"r{i}", f"c{j}"] == interval


@pytest.mark.parametrize("seed", range(4))
def test_random_tables_cost_what_the_plain_mip_costs(seed):
    array = np.random.default_rng(seed).negative_binomial(1.3, 0.12, (6, 5))
    found = protect([as_table(array)], Rules(margins=False))
    cost, _, _ = plain(array)
    if found.pattern.status == "infeasible":
        assert cost == float("inf")
    else:
        assert found.pattern.status == "optimal"
        assert hidden_value(found) == pytest.approx(cost)


def test_three_dimensions_cost_what_the_cheapest_of_all_patterns_costs():
    rng = np.random.default_rng(3)
    array = rng.integers(4, 12, (2, 2, 3))
    array[0, 0, 0] = 2
    cells = {tuple(f"{d}{k}" for d, k in enumerate(spot)): int(array[spot])
             for spot in np.ndindex(*array.shape)}  # fmt: skip
    table = completed(Table("t", ("a", "b", "c"), cells))
    inner = [labels for labels in cells if cells[labels] >= 5]
    small = [labels for labels in cells if cells[labels] < 5]
    best = min(
        (
            sum(cells[labels] for labels in chosen)
            for size in range(len(inner) + 1)
            for chosen in itertools.combinations(inner, size)
            if stands(table, [*small, *chosen])
        ),
        default=None,
    )
    found = protect([table])
    assert found.pattern.status == "optimal"
    assert hidden_value(found) == best


def stands(table, hidden):
    spots = frozenset((table.name, labels) for labels in hidden)
    return not any(one.fault for one in audit([Edition("one", (table,), spots)]))


@pytest.mark.parametrize("block", range(4))
def test_no_small_cell_of_random_publications_can_be_computed(block):
    """The attacker is written apart, with another solver's interface (`bench/disclosure.py`)."""
    checked = 0
    for seed in range(10_000 + 10 * block, 10_010 + 10 * block):
        seen, failures, _, _ = one_case(seed)
        assert failures == 0, seed
        checked += seen
    assert checked > 20


def test_an_attacker_who_counts_in_whole_numbers_learns_more():
    # 2x + 2y = 7 + z with z of 0 or 1 known: parity decides, though fractions would not.
    matrix = assemble([]).matrix()
    assert matrix.shape == (0, 0)
    from scipy.sparse import csr_matrix

    sums = csr_matrix([[2.0, 2.0, -1.0, -1.0]])
    lower, upper = np.array([0, 0, 7, 0.0]), np.array([9, 9, 7, 1.0])
    ends = attack(sums, lower, upper)
    assert (ends.low[3], ends.high[3]) == (1, 1)
    loose = attack(sums, lower, upper, whole=False)
    assert (loose.low[3], loose.high[3]) == (0, 1)


def test_contradictions_are_found_and_named():
    from scipy.sparse import csr_matrix

    with pytest.raises(ContradictionError):
        attack(csr_matrix([[1.0, -1.0, -1.0]]), np.array([7, 4, 4.0]), np.array([7, 4, 4.0]))


def test_sliding_protection_is_met_wherever_the_true_value_lies():
    cells = {(f"r{i}", f"c{j}"): 9 + i + j for i in range(4) for j in range(4)}
    cells["r0", "c0"] = 3
    found = protect([Table("t", ("r", "c"), cells)], Rules(width=8))
    small = next(cell for cell in found.cells if cell.status == "primary")
    assert found.safe
    assert small.high - small.low >= 8


def test_zeros_are_what_they_are_declared_to_be():
    cells = {("a", "x"): 0, ("a", "y"): 9, ("a", "z"): 8, ("b", "x"): 2, ("b", "y"): 7,
             ("b", "z"): 6, ("c", "x"): 9, ("c", "y"): 8, ("c", "z"): 7}  # fmt: skip
    by_zeros = {}
    for zeros in ("safe", "structural", "sensitive"):
        found = protect([Table("t", ("r", "c"), cells)], Rules(zeros=zeros))
        assert found.safe
        by_zeros[zeros] = next(cell for cell in found.cells if cell.labels == ("a", "x"))
    assert by_zeros["structural"].status == "zero"
    assert by_zeros["sensitive"].status == "primary"
    assert by_zeros["safe"].status in ("zero", "complementary")


def test_a_hierarchy_protects_at_every_height():
    tree = {"area": {"a1": "north", "a2": "north", "b1": "south", "b2": "south"}}
    cells = {("a1",): 3, ("a2",): 12, ("b1",): 9, ("b2",): 14}
    found = protect([Table("t", ("area",), cells, tree)])
    status = {cell.labels[0]: cell.status for cell in found.cells}
    assert found.safe
    assert status["a1"] == "primary"
    # Within the north only the other area can hide it, whatever the south does.
    assert status["a2"] == "complementary"
    assert status["north"] == status["south"] == status["total"] == "published"


def test_linked_tables_are_protected_together():
    one = {("A", "x"): 3, ("A", "y"): 9, ("B", "x"): 9, ("B", "y"): 9}
    two = {("A", "f"): 6, ("A", "m"): 6, ("B", "f"): 9, ("B", "m"): 9}
    found = protect([Table("1", ("area", "t"), one), Table("2", ("area", "sex"), two)])
    assert found.safe
    shown = {(cell.table, cell.labels): cell.published for cell in found.cells}
    assert shown["1", ("A", "total")] == shown["2", ("A", "total")]


def test_rounding_keeps_every_sum_and_every_neighbour():
    array = np.random.default_rng(5).integers(0, 40, (5, 4))
    found = protect([as_table(array)], Rules(base=5))
    shown = {cell.labels: cell.published for cell in found.cells}
    for cell in found.cells:
        assert cell.published % 5 == 0
        assert abs(cell.published - cell.value) < 5
        assert cell.low <= cell.value <= cell.high
    for i in range(5):
        assert sum(shown[f"r{i}", f"c{j}"] for j in range(4)) == shown[f"r{i}", "total"]


def test_when_time_is_over_the_gap_is_told_and_nothing_is_called_optimal():
    array = np.random.default_rng(1).negative_binomial(1.2, 1.2 / 31.2, (4, 4, 4))
    cells = {tuple(f"{d}.{k}" for d, k in enumerate(spot)): int(array[spot])
             for spot in np.ndindex(*array.shape)}  # fmt: skip
    ticks = itertools.count()
    found = protect([Table("t", ("a", "b", "c"), cells)], seconds=3, clock=lambda: next(ticks))
    assert found.safe
    assert found.pattern.status == "time_limit"
    assert 0 <= found.pattern.bound < found.pattern.cost
    assert 0 < found.pattern.gap <= 1


def test_what_cannot_be_protected_is_refused_with_the_cell():
    cells = {("A",): 3, ("B",): 9}
    old = Edition("old", (Table("o", ("area",), cells),))
    found = protect([Table("t", ("area",), cells)], earlier=[old])
    assert not found.safe
    assert found.unprotected == (("A",),)
    assert "cannot be protected" in found.reasons[0]


def test_differences_of_growing_editions_are_cells():
    before = completed(Table("t", ("area",), {("A",): 30, ("B",): 40}))
    after = completed(Table("t", ("area",), {("A",): 32, ("B",): 60}))
    findings = audit([Edition("1", (before,)), Edition("2", (after,))], bond="grows")
    assert [(one.labels, one.low, one.high, one.fault) for one in findings] == [
        (("A",), 2, 2, "change")
    ]


def test_rounded_editions_may_tell_a_count_together():
    one = completed(Table("t", ("area",), {("A",): 10, ("B",): 5}))
    two = completed(Table("t", ("area",), {("A",): 5, ("B",): 10}))
    findings = audit([Edition("1", (one,), base=5), Edition("2", (two,), base=5)])
    # 6 to 14 and 1 to 9: together 6 to 9.
    ends = {one.labels: (one.low, one.high) for one in findings}
    assert ends["A",] == (6, 9)


def test_dominance_asks_for_the_room_that_the_share_needs():
    need = dominated(100, [80, 10], 1, 50)
    # 80 is half of 160.
    assert need == Need(-1, 60, 60, 120)


def test_rules_against_a_standard_of_the_audit():
    assert Standard(5).small(4)
    assert not Standard(5).small(5)
    assert not Standard(5).small(0)
    assert Standard(5, zeros=True).small(0)


def test_k_anonymity_names_classes_and_the_cheapest_way_out():
    records = [("f", "A", "20")] * 3 + [("f", "A", "21")] * 2 + [("m", "B", "20")] * 4
    found = anonymity(records, ["sex", "area", "age"], 3)
    assert found.k == 2
    assert found.suppressed == 2
    assert [(step.column, step.remaining) for step in found.steps] == [("age", 0)]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({}, "no cells"),
        ({("A",): -1}, "no value"),
        ({("A",): float("nan")}, "no value"),
        ({("A", "B"): 1}, "labels"),
        ({("A",): 1, ("B",): 2, ("total",): 4}, "add up to 3"),
        ({("A",): 1.5, ("B",): 2}, "no count"),
    ],
)
def test_tables_that_cannot_be_are_refused(cells, message):
    with pytest.raises(DisclosureInputError, match=message):
        protect([Table("t", ("area",), cells)])


def test_a_hierarchy_in_a_circle_is_refused():
    tree = {"area": {"A": "B", "B": "A"}}
    with pytest.raises(DisclosureInputError, match="circle"):
        protect([Table("t", ("area",), {("A",): 1, ("B",): 2}, tree)])
