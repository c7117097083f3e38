"""Hypotheses are weighed blind, kept in versions, and scored when the truth is known."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.support.factories import NOW, make_organisation, make_user
from tests.support.incidents_factories import make_incident
from tests.support.weighing_factories import HEUER, cells, hand_in, make_analysis

from qalqan.desk.incidents.models import Analysis, AnalysisVersion, Mark, Reading
from qalqan.desk.incidents.selectors import aftermath
from qalqan.desk.incidents.selectors import analyses as selectors
from qalqan.desk.incidents.services import analyses as services
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role
from qalqan.errors import ConflictError, InputError, RefusedError

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst():
    return make_user(Role.ANALYST)


@pytest.fixture
def officer():
    return make_user(Role.DUTY_OFFICER)


def test_the_order_is_heuers_and_so_is_what_it_hangs_on(analyst):
    analysis = make_analysis(analyst)
    hand_in(analysis, analyst)
    found = selectors.result(analyst, analysis)
    assert [(one.hypothesis.position, one.against) for one in found.ranked] == [
        (2, 0), (3, 1), (1, 2),
    ]  # fmt: skip
    assert found.rows[0].diagnosticity == 0
    # Weighted alike: credibility 2 counts 0.85 and high relevance 1, so the order is the same.
    assert [one.weighted for one in found.columns] == pytest.approx([1.7, 0, 0.85])
    assert [row.item.position for row in found.rows if row.changes_order] == [2, 3, 4]
    assert [item.position for item in found.overturned_by] == [2]
    assert found.only_level
    assert sum(one.own for one in found.columns) == pytest.approx(1)


def test_nobody_sees_marks_before_handing_in_their_own(analyst, officer):
    analysis = make_analysis(analyst)
    hand_in(analysis, analyst)
    assert selectors.may_see_result(analyst, analysis)
    assert not selectors.may_see_result(officer, analysis)
    services.save_marks(actor=officer, analysis=analysis, marks={}, hand_in=False, now=NOW)
    assert not selectors.may_see_result(officer, analysis)
    hand_in(analysis, officer)
    assert selectors.may_see_result(officer, analysis)
    # Those who never mark may read; they have nothing to be swayed in.
    assert selectors.may_see_result(make_user(Role.SECRETARY), analysis)


def test_marks_are_their_analysts_own(analyst, officer):
    analysis = make_analysis(analyst)
    hand_in(analysis, analyst)
    assert Mark.objects.visible_to(analyst).count() == 12
    assert not Mark.objects.visible_to(officer).exists()
    assert not Reading.objects.visible_to(officer).exists()
    assert not Mark.objects.visible_to(make_user(Role.AUDITOR)).exists()


def test_kept_marks_do_not_count_and_new_ones_replace_old(analyst, officer):
    analysis = make_analysis(analyst)
    services.save_marks(
        actor=officer, analysis=analysis, marks=cells(analysis), hand_in=False, now=NOW
    )
    assert selectors.result(analyst, analysis).readings == 0
    hand_in(analysis, officer)
    hand_in(analysis, officer, [("II", "C", "C"), *HEUER[1:]])
    found = selectors.result(officer, analysis)
    assert (found.readings, found.columns[0].against) == (1, 4)
    assert Reading.objects.filter(is_current=False).count() == 1


@pytest.mark.parametrize("spoilt", ["missing", "foreign", "unknown"])
def test_only_a_whole_matrix_is_handed_in(analyst, spoilt):
    analysis = make_analysis(analyst)
    marks = cells(analysis)
    key = next(iter(marks))
    if spoilt == "missing":
        del marks[key]
    elif spoilt == "foreign":
        marks[0, key[1]] = "C"
    else:
        marks[key] = "XX"
    with pytest.raises(InputError):
        services.save_marks(actor=analyst, analysis=analysis, marks=marks, hand_in=True, now=NOW)
    assert not Reading.objects.exists()


def test_an_item_taken_back_counts_no_more_and_stays_in_the_history(analyst):
    analysis = make_analysis(analyst)
    hand_in(analysis, analyst)
    item = analysis.items.get(position=3)
    services.take_back_item(actor=analyst, item=item, why="The log was misread", now=NOW)
    found = selectors.result(analyst, analysis)
    assert found.columns[0].against == 1
    before = selectors.version_for(analyst, analysis, analysis.versions.count() - 1)
    assert before.hypotheses[0]["against"] == 2
    with pytest.raises(ConflictError):
        services.take_back_item(actor=analyst, item=item, why="Again", now=NOW)


def test_every_act_leaves_a_version_and_an_audit_row(analyst):
    analysis = make_analysis(analyst, items=1)
    first, second = analysis.hypotheses.order_by("position")[:2]
    services.relate(
        actor=analyst, analysis=analysis, first=first, kind="exclusive", second=second, now=NOW
    )
    services.add_sought(
        actor=analyst, analysis=analysis, text="A receipt", now=NOW,
        chances={one.pk: 0.5 for one in analysis.hypotheses.all()},
    )  # fmt: skip
    acts = list(AnalysisVersion.objects.order_by("number").values_list("act", flat=True))
    assert acts == ["open_analysis", "add_evidence", "relate", "add_sought"]
    recorded = set(AuditEntry.objects.values_list("action", flat=True))
    assert {f"incidents.{act}" for act in acts} <= recorded


def test_relations_and_priors_must_fit(analyst):
    analysis = make_analysis(analyst)
    gang, lone, accident = analysis.hypotheses.order_by("position")
    services.relate(
        actor=analyst, analysis=analysis, first=gang, kind="contains", second=lone, now=NOW
    )
    with pytest.raises(InputError, match="contradicts"):
        services.relate(
            actor=analyst, analysis=analysis, first=accident, kind="contains", second=lone, now=NOW
        )
    with pytest.raises(InputError, match="sum to 100"):
        services.set_priors(
            actor=analyst, analysis=analysis, now=NOW,
            priors={gang.pk: 0.5, lone.pk: 0.25, accident.pk: 0.25},
        )  # fmt: skip
    services.set_priors(
        actor=analyst, analysis=analysis, now=NOW,
        priors={gang.pk: 0.7, lone.pk: 0.3, accident.pk: 0.3},
    )  # fmt: skip
    hand_in(analysis, analyst)
    found = selectors.result(analyst, analysis)
    assert found.columns[0].posterior >= found.columns[1].posterior
    assert found.incoherent == [(gang, lone)]


def test_missing_evidence_is_worth_what_it_would_settle(analyst):
    analysis = make_analysis(analyst)
    hand_in(analysis, analyst)
    keys = [one.pk for one in analysis.hypotheses.order_by("position")]
    for text, chances in (("Tells all", (1, 0, 0)), ("Tells nothing", (0.5, 0.5, 0.5))):
        services.add_sought(
            actor=analyst, analysis=analysis, text=text, now=NOW,
            chances=dict(zip(keys, chances, strict=True)),
        )  # fmt: skip
    useful, useless = selectors.result(analyst, analysis).told
    assert useful.bits > 0.2
    assert useless.bits == 0
    assert useful.found == pytest.approx(selectors.result(analyst, analysis).columns[0].own)


def test_the_truth_closes_and_scores(analyst, officer):
    analysis = make_analysis(analyst)
    hand_in(analysis, analyst)
    hand_in(analysis, officer, [("C", "I", "C"), *HEUER[1:]])
    truth = analysis.hypotheses.get(position=3)
    services.state_truth(
        actor=analyst, analysis=analysis, truth=truth, basis="A court found so.",
        misled_by="Item 2", now=NOW + timedelta(days=9),
    )  # fmt: skip
    analysis = Analysis.objects.get(pk=analysis.pk)
    found = aftermath.aftermath(analyst, analysis)
    shares = [one.own for one in selectors.result(analyst, analysis).columns]
    expected = sum((share - (k == 2)) ** 2 for k, share in enumerate(shares))
    assert found.brier == pytest.approx(expected)
    assert found.rank == 2
    assert [one.item.position for one in found.misleading] == [2]
    assert found.steps[-1].act == "state_truth"
    with pytest.raises(ConflictError):
        hand_in(analysis, analyst)


def test_calibration_shows_groups_of_three_and_nobody_alone():
    centre = make_organisation(name="A centre")
    group = [make_user(Role.ANALYST, organisation=centre) for _ in range(3)]
    alone = make_user(Role.ANALYST, organisation=make_organisation(name="B alone"))
    for number in range(2):
        analysis = make_analysis(group[0], incident=make_incident(title_en=f"I{number}"))
        for person in (*group, alone):
            hand_in(analysis, person)
        services.state_truth(
            actor=group[0], analysis=analysis, truth=analysis.hypotheses.get(position=2),
            basis="Found.", misled_by="", now=NOW,
        )  # fmt: skip
    found = aftermath.calibration(group[0])
    assert found.solved == 2
    a, b = found.groups
    assert (a.group, a.members, a.cases) == ("A centre", 3, 2)
    assert 0 < a.brier < 2 / 3
    assert (b.group, b.brier, b.bins) == ("B alone", None, ())


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ([("gang", "", 1.0)], "at least two"),
        ([("gang", "", 0.5), ("gang", "", 0.5)], "the same"),
        ([("gang", "", 0.5), ("lone", "", 0.4)], "sum to 100"),
    ],
)
def test_an_analysis_needs_a_choice(analyst, wanted, said):
    with pytest.raises(InputError, match=said):
        services.open_analysis(
            actor=analyst, incident=make_incident(), question="Who?", now=NOW,
            wanted=[services.Wanted(*one) for one in wanted],
        )  # fmt: skip
    assert not Analysis.objects.exists()


def test_texts_give_no_private_person_away(analyst):
    analysis = make_analysis(analyst)
    with pytest.raises(InputError):
        services.add_item(
            actor=analyst, analysis=analysis, text="Call +7 701 555 12 34", is_assumption=True,
            now=NOW,
        )  # fmt: skip


def test_evidence_needs_a_source_unless_it_is_an_assumption(analyst):
    analysis = make_analysis(analyst, items=0)
    with pytest.raises(InputError, match="source"):
        services.add_item(actor=analyst, analysis=analysis, text="Heard", now=NOW)


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.AUDITOR, Role.PRESS_OFFICER])
def test_only_those_who_weigh_change(analyst, role):
    analysis = make_analysis(analyst)
    with pytest.raises(RefusedError):
        services.add_hypothesis(
            actor=make_user(role), analysis=analysis, kind="other", text="x", now=NOW
        )
