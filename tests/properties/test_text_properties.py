"""What must hold for any text at all."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from qalqan.science.rumours.group import ClaimIndex
from qalqan.science.text.language import LABELS, detect_many
from qalqan.science.text.normalise import normalise, normalise_many
from qalqan.science.text.suffixes import strip_suffixes
from qalqan.science.text.translit import latin_to_cyrillic

AWKWARD = (
    "аaсcеeоoрpхxуyіiкkмmтtвbвBнHһhшқыwwww.t.me/x http://@_'’\u0301\u0308\u200b\u00ad½ﬁ№İıßΣςёй😀 "
)
TEXTS = st.one_of(st.text(max_size=60), st.text(alphabet=AWKWARD, max_size=80))
SOME_WORDS = """
су жоқ газ ертең қалада мектеп завтра воды нет школы закроют взрыв мост власти fire the water
bridge closed 12 2016 ауылда полиция
"""
WORDS = st.sampled_from(SOME_WORDS.split())
MESSAGES = st.lists(
    st.one_of(st.lists(WORDS, min_size=0, max_size=16).map(" ".join), TEXTS), max_size=60
)


@given(st.lists(TEXTS, max_size=12))
@settings(max_examples=400, deadline=None)
def test_both_normalisers_agree(texts):
    assert normalise_many(texts) == [normalise(text) for text in texts]


@given(TEXTS)
@settings(max_examples=600, deadline=None)
def test_normalising_twice_changes_nothing(text):
    once = normalise(text)
    assert normalise(once) == once
    assert once == " ".join(once.split())


@given(MESSAGES, st.data())
@settings(max_examples=80, deadline=None)
def test_any_batch_size_gives_the_same_claims(texts, data):
    whole = ClaimIndex().add_many(texts).tolist()
    index = ClaimIndex()
    parts: list[int] = []
    while len(parts) < len(texts):
        step = data.draw(st.integers(1, 7))
        parts += index.add_many(texts[len(parts) : len(parts) + step]).tolist()
    assert parts == whole


@given(MESSAGES, MESSAGES, st.sampled_from([0.2, 0.3, 0.5]))
@settings(max_examples=80, deadline=None)
def test_leaders_alone_rebuild_the_index(before, after, threshold):
    index = ClaimIndex(threshold=threshold)
    leaders: list[str] = []
    for text in before:
        if index.add(text) == len(leaders):
            leaders.append(text)
    rebuilt = ClaimIndex.from_leaders(leaders, threshold=threshold)
    assert rebuilt.n_claims == index.n_claims == len(leaders)
    assert rebuilt.add_many(after).tolist() == index.add_many(after).tolist()


@given(MESSAGES, MESSAGES)
@settings(max_examples=30, deadline=None)
def test_saving_changes_nothing(tmp_path_factory, before, after):
    path = tmp_path_factory.mktemp("index") / "claims.npz"
    index = ClaimIndex()
    index.add_many(before)
    index.save(path)
    assert ClaimIndex.load(path).add_many(after).tolist() == index.add_many(after).tolist()


@given(st.lists(TEXTS, max_size=8))
@settings(max_examples=200, deadline=None)
def test_every_text_has_a_label(texts):
    labels = detect_many(texts)
    assert len(labels) == len(texts)
    assert set(labels) <= set(LABELS)


@given(st.text(alphabet="абвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюяә", min_size=1, max_size=20))
@settings(max_examples=300, deadline=None)
def test_a_stem_is_a_beginning_of_the_word(word):
    stem = strip_suffixes(word)
    assert len(stem) >= 2 or stem == word
    assert word.startswith(stem[:-1])


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_transliteration_of_any_text_does_not_fail_and_is_stable(text):
    once = latin_to_cyrillic(text)
    assert isinstance(once, str)
    cyrillic_only = "".join(c for c in text if c in "абвгдеёжзқөүұ 123,.!")
    assert latin_to_cyrillic(cyrillic_only) == cyrillic_only
