"""A curious administrator, a stolen backup, a restored one, a second disk, a broken page."""

from __future__ import annotations

import io
import json
import logging
import sqlite3
import tarfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models, transaction
from django.test import Client
from django.urls import reverse
from tests.support.factories import NOW, make_organisation, make_user, sign_in
from tests.support.support_factories import REQUEST, begin, make_service, make_worker, vouch

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import EVERY_ROLE, PUBLIC, Role, SystemActor
from qalqan.desk.platform.ui.navigation import search
from qalqan.desk.platform.upkeep.backup import create_backup
from qalqan.desk.platform.upkeep.vault import OpeningReader
from qalqan.desk.platform.work.models import WorkItem
from qalqan.desk.support import crypto, jobs, ring
from qalqan.desk.support.models import Case, Entry, Helper, Tally, Wrap
from qalqan.desk.support.selectors.counts import counts
from qalqan.desk.support.selectors.opening import Opened, open_wrap, pages
from qalqan.desk.support.services import cases, ending
from qalqan.errors import IntegrityError, SettingsError

SYSTEM = SystemActor("tests")
PASSPHRASE = "a passphrase for the backup"


@pytest.fixture
def body():
    return make_organisation(kind="group")


def every_value():
    """Return everything the database holds, as one text."""
    with connection.cursor() as cursor:
        said = []
        for table in connection.introspection.table_names(cursor):
            # Indexes of words have no rows of their own that could be read.
            if "_search" in table:
                continue
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                said += [
                    bytes(v).hex() if isinstance(v, bytes | memoryview) else str(v) for v in row
                ]
    return "\n".join(said)


@pytest.mark.django_db
def test_whoever_reads_the_whole_database_learns_nothing_of_a_case(body):
    worker = make_worker(body)
    begun = begin(worker, make_service(body), request=REQUEST)
    cases.add_note(actor=worker.user, opened=worker.open(begun.case.pk), text="A note", now=NOW)
    said = every_value()
    for secret in (begun.pseudonym, begun.code, begun.mark, REQUEST, "A note"):
        assert secret not in said
        assert secret.encode().hex() not in said
    assert worker.keys.seed.hex() not in said
    assert worker.open(begun.case.pk).key.hex() not in said


ADDRESSES = [
    ("get", "home"), ("get", "begin"), ("get", "colleagues"), ("get", "case"), ("get", "sheet"),
    ("post", "note"), ("post", "erase"), ("post", "order_ask"), ("post", "close"),
]  # fmt: skip


@pytest.mark.django_db
def test_other_roles_meet_the_same_answer_everywhere(body):
    """List, count, search, export, timeline and error text, for each role without the room."""
    worker = make_worker(body)
    begun = begin(worker, make_service(body))
    missing = "12345678-1234-4234-8234-123456789abc"
    for role in sorted(EVERY_ROLE - {Role.SUPPORT_WORKER}):
        user = make_user(role, organisation=body)
        client = sign_in(Client(), user)
        for model in apps.get_app_config("support").get_models():
            if model.__name__ != "Service":
                assert model.objects.visible_to(user).count() == 0, (role, model)
        for method, name in ADDRESSES:
            answers = set()
            for number in (begun.case.pk, missing):
                arguments = [number] if name in ("case", "sheet", "note", "erase", "order_ask",
                                                 "close") else []  # fmt: skip
                answer = getattr(client, method)(reverse(f"support:{name}", args=arguments))
                answers.add(answer.status_code)
                text = answer.content.decode()
                assert begun.pseudonym not in text
            assert answers == {403}, (role, name)
        for query in (begun.pseudonym, begun.case.pk.hex, "school", REQUEST):
            assert search(user, query) == [], (role, query)
    for query in (begun.pseudonym, begun.case.pk.hex, REQUEST):
        assert search(worker.user, query) == []


