"""Normalising: examples, and the compiled normaliser against the plain one."""

from __future__ import annotations

import unicodedata

import pytest

from qalqan.science.text.normalise import encode, normalise, normalise_batch, normalise_many

EXAMPLES = [
    ("Су ЖОҚ!!!", "су жоқ"),
    ("нееееет, это неправдааа", "нет это неправда"),
    ("длинный аллея", "длинный аллея"),  # double letters are spelling, not shouting
    ("1000000 теңге", "1000000 теңге"),  # digits are never collapsed
    ("смотри https://t.me/abc?x=1 тут", "смотри тут"),
    ("WWW.example.KZ вода", "вода"),
    ("t.me/kanal2 газ", "газ"),
    ("@some_user_1 привет @x", "привет"),
    ("пиши на a@b.kz", "пиши на a b kz"),
    ("привет😀мир 🔥🔥", "привет мир"),
    ("ёлка", "елка"),
    ("don’t  DON'T", "dont dont"),
    ("O'zen qala'nyn'", "ozen qalanyn"),
    ("№ 5 ﬁre ½", "no 5 fire 1 2"),
    ("ＦＵＬＬ　ｗｉｄｔｈ", "full width"),
    ("во\u00adда га\u200bз", "вода газ"),  # soft hyphen, zero width space
    ("к\u0336а\u0336к\u0336", "как"),  # struck-through letters are the same letters
    ("и\u0306од", "йод"),  # decomposed й
    ("", ""),
    (" \t\n ", ""),
]


@pytest.mark.parametrize(("text", "expected"), EXAMPLES)
def test_examples(text, expected):
    assert normalise(text) == expected
    assert normalise_many([text]) == [expected]


# Each attack swaps letters for their look-alikes; the reader sees the same word.
ATTACKS = [
    ("вoдa", "вода"),  # Latin o, a
    ("Bзрыв", "взрыв"),  # Latin B
    ("HАЙЗАҒАЙ", "найзағай"),  # Latin capital H for Н
    ("қаhарман", "қаһарман"),  # Latin h for Kazakh һ
    ("мұғaлiм", "мұғалім"),  # Latin a, i
    ("əкімдік", "әкімдік"),  # Latin schwa
    ("Ɵзен", "өзен"),  # Latin barred o
    ("роlice", "police"),  # Cyrillic р, о in a mostly Latin word
    ("АLERT", "alert"),  # Cyrillic А
    ("ХРОМТАУ", "хромтау"),
]


@pytest.mark.parametrize(("attack", "word"), ATTACKS)
def test_look_alike_letters_are_put_right(attack, word):
    assert normalise(attack) == word
    assert normalise_many([attack]) == [word]


def test_whole_words_keep_their_script():
    assert normalise("cop COP") == "cop cop"
    assert normalise("сор СОР").isascii() is False


def test_every_code_point_alone_and_between_letters():
    codes = [*range(0x3400), *range(0xA000, 0x11000, 7), *range(0x1D400, 0x1FB00), 0x2F800, 0xE0020]
    texts = [f"{chr(c)} a{chr(c)}ы" for c in codes]
    assert normalise_many(texts) == [normalise(text) for text in texts]


def test_compatibility_forms_agree_with_unicode():
    for code in range(0xFF10, 0xFF5B):
        char = chr(code)
        if char.isalnum() and char not in "Ｈ":
            assert normalise(char) == unicodedata.normalize("NFKC", char).casefold()


def test_encode_gives_nfc_even_where_texts_meet_marks():
    codes, offsets = encode(["e", "\u0301a", "и\u0306"])
    assert offsets.tolist() == [0, 1, 3, 4]
    assert chr(codes[3]) == "й"


def test_raw_hash_only_where_nothing_is_left():
    batch = normalise_batch(["😀", "су", "", "🔥"])
    assert [bool(h) for h in batch.raw_hashes] == [True, False, True, True]
    assert len(set(batch.raw_hashes[[0, 2, 3]].tolist())) == 3


def test_very_long_words_and_lone_surrogates():
    texts = ["аб" * 5000, "x\ud800y", "я" * 9000]
    assert normalise_many(texts) == [normalise(text) for text in texts]
    assert normalise("x\ud800y") == "x y"
