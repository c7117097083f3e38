"""The register: entered, corrected, asked for, decided, closed; numbers; who sees what."""

import pytest
from tests.support.factories import NOW, make_organisation, make_user
from tests.support.protection_factories import make_place, make_site

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import PUBLIC, Role
from qalqan.desk.protection.models import Site, SiteEvent, SiteRequest
from qalqan.desk.protection.services import sites
from qalqan.desk.protection.services.facts import SiteFacts
from qalqan.desk.protection.services.sites import DuplicateError, Verdict
from qalqan.errors import ConflictError, InputError, RefusedError

pytestmark = pytest.mark.django_db


def facts(**fields):
    fields = {"category": "school", "capacity": 250, "name_ru": "Школа № 12",
              "latitude": 49.9, "longitude": 57.33, **fields}  # fmt: skip
    return SiteFacts(place_id=fields.pop("place_id", None) or make_place().pk, **fields)


def enter(**fields):
    return sites.add_site(actor=make_user(Role.INSPECTOR), facts=facts(**fields), now=NOW)


def test_a_new_site_has_number_tier_due_day_history_and_audit():
    site = enter()
    assert (site.number, site.tier, site.status) == (1, 2, "listed")
    assert site.next_due_on.isoformat() == "2026-05-01"
    assert [event.kind for event in site.events.all()] == ["entered"]
    assert AuditEntry.objects.filter(action="protection.add_site").count() == 1


@pytest.mark.parametrize(
    ("capacity", "tier"), [(0, 1), (199, 1), (200, 2), (799, 2), (800, 3), (50_000, 3)]
)
def test_tier_by_capacity(capacity, tier):
    assert facts(capacity=capacity).tier == tier


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name_ru": ""}, "name_ru"),
        ({"name_ru": "x" * 201}, "name_ru"),
        ({"name_ru": "Школа\x07"}, "name_ru"),
        ({"category": "castle"}, "category"),
        ({"capacity": -1}, "capacity"),
        ({"capacity": 1_000_001}, "capacity"),
        ({"latitude": None}, "longitude"),
        ({"latitude": 91.0}, "latitude"),
        ({"longitude": float("nan")}, "longitude"),
        ({"owner_language": "de"}, "owner_language"),
        ({"owner_name": "write to a.b@example.kz"}, "owner_name"),
        ({"duty_contact": "IIN 870412300415"}, "duty_contact"),
    ],
)
def test_a_wrong_fact_is_refused_and_named(fields, field):
    with pytest.raises(InputError) as caught:
        enter(**fields)
    assert caught.value.location.field == field
    assert not Site.objects.exists()


def test_an_office_may_have_a_switchboard():
    assert enter(duty_contact="Duty desk, +7 7132 55 01 02, duty@school12.kz").duty_contact


@pytest.mark.parametrize("role", [Role.ANALYST, Role.AUDITOR, Role.SITE_OWNER, Role.PRESS_OFFICER])
def test_only_keepers_enter_sites(role):
    with pytest.raises(RefusedError):
        sites.add_site(actor=make_user(role), facts=facts(), now=NOW)


@pytest.mark.parametrize(
    "fields",
    [
        {"name_ru": "", "name_kk": "№ 12 орта мектеп"},
        {"name_ru": "", "name_en": "School No 12"},
        {"name_ru": "Средняя школа №12"},
    ],
)
def test_a_double_in_another_language_is_found(fields):
    enter()
    with pytest.raises(DuplicateError, match="№ 1 Школа № 12"):
        enter(**fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"name_ru": "Школа № 13"},
        {"latitude": 49.95},
        {"name_ru": "Больница № 12", "category": "hospital"},
    ],
)
def test_a_neighbour_is_no_double(fields):
    enter()
    assert enter(**fields).number == 2


def test_one_may_say_that_it_is_another():
    enter()
    inspector = make_user(Role.INSPECTOR)
    other = sites.add_site(actor=inspector, facts=facts(), now=NOW, is_another=True)
    assert other.number == 2


def test_a_correction_keeps_what_stood_there():
    site = enter()
    wanted = facts(capacity=900, address="Main street 1")
    changed = sites.change_site(actor=make_user(Role.INSPECTOR), site=site, facts=wanted, now=NOW)
    assert changed.tier == 3
    event = SiteEvent.objects.get(kind="changed")
    assert event.detail == {"changed": {"capacity": [250, 900], "address": ["", "Main street 1"]}}
    with pytest.raises(ConflictError):
        sites.change_site(actor=make_user(Role.INSPECTOR), site=site, facts=wanted, now=NOW)


def test_closed_and_opened_again():
    site, inspector = enter(), make_user(Role.INSPECTOR)
    with pytest.raises(InputError):
        sites.close_site(actor=inspector, site=site, reason=" ", now=NOW)
    sites.close_site(actor=inspector, site=site, reason="Torn down.", now=NOW)
    with pytest.raises(ConflictError):
        sites.close_site(actor=inspector, site=site, reason="Torn down.", now=NOW)
    opened = sites.reopen_site(actor=inspector, site=site, reason="Rebuilt.", now=NOW)
    assert (opened.status, opened.number) == ("listed", 1)
    assert [event.kind for event in site.events.order_by("pk")] == ["entered", "closed", "reopened"]


def ask(actor):
    return sites.ask_for_site(actor=actor, facts=facts(), reason="Many come here.", now=NOW)


def test_a_request_is_decided_by_another_person():
    officer, secretary = make_user(Role.DUTY_OFFICER), make_user(Role.SECRETARY)
    request = ask(officer)
    assert (request.site.status, request.site.number) == ("proposed", None)
    verdict = Verdict(True, "It is a crowded place.")
    with pytest.raises(RefusedError, match="Another person"):
        sites.decide_request(actor=officer, request=request, verdict=verdict, now=NOW)
    sites.decide_request(actor=secretary, request=request, verdict=verdict, now=NOW)
    site = Site.objects.get()
    assert (site.status, site.number) == ("listed", 1)
    assert site.next_due_on is not None
    with pytest.raises(ConflictError):
        sites.decide_request(actor=secretary, request=request, verdict=verdict, now=NOW)


def test_a_refused_request_takes_no_number():
    request = ask(make_user(Role.ANALYST))
    secretary = make_user(Role.SECRETARY)
    verdict = Verdict(False, "Too small.")
    sites.decide_request(actor=secretary, request=request, verdict=verdict, now=NOW)
    assert Site.objects.get().status == "refused"
    assert enter().number == 1


def test_an_inspector_asks_but_does_not_decide():
    inspector = make_user(Role.INSPECTOR)
    request = ask(make_user(Role.SITE_OWNER))
    with pytest.raises(RefusedError):
        sites.decide_request(
            actor=inspector, request=request, verdict=Verdict(True, "Yes."), now=NOW
        )


def test_an_owner_sees_their_own_sites_only():
    body = make_organisation()
    own, other = make_site(owner=body), make_site(owner=make_organisation())
    owner = make_user(Role.SITE_OWNER, organisation=body)
    assert list(Site.objects.visible_to(owner)) == [own]
    assert other in Site.objects.visible_to(make_user(Role.INSPECTOR))
    assert not Site.objects.visible_to(PUBLIC).exists()
    assert not SiteRequest.objects.visible_to(make_user(Role.GROUP_WORKER)).exists()


def test_a_failed_act_gives_its_number_back():
    enter()
    with pytest.raises(DuplicateError):
        enter()
    assert enter(name_ru="Школа № 14").number == 2
