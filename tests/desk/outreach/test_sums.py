"""The sums equal a recount after any sequence of acts, and long periods are read from few."""

from datetime import date, timedelta

import pytest
from django.db.transaction import TransactionManagementError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.support.factories import NOW
from tests.support.outreach_factories import OUTCOME, SYSTEM, TODAY, facts, make_body
from tests.support.protection_factories import make_place

from qalqan.desk.outreach.models import Activity, ActivityDay, ActivityMargin, BodyMonth
from qalqan.desk.outreach.selectors import totals
from qalqan.desk.outreach.selectors.activities import ActivityFilter, page
from qalqan.desk.outreach.selectors.periods import stretches
from qalqan.desk.outreach.services import activities as services
from qalqan.desk.outreach.services.facts import Outcome
from qalqan.desk.outreach.services.summing import BODY_KEY, DAY_KEY, SUMS, keep, recount, worth_of
from qalqan.errors import ConflictError, InputError

pytestmark = pytest.mark.django_db


def stored():
    """Return the sums that stand in the database, by key."""
    days = {tuple(row[: len(DAY_KEY)]): list(row[len(DAY_KEY) :])
            for row in ActivityDay.objects.values_list(*DAY_KEY, *SUMS)}  # fmt: skip
    bodies = {tuple(row[: len(BODY_KEY)]): list(row[len(BODY_KEY) :])
              for row in BodyMonth.objects.values_list(*BODY_KEY, *SUMS)}  # fmt: skip
    margins = {tuple(row[:4]): list(row[4:]) for row in
               ActivityMargin.objects.values_list("span", "cut", "day", "key", *SUMS)}  # fmt: skip
    return days, bodies, margins


def counted_by_hand():
    """Sum every activity anew, in plain Python, without the code under test."""
    days, bodies = {}, {}
    for row in Activity.objects.all():
        reported = row.state == "reported"
        bands = [row.reached_under_14, row.reached_14_17, row.reached_18_24, row.reached_25_28,
                 row.reached_29_44, row.reached_45_64, row.reached_65_up]  # fmt: skip
        line = [int(row.state == state) for state in ("planned", "held", "reported", "cancelled")]
        line += [
            int(reported and row.reach is None),
            row.reach or 0 if reported and row.reach_is == "counted" else 0,
            row.reach or 0 if reported and row.reach_is == "estimated" else 0,
            int(reported and any(count is not None for count in bands)),
            *(count or 0 if reported else 0 for count in bands),
            int(reported and row.cost is not None),
            *((value or 0) if reported else 0
              for value in (row.cost, row.views, row.comments, row.comments_answered)),
        ]  # fmt: skip
        where = (row.district_id, row.theme, row.kind, row.language)
        day = row.held_on
        keys = [("day", day), ("month", day.replace(day=1)), ("year", date(day.year, 1, 1))]
        for cells, key in [*((days, (*head, *where)) for head in keys),
                           (bodies, (day.replace(day=1), row.body_id))]:  # fmt: skip
            cell = cells.setdefault(key, [0] * len(line))
            cells[key] = [a + b for a, b in zip(cell, line, strict=True)]
    return days, bodies, margins_by_hand(days)


def margins_by_hand(days):
    margins = {}
    names = ("district_id", "theme", "kind", "language")
    for (span, day, *where), line in days.items():
        known = dict(zip(names, where, strict=True))
        for cut in ["district_id", "theme", "kind", "language", "district_id+theme",
                    "district_id+kind", "district_id+language", "theme+kind", "theme+language",
                    "kind+language"]:  # fmt: skip
            if "+" in cut and span == "day":
                continue
            key = (span, cut, day, "|".join(str(known[name]) for name in cut.split("+")))
            cell = margins.setdefault(key, [0] * len(line))
            margins[key] = [a + b for a, b in zip(cell, line, strict=True)]
    return margins