@pytest.mark.django_db
def test_the_record_and_its_export_tell_no_content(body):
    worker = make_worker(body)
    begun = begin(worker, make_service(body))
    worker.look(begun.case.pk)
    auditor = make_user(Role.AUDITOR, organisation=body)
    client = sign_in(Client(), auditor)
    shown = client.get(reverse("audit:entries")).content.decode()
    export = b"".join(client.post(reverse("audit:export")).streaming_content).decode()
    for text in (shown, export):
        assert begun.case.pk.hex in text, "that it was opened is told"
        for secret in (begun.pseudonym, REQUEST, begun.mark, begun.code, "studies"):
            assert secret not in text
    ending.erase(actor=worker.user, opened=worker.open(begun.case.pk), now=NOW)
    assert worker.open(begun.case.pk) is None, "and now it leads nowhere"


@pytest.mark.django_db
def test_a_reminder_tells_nothing_of_the_case(body):
    worker = make_worker(body)
    begun = begin(worker, make_service(body))
    later = NOW + timedelta(days=220)
    assert jobs.remind(later) == 1
    assert jobs.remind(later) == 0
    item = WorkItem.objects.get()
    assert (item.subject, item.url, item.owner) == ("support", "/support/", worker.user)
    said = f"{item.title} {item.kind} {item.subject}"
    for secret in (begun.pseudonym, begun.case.pk.hex, str(begun.case.pk), REQUEST):
        assert secret not in said


@pytest.mark.django_db
def test_a_broken_page_and_the_log_tell_no_content(body, caplog, monkeypatch):
    from tests.desk.support.test_pages import enter, page, start

    from qalqan.desk.support.selectors import sheets

    client = enter(body)
    case, pseudonym, code, _mark = start(client, make_service(body))
    client.raise_request_exception = False

    def broken(opened):
        secret = [page.data for page in pages(opened)]
        raise ZeroDivisionError(len(secret))

    monkeypatch.setattr(sheets, "recipients", broken)
    with caplog.at_level(logging.DEBUG):
        answer = page(client, "case", case)
    assert answer.status_code == 500
    for text in (answer.content.decode(), caplog.text):
        for secret in (pseudonym, code, "Wants to finish school"):
            assert secret not in text


def test_there_is_no_admin_site_and_no_field_for_who_somebody_is():
    assert not apps.is_installed("django.contrib.admin")
    names = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("support").get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.Field)
    }
    # Written out, so that a new column is a decision that somebody reads.
    assert {name for name in names if name.split(".")[0] in ("Case", "Entry", "Wrap", "Sight")} == {
        "Case.id", "Case.state", "Case.owner", "Case.generation", "Case.must_rekey",
        "Case.code_hash", "Case.code_key", "Case.review_on", "Case.reviews", "Case.expires_on",
        "Entry.id", "Entry.case", "Entry.field", "Entry.version", "Entry.sealed",
        "Wrap.id", "Wrap.case", "Wrap.helper", "Wrap.wrapped",
        "Sight.id", "Sight.case", "Sight.helper", "Sight.label", "Sight.act", "Sight.at",
        "Sight.order",
    }  # fmt: skip
    links = [
        field
        for model in apps.get_app_config("support").get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model is Case
    ]
    assert {field.model.__name__ for field in links} == {"Entry", "Wrap", "Sight", "CourtOrder"}


def test_pseudonyms_and_codes_bear_no_order():
    names = [crypto.new_pseudonym() for _each in range(200)]
    assert len(set(names)) == 200
    assert names != sorted(names)
    assert names != sorted(names, reverse=True)
    assert len(crypto.tidy_code(crypto.new_code())) == 28


def restored(file: Path, folder: Path) -> Path:
    """Unpack a backup as a thief with its passphrase does; return the folder."""
    with file.open("rb") as source, OpeningReader(source, PASSPHRASE) as opened:
        plain = io.BytesIO(opened.readall())
    with tarfile.open(fileobj=plain, mode="r:gz") as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the backup's database is read as a file")
