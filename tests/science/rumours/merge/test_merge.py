"""Judging and proposing: on the test half of the gold set, and on rules that must hold."""

from __future__ import annotations

import numpy as np
import pytest
from bench import merge_gold as gold

from qalqan.science.rumours.merge import (
    Conflict,
    Decision,
    Embedder,
    MergeIndex,
    MergeModel,
    bundled_embedder,
    judge_pairs,
    propose_merges,
)
from qalqan.science.rumours.merge.trees import Trees

PAIRS = [
    ("В Актобе отравили питьевую воду", "Drinking water in Aktobe has been poisoned"),
    ("Ертең мектептер жабылады", "Ertengnen mektep zhok, bari onlain"),
    ("Погибли пять человек на рынке", "At the market fifteen people were killed"),
]


def judge_one(a, b):
    return judge_pairs([a], [b])[0]


def test_order_and_company_of_a_pair_do_not_matter():
    left, right = [a for a, _ in PAIRS], [b for _, b in PAIRS]
    there, back = judge_pairs(left, right), judge_pairs(right, left)
    alone = [judge_one(a, b) for a, b in PAIRS]
    for one, two, three in zip(there, back, alone, strict=True):
        assert one.probability == pytest.approx(two.probability, abs=1e-4)
        assert one.probability == pytest.approx(three.probability, abs=1e-4)
        assert one.decision == two.decision == three.decision


@pytest.mark.parametrize(
    ("a", "b", "conflict"),
    [
        ("Взрыв, погибли пять человек", "Взрыв, погибли пятнадцать человек", Conflict.NUMBER),
        ("Завтра закроют школы", "Завтра школы не закроют", Conflict.NEGATION),
        ("Мектептер жабылады", "Мектептер жабылмайды", Conflict.NEGATION),
        ("The border is closed", "The border is not closed", Conflict.NEGATION),
        ("В городе отключат газ", "В городе не отключат газ", Conflict.NEGATION),
        ("Алғада екі полицей өлді", "Қандыағашта екі полицей өлді", Conflict.PLACE),
        ("Rally on Saturday", "Rally on Sunday", Conflict.DATE),
        ("В садике отравились молоком", "В школе отравились молоком", Conflict.WORD),
    ],
)
def test_a_conflict_forbids_merging_by_itself(a, b, conflict):
    judgement = judge_one(a, b)
    assert conflict in judgement.conflicts
    assert judgement.decision != Decision.MERGE


def test_a_word_for_being_gone_is_no_denial():
    found = judge_one("Завтра в городе отключат воду", "Завтра в городе не будет воды")
    assert Conflict.NEGATION not in found.conflicts


@pytest.mark.slow
def test_no_pair_with_a_conflict_is_merged_on_the_gold_set():
    chosen = gold.pairs("test")[::13]
    judged = judge_pairs([p.a.text for p in chosen], [p.b.text for p in chosen])
    assert all(0.0 <= j.probability <= 1.0 for j in judged)
    assert not [j for j in judged if j.conflicts and j.decision == Decision.MERGE]
    same = np.array([p.same for p in chosen])
    taken = np.array([j.decision == Decision.MERGE for j in judged])
    fact = np.array([p.kind in ("negated", "number", "place", "date") for p in chosen])
    assert taken[fact].mean() <= 0.03
    assert taken[~same].mean() <= 0.05
    probability = np.array([j.probability for j in judged])
    assert probability[same].mean() > probability[~same].mean() + 0.3


def test_the_same_text_is_the_same():
    assert judge_one("Су жоқ", "су жоқ!").probability >= 0.99
    assert judge_pairs([], []) == []
    assert judge_one("", "су жоқ").decision == Decision.APART


def test_unequal_lengths_are_refused():
    with pytest.raises(ValueError, match="length"):
        judge_pairs(["a"], [])


def test_proposals_find_the_other_languages():
    leaders = [
        (7, "Қант таусылып жатыр, бір айдан кейін дүкенде болмайды"),
        (3, "Сахар заканчивается, через месяц его не будет в магазинах"),
        (5, "В парке орудует маньяк, нападает на женщин"),
        (9, "The border with Russia is completely closed"),
        (2, "A maniac attacking women is loose in the park"),
    ]
    found = propose_merges(leaders, [3, 2], top=3)
    assert {frozenset((p.first, p.second)) for p in found[:2]} == {
        frozenset((3, 7)),
        frozenset((2, 5)),
    }
    assert all(p.first in (2, 3) for p in found)
    assert propose_merges(leaders[:1], [7]) == []
    assert propose_merges(leaders, [99]) == []


def test_candidates_never_hold_the_text_itself():
    index = MergeIndex(["су жоқ", "жарық жоқ", "газ жоқ"])
    assert [sorted(found) for found in index.candidates([0, 2])] == [[1, 2], [0, 1]]


def test_the_bundled_embedder_is_an_embedder_of_unit_vectors():
    embedder = bundled_embedder()
    assert isinstance(embedder, Embedder)
    vectors = embedder.embed(["су жоқ", "нет воды", "су жоқ"])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-3)
    np.testing.assert_array_equal(vectors[0], vectors[2])
    assert embedder.embed([]).shape[0] == 0


def test_trees_follow_their_thresholds_like_a_plain_walk():
    model = MergeModel.load()
    rng = np.random.default_rng(3)
    rows = rng.uniform(-1, 3, (40, 80))
    trees = model.trees
    for row, score in zip(rows, trees.score(rows), strict=True):
        total = trees.start
        for root in trees.roots:
            at = root
            while trees.feature[at] >= 0:
                left = row[trees.feature[at]] <= trees.threshold[at]
                at = trees.left[at] if left else trees.right[at]
            total += trees.value[at]
        assert score == pytest.approx(total)


@pytest.mark.parametrize("tree", [[], [0, 1.0, 0, 0, 0.0], [0, 1.0, 5, 6, 0.0]])
def test_a_damaged_tree_is_refused(tree):
    with pytest.raises(ValueError, match="tree"):
        Trees.from_json({"start": 0, "trees": [tree]})


def test_a_model_of_other_features_is_refused(tmp_path):
    (tmp_path / "m.json").write_text('{"format": 1, "features": ["x"]}', encoding="utf-8")
    with pytest.raises(ValueError, match="train it again"):
        MergeModel.load(tmp_path / "m.json")
