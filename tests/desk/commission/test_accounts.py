"""Accounts of operations: two persons, three languages, versions, counts with care."""

import copy
from datetime import timedelta

import pytest
from tests.support.account_factories import TEXTS, make_account, make_published_account, noted
from tests.support.factories import NOW, make_user

from qalqan.desk.commission.models import Account, AccountVersion
from qalqan.desk.commission.selectors import accounts as selectors
from qalqan.desk.commission.services import accounts as services
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.releases.models import Release
from qalqan.errors import ConflictError, InputError, RefusedError

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_an_account_is_published_by_a_second_person_and_recorded():
    writer, second = make_user("analyst"), make_user("secretary")
    row = make_account(writer)
    assert selectors.account_of(row.number, "kk") is None
    services.publish(actor=second, account=row, number=1, now=NOW + HOUR)
    found = selectors.account_of(row.number, "ru")
    assert found.title == TEXTS["ru"]["title"]
    assert [code for code, _heading, _text in found.parts] == list(selectors.PARTS)
    assert not found.is_superseded
    acts = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert [a for a in acts if a.startswith("commission.")] == [
        "commission.write_account", "commission.publish_account",
    ]  # fmt: skip


def test_who_wrote_it_never_publishes_it():
    writer = make_user("secretary")
    row = make_account(writer)
    with pytest.raises(RefusedError):
        services.publish(actor=writer, account=row, number=1, now=NOW)
    row.refresh_from_db()
    assert row.published_at is None


@pytest.mark.parametrize("role", ["analyst", "press_officer", "auditor", "inspector"])
def test_not_everyone_publishes(role):
    row = make_account(make_user("duty_officer"))
    with pytest.raises(RefusedError):
        services.publish(actor=make_user(role), account=row, number=1, now=NOW)


def test_only_the_newest_version_that_waits_is_published():
    writer, second = make_user("analyst"), make_user("secretary")
    row = make_account(writer)
    services.write_version(actor=writer, account=row, texts=TEXTS, harm={}, now=NOW)
    with pytest.raises(ConflictError):
        services.publish(actor=second, account=row, number=1, now=NOW)
    services.publish(actor=second, account=row, number=2, now=NOW)
    with pytest.raises(ConflictError):
        services.publish(actor=second, account=row, number=2, now=NOW)


def test_what_is_sent_back_is_written_anew():
    writer, second = make_user("analyst"), make_user("secretary")
    row = make_account(writer)
    services.send_back(actor=second, account=row, number=1, reason="Name the law", now=NOW)
    with pytest.raises(ConflictError):
        services.publish(actor=second, account=row, number=1, now=NOW)
    version = services.write_version(actor=writer, account=row, texts=TEXTS, harm={}, now=NOW)
    assert version.number == 2
    row.refresh_from_db()
    assert row.state == Account.State.WAITING


def test_a_correction_says_why_and_the_old_version_stays_readable():
    writer, second = make_user("analyst"), make_user("secretary")
    row = make_published_account(writer, second)
    with pytest.raises(InputError) as caught:
        services.write_version(actor=writer, account=row, texts=TEXTS, harm={}, now=NOW)
    assert caught.value.location.field == "note_kk"
    texts = noted("was wrong")
    texts["en"]["happened"] = "It took twelve minutes."
    services.write_version(actor=writer, account=row, texts=texts, harm={}, now=NOW)
    before = selectors.account_of(row.number, "en")
    assert before.version == 1, "what is not published yet changes nothing"
    services.publish(actor=second, account=row, number=2, now=NOW + HOUR)
    now, old = (selectors.account_of(row.number, "en", number) for number in (2, 1))
    assert (now.is_superseded, old.is_superseded) == (False, True)
    assert now.note == "was wrong en"
    assert {c: t for c, _h, t in old.parts}["happened"] == TEXTS["en"]["happened"]
    [(after, earlier)] = selectors.corrected("en")
    assert (after.version, earlier.version) == (2, 1)


def test_a_draft_is_no_version_for_everyone():
    writer, second = make_user("analyst"), make_user("secretary")
    row = make_published_account(writer, second)
    services.write_version(actor=writer, account=row, texts=noted("x"), harm={}, now=NOW)
    assert selectors.account_of(row.number, "en", 2) is None
    assert [one.version for one in selectors.versions_of(row.number, "en")] == [1]
    assert selectors.corrected("en") == []


