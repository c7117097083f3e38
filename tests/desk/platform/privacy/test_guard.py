"""Habits and evasions, what stays public, and what holds for any text."""

from __future__ import annotations

import random
import subprocess
import sys

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from qalqan.desk.platform.privacy.detectors import (
    _NAME_WITH_DIGIT,
    folded_spans,
    worth_a_look,
)
from qalqan.desk.platform.privacy.folding import BARRIER, fold, fold_character
from qalqan.desk.platform.privacy.guard import (
    apply_rule,
    find_traces,
    refuse_traces,
    screen,
    screen_many,
)
from qalqan.desk.platform.privacy.kinds import Kind, Rule
from qalqan.desk.platform.privacy.numbers import is_iban, is_iin, looks_like_iin, passes_luhn


@pytest.mark.parametrize(
    "written",
    [
        "８７０１１２３４５６７",
        "٨٧٠١١٢٣٤٥٦٧",
        "𝟖𝟕𝟎𝟏𝟏𝟐𝟑𝟒𝟓𝟔𝟕",
        "8\u200b701\u200b123\u200b45\u200b67",
        "8\u00a0701\u00a0123\u00a045\u00a067",
        "8\u00ad701\u00ad1234567",
        "+7\u2011701\u2011123\u201145\u201167",
        "8 7ОО 123 45 67",
        "8 7oo 1234567",
        "8701\ue0001234567",
    ],
)
def test_a_phone_that_hides_from_machines_is_found(written: str) -> None:
    assert screen(f"жаз: {written} күтемін").text == "жаз: [phone] күтемін"


def test_keycap_digits_are_found() -> None:
    assert "1" not in screen("".join(f"{digit}\ufe0f\u20e3" for digit in "87011234567")).text


@pytest.mark.parametrize(
    "text",
    [
        "102, 112, 109, 101, 103, 1414",
        "8-800-080-7777",
        "+7 800 080 77 77",
        "БИН 990440001234",
        "КАТО 151010000",
        "t.me/aqtobe_news",
        "@aqtobe_akimat",
        "vk.com/club123456",
        "доллар 449,30; евро 487,15",
        "50.3, 57.2",
        "3@5",
    ],
)
def test_what_is_public_stays(text: str) -> None:
    assert screen(text).text == text


def test_the_kind_that_tells_most_wins_where_stretches_overlap() -> None:
    text = "wa.me/77015557788 и a.b@mail.kz"
    assert [trace.kind for trace in find_traces(text)] == [Kind.PHONE, Kind.EMAIL]
    assert screen(text).text == "[phone] и [email]"


def test_check_digits() -> None:
    # Luhn: the worked example of ISO/IEC 7812; IBAN: Kazakhstan's example in the SWIFT registry.
    assert passes_luhn("4111111111111111")
    assert not passes_luhn("4111111111111112")
    assert is_iban("kz86125kzt5004100100")
    assert not is_iban("kz86125kzt5004100101")
    assert not looks_like_iin("990440001234")
    assert not looks_like_iin("991301300001")


@given(st.integers(0, 99), st.integers(1, 12), st.integers(1, 28), st.integers(10000, 69999))
def test_at_most_one_check_digit_fits_an_iin(year: int, month: int, day: int, tail: int) -> None:
    body = f"{year:02}{month:02}{day:02}{tail:05}"
    assert sum(is_iin(f"{body}{digit}") for digit in range(10)) <= 1


PIECES = st.sampled_from(
    [
        *"0123456789@.,-+()/ \n°'[]",
        *("8701", "1234567", "тел ", "54-32-10", "собака", "mail.ru", "@", "t.me/", "ИИН "),
        *("[phone]", "[email]", "phone", "50.28391", "57.16642", "880512300147", "KZ86125K"),
        *("4400 4300", "a.b", "\u200b", "\ufe0f", "О", "７", "\ue000", "инста: ", "a_1", "lat "),
    ]
)
NASTY = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=200)


@settings(max_examples=400, deadline=None)
@given(NASTY)
def test_any_text_is_masked_for_good(text: str) -> None:
    masked = screen(text)
    assert find_traces(masked.text) == ()
    assert screen(masked.text).text == masked.text
    end = 0
    for trace in masked.traces:
        assert end <= trace.start < trace.end <= len(text)
        end = trace.end
    assert screen_many([text]) == [masked]