outcomes = st.builds(
    lambda reach, young, rest, how, cost: Outcome(
        reach=reach, reach_is=how if reach is not None else "",
        bands={"14_17": min(young, reach), "65_up": min(rest, reach - min(young, reach))}
        if reach else {},
        cost=cost, views=rest, comments=young, comments_answered=min(young, rest),
    ),
    reach=st.none() | st.integers(0, 500), young=st.integers(0, 300), rest=st.integers(0, 300),
    how=st.sampled_from(["counted", "estimated"]), cost=st.none() | st.integers(0, 90_000),
)  # fmt: skip
acts = st.lists(
    st.tuples(
        st.sampled_from(["add", "add", "hold", "report", "correct", "cancel", "restore"]),
        st.integers(0, 9), st.integers(-500, 40), st.integers(0, 5), outcomes,
    ),
    max_size=14,
)  # fmt: skip


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=acts)
def test_sums_equal_a_recount_after_any_sequence_of_acts(acts):
    Activity.objects.all().delete()
    ActivityDay.objects.all().delete()
    ActivityMargin.objects.all().delete()
    BodyMonth.objects.all().delete()
    places = [make_place("Alga").pk, make_place("Temir", latitude=49.1).pk]
    bodies = [make_body().pk, make_body().pk]
    for act, which, days, choice, outcome in acts:
        wanted = facts(
            place_id=places[choice % 2], body_id=bodies[choice // 3],
            held_on=TODAY + timedelta(days=days), theme=["rights", "family", "work"][choice % 3],
        )  # fmt: skip
        rows = list(Activity.objects.order_by("pk"))
        row = rows[which % len(rows)] if rows else None
        try:
            if act == "add" or row is None:
                given = outcome if days <= 0 and choice else None
                services.add_activity(actor=SYSTEM, facts=wanted, outcome=given, now=NOW)
            elif act == "hold":
                services.mark_held(actor=SYSTEM, activity=row, now=NOW)
            elif act == "report":
                services.report(actor=SYSTEM, activity=row, outcome=outcome, now=NOW)
            elif act == "correct":
                services.correct(
                    actor=SYSTEM, activity=row, now=NOW,
                    correction=services.Correction(wanted, outcome, "typed wrongly"),
                )  # fmt: skip
            elif act == "cancel":
                services.cancel(actor=SYSTEM, activity=row, reason="no hall", now=NOW)
            else:
                services.restore(actor=SYSTEM, activity=row, reason="a hall", now=NOW)
        except (ConflictError, InputError):
            continue
    assert stored() == counted_by_hand()


def test_sums_of_a_period_equal_a_recount_of_that_period():
    place, other = make_place("Alga"), make_place("Temir", latitude=49.1)
    body = make_body()
    for number in range(60):
        services.add_activity(
            actor=SYSTEM, now=NOW,
            facts=facts(place_id=(place, other)[number % 2].pk, body_id=body.pk,
                        held_on=date(2022, 11, 5) + timedelta(days=number * 20)),
            outcome=Outcome(reach=number, reach_is="counted"),
        )  # fmt: skip
    for start, end in [(date(2022, 11, 5), date(2026, 3, 1)), (date(2023, 1, 1), date(2025, 1, 1)),
                       (date(2024, 5, 17), date(2024, 5, 29)), (date(2023, 2, 2), date(2024, 3, 3)),
                       (date(2024, 1, 1), date(2024, 1, 1))]:  # fmt: skip
        rows = Activity.objects.filter(held_on__gte=start, held_on__lt=end)
        wanted = ActivityFilter(start=start, end=end)
        summed = totals.total(SYSTEM, wanted)
        assert summed.reported == rows.count()
        assert summed.reached == sum(rows.values_list("reach", flat=True))
        assert page(SYSTEM, wanted).total == rows.count()
        months = totals.by(SYSTEM, wanted, "month")
        assert sum(one.reported for one in months.values()) == rows.count()
        for cells in ({"theme": "rights"}, {"district_id": place.pk, "kind": "talk"},
                      {"theme": "rights", "kind": "talk", "language": "kk"},
                      {"district_id": other.pk, "theme": "rights", "kind": "talk"}):  # fmt: skip
            few = rows.filter(**cells)
            chosen = ActivityFilter(start=start, end=end, **cells)
            found = totals.several(SYSTEM, chosen)
            for one in found.values():
                assert sum(part.reported for part in one.values()) == few.count()
            assert found["district_id"].keys() == set(few.values_list("district_id", flat=True))
            months = totals.by(SYSTEM, chosen, "month")
            assert sum(one.reported for one in months.values()) == few.count()
            assert page(SYSTEM, chosen).total == few.count()
        by_district = totals.reach(SYSTEM, start=start, end=end)
        assert {key: one.reported for key, one in by_district.items()} == {
            key: count for key in (place.pk, other.pk)
            if (count := rows.filter(district_id=key).count())
        }  # fmt: skip
        one_body = ActivityFilter(start=start, end=end, body_id=body.pk)
        assert totals.total(SYSTEM, one_body).values == summed.values
        assert {name: {key: one.values for key, one in cells.items()}
                for name, cells in totals.several(SYSTEM, one_body).items()} == {
            name: {key: one.values for key, one in cells.items()}
            for name, cells in totals.several(SYSTEM, wanted).items()
        }  # fmt: skip


@given(start=st.dates(date(2000, 1, 1), date(2035, 1, 1)), length=st.integers(-3, 2000))
@settings(max_examples=40)
def test_a_period_is_made_of_stretches_without_gap_or_overlap(start, length):
    end = start + timedelta(days=length)
    at = start
    for part in stretches(start, end):
        assert part.first == at
        if part.span != "day":
            assert (part.first.day, part.end.day) == (1, 1)
        if part.span == "year":
            assert (part.first.month, part.end.month) == (1, 1)
        at = part.end
    assert at == max(start, end)


def test_five_years_are_read_from_few_sums():
    assert [part.span for part in stretches(date(2021, 1, 1), date(2026, 1, 1))] == ["year"]


@pytest.mark.django_db(transaction=True)
def test_sums_are_kept_only_inside_an_act():
    with pytest.raises(TransactionManagementError):
        keep(None, worth_of(Activity(
            held_on=TODAY, district_id=1, theme="rights", kind="talk", language="kk", body_id=1,
            state="planned",
        )))  # fmt: skip


def test_a_rebuild_gives_the_same_sums():
    from qalqan.desk.outreach.services.summing import rebuild

    for outcome in (OUTCOME, None):
        services.add_activity(actor=SYSTEM, facts=facts(), outcome=outcome, now=NOW)
    before = stored()
    rebuild()
    assert stored() == before
    assert recount() is not None
