"""The directory: entered, corrected, registered over time, likely doubles, own pages, rights."""

import itertools
from datetime import date, timedelta

import pytest
from tests.support.agencies_factories import (
    SYSTEM,
    make_areas,
    make_body,
    make_matter,
    make_part,
    staff_of,
)
from tests.support.factories import NOW, make_user

from qalqan.desk.agencies.likeness import area_words, likeness, tokens
from qalqan.desk.agencies.models import Body, BodyEvent, Grant, Registration
from qalqan.desk.agencies.policies import KEEP_PAGE
from qalqan.desk.agencies.selectors import directory
from qalqan.desk.agencies.services import bodies, pages
from qalqan.desk.agencies.services.facts import BodyFacts, OfficeFacts
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import ADD, CHANGE, EXPORT, VIEW, Role
from qalqan.desk.platform.policies.registry import registered
from qalqan.errors import ConflictError, InputError, RefusedError

pytestmark = pytest.mark.django_db


def facts(**fields):
    fields = {"kind": "civil", "type": "association", "name_ru": "Союз матерей «Жарык»", **fields}
    return BodyFacts(area_id=fields.pop("area_id", None) or make_areas()["temir"].pk, **fields)


def test_a_new_body_has_a_number_history_and_audit_and_is_found_with_suffixes():
    body = bodies.add_body(
        actor=make_user(Role.SECRETARY), facts=facts(name_kk="«Жарық» аналар одағы"), now=NOW
    )
    assert body.number == 1
    assert [event.kind for event in body.events.all()] == ["entered"]
    assert AuditEntry.objects.filter(action="agencies.add_body").count() == 1
    for words in ("жарық", "аналардың", "матер", "Zharyq"):
        assert directory.bodies(SYSTEM, directory.BodyFilter(query=words)).get() == body


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name_ru": ""}, "name_ru"),
        ({"name_ru": "x" * 201}, "name_ru"),
        ({"name_kk": "Топ\x07"}, "name_kk"),
        ({"kind": "party"}, "kind"),
        ({"type": "castle"}, "type"),
        ({"mandate": "write to a.b@example.kz"}, "mandate"),
        ({"mandate": "y" * 2001}, "mandate"),
        ({"languages": ("kk", "xx")}, "languages"),
    ],
)
def test_a_wrong_fact_is_refused_and_named(fields, field):
    with pytest.raises(InputError) as caught:
        bodies.add_body(actor=SYSTEM, facts=facts(**fields), now=NOW)
    assert caught.value.location.field == field
    assert not Body.objects.exists()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Департамент полиции Актюбинской области", "Ақтөбе облысының полиция департаменті"),
        ("Управление образования Актюбинской области", "Aktobe Region education department"),
        ("Центр молодёжи «Болашақ»", "«Болашақ» жастар орталығы"),
        ("Союз матерей «Жарык»", "Union of mothers “Zharyq”"),
    ],
)
def test_a_body_in_another_language_is_a_likely_double(one, other):
    area = make_areas()["province"]
    first = bodies.add_body(actor=SYSTEM, facts=facts(name_ru=one, area_id=area.pk), now=NOW)
    again = facts(name_ru="", name_kk=other, area_id=area.pk)
    with pytest.raises(bodies.DuplicateBodyError) as caught:
        bodies.add_body(actor=SYSTEM, facts=again, now=NOW)
    assert caught.value.found == [first]
    assert bodies.add_body(actor=SYSTEM, facts=again, now=NOW, is_another=True).number == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Школа № 12", "Школа № 13"),
        ("Департамент полиции", "Департамент юстиции"),
        ("Волонтеры «Умит»", "Волонтеры «Достык»"),
    ],
)
def test_other_bodies_are_no_doubles(one, other):
    words = area_words(["Ақтөбе облысы", "Актюбинская область", "Aktobe Region"])
    assert likeness(tokens(one, words), tokens(other, words)) < 0.66


def test_registrations_follow_one_another_and_are_readable_for_any_day():
    body = make_body(kind="civil")
    for status, day in (("applied", date(2024, 1, 5)), ("registered", date(2024, 3, 1)),
                        ("suspended", date(2025, 6, 1))):  # fmt: skip
        bodies.set_registration(
            actor=SYSTEM, body=body, status=status, since=day, source="Order 1", now=NOW
        )
    at = [
        getattr(directory.registration_on(SYSTEM, body, day), "status", None)
        for day in (date(2024, 1, 4), date(2024, 2, 29), date(2024, 3, 1), date(2026, 1, 1))
    ]
    assert at == [None, "applied", "registered", "suspended"]
    for day, field in ((date(2025, 1, 1), "since"), (date(2027, 1, 1), "since")):
        with pytest.raises(InputError) as caught:
            bodies.set_registration(
                actor=SYSTEM, body=body, status="ended", since=day, source="x", now=NOW
            )
        assert caught.value.location.field == field
    assert Registration.objects.filter(body=body, until__isnull=True).count() == 1


