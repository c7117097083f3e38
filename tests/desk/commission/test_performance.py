"""Months are counted once, locked with what went in, corrected openly, and compared fairly."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.support.commission_factories import make_secretary
from tests.support.factories import make_organisation, make_user
from tests.support.performance_factories import (
    AFTER,
    MARCH,
    SYSTEM,
    delay_inputs,
    figure_of,
    indicator,
    lock,
    share_inputs,
)

from qalqan.desk.commission.models import FigureUnit, IndicatorDefinition, LockedFigure
from qalqan.desk.commission.selectors import performance as selectors
from qalqan.desk.commission.selectors.formulas import Case, Inputs, Month
from qalqan.desk.commission.selectors.performance_reading import compare, control, is_met
from qalqan.desk.commission.services import performance, performance_locking
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import PUBLIC, Role
from qalqan.desk.platform.work.models import WorkItem
from qalqan.errors import ConflictError, InputError, RefusedError

pytestmark = pytest.mark.django_db
CODES = {
    "answer_delay", "findings_in_time", "sites_overdue", "alert_approval", "alert_delivery",
    "reach_per_head", "question_wait", "decisions_in_time",
}  # fmt: skip


@pytest.fixture
def secretary():
    return make_secretary()


def test_a_locked_share_tells_what_it_rests_on(secretary):
    body = make_organisation()
    before = AuditEntry.objects.order_by("-sequence").first()
    lock(actor=secretary, decisions_in_time=share_inputs((body.pk, 15, 20)))
    row = figure_of("decisions_in_time")
    assert (row.value, row.n) == (0.75, 20)
    # Wilson for 15 of 20.
    assert (row.low, row.high) == pytest.approx((0.5313, 0.8881), abs=5e-5)
    assert row.counts == {"part": 15, "whole": 20, "left_out": 0}
    assert (row.period_from, row.period_to) == (date(2026, 3, 1), date(2026, 3, 31))
    assert row.head_sequence >= (before.sequence if before else 0)
    entry = AuditEntry.objects.get(sequence=row.head_sequence)
    assert entry.entry_hash == row.head_hash
    act = AuditEntry.objects.get(action="commission.lock_month")
    assert act.detail["figures"]["decisions_in_time.1"] == row.digest[:16]
    assert {f.definition.indicator.code for f in LockedFigure.objects.all()} == CODES


def test_open_cases_are_counted_as_open_and_not_left_out():
    lock(answer_delay=delay_inputs(1, 2, 3, 4, still_open=(50, 60)))
    row = figure_of("answer_delay")
    # Of six, four ended: the curve falls to one half at the third. Without the open two it were 2.
    assert row.value == pytest.approx(3.5)
    assert row.counts["open"] == 2
    lock(Month(date(2026, 2, 1)), answer_delay=delay_inputs(1, still_open=(9, 9, 9, 9, 9)))
    late = figure_of("answer_delay", Month(date(2026, 2, 1)))
    assert late.value is None
    assert late.n == 6


def test_a_rate_is_per_thousand_with_groups_in_its_interval():
    from tests.support.places_factories import make_place

    place = make_place("Алға", "district")
    known = Inputs(tuple(Case((place.pk,), 40.0) for _n in range(25)), {place.pk: 50_000.0})
    lock(reach_per_head=known)
    row = figure_of("reach_per_head")
    assert row.value == pytest.approx(20.0)
    # 1,000 people in 25 groups: the relative error is that of 25, not of 1,000.
    assert row.high / row.value == pytest.approx(2.718281828 ** (1.959964 / 5))


def test_a_month_is_locked_once_and_only_when_it_is_over():
    with pytest.raises(ConflictError, match="not over"):
        lock(now=MARCH.end_at - timedelta(minutes=1))
    lock()
    with pytest.raises(ConflictError, match="locked already"):
        lock(now=AFTER)
    assert LockedFigure.objects.count() == len(CODES)


def test_only_the_secretary_locks():
    for role in (Role.ANALYST, Role.AUDITOR, Role.ADMINISTRATOR, Role.GROUP_WORKER):
        with pytest.raises(RefusedError):
            lock(actor=make_user(role))


def test_a_locked_figure_stays_whatever_is_counted_later(secretary):
    """Also where the rooms know more now: only a correction with a reason counts again."""
    body = make_organisation()
    lock(decisions_in_time=share_inputs((body.pk, 1, 8)))
    first = figure_of("decisions_in_time")
    known = {"decisions_in_time.1": share_inputs((body.pk, 3, 8))}
    with pytest.raises(InputError):
        performance_locking.correct_figure(
            actor=secretary, figure=first, reason=" ", now=AFTER, known=known
        )
    made = performance_locking.correct_figure(
        actor=secretary, figure=first, reason="Entered late", now=AFTER, known=known
    )
    first.refresh_from_db()
    assert (first.value, first.replaced_at) == (1 / 8, AFTER)
    assert (made.number, made.value, made.reason) == (2, 3 / 8, "Entered late")
    assert AuditEntry.objects.filter(action="commission.correct_figure").count() == 1
    with pytest.raises(ConflictError, match="later version"):
        performance_locking.correct_figure(
            actor=secretary, figure=first, reason="again", now=AFTER, known=known
        )
    with pytest.raises(ConflictError, match="as it stands"):
        performance_locking.correct_figure(
            actor=secretary, figure=made, reason="again", now=AFTER, known=known
        )


def test_the_database_holds_one_standing_figure_a_month():
    lock()
    row = figure_of("answer_delay")
    row.pk, row.number, row.reason = None, 2, "second"
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_a_changed_figure_does_not_agree_with_its_digest():
    body = make_organisation()
    lock(decisions_in_time=share_inputs((body.pk, 6, 8)))
    row = figure_of("decisions_in_time")
    units = list(row.units.all())
    assert performance_locking.is_intact(row, units)
    FigureUnit.objects.filter(figure=row).update(part=7)
    assert not performance_locking.is_intact(row, row.units.all())
    row.value = 0.9
    assert not performance_locking.is_intact(row, units)


def test_published_figures_hide_small_numbers_and_tell_corrections(secretary):
    body = make_organisation()
    lock(decisions_in_time=share_inputs((body.pk, 3, 4)), answer_delay=delay_inputs(*range(1, 9)))
    found = {one.code: one for one in selectors.published(PUBLIC)}
    small, whole = found["decisions_in_time"], found["answer_delay"]
    assert (small.value, small.low, small.high, small.n) == (None, None, None, None)
    assert (small.digest, len(whole.digest)) == ("", 64)
    assert (whole.value, whole.n) == (4.5, 8)
    assert whole.names["kk"].startswith("Қауесет")
    assert "Kaplan" in whole.method
    performance_locking.correct_figure(
        actor=secretary, figure=figure_of("answer_delay"), reason="Two answers came later",
        now=AFTER, known={"answer_delay.1": delay_inputs(*range(1, 11))},
    )  # fmt: skip
    every = [f for f in selectors.published(PUBLIC, with_replaced=True) if f.code == "answer_delay"]
    assert [(f.number, f.value, f.replaced_at is None) for f in every] == [
        (1, 4.5, False), (2, 5.5, True),
    ]  # fmt: skip
    assert not FigureUnit.objects.visible_to(PUBLIC).exists()


def test_another_definition_runs_beside_the_former_for_three_months(secretary):
    row = indicator("findings_in_time")
    texts = {code: f"Text {code}" for code in ("kk", "ru", "en")}
    given = {
        "actor": secretary, "indicator": row, "names": texts, "definitions": texts,
        "reason": "Extensions hid delays", "now": AFTER,
    }  # fmt: skip
    with pytest.raises(InputError, match="formula"):
        performance.redefine(formula="answer_delay.1", valid_from=date(2026, 5, 1), **given)
    with pytest.raises(InputError, match="month"):
        performance.redefine(formula="findings_in_time.2", valid_from=date(2026, 5, 2), **given)
    performance.redefine(formula="findings_in_time.2", valid_from=date(2026, 5, 1), **given)
    counted = {}
    for month in (4, 5, 7, 8):
        made = lock(Month(date(2026, month, 1)))
        counted[month] = sorted(
            f.definition.number for f in made if f.definition.indicator_id == row.pk
        )
    assert counted == {4: [1], 5: [1, 2], 7: [1, 2], 8: [2]}
    with pytest.raises(ConflictError, match="locked already"):
        performance.redefine(formula="findings_in_time.1", valid_from=date(2026, 8, 1), **given)


def test_a_target_holds_from_its_day_and_locked_months_keep_theirs(secretary):
    row = indicator("answer_delay")

    def aim(value, since):
        return performance.set_target(
            actor=secretary, indicator=row, value=value, since=since, reason="Plan", now=AFTER
        )

    aim(24, date(2026, 3, 1))
    lock(answer_delay=delay_inputs(*range(20, 30)))
    aim(12, date(2026, 3, 1))
    lock(Month(date(2026, 4, 1)), answer_delay=delay_inputs(*range(20, 30)))
    march, april = figure_of("answer_delay"), figure_of("answer_delay", Month(date(2026, 4, 1)))
    assert (march.target, april.target) == (24, 12)
    assert is_met(march.definition, march) is False
    with pytest.raises(InputError):
        aim(-1, date(2026, 3, 1))
    with pytest.raises(InputError, match="between 0 and 1"):
        performance.set_target(
            actor=secretary, indicator=indicator("findings_in_time"), value=80,
            since=date(2026, 3, 1), reason="Plan", now=AFTER,
        )  # fmt: skip


def test_only_the_responsible_body_comments_and_only_on_locked_months():
    member = make_user(Role.INSPECTOR)
    row = indicator("sites_overdue", responsible=member.organisation)
    given = {"indicator": row, "month": MARCH.first, "text": "Half were at the flood", "now": AFTER}
    with pytest.raises(ConflictError, match="not locked"):
        performance.comment(actor=member, **given)
    lock()
    stranger = make_user(Role.INSPECTOR, organisation=make_organisation())
    for actor in (stranger, make_user(Role.SECRETARY, organisation=make_organisation())):
        with pytest.raises(RefusedError):
            performance.comment(actor=actor, **given)
    made = performance.comment(actor=member, organisation=stranger.organisation, **given)
    assert made.organisation == member.organisation
    assert selectors.comments(PUBLIC, row)[0].text == "Half were at the flood"


def test_a_comment_keeps_no_number_of_a_person():
    member = make_user(Role.INSPECTOR)
    row = indicator("sites_overdue", responsible=member.organisation)
    lock()
    made = performance.comment(
        actor=member, indicator=row, month=MARCH.first, now=AFTER,
        text="Call +7 701 123 45 67 about it",
    )  # fmt: skip
    assert "123" not in made.text


def test_the_desk_asks_once_for_the_past_month_and_a_person_locks(secretary):
    early = MARCH.end_at + timedelta(days=2)
    assert performance_locking.ask_for_lock(early) == 0
    assert performance_locking.ask_for_lock(AFTER) == 1
    assert performance_locking.ask_for_lock(AFTER + timedelta(hours=3)) == 0
    item = WorkItem.objects.get(kind=performance_locking.LOCK)
    assert item.organisation == secretary.organisation
    assert not LockedFigure.objects.exists()
    lock(actor=secretary, now=AFTER)
    item.refresh_from_db()
    assert item.state == WorkItem.State.DONE
    assert performance_locking.ask_for_lock(AFTER) == 0


def year(code, values, body):
    """Lock months from 2025 on with so many of 40 each."""
    for index, value in enumerate(values):
        month = Month(date(2025 + index // 12, index % 12 + 1, 1))
        lock(month, **{code: share_inputs((body.pk, value, 40))})


def test_a_month_far_out_is_a_signal_and_noise_is_none():
    body = make_organisation()
    year("decisions_in_time", [30, 31, 29, 30, 32, 30, 29, 31, 30, 8], body)
    definition = IndicatorDefinition.objects.get(indicator__code="decisions_in_time")
    rows = selectors.figures(SYSTEM, definition.indicator)
    found = control(definition, rows)
    assert [found.figures[one.at].period_from.month for one in found.signals] == [10]
    assert 0 < found.alarm < 0.1
    calm = control(definition, rows[:9])
    assert calm.signals == ()
    assert control(definition, rows[:7]).chart is None


def unit(part, whole, *, cases=None, place=None, body=None):
    return FigureUnit(
        part=part, whole=whole, cases=whole if cases is None else cases, place=place,
        organisation=body,
    )  # fmt: skip


def test_districts_are_in_alphabetical_order_small_ones_withheld_never_just_one():
    indicator("decisions_in_time")
    definition = IndicatorDefinition.objects.get(indicator__code="decisions_in_time")
    bodies = {name: make_organisation(name=name) for name in ("Delta", "alpha", "Bravo", "Charlie",
                                                              "Echo")}  # fmt: skip
    rows = [
        unit(30, 40, body=bodies["Delta"]), unit(1, 2, body=bodies["alpha"]),
        unit(33, 44, body=bodies["Bravo"]), unit(4, 9, body=bodies["Charlie"]),
        unit(27, 36, body=bodies["Echo"]), unit(40, 50),
    ]  # fmt: skip
    found = compare(definition, rows)
    assert [row.name for row in found.rows] == ["alpha", "Bravo", "Charlie", "Delta", "Echo", ""]
    # One lies below five; the next smallest is withheld with it.
    assert [row.name for row in found.rows if row.cases is None] == ["alpha", "Charlie"]
    assert {row.outside for row in found.shown} == {""}


def test_what_is_withheld_cannot_be_had_from_the_total_nor_from_times_still_unknown():
    indicator("decisions_in_time")
    definition = IndicatorDefinition.objects.get(indicator__code="decisions_in_time")
    bodies = [make_organisation(name=name) for name in ("A", "B", "C", "D", "E")]
    sizes = [(1, 1), (1, 1), (7, 7), (30, 30), (2, 12)]
    rows = [
        unit(1, whole, cases=cases, body=body)
        for body, (whole, cases) in zip(bodies, sizes, strict=True)
    ]
    found = compare(definition, rows)
    # Two of one case each would be told by a total of two; of twelve times only two are judged.
    assert [row.name for row in found.rows if row.cases is None] == ["A", "B", "C", "E"]


def test_one_district_far_below_the_others_is_told_apart():
    indicator("decisions_in_time")
    definition = IndicatorDefinition.objects.get(indicator__code="decisions_in_time")
    rows = [unit(75, 100, body=make_organisation(name=f"Body {n:02}")) for n in range(12)]
    rows.append(unit(40, 100, body=make_organisation(name="Slow body")))
    found = compare(definition, rows)
    assert [row.name for row in found.shown if row.outside == "below"] == ["Slow body"]
    slow = next(row for row in found.shown if row.name == "Slow body")
    assert 0.4 < slow.shrunk < 0.7


def test_months_of_the_calendar_begin_in_the_province():
    assert MARCH.end == date(2026, 4, 1)
    assert MARCH.start_at.isoformat() == "2026-03-01T00:00:00+05:00"
    assert Month(date(2026, 1, 1)).before().first == date(2025, 12, 1)
    assert performance_locking.month_of("2026-13") is None
