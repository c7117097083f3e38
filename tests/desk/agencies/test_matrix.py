"""The matrix: inheritance from larger areas, gaps, double leads, and what was before."""

from datetime import date

import pytest
from tests.support.agencies_factories import SYSTEM, make_areas, make_body, make_part
from tests.support.factories import NOW, make_user

from qalqan.desk.agencies.models import Responsibility
from qalqan.desk.agencies.selectors import responsible
from qalqan.desk.agencies.selectors.matrix import faults, matrix
from qalqan.desk.agencies.services.matrix import end_part, set_part
from qalqan.desk.platform.policies import Role
from qalqan.errors import ConflictError, InputError, RefusedError

pytestmark = pytest.mark.django_db
TODAY = date(2026, 3, 2)
YOUTH = "agencies.youth"


def named(place, **fields):
    return responsible(SYSTEM, place=place, **{"matter": YOUTH, "on": TODAY, **fields})


def test_a_settlement_inherits_and_the_nearest_lead_counts():
    areas = make_areas()
    province, district = make_body(), make_body()
    make_part(province, areas["province"])
    assert named(areas["town"]).lead == province
    assert named(areas["town"]).leads[0].is_inherited
    make_part(district, areas["temir"])
    assert named(areas["town"]).lead == district
    assert not named(areas["temir"]).leads[0].is_inherited
    assert named(areas["alga"]).lead == province
    assert named(areas["country"]).is_gap


def test_helpers_and_informed_add_up_and_a_body_has_one_part():
    areas = make_areas()
    lead, near, far = make_body(), make_body(), make_body()
    make_part(lead, areas["temir"])
    make_part(lead, areas["province"], "helps")
    make_part(near, areas["temir"], "helps")
    make_part(far, areas["province"], "helps")
    make_part(far, areas["country"], "informed")
    found = named(areas["town"])
    assert [one.body for one in found.helps] == [near, far]
    assert (found.lead, found.informed) == (lead, ())


def test_gaps_and_double_leads_are_found_and_only_within_their_time():
    areas = make_areas()
    one, two = make_body(), make_body()
    make_part(one, areas["temir"])
    make_part(two, areas["temir"], until=date(2026, 2, 1))
    cells = matrix(SYSTEM, place_ids=[areas["temir"].pk, areas["alga"].pk], on=TODAY, kinds=[YOUTH])
    assert [cell.place_id for cell in faults(cells.values()).gaps] == [areas["alga"].pk]
    assert faults(cells.values()).doubles == ()
    then = named(areas["temir"], on=date(2026, 1, 31))
    assert then.is_double
    assert then.lead is None
    assert named(areas["temir"], on=date(2025, 12, 31)).is_gap


def test_matrix_and_single_answer_agree():
    areas = make_areas()
    for number, area in enumerate(areas.values()):
        make_part(make_body(), area, ("leads", "helps", "informed")[number % 3])
    keys = [area.pk for area in areas.values()]
    cells = matrix(SYSTEM, place_ids=keys, on=TODAY, kinds=[YOUTH])
    for area in areas.values():
        assert cells[YOUTH, area.pk] == named(area)


def test_a_part_that_changes_ends_the_one_before_and_history_stays():
    areas, body, secretary = make_areas(), make_body(), make_user(Role.SECRETARY)
    values = {"actor": secretary, "matter": YOUTH, "area": areas["temir"], "body": body}
    set_part(**values, part="helps", since=date(2026, 1, 1), now=NOW)
    set_part(**values, part="leads", since=date(2026, 2, 1), now=NOW, ground="Order 7")
    rows = Responsibility.objects.order_by("since")
    assert [(row.part, row.until) for row in rows] == [
        ("helps", date(2026, 2, 1)), ("leads", None)
    ]  # fmt: skip
    with pytest.raises(ConflictError):
        set_part(**values, part="leads", since=date(2026, 3, 1), now=NOW)
    for wrong, field in (
        ({"part": "helps", "since": date(2026, 1, 20)}, "since"),
        ({"part": "rules", "since": TODAY}, "part"),
        ({"part": "helps", "since": TODAY, "matter": "x.y"}, "matter"),
    ):
        with pytest.raises(InputError) as caught:
            set_part(**{**values, **wrong}, now=NOW)
        assert caught.value.location.field == field
    end_part(actor=secretary, responsibility=rows[1], until=TODAY, now=NOW)
    assert named(areas["temir"]).is_gap
    with pytest.raises(RefusedError):
        set_part(**{**values, "actor": make_user(Role.GROUP_WORKER)}, part="leads",
                 since=TODAY, now=NOW)  # fmt: skip


def test_a_group_sees_its_own_part_only():
    areas, group = make_areas(), make_body(kind="civil")
    make_part(group, areas["temir"], "helps")
    make_part(make_body(), areas["temir"])
    worker = make_user(Role.GROUP_WORKER, organisation=group.organisation)
    assert [row.body for row in Responsibility.objects.visible_to(worker)] == [group]
