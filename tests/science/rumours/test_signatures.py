"""Signatures: one pass over raw texts equals normalising first; texts alone decide."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from tests.support.slow_group import SlowClaimIndex

from qalqan.science.rumours.group import ClaimIndex, GroupParameters
from qalqan.science.rumours.signatures import Signatures, sign_batch, sign_texts
from qalqan.science.rumours.synthetic import make_stream
from qalqan.science.text.normalise import normalise, normalise_batch

OPTIONS = {"stem": 5, "min_words": 3, "reach": 2, "keys": 8, "seed": 3}
ODD = [
    "Приём № 5 у вокзала в ½ девятого… приходите",
    unicodedata.normalize("NFD", "Ёлка и йод в кафе, сұйық газ"),
    "вoдa и вода, HAH и һан, ннннет, ннһ HHh",
    "см. https://t.me/x/1 и @kanal, t.me/y, www.z.kz http:// h t w @ t.m",
    "ﷺ ﬁre ㎏ ™ Straße ΣΑΣ İstanbul ǅ",
    "3-адам 12:30 ٣ १२ 4ever",
    "", " ", "😀", "\u200bскры\u00adтый тек\u0301ст", "каз.www.a.kz @", "а́ б̈ ӥ",
    "слово " * 1500, " ".join(map(str, range(80))),
]  # fmt: skip


def fields(signed: Signatures) -> list[list[int]]:
    return [signed.hashes.tolist(), signed.starts.tolist(), signed.tokens.tolist(),
            signed.keys.ravel().tolist()]  # fmt: skip


def random_texts(seed: int, n: int) -> list[str]:
    """Texts of every kind of code point, most of them likely ones."""
    rng = np.random.default_rng(seed)
    likely = [
        *range(0x20, 0x250),
        *range(0x300, 0x370),
        *range(0x400, 0x530),
        *range(0x2000, 0x2100),
    ]
    texts = []
    for _ in range(n):
        size = int(rng.integers(0, 40))
        common = rng.choice(likely, size)
        anything = rng.integers(0, 0x110000, size)
        codes = np.where(rng.random(size) < 0.9, common, anything).tolist()
        texts.append("".join(" " if rng.random() < 0.2 else chr(code) for code in codes))
    return texts


@pytest.mark.parametrize(
    "texts", [ODD, random_texts(1, 4000), make_stream(500, np.random.default_rng(2)).texts]
)
def test_one_pass_equals_normalising_first(texts):
    for text in texts:
        at_once = sign_texts([text], **OPTIONS)
        assert fields(at_once) == fields(sign_batch(normalise_batch([text]), **OPTIONS)), text


@pytest.mark.parametrize("texts", [ODD, random_texts(7, 300)])
def test_hashes_equal_the_plain_twin(texts):
    twin = SlowClaimIndex(threshold=0.3, copies=False, **OPTIONS)
    signed = sign_texts(texts, **OPTIONS)
    for i, text in enumerate(texts):
        words = normalise(text).split()
        tokens, whole = twin.read(words)
        if words:
            assert int(signed.hashes[i]) == whole, text
        mine = signed.tokens[signed.starts[i] : signed.starts[i + 1]].tolist()
        assert sorted(mine) == (sorted(set(tokens))[:48] if len(words) >= 3 else []), text


def test_a_batch_equals_its_texts_one_by_one_and_taken_in_any_order():
    texts = make_stream(300, np.random.default_rng(4)).texts + ODD
    whole = sign_texts(texts, **OPTIONS)
    single = Signatures.concatenate([sign_texts([text], **OPTIONS) for text in texts])
    assert fields(whole) == fields(single)
    order = np.random.default_rng(5).permutation(len(texts))
    assert fields(whole.take(order)) == fields(sign_texts([texts[i] for i in order], **OPTIONS))


def test_signed_texts_get_the_claims_of_the_texts():
    texts = make_stream(3000, np.random.default_rng(6)).texts
    index = ClaimIndex()
    parts = [index.sign(texts[start : start + 700]) for start in range(0, 3000, 700)]
    assert index.add_signed(Signatures.concatenate(parts)).tolist() == (
        ClaimIndex().add_many(texts).tolist()
    )


def test_copies_of_any_message_join_its_claim(tmp_path):
    texts = make_stream(4000, np.random.default_rng(7), n_claims=300).texts
    index = ClaimIndex(copies=True)
    claims = index.add_many(texts)
    first: dict[str, int] = {}
    for text, claim in zip(map(normalise, texts), claims.tolist(), strict=True):
        assert first.setdefault(text, claim) == claim
    distinct = {normalise(text): text for text in reversed(texts)}
    in_order = [text for text in texts if distinct.get(normalise(text)) is text]
    again = ClaimIndex(copies=True)
    of_distinct = dict(
        zip(map(normalise, in_order), again.add_many(in_order).tolist(), strict=True)
    )
    assert [of_distinct[normalise(text)] for text in texts] == claims.tolist()
    index.save(tmp_path / "index.npz")
    loaded = ClaimIndex.load(tmp_path / "index.npz")
    assert loaded.params == GroupParameters(copies=True)
    assert loaded.add_many(texts).tolist() == claims.tolist()
