"""Names of places in free text: endings, scripts, doubtful words, ambiguity."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qalqan.desk.platform.places.finder import NameRow, PlaceFinder
from qalqan.sample.areas import COUNTRY, ELSEWHERE, PROVINCE, UNITS, VILLAGES

LABELLED = Path(__file__).parents[3] / "data" / "places_labelled.tsv"


class Gazetteer:
    """The sample province as the finder gets it, with the English name of each place."""

    def __init__(self) -> None:
        self.rows: list[NameRow] = []
        self.names: dict[int, str] = {0: "-"}
        self.parents: dict[int, int] = {}
        country = self.add("country", COUNTRY, (), 0)
        province = self.add("province", PROVINCE, (), country)
        districts = {u.kato: self.add("district", u.names, (), province) for u in UNITS}
        for unit in UNITS:
            self.add("settlement", unit.seat.names, unit.seat.aliases, districts[unit.kato])
        for village in (*VILLAGES, *ELSEWHERE):
            parent = districts.get(village.kato, country)
            self.add("settlement", village.names, village.aliases, parent)

    def add(self, kind: str, names: tuple[str, ...], aliases: tuple[str, ...], parent: int) -> int:
        key = len(self.names)
        self.names[key] = names[2]
        self.parents[key] = parent
        pairs = [*zip(names, ("kk", "ru", "en"), strict=True), *((a, "und") for a in aliases)]
        self.rows += [NameRow(key, kind, parent, name, language) for name, language in pairs]
        return key


GAZETTEER = Gazetteer()
FINDER = PlaceFinder(GAZETTEER.rows, GAZETTEER.parents)


def found(text: str) -> list[str]:
    return [GAZETTEER.names[match.place_id] for match in FINDER.find(text)]


def first(text: str) -> str:
    return GAZETTEER.names[FINDER.find_first(text)]


@pytest.mark.parametrize("ending", ["", "де", "ден", "ге", "нің", "ні", "мен", "дегі", "лік"])
def test_kazakh_endings(ending: str) -> None:
    assert found(f"кеше ақтөбе{ending} болды") == ["Aktobe"]


@pytest.mark.parametrize(
    "form", ["Кандыагаш", "Кандыагаша", "Кандыагашу", "Кандыагашем", "Кандыагаше"]
)
def test_russian_cases(form: str) -> None:
    assert found(f"это было, {form.lower()} и точка") == ["Kandyagash"]


def test_matches_say_where_they_stand() -> None:
    text = "Бүгін Ақтөбеден Хромтауға дейін"
    matches = FINDER.find(text)
    assert [text[m.start : m.end] for m in matches] == ["Ақтөбеден", "Хромтауға"]
    assert [m.surface for m in matches] == ["Ақтөбеден", "Хромтауға"]


def test_the_longest_match_wins() -> None:
    assert found("в Алгинском районе Актюбинской области") == ["Alga district", "Aktobe Region"]


def test_a_settlement_beats_the_district_of_its_name() -> None:
    assert first("Шалқарда боран") == "Shalkar"
    assert first("Шалқар ауданында боран") == "Shalkar district"


def test_the_first_place_of_a_message() -> None:
    assert first("Из Актобе в Хромтау") == "Aktobe"
    assert first("Ақтөбе облысы, Темір ауданы, Кеңқияқ ауылы") == "Kenkiyak"
    assert first("В Мартукском районе, сообщают из Актобе, снег") == "Martuk district"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("алға қарай жүрейік", "-"),
        ("Алға! Жігіттер алға!", "-"),
        ("темір есік сатамын", "-"),
        ("Кеше біз Темір жақта болдық", "Temir"),
        ("алғада жарық жоқ", "Alga"),
        ("живём в алге", "Alga"),
        ("алға қаласы", "Alga"),
        ("Темір", "Temir"),
    ],
)
def test_names_that_are_also_words_need_evidence(text: str, place: str) -> None:
    assert first(text) == place


def labelled(half: int) -> list[tuple[str, str]]:
    with LABELLED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [(row["text"], row["place"]) for row in rows[half::2]]


@pytest.mark.parametrize("half", [0, 1], ids=["tuned", "held-out"])
def test_precision_and_recall_on_labelled_lines(half: int) -> None:
    rows = labelled(half)
    right = sum(first(text) == place != "-" for text, place in rows)
    named = sum(first(text) != "-" for text, _place in rows)
    wanted = sum(place != "-" for _text, place in rows)
    assert len(rows) >= 75
    assert right / named >= 0.97
    assert right / wanted >= 0.97


def test_labelled_places_are_known_and_lines_differ() -> None:
    rows = labelled(0) + labelled(1)
    assert {place for _text, place in rows} <= set(GAZETTEER.names.values())
    assert len({text for text, _place in rows}) == len(rows) >= 150


PIECES = ["Ақтөбе", "ден", " в ", "алга", "Темір ауданы", "\u0308", "ʼ", "район"]


@settings(max_examples=200)
@given(st.lists(st.one_of(st.text(max_size=80), st.sampled_from(PIECES)), max_size=6))
def test_any_text_at_all(parts: list[str]) -> None:
    text = "".join(parts)
    matches = FINDER.find(text)
    assert all(text[m.start : m.end] == m.surface != "" for m in matches)
    assert all(a.end <= b.start for a, b in pairwise(matches))
    assert int(FINDER.find_first_many([text])[0]) == FINDER.find_first(text)
    assert (FINDER.find_first(text) > 0) <= bool(matches)


def test_no_names_at_all() -> None:
    empty = PlaceFinder([])
    assert empty.find("Ақтөбеде") == []
    assert empty.find_first_many(["Ақтөбеде", ""]).tolist() == [0, 0]


def test_a_word_without_end_costs_nothing() -> None:
    assert FINDER.find("а" * 2_000_000) == []
    assert found("б" * 100 + " Ақтөбеде") == ["Aktobe"]
