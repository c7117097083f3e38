"""A case from consent to erasure: who can open it, and what is left."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from django.db.models import ProtectedError
from tests.support.factories import NOW, make_organisation
from tests.support.places_factories import make_place
from tests.support.support_factories import (
    PHRASE,
    REQUEST,
    Worker,
    begin,
    make_service,
    make_worker,
    vouch,
)

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import PUBLIC, SystemActor
from qalqan.desk.platform.privacy.sealing import unseal_bytes
from qalqan.desk.support import certificates, crypto, ring
from qalqan.desk.support.models import (
    Case,
    CourtOrder,
    EnquiryCount,
    Entry,
    Helper,
    Sight,
    Tally,
    Voucher,
    Wrap,
)
from qalqan.desk.support.selectors.opening import pages
from qalqan.desk.support.selectors.sheets import recipients, seen
from qalqan.desk.support.services import cases, common, ending, keys, orders
from qalqan.errors import ConflictError, InputError, IntegrityError, RefusedError

pytestmark = pytest.mark.django_db(transaction=False)
SYSTEM = SystemActor("tests")


@pytest.fixture
def body():
    return make_organisation(kind="group")


def test_an_enquiry_is_only_counted(body):
    worker, district = make_worker(body), make_place("Alga")
    for place in (district, None, district):
        cases.count_enquiry(actor=worker.user, district=place, now=NOW)
    assert sorted(EnquiryCount.objects.values_list("count", flat=True)) == [1, 2]
    assert {field.name for field in EnquiryCount._meta.get_fields()} == {
        "id", "day", "district", "count",
    }  # fmt: skip
    assert not Case.objects.exists()


def test_a_case_is_sealed_and_opens_for_its_recipients_only(body):
    worker, stranger = make_worker(body), make_worker()
    begun = begin(worker, make_service(body))
    opened = worker.open(begun.case.pk)
    assert [page.data["text"] for page in pages(opened, "request")] == [REQUEST]
    assert stranger.open(begun.case.pk) is None
    own = ending.open_own(begun.code.lower().replace("-", " "))
    assert pages(own, "pseudonym")[0].data["text"] == begun.pseudonym
    assert ending.open_own(crypto.new_code()) is None
    for row in Entry.objects.all():
        assert begun.pseudonym.encode() not in bytes(row.sealed)
        assert b"evening" not in bytes(row.sealed)


def test_nobody_is_named_by_default_and_the_own_service_must_be(body):
    worker = make_worker(body)
    with pytest.raises(InputError):
        begin(worker)
    with pytest.raises(InputError):
        begin(worker, make_service())
    assert not Case.objects.exists()


@pytest.mark.parametrize("what", ["entries", "cases", "fields", "versions", "wraps"])
def test_swapped_rows_do_not_open(body, what):
    worker, service = make_worker(body), make_service(body)
    one, two = (begin(worker, service).case for _each in range(2))
    rows = {case.pk: Entry.objects.get(case=case, field="request") for case in (one, two)}
    row = rows[one.pk]
    if what == "entries":
        note = cases.add_note(actor=worker.user, opened=worker.open(one.pk), text="x", now=NOW)
        row.sealed, note.sealed = note.sealed, row.sealed
        note.save()
    elif what == "cases":
        row.sealed = rows[two.pk].sealed
    elif what == "fields":
        row.field = "note"
    elif what == "versions":
        row.version += 1
    else:
        wraps = {case: Wrap.objects.get(case=case, helper=worker.helper) for case in (one, two)}
        wraps[one].wrapped = wraps[two].wrapped
        wraps[one].save()
    row.save()
    with pytest.raises(IntegrityError):
        pages(worker.open(one.pk))
    pages(worker.open(two.pk))


def test_withdrawing_ends_that_recipients_access_and_changes_the_key(
    body, django_capture_on_commit_callbacks
):
    worker, other = make_worker(body), make_worker()
    vouch(worker, other)
    mine, theirs = make_service(body), make_service(other.user.organisation)
    begun = begin(worker, mine, theirs)
    held = other.open(begun.case.pk)
    assert held is not None
    own = ending.open_own(begun.code)
    with django_capture_on_commit_callbacks(execute=True):
        assert ending.withdraw(actor=PUBLIC, opened=own, service_id=theirs.pk, now=NOW) is None
    assert other.open(begun.case.pk) is None
    opened = worker.open(begun.case.pk)
    # The key the other remembers, and the half of then, open nothing that is stored now.
    held.case.refresh_from_db()
    with pytest.raises(IntegrityError):
        pages(held)
    assert opened.key != held.key
    assert sorted(path.suffix for path in (ring.folders()[0] / "halves").iterdir()) == [".2"]
    assert [one.withdrawn is None for one in recipients(opened)] == [True, False]
    assert pages(ending.open_own(begun.code), "request")[0].data["text"] == REQUEST


def test_without_a_recipient_left_the_case_is_erased_with_a_certificate(body):
    worker, service = make_worker(body), make_service(body)
    begun = begin(worker, service)
    own = ending.open_own(begun.code)
    found = ending.withdraw(actor=PUBLIC, opened=own, service_id=service.pk, now=NOW)
    assert found.mark == begun.mark
    assert found.is_complete
    for model in (Case, Entry, Wrap, Sight, CourtOrder):
        assert not model.objects.exists()
    assert ending.open_own(begun.code) is None
    assert Tally.objects.get(event="withdrawn").count == 1
    assert not list((ring.folders()[0] / "halves").iterdir())


def test_a_certificate_is_checked_by_anybody_and_names_nobody(body):
    worker = make_worker(body)
    begun = begin(worker, make_service(body))
    found = ending.erase(actor=worker.user, opened=worker.open(begun.case.pk), now=NOW)
    assert certificates.check(found.token) == found
    assert certificates.check(found.token, key=certificates.public_key()) == found
    for wrong in (found.token[:-6] + "AAAAAA", "x", "", found.token * 20, "ы"):
        with pytest.raises(IntegrityError):
            certificates.check(wrong)
    said = json.dumps(certificates.on_paper(found, "https://desk.example/"))
    for secret in (begun.pseudonym, begun.case.pk.hex, begun.code, str(worker.user), str(body)):
        assert secret not in said


def test_a_plan_begins_with_ordinary_services(body):
    worker = make_worker(body)
    own = make_service(body, kind="jobs")
    special = make_service(name="Theologians", is_ordinary=False, kind="questions")
    police = make_service(name="Police", is_ordinary=False, is_police=True)
    begun = begin(worker, own, special, police)

    def step(service, why=""):
        return cases.add_step(
            actor=worker.user, opened=worker.open(begun.case.pk), service=service,
            kind="jobs", text="Ask there", why=why, now=NOW,
        )  # fmt: skip

    for refused in (special, police, make_service(name="No consent")):
        with pytest.raises(ConflictError):
            step(refused)
    step(special, why="The question is one of faith only")
    first = step(own)
    step(special)
    opened = worker.open(begun.case.pk)
    cases.finish_step(actor=worker.user, opened=opened, entry_id=first.pk, now=NOW)
    with pytest.raises(ConflictError):
        cases.finish_step(actor=worker.user, opened=opened, entry_id=first.pk, now=NOW)
    assert [page.data["done"] for page in pages(opened, "step")] == [None, "2026-03-02", None]


def test_reviews_at_6_and_12_months_and_the_end(body):
    worker, service = make_worker(body), make_service(body)
    begun = begin(worker, service)
    case = Case.objects.get()
    assert (case.review_on, case.expires_on) == (date(2026, 10, 1), date(2027, 5, 1))
    half_year, year = NOW + timedelta(days=213), NOW + timedelta(days=395)
    with pytest.raises(ConflictError):
        cases.review(
            actor=worker.user, opened=worker.open(case.pk), text="Well", prolong=True, now=half_year
        )
    for prolong, now in ((False, half_year), (True, year)):
        opened = worker.open(case.pk)
        cases.review(actor=worker.user, opened=opened, text="Well", prolong=prolong, now=now)
    case.refresh_from_db()
    assert case.expires_on == date(2028, 6, 1)
    cases.close(actor=worker.user, opened=worker.open(case.pk), reason="Found work", now=year)
    with pytest.raises(ConflictError):
        cases.add_note(actor=worker.user, opened=worker.open(case.pk), text="x", now=year)
    case.refresh_from_db()
    assert case.expires_on == date(2027, 8, 1)
    later = year + timedelta(days=130)
    assert ending.erase_what_ran_out(actor=SYSTEM, now=year) == 0
    assert ending.erase_what_ran_out(actor=SYSTEM, now=later) == 1
    assert not Case.objects.exists()
    assert Tally.objects.get(event="expired").kind == ""
    assert ending.open_own(begun.code) is None


def test_every_reading_is_in_the_record_without_content(body):
    worker = make_worker(body)
    begun = begin(worker, make_service(body))
    worker.look(begun.case.pk, now=NOW + timedelta(minutes=1))
    rows = AuditEntry.objects.filter(action__startswith="support.", subject__contains="case")
    assert [row.action for row in rows.order_by("sequence")] == ["support.begin", "support.read"]
    for row in AuditEntry.objects.all():
        said = f"{row.subject} {row.detail_json}"
        assert begun.pseudonym not in said
        assert REQUEST not in said
    opened = worker.open(begun.case.pk)
    assert [line.what for line in seen(opened, today=NOW.date())] == [
        "began the case", "opened the case",
    ]  # fmt: skip


def test_two_workers_one_leaves(body, django_capture_on_commit_callbacks):
    stays, leaves = make_worker(body), make_worker(body)
    vouch(stays, leaves)
    begun = begin(leaves, make_service(body))
    held = leaves.open(begun.case.pk)
    assert stays.open(begun.case.pk) is not None
    keys.let_go(actor=stays.user, helper=leaves.helper, now=NOW)
    assert leaves.open(begun.case.pk) is None
    with django_capture_on_commit_callbacks(execute=True):
        opened = stays.look(begun.case.pk)
    assert opened.case.generation == 2
    assert opened.case.owner == stays.helper
    assert not Wrap.objects.filter(helper=leaves.helper).exists()
    with pytest.raises(IntegrityError):
        pages(held)
    assert pages(ending.open_own(begun.code), "request")


def test_a_closed_account_loses_its_keys_by_itself(body):
    stays, leaves = make_worker(body), make_worker(body)
    vouch(stays, leaves)
    begun = begin(stays, make_service(body))
    leaves.user.is_active = False
    leaves.user.save()
    assert leaves.open(begun.case.pk) is None, "at once, before the sweep"
    assert keys.let_go_of_leavers(actor=SYSTEM, now=NOW) == 1
    assert Case.objects.get().must_rekey
    other = make_worker()
    with pytest.raises(RefusedError):
        keys.let_go(actor=other.user, helper=stays.helper, now=NOW)


def test_a_worker_who_moves_to_another_body_has_no_consent_there(body):
    stays, moves = make_worker(body), make_worker(body)
    vouch(stays, moves)
    begun = begin(stays, make_service(body))
    moves.user.organisation = make_organisation()
    moves.user.save()
    assert moves.open(begun.case.pk) is None
    assert cases.list_own(actor=moves.user, keys=moves.keys, now=NOW) == [], "no pseudonym either"
    assert [one.pseudonym for one in cases.list_own(actor=stays.user, keys=stays.keys, now=NOW)]
    assert stays.look(begun.case.pk).case.generation == 2
    assert not Wrap.objects.filter(helper=moves.helper).exists()


@pytest.mark.parametrize(
    "act",
    [
        lambda worker, held, _service: cases.add_note(
            actor=worker.user, opened=held, text="x", now=NOW
        ),
        lambda worker, held, service: ending.give_consent(
            actor=worker.user, opened=held, service=service, language="kk", now=NOW
        ),
        lambda worker, held, _service: orders.ask(
            actor=worker.user, opened=held, reference="Court 1", silent_until=None, now=NOW
        ),
    ],
    ids=["note", "consent", "order"],
)
def test_an_act_on_a_case_that_got_a_new_key_meanwhile_damages_nothing(body, act):
    worker, other = make_worker(body), make_service(name="Clinic")
    begun = begin(worker, make_service(body), other)
    held = worker.open(begun.case.pk)
    ending.withdraw(actor=PUBLIC, opened=ending.open_own(begun.code), service_id=other.pk, now=NOW)
    with pytest.raises(ConflictError):
        act(worker, held, make_service(name="School"))
    assert pages(worker.open(begun.case.pk))
    assert not CourtOrder.objects.exists()


def test_a_consent_given_meanwhile_brings_no_withdrawn_one_back(body, settings, tmp_path):
    worker, service, other = make_worker(body), make_service(body), make_service(name="Clinic")
    begun = begin(worker, service, other)
    held = worker.open(begun.case.pk)
    # The second folder is out of reach, so that the key stays as it is.
    settings.QALQAN_SUPPORT_MIRROR = str(tmp_path / "away")
    ending.withdraw(actor=PUBLIC, opened=ending.open_own(begun.code), service_id=other.pk, now=NOW)
    third = make_service(name="School")
    ending.give_consent(actor=worker.user, opened=held, service=third, language="kk", now=NOW)
    assert worker.open(begun.case.pk).standing == {service.pk, third.pk}


def test_a_page_opened_with_the_code_is_in_the_record_and_on_the_sheet(body):
    begun = begin(make_worker(body), make_service(body))
    opened = ending.look_own(code=begun.code, now=NOW + timedelta(minutes=1))
    assert seen(opened, today=NOW.date())[-1].what == "opened the page with the code"
    rows = AuditEntry.objects.filter(action="support.read_with_code")
    assert [row.subject for row in rows] == [f"support.case:{begun.case.pk.hex}"]
    assert ending.look_own(code=crypto.new_code(), now=NOW) is None
    assert rows.count() == 1


def test_a_stray_file_among_the_halves_stops_no_erasure(body):
    begun = begin(make_worker(body), make_service(body))
    (ring.folders()[0] / "halves" / "lost+found").write_bytes(b"")
    half = next((ring.folders()[0] / "halves").glob(f"{begun.case.pk.hex}.*"))
    kept = half.read_bytes()
    ring.destroy(begun.case.pk)
    half.write_bytes(kept)
    assert ring.sweep() == 1
    assert not half.exists()


def test_a_court_order_takes_two_and_is_told(body):
    one, two = make_worker(body), make_worker(body)
    vouch(one, two)
    begun = begin(one, make_service(body))
    ask = {"reference": "Court 1, no. 7, 1 March", "now": NOW + timedelta(minutes=1)}
    silent = NOW.date() + timedelta(days=30)
    order = orders.ask(
        actor=one.user, opened=one.open(begun.case.pk), silent_until=silent, **ask
    )  # fmt: skip
    with pytest.raises(ConflictError):
        orders.confirm(actor=one.user, opened=one.open(begun.case.pk), order_id=order.pk, now=NOW)
    with pytest.raises(ConflictError):
        orders.hand_out(actor=one.user, opened=one.open(begun.case.pk), order_id=order.pk, now=NOW)
    later = [NOW + timedelta(hours=hours) for hours in (1, 2)]
    orders.confirm(actor=two.user, opened=two.open(begun.case.pk), order_id=order.pk, now=later[0])
    given = orders.hand_out(
        actor=one.user, opened=one.open(begun.case.pk), order_id=order.pk, now=later[1]
    )
    assert REQUEST in json.dumps(given)
    own = ending.open_own(begun.code)
    told = [line.what for line in seen(own, today=NOW.date())]
    assert told == ["began the case"]
    assert len(seen(own, today=NOW.date(), all_of_it=True)) == 4
    told = [line.what for line in seen(own, today=silent)]
    assert told[1:] == [
        "entered a court order", "confirmed a court order",
        "handed the case out by a court order",
    ]  # fmt: skip
    acts = AuditEntry.objects.filter(action__startswith="support.order").count()
    assert acts == 3
    with pytest.raises(InputError):
        orders.ask(
            actor=one.user, opened=one.open(begun.case.pk), reference=" ", silent_until=None,
            now=NOW,
        )  # fmt: skip


def test_nobody_hides_an_order_on_one_word(body):
    one, two = make_worker(body), make_worker(body)
    vouch(one, two)
    begun = begin(one, make_service(body))
    silent = NOW.date() + timedelta(days=30)
    minutes = iter(NOW + timedelta(minutes=number) for number in range(1, 20))

    def told():
        return [line.what for line in seen(ending.open_own(begun.code), today=NOW.date())][1:]

    def ask(until):
        return orders.ask(
            actor=one.user, opened=one.open(begun.case.pk), reference="Court 1, no. 7",
            silent_until=until, now=next(minutes),
        )  # fmt: skip

    first = ask(silent)
    assert told() == ["entered a court order"], "not hidden before the second worker confirms"
    orders.confirm(
        actor=two.user, opened=two.open(begun.case.pk), order_id=first.pk, now=next(minutes)
    )
    assert told() == []
    second = ask(None)
    assert told() == ["entered a court order"], "a silent order hides no other"
    orders.confirm(
        actor=two.user, opened=two.open(begun.case.pk), order_id=second.pk, now=next(minutes)
    )
    assert told() == ["entered a court order", "confirmed a court order"]
    # Lines from before orders were named on them: hidden while a confirmed order is silent.
    Sight.objects.update(order=None)
    assert told() == []
    assert len(seen(ending.open_own(begun.code), today=silent)) == 5


def test_a_new_key_keeps_the_orders_and_makes_no_second_worker(body):
    one, two = make_worker(body), make_worker(body)
    vouch(one, two)
    begun = begin(one, make_service(body))
    order = orders.ask(
        actor=one.user, opened=one.open(begun.case.pk), reference="Court 1, no. 7",
        silent_until=None, now=NOW,
    )  # fmt: skip
    # The first worker forgets the phrase; the second vouches for the new key.
    keys.make_key(actor=one.user, phrase=PHRASE + " anew", now=NOW)
    mine = keys.open_key(actor=one.user, phrase=PHRASE + " anew", now=NOW)
    anew = Worker(one.user, Helper.objects.get(user=one.user), mine)
    assert CourtOrder.objects.get() == order
    vouch(anew, two)
    two.look(begun.case.pk)
    opened = anew.open(begun.case.pk)
    assert opened is not None
    with pytest.raises(ConflictError):
        orders.confirm(actor=one.user, opened=opened, order_id=order.pk, now=NOW)
    orders.confirm(actor=two.user, opened=two.open(begun.case.pk), order_id=order.pk, now=NOW)
    with pytest.raises(ProtectedError):
        anew.helper.delete()
    assert ending.erase(actor=two.user, opened=two.open(begun.case.pk), now=NOW)
    assert not CourtOrder.objects.exists()


def test_the_key_of_certificates_lies_sealed(body, settings):
    file = settings.HOME / "keys" / "support_ed25519"
    assert not file.exists()
    public = certificates.public_key()
    sealed = file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    plain = unseal_bytes(sealed, purpose="support.certificate-key")
    assert plain not in sealed
    # What an earlier release left in the clear is read once more, and sealed in its place.
    found = certificates.issue(mark="a", on=NOW.date(), folders=1, done=1)
    file.write_bytes(plain)
    assert certificates.public_key() == public
    assert plain not in file.read_bytes()
    assert certificates.check(found.token) == found
    assert [path.name for path in file.parent.iterdir()] == ["support_ed25519"]
    settings.SECRET_KEY = "another" * 8
    with pytest.raises(IntegrityError):
        certificates.public_key()


def test_a_key_put_into_the_database_is_given_no_case(body):
    worker = make_worker(body)
    begun = begin(worker, make_service(body))
    # An administrator opens an account in the same body, makes a key, and writes rows by hand.
    curious = make_worker(body)
    Voucher.objects.create(by=worker.helper, about=curious.helper, signature=b"x" * 64)
    worker.look(begun.case.pk)
    assert curious.open(begun.case.pk) is None
    # Nor does it help to put another key in the place of a trusted colleague's.
    colleague = make_worker(body)
    vouch(worker, colleague)
    Helper.objects.filter(pk=colleague.helper.pk).update(public_key=curious.keys.public)
    worker.look(begun.case.pk)
    assert not Wrap.objects.filter(helper=colleague.helper).exists()
    # Nor in the place of the code's.
    Case.objects.update(code_key=curious.keys.public, must_rekey=True)
    with pytest.raises(IntegrityError):
        worker.look(begun.case.pk)


def test_a_forgotten_phrase_is_a_new_key_and_the_old_cases_stay_shut(body):
    worker = make_worker(body)
    begun = begin(worker, make_service(body))
    with pytest.raises(InputError):
        keys.open_key(actor=worker.user, phrase="another phrase of enough words", now=NOW)
    with pytest.raises(InputError):
        keys.make_key(actor=worker.user, phrase="too short", now=NOW)
    keys.make_key(actor=worker.user, phrase="another phrase of enough words", now=NOW)
    assert worker.open(begun.case.pk) is None
    assert ending.open_own(begun.code) is not None


def test_month_after_is_the_first_of_a_month():
    assert common.month_after(date(2026, 12, 31), 1) == date(2027, 2, 1)