@settings(max_examples=400, deadline=None)
@given(NASTY)
def test_the_quick_look_never_hides_a_trace(text: str) -> None:
    # Words spelt for signs are looked for as written; the rest must show to the quick look.
    if any(kind != Kind.EMAIL or "@" in text for *_, kind in folded_spans(fold(text).text)):
        assert worth_a_look(text)


@given(st.text(alphabet=st.characters(), max_size=60))
def test_folding_keeps_places(text: str) -> None:
    folded = fold(text)
    for place, letter in enumerate(folded.text):
        start, end = folded.origin(place, place + 1)
        assert end == start + 1
        assert letter in (fold_character(text[start]), "0", BARRIER)


def test_every_sign_that_reads_as_a_digit_is_worth_a_look() -> None:
    for code in range(sys.maxunicode + 1):
        folded = fold_character(chr(code))
        if folded and folded in "0123456789":
            assert worth_a_look(chr(code) * 12), hex(code)
        elif folded in ("@", "_"):
            assert worth_a_look(f"a {chr(code)} b"), hex(code)


HOSTILE = """
import django; django.setup()
from qalqan.desk.platform.privacy.guard import find_traces, screen
n = 100_000
unit = ["1", "1 ", "12-", "8 701 ", "@", "a@", "a.", "a.a@", "@a.", "a@a.", "+7 ", "(", "7(", " ",
    "тел ", "тел 54-32", "собака ", "a собака a ", "[at] a ", "50.12345 ", "50.1234, ", "50° 1' ",
    "kz86 1 2 ", "t.me/", "иин ", "инста: ", "880512300147 ", "4400 ", "о1", "\\u200b1", "[phone] ",
    "5°", "8-8-8-8.", "a at a dot ", "lat ", "8701123456 7", "87011234567,", "a_", "+1(((", "1\\n"]
for u in unit:
    text = (u * (n // len(u) + 1))[:n]
    masked = screen(text).text
    assert find_traces(masked) == (), u
print("finished")
"""


def test_hostile_texts_of_100_000_characters_are_finished() -> None:
    done = subprocess.run(
        [sys.executable, "-c", HOSTILE], capture_output=True, text=True, timeout=240, check=False
    )
    assert done.stdout.strip() == "finished", done.stderr[-2000:]


def test_a_refusal_names_the_part_in_the_writers_language() -> None:
    with translation.override("kk"), pytest.raises(ValidationError) as refused:
        apply_rule("маған 8 701 123 45 67 жаз", Rule.BLOCK)
    message = refused.value.messages[0]
    assert "8 701 123 45 67" in message
    assert "телефон нөмірі" in message
    assert "private person" not in message
    with pytest.raises(ValidationError):
        refuse_traces("a.b@mail.kz")
    assert apply_rule("Нан 180 теңге", Rule.BLOCK).traces == ()


@pytest.mark.parametrize("number", ["87011234567", "7011234567", "880512300147"])
@pytest.mark.parametrize("between", [",", ";", "/", ", ", "\n"])
def test_long_lists_lose_the_numbers_and_nothing_else(number: str, between: str) -> None:
    kind = "iin" if len(number) == 12 else "phone"
    if kind == "iin":
        number = next(n for n in (f"88051230014{d}" for d in range(10)) if is_iin(n))
    listed = between.join([number] * 30)
    assert screen(f"тізім: {listed}").text == "тізім: " + between.join([f"[{kind}]"] * 30)


def test_a_letter_beside_a_digit_hides_nothing() -> None:
    """Texts put together at random of all that traces are made of."""
    rng = random.Random(3)
    parts = (
        "bus12", "су7", "a1", "ник ", "insta ", "тг ", "Вк: ", "kz", "1o", "7О1", "49.1234",
        "50.123", "12", "345", "-", " ", "/", "°", "n", "с.ш.", "call ", "тел ", "7", "81",
        "wa.me", "at", "собака", "soBaka", "mail", ".kz", "x9y8", "١", "!3d", ", ", "lat ", "a1b2",
    )  # fmt: skip
    names = 0
    for _ in range(20_000):
        text = "".join(rng.choices(parts, k=rng.randint(2, 9)))
        if _NAME_WITH_DIGIT.search(text) and not worth_a_look(text):
            assert not tuple(folded_spans(fold(text).text)), text
            names += 1
    assert names > 100
