"""The brief in words: every line with its reason, data and doubt, in three languages."""

import pytest
from django.utils import translation
from tests.support import brief_factories as made

from qalqan.desk.brief import content as c
from qalqan.desk.brief.present import present

LANGUAGES = ("kk", "ru", "en")


def worded(brief, language="en"):
    with translation.override(language):
        return present(brief, digest="0" * 64)


def section(page, key):
    return next(section for section in page.sections if section.key == key)


def every_text(page):
    for part in page.sections:
        yield from (part.title, part.empty, part.note, part.more)
        for line in part.lines:
            yield from (line.headline, line.why, line.data, line.doubt, line.action)
            yield from (fact.label for fact in line.facts)
        for table in part.tables:
            yield from (table.caption, table.note, *table.head)
    yield from (lead.text for lead in page.leads)
    yield from page.method


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_line_says_why_from_what_and_how_sure(language):
    page = worded(made.brief(), language)
    for key in ("rumours", "flashpoints"):
        for line in section(page, key).lines:
            assert line.why
            assert line.data
            assert line.doubt


def test_a_growing_rumour_shows_its_numbers():
    line = section(worded(made.brief()), "rumours").lines[0]
    facts = {fact.label: fact.value for fact in line.facts}
    assert line.quote.startswith("Қандыағашта")
    assert line.quote_language == "kk"
    assert facts["First seen"] == "2026-11-19 01:00"
    assert facts["Copies in all"] == "64"
    assert facts["Places named"] == "Mugalzhar District 41, Aktobe 9"
    assert facts["Languages"] == "Kazakh 50, Kazakh in Latin script 14"
    assert facts["Earlier answer"] == "none so far"
    assert "52" in line.why
    assert "5.6" in line.why
    assert "×9.3, 95 % interval ×3.9 to ×21" in line.doubt
    assert "q < 0.001" in line.doubt
    assert "512 claims" in line.doubt


def test_an_answered_rumour_says_what_was_answered_and_when():
    line = section(worded(made.brief()), "rumours").lines[1]
    facts = {fact.label: fact.value for fact in line.facts}
    assert facts["Earlier answer"] == "false, published 2026-11-08 08:00"
    assert "Not seen in the 14 days before" in line.why


def test_an_open_interval_says_at_least():
    brief = made.brief(rumours=[made.rumour(rate_ratio_high=None)])
    assert "at least ×3.9" in section(worded(brief), "rumours").lines[0].doubt


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_found_is_said_in_words(language):
    page = worded(made.quiet(), language)
    for key in ("rumours", "flashpoints", "incidents", "overdue", "changes"):
        assert section(page, key).empty
        assert not section(page, key).lines
    assert "512" in section(page, "rumours").empty


@pytest.mark.parametrize(
    ("change", "cells"),
    [
        ({"what": "answer", "change": "answered", "claim_id": 7, "text": "No water tomorrow",
          "detail": "false"}, ("Rumour: “No water tomorrow”", "answered: false", "–", "–")),
        ({"what": "incident", "change": "corrected", "number": 11, "detail": "injured",
          "titles": c.Titles("", "", "Armed attack on a shop"), "before": 1, "after": 3},
         ("Incident: Armed attack on a shop", "corrected: injured", "1", "3")),
        ({"what": "incident", "change": "recorded", "number": 11, "detail": "arson",
          "titles": c.Titles("", "", "")}, ("Incident: Arson", "came in", "–", "–")),
        ({"what": "work", "change": "overdue", "number": 5, "text": "Inspect the depot"},
         ("Work: “Inspect the depot”", "became overdue", "–", "–")),
        ({"what": "work", "change": "further", "after": 12},
         ("Work", "further, not listed", "–", "12")),
        ({"what": "scan", "change": "significant", "stream": "tips", "before": 0, "after": 1},
         ("Scan: Tips", "now above what is expected", "0", "1")),
    ],
)  # fmt: skip
def test_what_people_did_is_told_in_words(change, cells):
    blank = {"claim_id": None, "text": "", "language": "", "stream": "", "places": [],
             "before": None, "after": None}  # fmt: skip
    page = worded(made.brief(changes=[c.Change(**{**blank, **change})]))
    assert section(page, "changes").tables[0].rows == (cells,)


def test_too_few_cases_are_not_called_nothing():
    empty = section(worded(made.quiet()), "flashpoints").empty
    assert "Incidents: too few to say anything (3 in 13 districts" in empty
    assert "Tips: nowhere more than expected at p ≤ 0.01 (412 in 13 districts" in empty


def test_no_messages_is_not_called_no_rumour():
    brief = made.quiet()
    brief = made.brief(rumours=[], health=made.health(messages_window=0), growth=brief.growth)
    assert "so nothing can be said" in section(worded(brief), "rumours").empty


def test_the_first_screen_has_ten_lines_at_most():
    many = [made.rumour(n) for n in range(1, 9)]
    page = worded(made.full(rumours=many, excesses=[made.excess(n) for n in range(1, 5)]))
    assert len(page.leads) == 10


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Aktobe Region · as of 2026-11-20 08:00"),
        ("ru", "Актюбинская область · по состоянию на 20.11.2026 08:00"),
        ("kk", "Ақтөбе облысы · 20.11.2026 08:00 жағдайы бойынша"),
    ],
)
def test_the_heading_names_province_and_moment(language, words):
    assert worded(made.brief(), language).subtitle == words
    # From raw files there may be no province: the moment stands alone, without a stray dot.
    alone = worded(made.brief(province=None), language).subtitle
    assert alone == words.split(" · ")[1]


def test_old_data_are_said_to_be_old():
    page = worded(made.brief(as_of_rule="last_data"))
    assert "The messages end at 2026-11-20 08:00" in page.notices[0]


def test_incidents_elsewhere_and_later_are_counted_and_stated():
    page = worded(made.brief(health=made.health(incidents_outside=14, incidents_later=6)))
    assert "None of the 14 incidents lies in the districts" in page.notices[0]
    assert "left out: 6." in page.notices[1]


@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize("brief", [made.brief(as_of_rule="last_data"), made.quiet()])
def test_no_sentence_is_left_in_english(brief, language):
    english = set(every_text(worded(brief, "en")))
    quoted = {line.headline for part in worded(brief, "en").sections for line in part.lines}
    same = {text for text in every_text(worded(brief, language)) if text in english - quoted}
    assert {text for text in same if text} == set()


def test_the_footer_bears_audit_head_window_and_checksum():
    facts = {fact.label: fact.value for fact in worded(made.brief()).footer}
    assert facts["Audit head"] == "No. 4181, " + "9f" * 32
    assert facts["Data window"] == "2026-11-19 08:00 – 2026-11-20 08:00"
    assert facts["Content"] == "0" * 64


@pytest.mark.parametrize(("language", "quote"), [("en", "“Су жоқ”"), ("kk", "«Су жоқ»")])
def test_a_quotation_bears_the_marks_of_the_language(language, quote):
    answered = c.Change("answer", "answered", 7, "Су жоқ", "kk-Cyrl", "", [], None, None)
    page = worded(made.brief(changes=[answered]), language)
    assert quote in section(page, "changes").tables[0].rows[0][0]
