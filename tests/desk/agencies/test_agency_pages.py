"""Pages of bodies, matters and returns: budgets, what each role sees, and what leaks nowhere."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.desk.query_budgets import BUDGETS
from tests.support.agencies_factories import (
    make_areas,
    make_body,
    make_matter,
    make_part,
    staff_of,
)
from tests.support.factories import make_user, sign_in
from tests.support.return_factories import ISSUED, make_trusted, signed

from qalqan.desk.agencies.models import Body, Matter, Return
from qalqan.desk.agencies.services import monthly
from qalqan.desk.platform.policies import Role

pytestmark = pytest.mark.django_db
OURS = [name for name in BUDGETS if name.startswith("agencies:")]
KEYS = {"agencies:body": Body, "agencies:matter": Matter, "agencies:return": Return}


def fill(start, count):
    areas = make_areas()
    for number in range(start, start + count):
        body = make_body(area=areas["temir"])
        make_part(body, areas["temir"], "helps")
        make_matter(body)
        code = f"{number:02d}5000000"
        _place, key = make_trusted(code, f"Province {number}")
        monthly.import_return(
            actor=make_user(Role.SECRETARY), data=signed(key, code).as_file(), file="r", now=ISSUED
        )


@pytest.mark.parametrize("name", OURS)
def test_a_page_keeps_its_budget(client, name, settings, tmp_path):
    settings.HOME = tmp_path
    fill(20, 2)
    client = sign_in(client, make_user(Role.SECRETARY))
    arguments = [KEYS[name].objects.first().pk] if name in KEYS else []
    address = reverse(name, args=arguments)
    client.get(address)
    counts = []
    for start, more in ((30, 0), (40, 6)):
        fill(start, more)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= BUDGETS[name]


def test_a_groups_worker_meets_other_groups_nowhere(client):
    """Neither list nor page, neither search nor count, neither matter nor matrix."""
    areas = make_areas()
    own = make_body(kind="civil", name_ru="Клуб «Свой»", area=areas["temir"])
    other = make_body(kind="civil", name_ru="Клуб «Чужой»", area=areas["temir"])
    make_part(other, areas["temir"], "helps")
    matter = make_matter(other, title="Чужое дело")
    client = sign_in(client, staff_of(own, Role.GROUP_WORKER, "answer", "see_matters"))
    for address in ("/agencies/", "/agencies/?q=клуб", "/agencies/matrix/",
                    "/agencies/matrix/history/", "/agencies/matters/",
                    "/agencies/matters/?waits=sought", "/ui/search/?q=чужой"):  # fmt: skip
        text = client.get(address).content.decode()
        assert "Чужо" not in text, address
    page = client.get("/agencies/").content.decode()
    assert "Клуб «Свой»" in page
    for address in (other.get_absolute_url(), matter.get_absolute_url()):
        assert client.get(address).status_code == 404
    for act in ("take", "offer", "close"):
        answer = client.post(f"{matter.get_absolute_url()}{act}/", {"take-reason": "x"})
        assert answer.status_code == 404
    assert client.get("/agencies/export.csv").status_code == 403


def test_a_group_that_takes_part_in_a_matter_is_not_told_of_other_groups(client):
    areas = make_areas()
    own, other = make_body(kind="civil"), make_body(kind="civil", name_ru="Клуб «Чужой»")
    make_part(other, areas["temir"], "leads")
    matter = make_matter(own)
    page = sign_in(client, staff_of(own, Role.GROUP_WORKER, "see_matters"))
    assert "Чужо" not in page.get(matter.get_absolute_url()).content.decode()
    page = sign_in(client, make_user(Role.SECRETARY))
    assert "Чужо" in page.get(matter.get_absolute_url()).content.decode()


def test_a_return_leaves_as_the_signed_file_only_by_those_who_may(client):
    fill(20, 1)
    row = Return.objects.get()
    path = reverse("agencies:return_file", args=[row.pk])
    assert sign_in(client, make_user(Role.PRESS_OFFICER)).get(path).status_code == 403
    answer = sign_in(client, make_user(Role.ANALYST)).get(path)
    assert answer["Content-Disposition"].endswith('-2026-01-1.json"')
    found, _key = monthly.verify(data=answer.content, file="r")
    assert found.digest == row.digest


def test_a_part_and_a_matter_are_entered_by_their_forms(client):
    areas, body = make_areas(), make_body()
    client = sign_in(client, make_user(Role.SECRETARY))
    part = {"matter": "agencies.youth", "area": areas["temir"].pk, "body": body.pk,
            "part": "leads", "since": "2026-01-01"}  # fmt: skip
    assert client.post("/agencies/matrix/parts/", part).status_code == 302
    matter = {"kind": "agencies.youth", "title": "A club", "area": areas["temir"].pk,
              "due_at": "2026-04-01T10:00", "holder": ""}  # fmt: skip
    assert client.post("/agencies/matters/add/", matter).status_code == 302
    assert Matter.objects.get().holder == body
    gap = {**matter, "kind": "agencies.digital"}
    assert "Nobody leads here" in client.post("/agencies/matters/add/", gap).content.decode()
