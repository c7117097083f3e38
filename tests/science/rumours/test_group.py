"""ClaimIndex: against its plain twin, its promises, its quality on a known stream."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support.slow_group import SlowClaimIndex

from qalqan.science.rumours import group
from qalqan.science.rumours.group import ClaimIndex, GroupParameters
from qalqan.science.rumours.synthetic import b_cubed, make_stream
from qalqan.science.text.normalise import normalise_batch


def stream(n, seed, **kwargs):
    return make_stream(n, np.random.default_rng(seed), **kwargs)


def start_small(monkeypatch):
    """Let every array grow several times."""
    monkeypatch.setattr(group, "_FIRST_LEADERS", 64)
    monkeypatch.setattr(group, "_FIRST_PAIRS", 32)


def slow_labels(texts, params):
    fields = {name: getattr(params, name) for name in GroupParameters.__dataclass_fields__}
    slow = SlowClaimIndex(**fields)
    return [slow.add(text) for text in texts]


@pytest.mark.parametrize(
    "params",
    [
        {},
        {"threshold": 0.5, "reach": 1},
        {"stem": 4, "keys": 5, "min_words": 3},
        {"seed": 7, "copies": True},
    ],
)
def test_equals_the_plain_twin(params, monkeypatch):
    start_small(monkeypatch)
    texts = stream(2500, 3, n_claims=500).texts
    texts += ["😀", "", "🔥", "су жоқ", "Су жоқ!", "слово " * 200, " ".join(map(str, range(90)))]
    texts += [" ".join(map(str, range(2, 93))), "а б в г д е ж з и к л", "а б в г д е ж з и к м"]
    texts += [f"{text} {i % 7} үй, {i % 3} адам" for i, text in enumerate(texts[:600])]
    expected = slow_labels(texts, GroupParameters(**params))
    assert ClaimIndex(**params).add_many(texts).tolist() == expected


def test_near_copies_of_long_texts_meet(monkeypatch):
    rng = np.random.default_rng(8)
    words = [f"слово{i}" for i in rng.permutation(4000)]
    longs = [" ".join(words[i : i + 300]) for i in range(0, 3600, 300)]
    changed = [text.replace("слово1", "иное1") for text in longs]
    index = ClaimIndex()
    assert index.add_many(longs).tolist() == list(range(12))
    assert index.add_many(changed).tolist() == list(range(12))


def test_quality_on_a_known_stream():
    s = stream(20_000, 11)
    found = ClaimIndex().add_many(s.texts)
    _, _, f1 = b_cubed(s.claims, found)
    precision, _, heavy = b_cubed(s.claims, found, s.kinds == 3)
    assert f1 >= 0.98
    assert heavy >= 0.96
    assert precision >= 0.999


def test_labels_are_consecutive_and_leaders_come_first():
    found = ClaimIndex().add_many(stream(3000, 5).texts)
    highest = np.maximum.accumulate(found)
    assert found[0] == 0
    assert set(np.diff(highest).tolist()) <= {0, 1}


def test_short_texts_join_only_exact_copies():
    index = ClaimIndex()
    seven = "ертең қалада таңнан кешке дейін су болмайды"
    assert len(seven.split()) == 7
    assert index.add(seven) == 0
    assert index.add(seven + "!!! 😱 https://t.me/x") == 0
    assert index.add("ертең ауылда таңнан кешке дейін су болмайды") == 1
    assert index.add("ертең қалада таңнан кешке дейін су болмайды екен") == 2  # eight words


def test_texts_without_words_join_only_themselves():
    index = ClaimIndex()
    assert index.add_many(["😀", "🔥", "😀", "https://a.kz", "https://b.kz", ""]).tolist() == [
        0, 1, 0, 2, 3, 4,
    ]  # fmt: skip


def test_look_alike_letters_do_not_escape():
    index = ClaimIndex()
    text = "Завтра в городе закроют все школы и детские сады на две недели"
    attack = text.replace("о", "o").replace("е", "e").replace("а", "a")
    assert attack != text
    assert index.add_many([text, attack]).tolist() == [0, 0]


def test_different_claims_stay_apart():
    texts = [
        "Завтра в городе закроют все школы и детские сады на две недели",
        "Ночью на складе у вокзала был сильный пожар, погибших нет, причину выясняют",
        "Ертең Ақтөбеде таңнан бастап су болмайды дейді, су құйып алыңыздар",
        "There was an explosion near the station last night and nobody was hurt",
    ]
    assert ClaimIndex().add_many(texts).tolist() == [0, 1, 2, 3]


def test_expired_claims_are_not_joined_again():
    index = ClaimIndex()
    old = "Завтра в городе закроют все школы и детские сады на две недели"
    index.add_many([old, "су жоқ"])
    index.expire_before(2)
    assert index.add(old + " точно") == 2
    assert index.add("су жоқ") == 3
    assert index.add(old) == 2
    with pytest.raises(ValueError, match=r"0\.\.4"):
        index.expire_before(9)


def test_save_and_load(tmp_path):
    s = stream(6000, 6)
    index = ClaimIndex(threshold=0.3, seed=5)
    index.add_many(s.texts[:3000])
    index.save(tmp_path / "claims.npz")
    assert [p.name for p in tmp_path.iterdir()] == ["claims.npz"]
    again = ClaimIndex.load(tmp_path / "claims.npz")
    assert again.params == index.params
    assert again.n_claims == index.n_claims
    assert again.add_many(s.texts[3000:]).tolist() == index.add_many(s.texts[3000:]).tolist()


def test_load_refuses_other_files(tmp_path):
    np.savez(tmp_path / "other.npz", x=np.zeros(2))
    with pytest.raises(ValueError, match="format"):
        ClaimIndex.load(tmp_path / "other.npz")


def test_rebuilt_from_leaders_across_growth(monkeypatch):
    start_small(monkeypatch)
    s = stream(6000, 9, n_claims=900)
    index = ClaimIndex()
    found = index.add_many(s.texts[:4000])
    _, first = np.unique(found, return_index=True)
    leaders = [s.texts[i] for i in first]
    rebuilt = ClaimIndex.from_leaders(leaders)
    forced = ClaimIndex.from_leaders(leaders, forced=True)
    assert forced.add_many(s.texts[4000:]).tolist() == rebuilt.add_many(s.texts[4000:]).tolist()
    rebuilt = ClaimIndex.from_leaders(leaders)
    assert rebuilt.add_many(s.texts[4000:]).tolist() == index.add_many(s.texts[4000:]).tolist()


def test_from_leaders_refuses_what_is_no_leader():
    with pytest.raises(ValueError, match="leader text 1 joins claim 0"):
        ClaimIndex.from_leaders(["су жоқ", "СУ ЖОҚ"])


def test_forced_leaders_lead_whatever_they_resemble():
    twice = "Ертең Ақтөбеде таңнан бастап су болмайды дейді, су құйып алыңыздар"
    index = ClaimIndex.from_leaders([twice, twice + "!", twice + " екен", "су жоқ"], forced=True)
    assert index.n_claims == 4
    assert index.add_many([twice, "Су жоқ!", twice + " енді"]).tolist() == [0, 3, 0]


def test_numbers_in_conflict_keep_texts_apart():
    said = "Вчера на складе у вокзала был взрыв, {} погибли, причину выясняют до утра"
    index = ClaimIndex()
    texts = [said.format("3 человека"), said.format("12 человек"), said.format("люди")]
    assert index.add_many(texts).tolist() == [0, 1, 0]
    assert index.add(said.format("3 человека, 7 ранены,")) == 0  # it says more, and nothing else


def test_rules_name_version_and_parameters():
    assert ClaimIndex(threshold=0.4).rules.startswith(f"{group.RULES} threshold=0.4 ")


def test_a_normalised_batch_gives_the_same():
    texts = stream(500, 2).texts
    got = ClaimIndex().add_batch(normalise_batch(texts))
    assert got.tolist() == ClaimIndex().add_many(texts).tolist()


@pytest.mark.parametrize("bad", [{"threshold": 0}, {"threshold": 1.1}, {"keys": 0}, {"stem": 0}])
def test_bad_parameters(bad):
    with pytest.raises(ValueError, match=next(iter(bad))):
        ClaimIndex(**bad)


def test_memory_stays_small():
    index = ClaimIndex()
    index.add_many(stream(20_000, 4, n_claims=20_000, exponent=0.5).texts)
    assert index.n_claims > 10_000
    assert index.nbytes / index.n_claims < 350


# Bagga and Baldwin (1998), figures 1 to 3: twelve entities, two responses.
def test_b_cubed_of_the_paper():
    truth = np.array([1] * 5 + [2] * 2 + [3] * 5)
    first = np.array([1] * 5 + [2] * 7)
    second = np.array([1] * 5 + [2] * 2 + [1] * 5)
    assert b_cubed(truth, first)[0] == pytest.approx(0.76, abs=0.005)
    assert b_cubed(truth, second)[0] == pytest.approx(0.58, abs=0.005)
    assert b_cubed(truth, first)[1] == b_cubed(truth, second)[1] == 1.0