@pytest.mark.django_db
def test_a_stolen_backup_opens_nothing_even_with_every_phrase(body, tmp_path, monkeypatch):
    worker = make_worker(body)
    begun = begin(worker, make_service(body))
    # A copy by `backup` would wait for the test's own transaction to end.
    (tmp_path / "qalqan.sqlite3").write_bytes(connection.connection.serialize())
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "qalqan.sqlite3"))
    target = tmp_path / "desk.backup"
    create_backup(tmp_path, target, passphrase=PASSPHRASE, now=NOW)
    found = restored(target, tmp_path / "stolen")
    assert not [path for path in found.rglob("*") if begun.case.pk.hex in path.name]
    stolen = sqlite3.connect(found / "qalqan.sqlite3")
    rows = stolen.execute("SELECT wrapped FROM support_wrap").fetchall()
    stolen.close()
    assert len(rows) == 2
    assert begun.pseudonym.encode() not in (found / "qalqan.sqlite3").read_bytes()
    for row in rows:
        for holder in (worker.helper.pk.hex, "code"):
            for keys in (worker.keys, crypto.Keys.of_code(begun.code)):
                with pytest.raises(IntegrityError):
                    crypto.unwrap(
                        row[0], keys, b"", case=begun.case.pk, holder=holder, generation=1
                    )


@pytest.mark.django_db
def test_rows_of_a_backup_open_nothing_without_the_halves(body, tmp_path, settings):
    """The thief has database, keys folder and every phrase, but not the folder of the halves."""
    worker = make_worker(body)
    begun = begin(worker, make_service(body))
    wrap = Wrap.objects.select_related("case", "helper").get(helper=worker.helper)
    settings.HOME = tmp_path / "elsewhere"
    with pytest.raises(IntegrityError):
        open_wrap(wrap, worker.keys)
    for guess in (b"\0" * 32, crypto.new_key()):
        with pytest.raises(IntegrityError):
            crypto.unwrap(
                bytes(wrap.wrapped), worker.keys, guess, case=begun.case.pk,
                holder=worker.helper.pk.hex, generation=1,
            )  # fmt: skip
    # And merely missing halves are no reason to erase anything.
    assert jobs.erase(NOW) == 0
    assert Case.objects.exists()


def test_the_folder_of_the_halves_is_in_no_backup(tmp_path):
    from qalqan.desk.platform.upkeep import backup

    half = ring.create_half(crypto_case(), 1)
    names = [name for name, _path in backup._files_of(tmp_path)]
    assert not [name for name in names if "ring" in name]
    tag = (tmp_path / "support-ring" / "CACHEDIR.TAG").read_text()
    assert tag.startswith("Signature: 8a477f597d28d172789f06886806bc55")
    assert len(half) == 32
    assert (tmp_path / "support-ring").stat().st_mode & 0o077 == 0


def crypto_case():
    from uuid import uuid4

    return uuid4()


@pytest.mark.django_db
def test_a_restored_backup_brings_no_erased_case_back(body):
    worker = make_worker(body)
    begun, kept = begin(worker, make_service(body)), begin(worker, make_service(body))
    rows = [
        *Case.objects.filter(pk=begun.case.pk), *Entry.objects.filter(case=begun.case),
        *Wrap.objects.filter(case=begun.case),
    ]  # fmt: skip
    ending.erase(actor=worker.user, opened=worker.open(begun.case.pk), now=NOW)
    for row in rows:
        row.save(force_insert=True)
    assert Case.objects.count() == 2, "the backup brought it back"
    with pytest.raises(IntegrityError):
        worker.open(begun.case.pk)
    assert ending.open_own(begun.code) is None
    assert len(cases.list_own(actor=worker.user, keys=worker.keys, now=NOW)) == 1
    assert jobs.erase(NOW) == 1
    assert [case.pk for case in Case.objects.all()] == [kept.case.pk]
    assert AuditEntry.objects.filter(action="support.sweep").count() == 1


@pytest.mark.django_db
def test_erasure_that_breaks_off_ends_in_erasure(body):
    worker = make_worker(body)
    begun = begin(worker, make_service(body))
    with transaction.atomic():
        ending.erase(actor=worker.user, opened=worker.open(begun.case.pk), now=NOW)
        transaction.set_rollback(True)
    assert Case.objects.exists()
    with pytest.raises(IntegrityError):
        worker.open(begun.case.pk)
    assert jobs.erase(NOW) == 1


