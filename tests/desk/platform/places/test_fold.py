"""One spelling for all ways of writing a name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qalqan.desk.platform.places.fold import fold, fold_name


@pytest.mark.parametrize(
    "spellings",
    [
        ("Ақтөбе", "Актобе", "Aqtöbe", "Aqto'be", "Aqto\u0308be", "AKTOBE", "актөбе"),
        ("Қандыағаш", "Кандыагаш", "Kandyagash", "Qandyağaş", "Qandyaghash"),
        ("Ырғыз", "Иргиз", "Irgiz", "Yrgyz", "Yrghyz"),
        ("Шалқар", "Шалкар", "Shalkar", "Shalqar", "Şalqar"),
        ("Aктөбе", "Aктобе"),  # a Latin A among Cyrillic letters
    ],
)
def test_all_spellings_of_a_name_fold_to_one(spellings: tuple[str, ...]) -> None:
    assert len({fold(word) for word in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Темір", "Теміртау"), ("Алға", "Алматы"), ("Қобда", "Хобда")]
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@given(st.text(max_size=60))
def test_fold_never_fails_and_leaves_single_spaces(text: str) -> None:
    assert "  " not in fold_name(text)
    assert fold_name(text) == fold_name(f"  {text} ")
