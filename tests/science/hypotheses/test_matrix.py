"""Rankings, agreement and sensitivity against published figures and plain counts."""

from __future__ import annotations

import csv
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qalqan.science.hypotheses.checks import HypothesesInputError
from qalqan.science.hypotheses.matrix import (
    against,
    agreement,
    diagnosticity,
    mark_of,
    ordinal_alpha,
    rank,
)
from qalqan.science.hypotheses.relations import Relations, incoherent, own_priors, wholes
from qalqan.science.hypotheses.sensitivity import sensitivity

MARKS = st.sampled_from([2.0, 1.0, 0.0, -1.0, -2.0, float("nan")])


@st.composite
def matrices(draw: st.DrawFn) -> np.ndarray:
    """Draw small matrices with several analysts and gaps."""
    shape = draw(st.tuples(st.integers(1, 3), st.integers(1, 6), st.integers(2, 4)))
    size = int(np.prod(shape))
    return np.array(draw(st.lists(MARKS, min_size=size, max_size=size))).reshape(shape)


def heuer(shared_data):
    path = shared_data / "hypotheses" / "heuer_iraq_matrix.csv"
    if not path.is_file():
        pytest.skip("Heuer's matrix is not among the published data")
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return np.array([[[mark_of(cell) for cell in row[1:]] for row in rows]])


def test_heuers_matrix_has_the_published_order(shared_data):
    marks = heuer(shared_data)
    found = rank(marks)
    # US Army TC 2-33.4 (2009), paragraph 2-55: H2, then H3, then H1.
    assert found.plain.tolist() == [3, 0, 2]
    assert found.plain_ranks.tolist() == [3, 1, 2]
    assert found.weighted_ranks.tolist() == [3, 1, 2]
    # Heuer, step 3: an item with the same mark everywhere has no diagnostic value.
    assert diagnosticity(marks)[0] == 0
    assert (diagnosticity(marks)[1:] > 0).all()


def test_heuers_order_hangs_on_one_item_only_below_the_first(shared_data):
    found = sensitivity(heuer(shared_data))
    assert [one.item for one in found.singles if one.changes_order] == [3, 4, 5]
    assert not any(one.changes_first for one in found.singles)
    # H3 is level with H2 only when both items against it (E2, E3) are false.
    assert found.smallest.passes is None
    assert set(found.smallest.ties) == {1, 2}


KRIPPENDORFF = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]


def test_agreement_is_krippendorffs_published_ordinal_alpha():
    codes = np.array(KRIPPENDORFF, dtype=float)
    # Krippendorff (2011), section D: ordinal alpha = 0.815.
    assert ordinal_alpha(codes) == pytest.approx(0.815, abs=0.0005)


def test_marks_that_are_all_alike_say_nothing_of_agreement():
    assert agreement([[[1, 1]], [[1, 1]]]) is None


@given(matrices())
@settings(max_examples=60)
def test_points_against_are_those_of_a_plain_count(marks):
    found = against(marks)
    _analysts, items, hypotheses = marks.shape
    for item, hypothesis in itertools.product(range(items), range(hypotheses)):
        given_marks = [m for m in marks[:, item, hypothesis] if m == m]
        points = [{-1.0: 1, -2.0: 2}.get(m, 0) for m in given_marks]
        expected = sum(points) / len(points) if points else 0
        assert found[item, hypothesis] == pytest.approx(expected)


@given(matrices())
@settings(max_examples=40)
def test_smallest_sets_are_those_of_trying_all(marks):
    points = against(marks)
    items = range(len(points))
    for one in sensitivity(marks).overturns:
        gap = points[:, one.behind] - points[:, one.ahead]
        for found, holds in (
            (one.passes, lambda left: left < -1e-9),
            (one.ties, lambda left: left <= 1e-9),
        ):
            sizes = [
                k
                for k in range(len(points) + 1)
                for left_out in itertools.combinations(items, k)
                if holds(sum(gap[i] for i in items if i not in left_out))
            ]
            assert (None if found is None else len(found)) == (min(sizes) if sizes else None)
            if found is not None:
                assert holds(sum(gap[i] for i in items if i not in found))


@given(matrices(), st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_the_order_of_items_and_analysts_changes_nothing(marks, random):
    rows = random.sample(range(marks.shape[1]), marks.shape[1])
    people = random.sample(range(len(marks)), len(marks))
    assert rank(marks[people][:, rows]).plain == pytest.approx(rank(marks).plain)
    first, second = agreement(marks[people][:, rows]), agreement(marks)
    assert (first is None) == (second is None)
    assert first is None or first == pytest.approx(second)


def test_a_weight_of_nothing_is_as_if_the_item_were_not_there():
    marks = [[[1, -1], [-2, 1]]]
    weighted = rank(marks, credibility=[1, 0])
    assert weighted.weighted.tolist() == rank([[[1, -1]]]).plain.tolist()
    assert weighted.plain.tolist() == [2, 1]


@pytest.mark.parametrize(
    ("marks", "weights", "said"),
    [
        ([[1, 2]], None, "3 dimensions"),
        ([[[1]]], None, "two hypotheses"),
        ([[[1, 3]]], None, "row 0"),
        ([[[1, 0.5]]], None, "none of -2"),
        (np.zeros((1, 0, 2)), None, "one item"),
        (np.zeros((0, 1, 2)), None, "one item"),
        ([[["a", "b"]]], None, "must be numbers"),
        ([[[1, 2]]], [2], "between 0 and 1"),
        ([[[1, 2]]], [float("nan")], "between 0 and 1"),
        ([[[1, 2]]], [1, 1], "has 2 rows"),
    ],
)
def test_what_is_no_matrix_is_refused(marks, weights, said):
    with pytest.raises(HypothesesInputError, match=said):
        rank(marks, credibility=weights)


def test_parts_are_taken_from_their_whole():
    lone_in_group = Relations(contains=[(0, 1)])
    assert own_priors([0.6, 0.6, 0.4], lone_in_group, 3).tolist() == pytest.approx([0, 0.6, 0.4])
    with pytest.raises(HypothesesInputError, match="more probable than the whole"):
        own_priors([0.2, 0.6, 0.8], lone_in_group, 3)
    assert incoherent(np.array([2.0, 1.0, 0.0]), lone_in_group) == [(0, 1)]


@pytest.mark.parametrize(
    ("relations", "said"),
    [
        (Relations(exclusive=[(0, 1)], contains=[(0, 1)]), "shut each other out"),
        (Relations(contains=[(0, 1), (1, 2)], exclusive=[(0, 2)]), "shut each other out"),
        (Relations(contains=[(0, 2), (1, 2)]), "lies in two others"),
        (Relations(contains=[(0, 1), (1, 2), (2, 0)]), "contain itself"),
        (Relations(contains=[(0, 0)]), "relation to itself"),
        (Relations(exclusive=[(0, 7)]), "no such hypothesis"),
    ],
)
def test_relations_that_contradict_are_refused(relations, said):
    with pytest.raises(HypothesesInputError, match=said):
        wholes(relations, 3)