def test_a_withdrawn_account_says_so_and_can_hide_its_words():
    writer, second = make_user("analyst"), make_user("secretary")
    row = make_published_account(writer, second)
    why = {"kk": "Қате", "ru": "Ошибка", "en": "An error"}
    services.withdraw(actor=second, account=row, reasons=why, hides_text=True, now=NOW)
    found = selectors.account_of(row.number, "en")
    assert (found.parts, found.harm, found.withdrawal) == ((), (), "An error")
    assert TEXTS["en"]["title"] != found.title
    assert selectors.account_of(row.number, "en", 1) is None
    with pytest.raises(ConflictError):
        services.withdraw(actor=second, account=row, reasons=why, hides_text=True, now=NOW)
    with pytest.raises(ConflictError):
        services.write_version(actor=writer, account=row, texts=noted("x"), harm={}, now=NOW)


BAD = [
    ("happened_ru", "Звоните 8 701 123 45 67"), ("review_en", "Write to a.b@example.kz"),
    ("happened_kk", "Операцияны Серікбаев Ержан басқарды."),
    ("harm_ru", "Пострадал Иванов Пётр Сергеевич."), ("questions_en", "Who drove 123 ABC 05?"),
    ("legal_basis_kk", ""), ("title_en", "x" * 201), ("force_used_ru", "  \n "),
    ("happened_en", "Nothing. " * 600 + "Ask Mr. Petrov."),
]  # fmt: skip


@pytest.mark.parametrize(("field", "text"), BAD, ids=[f for f, _t in BAD])
def test_persons_and_missing_parts_are_refused_at_their_field(field, text):
    part, _, code = field.rpartition("_")
    texts = copy.deepcopy(TEXTS)
    texts[code][part] = text
    with pytest.raises(InputError) as caught:
        make_account(make_user("analyst"), texts=texts)
    assert caught.value.location.field == field
    assert not Account.objects.exists()


def test_the_day_does_not_lie_ahead():
    with pytest.raises(InputError):
        make_account(make_user("analyst"), happened_on=(NOW + timedelta(days=2)).date())


def harm_of(row, version=None):
    found = selectors.account_of(row.number, "en", version)
    return {(one.group, one.kind): one.count for one in found.harm}


def test_small_counts_of_people_are_withheld_and_zeros_and_large_ones_shown():
    writer, second = make_user("analyst"), make_user("secretary")
    harm = {("bystanders", "killed"): 0, ("bystanders", "injured"): 12,
            ("officers", "injured"): 2, ("opponents", "killed"): 40}  # fmt: skip
    row = make_published_account(writer, second, harm=harm)
    shown = harm_of(row)
    assert shown["officers", "injured"] is None
    assert shown["bystanders", "killed"] == 0
    hidden = [key for key, count in shown.items() if count is None]
    assert len(hidden) >= 2, "one alone could be computed from the total"
    assert sum(harm[key] for key in hidden) >= 5


def test_counts_that_did_not_change_are_not_released_again():
    writer, second = make_user("analyst"), make_user("secretary")
    harm = {("officers", "injured"): 7}
    row = make_published_account(writer, second, harm=harm)
    services.write_version(actor=writer, account=row, texts=noted("x"), harm=harm, now=NOW)
    services.publish(actor=second, account=row, number=2, now=NOW)
    assert Release.objects.count() == 1
    assert harm_of(row) == harm_of(row, 1) == harm


def test_corrected_counts_are_another_release():
    writer, second = make_user("analyst"), make_user("secretary")
    row = make_published_account(writer, second, harm={("officers", "injured"): 7})
    services.write_version(
        actor=writer, account=row, texts=noted("x"), harm={("officers", "injured"): 9}, now=NOW
    )
    services.publish(actor=second, account=row, number=2, now=NOW)
    assert harm_of(row) == {("officers", "injured"): 9}
    assert harm_of(row, 1) == {("officers", "injured"): 7}


def test_the_database_itself_asks_for_two_persons():
    from django.db import IntegrityError, transaction

    writer = make_user("analyst")
    row = make_account(writer)
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountVersion.objects.filter(account=row).update(approved_by=writer, approved_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        AccountVersion.objects.filter(account=row).update(approved_at=NOW)
    assert selectors.account_of(row.number, "kk") is None
