"""Likely doubles: by name and place, in three languages, without comparing all with all."""

import random

import pytest

from qalqan.desk.protection.likeness import Entry, Likenesses, compare, likeness, pairs, tokens


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("№12 орта мектеп", "Школа №12"),
        ("№ 12 мектеп", "School No. 12"),
        ("Абай атындағы мектеп", "Школа имени Абая"),
        ("Облыстық аурухана", "Областная больница"),
        ("Ақтөбе орталық базары", "Центральный рынок Актобе"),
        ("Жастар сарайы", "ЖАСТАР САРАЙЫ"),
        ("Автовокзал «Сапар»", "«Сапар» автовокзалы"),
        ("Нұр Ғасыр мешіті", "Мечеть Нур Гасыр"),
    ],
)
def test_one_site_under_two_names(first, second):
    assert likeness(first, second) >= 0.75
    assert likeness(second, first) == likeness(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Школа №12", "Школа №13"),
        ("Школа №12", "Школа"),
        ("Школа №12", "Больница №12"),
        ("Рынок Сауда", "Рынок Береке"),
        ("Подстанция Западная", "Подстанция Восточная"),
        ("", "Школа"),
    ],
)
def test_two_sites(first, second):
    assert likeness(first, second) < 0.75


def test_numbers_lose_their_zeros():
    assert likeness("Школа 012", "Школа 12") < 1
    assert tokens("Школа 12") == {"=school", "12"}


def entry(key, name, *, place=10, district=1, spot=(None, None)):
    return Entry(key, (name,), place, district, "school", *spot)


def test_place_decides_where_the_name_is_the_same():
    first = entry(1, "Мектеп 1", spot=(50.0, 57.0))
    assert compare(first, entry(2, "Школа 1", spot=(50.003, 57.0))).reason == "name"
    assert compare(first, entry(3, "Школа 1", spot=(50.02, 57.0))) is None
    assert compare(entry(1, "Мектеп 1"), entry(2, "Школа 1")).reason == "name"
    assert compare(entry(1, "Мектеп 1"), entry(2, "Школа 1", place=11)) is None
    assert compare(entry(1, "Мектеп 1", place=1), entry(2, "Школа 1", place=11)) is not None


def test_the_same_spot_and_kind_is_a_double_where_the_names_agree_in_part():
    first = entry(1, "Школа Абай", spot=(50.0, 57.0))
    assert compare(first, entry(2, "Гимназия Достык", spot=(50.0001, 57.0))).reason == "spot"
    assert compare(first, entry(2, "Рынок", spot=(50.0001, 57.0))) is None


def test_the_index_finds_what_comparing_all_with_all_finds():
    rng = random.Random(7)
    words = ["Абай", "Абая", "Достық", "Достык", "Сауда", "Орталық"]
    kinds = ["мектеп", "школа", "больница", "аурухана", "рынок"]
    entries = [
        Entry(
            key, (f"{rng.choice(kinds)} {rng.choice(words)} {rng.randint(1, 4)}",), 10, 1, "school",
            50 + rng.random() / 100, 57 + rng.random() / 100,
        )
        for key in range(150)
    ]  # fmt: skip
    slow = {
        frozenset((one.key, other.key))
        for one in entries
        for other in entries
        if one.key < other.key and compare(other, one)
    }
    fast = {frozenset((one.key, match.key)) for one, match in pairs(entries)}
    assert fast == slow
    assert slow


def test_an_empty_register_has_no_doubles():
    assert Likenesses().find(entry(1, "Школа")) == []
