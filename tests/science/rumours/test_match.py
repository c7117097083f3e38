"""The search for an earlier answer: BM25, the choice among candidates, the index."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from scipy.optimize import check_grad

from qalqan.science.rumours.match import AnsweredClaim, AnsweredIndex, Match
from qalqan.science.rumours.match.bm25 import Bm25
from qalqan.science.rumours.match.features import LEXICAL, MEANING
from qalqan.science.rumours.match.model import (
    Choice,
    ChoiceModel,
    _loss,
    _padded,
    bundled_models,
    fit_choice_model,
)
from qalqan.science.rumours.match.wording import read_query
from qalqan.science.rumours.merge import bundled_embedder

CLAIMS = [
    AnsweredClaim(1, "Водопроводная вода в городе отравлена", "Отравлена ли вода?"),
    AnsweredClaim(2, "С понедельника закроют все школы на две недели"),
    AnsweredClaim(3, "Банки заморозят вклады населения на следующей неделе"),
    AnsweredClaim(4, "«Водопроводная вода в городе отравлена»", "Ещё раз о воде"),
    AnsweredClaim(2, "Дүйсенбіден бастап барлық мектеп екі аптаға жабылады"),
]


@pytest.fixture(scope="module")
def index() -> AnsweredIndex:
    return AnsweredIndex(CLAIMS)


def plain_bm25(texts: list[list[str]], query: list[str], k1=1.2, b=0.75) -> list[float]:
    mean = sum(len(t) for t in texts) / len(texts)
    out = []
    for text in texts:
        counts, total = Counter(text), 0.0
        for term in set(query):
            n = sum(term in t for t in texts)
            if n and counts[term]:
                tf, idf = counts[term], math.log(1 + (len(texts) - n + 0.5) / (n + 0.5))
                total += idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * len(text) / mean))
        out.append(total)
    return out


def test_bm25_equals_its_formula_written_out_plainly():
    rng = np.random.default_rng(0)
    texts = [[f"w{i}" for i in rng.integers(0, 30, rng.integers(1, 20))] for _ in range(60)]
    index = Bm25(texts)
    for _ in range(20):
        query = [f"w{i}" for i in rng.integers(0, 40, 6)]
        assert index.scores(query) == pytest.approx(plain_bm25(texts, query))


def test_bm25_of_nothing():
    assert Bm25([]).scores(["x"]).shape == (0,)
    assert Bm25([[], []]).scores(["x"]).tolist() == [0.0, 0.0]


def simulated(n: int, weights: np.ndarray, none: float) -> list[Choice]:
    rng = np.random.default_rng(4)
    out = []
    for _ in range(n):
        rows = rng.normal(size=(rng.integers(2, 7), len(weights)))
        drawn = np.append(rows @ weights, none) + rng.gumbel(size=len(rows) + 1)
        best = int(drawn.argmax())
        out.append(Choice(rows, (best,) if best < len(rows) else ()))
    return out


def test_the_fit_finds_the_weights_that_made_the_choices():
    weights = np.array([1.5, -0.8, 0.0])
    model = fit_choice_model(simulated(6000, weights, 0.7), ["a", "b", "c"], ridge=1e-6)
    assert model.weights / model.scales == pytest.approx(weights, abs=0.1)
    assert model.none - model.utilities(np.zeros(3)[None, :])[0] == pytest.approx(0.7, abs=0.1)


def test_the_slope_is_that_of_the_loss():
    choices = simulated(30, np.array([1.0, 0.5]), 0.2)
    choices.append(Choice(np.array([[0.1, 0.2], [0.3, -1.0], [2.0, 0.0]]), (0, 2)))
    args = (*_padded(choices, np.zeros(2), np.ones(2)), 3.0)
    at = np.array([0.3, -0.2, 0.4])
    wrong = check_grad(lambda p: _loss(p, *args)[0], lambda p: _loss(p, *args)[1], at)
    assert wrong < 1e-4


def test_probabilities_and_none_make_one():
    model = ChoiceModel(("a",), np.zeros(1), np.ones(1), np.ones(1), 0.5)
    chances, none = model.probabilities(np.array([800.0, -3.0, 2.0]))
    assert chances.sum() + none == pytest.approx(1.0)
    empty, sure = model.probabilities(np.zeros(0))
    assert (empty.size, sure) == (0, 1.0)


def test_a_model_comes_back_from_plain_data_and_a_broken_one_is_refused():
    for name, features in (("words", LEXICAL), ("meaning", (*LEXICAL, *MEANING))):
        model = bundled_models()[name]
        assert model.features == features
        again = ChoiceModel.from_dict(model.as_dict())
        assert again.weights == pytest.approx(model.weights)
    data = bundled_models()["words"].as_dict()
    with pytest.raises(ValueError, match="differ in length"):
        ChoiceModel.from_dict({**data, "weights": [1.0]})
    with pytest.raises(ValueError, match="not a model"):
        ChoiceModel.from_dict({"features": []})


def test_nothing_to_learn_from_is_refused():
    with pytest.raises(ValueError, match="nothing to learn"):
        fit_choice_model([], ["a"])


def ids(found: list[Match]) -> list[object]:
    return [match.id for match in found]


def test_the_right_claim_is_first_in_any_language_and_script(index):
    questions = {
        "правда что вода из-под крана отравлена??": 1,
        "Is it true that the tap water has been poisoned?": 1,
        "Мектептер жабылады дегені рас па": 2,
        "mektepter zhabylady degeni ras pa": 2,
        "банки заморозят наши вклады": 3,
    }
    found = index.match(list(questions), k=3)
    assert [ids(one)[0] for one in found] == list(questions.values())
    assert all(one[-1].id is None for one in found)


def test_what_nobody_asked_is_more_probably_new_than_answered_before(index):
    (new,) = index.match(["В парке посадили сорок молодых берёз"], k=1)
    (known,) = index.match(["Водопроводная вода в городе отравлена, это правда?"], k=1)
    assert new[-1].probability > 0.5 > known[-1].probability


def test_equal_claims_come_once_and_wordings_of_one_claim_are_added_up(index):
    (found,) = index.match(["водопроводная вода отравлена, школы закроют"], k=9)
    assert sorted(ids(found)[:-1]) == [1, 2, 3]
    assert sum(match.probability for match in found) == pytest.approx(1.0)


def test_reasons_name_what_a_reader_can_check(index):
    (found,) = index.match(["вода в городе отравлена"], k=1)
    assert any(reason.startswith(("meaning ", "words ")) for reason in found[0].reasons)


def test_the_same_answer_alone_and_in_a_batch_and_from_kept_vectors(index):
    texts = ["вода отравлена", "школы закроют", ""]
    kept = AnsweredIndex(CLAIMS, vectors=index.vectors)
    one_by_one = [index.match([text], k=2)[0] for text in texts]
    assert index.match(texts, k=2) == one_by_one == kept.match(texts, k=2)


def test_an_index_without_claims_knows_no_answer():
    assert AnsweredIndex([], embedder=bundled_embedder()).match(["x"]) == [[Match(None, 1.0, 0.0)]]


def test_fewer_than_one_claim_is_refused(index):
    with pytest.raises(ValueError, match="k must be"):
        index.match(["x"], k=0)


def test_a_post_is_read_without_its_trappings():
    query = read_query(
        '"Water is #PoisonedAgain 1,200 ill https://t.co/x — City News (@cityNews) May 3, 2019"'
    )
    assert query.aside.startswith("City News")
    assert query.year == 2019
    assert {"water", "poison", "ill"} <= set(query.terms)
    assert "1200" in query.numbers
    assert "http" not in query.body