@pytest.mark.django_db
def test_a_second_disk_keeps_the_halves_and_is_reached_by_erasure(body, tmp_path, settings):
    mirror = tmp_path / "mirror"
    settings.QALQAN_SUPPORT_MIRROR = str(mirror)
    worker, service = make_worker(body), make_service(body)
    with pytest.raises(SettingsError):
        begin(worker, service)
    mirror.mkdir()
    begun = begin(worker, service)
    for path in (tmp_path / "support-ring" / "halves").iterdir():
        path.unlink()
    assert pages(worker.open(begun.case.pk)), "the copy is as good"
    away = mirror.rename(tmp_path / "away")
    other = begin_elsewhere(worker, service, settings, mirror)
    found = ending.erase(actor=worker.user, opened=other, now=NOW)
    assert (found.folders, found.done, found.is_complete) == (2, 1, False)
    assert list((away / "halves").iterdir())
    mirror.exists() or away.rename(mirror)
    jobs.erase(NOW)
    stale = [path for path in (mirror / "halves").iterdir() if other.case.pk.hex in path.name]
    assert stale == []


@pytest.mark.django_db
def test_a_withdrawal_does_not_wait_for_the_second_disk(body, tmp_path, settings):
    worker, other = make_worker(body), make_worker()
    vouch(worker, other)
    theirs = make_service(other.user.organisation)
    begun = begin(worker, make_service(body), theirs)
    settings.QALQAN_SUPPORT_MIRROR = str(tmp_path / "mirror")
    own = ending.open_own(begun.code)
    ending.withdraw(actor=PUBLIC, opened=own, service_id=theirs.pk, now=NOW)
    assert other.open(begun.case.pk) is None
    assert worker.look(begun.case.pk).case.generation == 1
    (tmp_path / "mirror").mkdir()
    assert worker.look(begun.case.pk).case.generation == 2
    assert not Wrap.objects.filter(helper=other.helper).exists()


def begin_elsewhere(worker, service, settings, mirror) -> Opened:
    """Begin a case while there is no second disk, which is then asked for again."""
    settings.QALQAN_SUPPORT_MIRROR = ""
    begun = begin(worker, service)
    settings.QALQAN_SUPPORT_MIRROR = str(mirror)
    return worker.open(begun.case.pk)


@pytest.mark.django_db
def test_an_administrator_who_takes_the_account_over_does_not_have_the_phrase(body):
    from tests.desk.support.test_pages import enter, page, start

    client = enter(body)
    case, pseudonym, *_rest = start(client, make_service(body))
    intruder = sign_in(Client(), client.user)
    shown = page(intruder, "home").content.decode()
    assert pseudonym not in shown
    assert page(intruder, "case", case).status_code == 302
    # Making a new key in the worker's name opens nothing of before.
    phrase = "phrase of the administrator here"
    intruder.post(reverse("support:make_key"), {"phrase": phrase, "again": phrase})
    assert page(intruder, "case", case).status_code == 404
    assert pseudonym not in page(intruder, "home").content.decode()


@pytest.mark.django_db
def test_other_rooms_learn_released_counts_only(body):
    worker = make_worker(body)
    for _each in range(12):
        cases.count_enquiry(actor=worker.user, district=None, now=NOW)
    begin(worker, make_service(body))
    assert counts() is None
    later = NOW + timedelta(days=60)
    assert jobs.release(later) is True
    assert jobs.release(later) is False
    shown = counts()
    assert shown.edition == "2026-Q1"
    assert shown.tables["enquiries"].count("asked", "–") == 12
    one = shown.tables["begun"]
    assert one.count("begun", "studies") is None, "one case is not told"
    assert one.count("begun", "total") is None
    assert Tally.objects.get(event="begun").count == 1
    assert "studies" not in json.dumps(list(AuditEntry.objects.values_list("detail_json")))


@pytest.mark.django_db
def test_a_colleague_of_another_body_gets_nothing_by_vouching(body):
    worker, stranger = make_worker(body), make_worker()
    vouch(worker, stranger)
    begun = begin(worker, make_service(body))
    worker.look(begun.case.pk)
    assert stranger.open(begun.case.pk) is None
    assert not Wrap.objects.filter(helper=stranger.helper).exists()
    assert Helper.objects.count() == 2