def test_a_body_that_still_holds_something_is_not_closed():
    body, secretary = make_body(), make_user(Role.SECRETARY)
    part = make_part(body, make_areas()["temir"])
    with pytest.raises(ConflictError, match="matrix"):
        bodies.close_body(actor=secretary, body=body, reason="x", now=NOW)
    part.delete()
    matter = make_matter(body)
    with pytest.raises(ConflictError, match="holds matters"):
        bodies.close_body(actor=secretary, body=body, reason="x", now=NOW)
    matter.holdings.all().delete()
    matter.delete()
    bodies.close_body(actor=secretary, body=body, reason="Merged", now=NOW)
    assert not directory.bodies(SYSTEM).filter(pk=body.pk).exists()
    bodies.reopen_body(actor=secretary, body=body, reason="Parted again", now=NOW)
    assert [event.kind for event in body.events.all()] == ["reopened", "closed", "entered"]


def test_an_organisation_is_one_body():
    body = make_body()
    with pytest.raises(InputError) as caught:
        bodies.add_body(actor=SYSTEM, facts=facts(organisation_id=body.organisation_id), now=NOW)
    assert caught.value.location.field == "organisation"


def test_offices_take_office_numbers_and_no_private_person():
    body, keeper = make_body(), make_user(Role.SECRETARY)
    made = pages.add_office(
        actor=keeper, body=body, now=NOW,
        facts=OfficeFacts("Reception", switchboard="8 (7132) 54-12-00", mail="office@aktobe.kz"),
    )  # fmt: skip
    for wrong, field in (
        (OfficeFacts(""), "title"),
        (OfficeFacts("A", switchboard="call Aizhan!"), "switchboard"),
        (OfficeFacts("A", mail="not a mail"), "mail"),
        (OfficeFacts("A", address="IIN 870412300415"), "address"),
    ):
        with pytest.raises(InputError) as caught:
            pages.add_office(actor=keeper, body=body, facts=wrong, now=NOW)
        assert caught.value.location.field == field
    pages.remove_office(actor=keeper, office=made, now=NOW)
    assert directory.offices(keeper, body) == []


def test_a_groups_worker_sees_its_own_page_and_state_bodies_and_changes_only_with_the_right():
    own, other, state = make_body(kind="civil"), make_body(kind="civil"), make_body()
    worker = staff_of(own, Role.GROUP_WORKER)
    assert set(directory.bodies(worker)) == {own, state}
    assert not BodyEvent.objects.visible_to(worker).filter(body=other).exists()
    with pytest.raises(RefusedError):
        pages.keep_page(actor=worker, body=own, mandate="Ours", languages=("kk",), now=NOW)
    bodies.give_right(
        actor=make_user(Role.ADMINISTRATOR), body=own, user=worker, right="edit_page", now=NOW
    )
    pages.keep_page(actor=worker, body=own, mandate="Ours", languages=("kk",), now=NOW)
    pages.add_expertise(actor=worker, body=own, field="law", role="lawyer", now=NOW)
    for body in (other, state):
        with pytest.raises(RefusedError):
            pages.keep_page(actor=worker, body=body, mandate="x", languages=(), now=NOW)


def test_rights_are_for_the_bodies_own_accounts_and_can_be_taken_back():
    body, secretary = make_body(kind="civil"), make_user(Role.SECRETARY)
    with pytest.raises(InputError):
        bodies.give_right(actor=secretary, body=body, user=make_user(), right="answer", now=NOW)
    worker = staff_of(body, Role.GROUP_WORKER)
    grant = bodies.give_right(actor=secretary, body=body, user=worker, right="answer", now=NOW)
    with pytest.raises(ConflictError):
        bodies.give_right(actor=secretary, body=body, user=worker, right="answer", now=NOW)
    with pytest.raises(RefusedError):
        bodies.take_right(actor=worker, grant=grant, now=NOW)
    bodies.take_right(actor=secretary, grant=grant, now=NOW + timedelta(hours=1))
    assert not Grant.objects.exists()


def test_a_further_right_never_takes_one_away():
    """Every set of rights and every further one: what was allowed and seen stays so."""
    own, state = make_body(kind="civil"), make_body()
    worker = staff_of(own, Role.GROUP_WORKER)
    matter = make_matter(state)
    seen = {}
    for count in range(len(Grant.Right.values) + 1):
        for rights in itertools.combinations(Grant.Right.values, count):
            Grant.objects.all().delete()
            for right in rights:
                Grant.objects.create(user=worker, body=own, right=right, given_at=NOW)
            seen[frozenset(rights)] = _all_rights(worker, [own, state, matter])
    for rights, further in itertools.product(seen, Grant.Right.values):
        assert seen[rights] <= seen[rights | {further}]


def _all_rights(worker, subjects):
    found = set()
    for model, policy in registered().items():
        if model._meta.app_label != "agencies":
            continue
        for action in (VIEW, ADD, CHANGE, EXPORT, KEEP_PAGE):
            found |= {(model, action)} if policy.allows(worker, action) else set()
            found |= {
                (model, action, one.pk) for one in subjects
                if isinstance(one, model) and policy.allows(worker, action, one)
            }  # fmt: skip
        if model is Grant:
            continue
        found |= {(model, "row", pk) for pk in
                  model.objects.visible_to(worker).values_list("pk", flat=True)}  # fmt: skip
    return found
