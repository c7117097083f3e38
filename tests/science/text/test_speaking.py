"""How long a loudspeaker says a text: counted by hand, and what must hold of any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qalqan.science.text.speaking import spoken_seconds, syllables

LANGUAGES = st.sampled_from(["kk", "ru", "en"])


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("Назар аударыңыз", "kk", 7), ("Үйде болыңыз", "kk", 5), ("Терезені жабыңыз", "kk", 7),
        ("Внимание всем", "ru", 5), ("Закройте окна и двери", "ru", 8), ("МЧС", "ru", 1),
        ("Stay at home", "en", 3), ("Close the window", "en", 4), ("people", "en", 2),
        ("112", "ru", 6), ("", "en", 0),
    ],
)  # fmt: skip
def test_syllables_counted_by_hand(text, language, count):
    assert syllables(text, language) == count


def test_pauses_are_at_sentences_and_commas():
    # Five syllables at four a second, one comma of 0.25 s, one full stop of 0.6 s.
    assert spoken_seconds("Внимание, всем.", "ru") == pytest.approx(5 / 4 + 0.25 + 0.6)
    assert spoken_seconds("Внимание всем", "ru", syllables_a_second=2.5) == pytest.approx(2.0)


@given(st.text(max_size=200), st.text(max_size=200), LANGUAGES)
def test_more_text_never_takes_less_time(first, second, language):
    both = spoken_seconds(f"{first} {second}", language)
    assert both >= spoken_seconds(first, language) - 1e-9
    assert spoken_seconds(first, language) >= 0


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan")])
def test_a_rate_is_above_zero(rate):
    with pytest.raises(ValueError, match="above zero"):
        spoken_seconds("a", "en", syllables_a_second=rate)


def test_an_unknown_language_is_told():
    with pytest.raises(KeyError):
        syllables("a", "de")
