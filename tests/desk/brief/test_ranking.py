"""The first ten lines: the stated rule, each reader's order, and the reason that is told."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support import brief_factories as made

from qalqan.desk.brief import ranking as r
from qalqan.desk.brief.candidates import candidates
from qalqan.desk.brief.content import WarningNow
from qalqan.desk.brief.present import present
from qalqan.desk.brief.ranking import Candidate

NOW = made.AS_OF


def order(*found, **reader):
    return [one.candidate.key for one in r.rank(found, moment=NOW, **reader)]


def one(key, kind="question", severity=2.0, **facts):
    return Candidate(kind, key, severity, **facts)


def ten(brief, role="", districts=frozenset(), language="en"):
    with translation.override(language):
        return present(brief, digest="0" * 64, role=role, districts=districts).leads


def test_the_weight_is_the_product_of_the_five_factors():
    found = Candidate(
        "rumour", "x", 4.0, due=NOW - timedelta(hours=1), certainty=0.5, districts=frozenset({3})
    )
    (ranked,) = r.rank([found], moment=NOW, role="press_officer", districts=frozenset({3}))
    assert ranked.weight == 4.0 * 2.0 * 0.5 * 4.0 * 3.0


@pytest.mark.parametrize(
    ("hours", "factor"),
    [(-1, 2), (0, 2), (23, 1.75), (25, 1.5), (71, 1.5), (73, 1.25), (167, 1.25), (169, 1)],
)
def test_the_nearer_the_deadline_the_heavier(hours, factor):
    assert r.deadline(NOW + timedelta(hours=hours), NOW) == factor


def test_without_a_deadline_nothing_is_added():
    assert r.deadline(None, NOW) == 1


@pytest.mark.parametrize(
    ("low", "value", "share"), [(3, 4, 0.75), (0.1, 8, 0.25), (5, 5, 1), (6, 5, 1), (1, 0, 0.25)]
)
def test_doubt_takes_weight_but_never_more_than_three_quarters(low, value, share):
    assert r.certainty(low, value) == share


def test_graver_sooner_surer_own_and_near_come_first_each_by_itself():
    plain = one("plain")
    assert order(plain, one("grave", severity=3.0))[0] == "grave"
    assert order(plain, one("late", due=NOW))[0] == "late"
    assert order(one("sure"), one("doubtful", certainty=0.5))[0] == "sure"
    assert order(plain, one("own", kind="decision"), role="secretary")[0] == "own"
    near = one("near", districts=frozenset({9}))
    assert order(plain, near, districts=frozenset({9}))[0] == "near"
    assert order(plain, near)[0] == "near"  # The same weight: by kind, then by key.


def test_danger_to_life_stands_before_a_small_line_of_the_own_task():
    grave = one("grave", kind="incident", severity=r.GRAVE, due=NOW)
    assert order(one("own", kind="advice"), grave, role="secretary") == ["grave", "own"]


def test_danger_to_life_is_among_the_ten_however_much_the_own_task_weighs():
    own = [one(f"{kind}-{n}", kind=kind, severity=3.0, due=NOW)
           for kind in ("decision", "work", "advice") for n in range(4)]  # fmt: skip
    grave = one("grave", kind="signal", severity=r.GRAVE)
    found = r.first(r.rank([*own, grave], moment=NOW, role="secretary"))
    assert len(found) == 10
    assert found[-1].candidate.key == "grave"
    many = [one(f"dead-{n}", kind="incident", severity=r.GRAVE) for n in range(9)]
    kinds = [ranked.candidate.kind for ranked in r.first(r.rank([*own, *many], moment=NOW))]
    assert kinds.count("incident") == 4


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        ("duty_officer", {"warning", "alone", "signal", "rumour"}),
        ("press_officer", {"rumour"}),
        ("inspector", {"site", "sites", "notices"}),
        ("secretary", {"decision", "advice", "work"}),
        ("analyst", {"area", "silent", "gap", "missing"}),
    ],
)
def test_what_comes_first_is_the_own_task_of_each_reader(role, kinds):
    leads = ten(made.full(), role)
    assert leads[0].kind in kinds
    assert leads[0].because.startswith("First because: ")
    assert "your own task" in leads[0].because
    assert leads[1].because.startswith("Here because: ")


def test_an_inspector_gets_the_sites_of_the_own_district_first():
    for district, number in ((made.TEMIR.id, "№ 8"), (made.CITY.id, "№ 9")):
        leads = ten(made.full(), "inspector", frozenset({district}))
        first = next(lead for lead in leads if lead.kind == "site")
        assert number in first.text
        assert "in your district" in first.because


def test_others_get_the_number_of_late_sites_and_no_site():
    kinds = [one.candidate.kind for one in r.rank(candidates(made.full()), moment=NOW)]
    assert "sites" in kinds
    assert "site" not in kinds


def test_the_reason_holds_every_factor_and_their_product():
    brief = made.calm(warnings=[
        WarningNow(1, "а", "б", "Leak", "Severe", NOW + timedelta(hours=1), sent_alone=False)
    ])  # fmt: skip
    (lead,) = ten(brief, "duty_officer")
    assert lead.because == (
        "First because: serious, your own task (4.00 × 1.00 × 1.00 × 4.00 × 1.00 = 16.0)"
    )


def test_each_line_says_what_why_now_its_number_and_where_to_read_on():
    with translation.override("en"):
        page = present(made.full(), digest="0" * 64, role="press_officer")
    places = {line.key for part in page.sections for line in part.lines}
    places |= {part.key for part in page.sections}
    for lead in page.leads:
        assert lead.text
        assert lead.note
        assert lead.anchor in places
    rumour = next(lead for lead in page.leads if lead.key == "rumour-7")
    assert rumour.note == "52 copies in 24 h, ×9.3 (×3.9–×21), not answered"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_kind_of_line_has_words(language):
    found = candidates(made.full(missing=made.overfull().missing))
    assert {one.kind for one in found} == set(r.KINDS)
    brief = made.full(missing=made.overfull().missing)
    leads = [ten(brief, role, language=language) for role in ("", *r.TASKS)]
    assert all(lead.text and lead.because for lines in leads for lead in lines)


def test_no_kind_takes_more_than_four_while_others_have_something_to_say():
    brief = made.full(rumours=[made.rumour(n) for n in range(1, 9)])
    kinds = [lead.kind for lead in ten(brief, "press_officer")]
    assert len(kinds) == 10
    assert kinds.count("rumour") == 4
    alone = ten(made.calm(rumours=[made.rumour(n) for n in range(1, 9)]), "press_officer")
    assert [lead.kind for lead in alone] == ["rumour"] * 8


@given(
    st.lists(st.tuples(st.sampled_from(r.KINDS), st.floats(1, 5), st.floats(0.25, 1)), max_size=30)
)
@settings(max_examples=40, deadline=None)
def test_the_order_depends_on_weight_alone_and_not_on_where_a_line_came_from(found):
    lines = [
        Candidate(kind, f"{n:02}", severity, certainty=sure)
        for n, (kind, severity, sure) in enumerate(found)
    ]
    ranked = r.rank(lines, moment=NOW)
    assert ranked == r.rank(reversed(lines), moment=NOW)
    weights = [one.weight for one in r.first(ranked)]
    assert weights == sorted(weights, reverse=True)
    assert len(weights) == min(10, len(ranked))


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_day_that_needs_nobody_says_what_was_looked_at(language):
    with translation.override(language):
        page = present(made.calm(), digest="0" * 64)
    assert page.leads == ()
    assert "512" in page.calm
    assert present(made.full(), digest="0" * 64).calm == ""


def test_what_was_not_read_is_not_said_to_have_been_looked_at():
    from qalqan.desk.brief.content import Missing

    brief = made.calm(missing=[Missing("rumours", "KeyError")], hidden=["trust"])
    with translation.override("en"):
        page = present(brief, digest="0" * 64)
    assert [lead.text for lead in page.leads] == ["Not in this brief: Rumours"]
    assert "rumours" not in [part.key for part in page.sections]
    assert any("Trust in official word" in note for note in page.method)


def test_votes_are_no_factor():
    fields = set(Candidate.__dataclass_fields__)
    assert not [name for name in fields if "vote" in name or "useful" in name]
    assert replace(one("x"), number=9.0).severity == 2.0
