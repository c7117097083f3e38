"""An entry is written inside its act, and the database refuses to change it."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from tests.support.factories import NOW, make_user

from qalqan.desk.platform.audit import selectors, services
from qalqan.desk.platform.audit.models import GENESIS, AuditEntry
from qalqan.desk.platform.policies import SystemActor

pytestmark = pytest.mark.django_db
CLERK = SystemActor("test")


def write(number=1, **detail):
    return services.record(
        actor=CLERK, action="test.act", subject=f"thing:{number}", now=NOW, detail=detail
    )


def test_entries_are_chained_from_the_genesis():
    first, second = write(1), write(2, count=3)
    assert (first.sequence, first.previous_hash) == (1, GENESIS)
    assert (second.sequence, second.previous_hash) == (2, first.entry_hash)
    head = selectors.head()
    assert (head.sequence, head.hash, head.written_at) == (2, second.entry_hash, NOW)


def test_the_hash_is_what_the_description_says():
    entry = write(1, b=2, a="ә")
    text = json.dumps(
        [
            "qalqan-audit-1",
            1,
            "2026-03-02T04:00:00.000000+00:00",
            "system:test",
            "system",
            "test.act",
            "thing:1",
            '{"a":"ә","b":2}',
            "0" * 64,
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    )
    assert entry.entry_hash == hashlib.sha256(text.encode()).hexdigest()


def test_a_model_is_named_by_kind_and_key():
    user = make_user()
    entry = services.record(actor=user, action="test.act", subject=user, now=NOW)
    assert entry.subject == f"accounts.user:{user.pk}"
    assert entry.actor_label == f"user:{user.pk}"


def test_no_head_before_the_first_entry():
    assert selectors.head() is None


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused():
    with pytest.raises(transaction.TransactionManagementError):
        write()


@pytest.mark.django_db(transaction=True)
def test_an_entry_falls_with_its_act():
    def act():
        with transaction.atomic():
            write()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert not AuditEntry.objects.exists()
    assert selectors.head() is None


def test_long_texts_and_times_without_zone_are_refused():
    with pytest.raises(ValueError, match="200"):
        write(1, text="x" * 201)
    with pytest.raises(ValueError, match="zone"):
        services.record(
            actor=CLERK,
            action="a.b",
            subject="c",
            now=datetime(2026, 1, 1),  # noqa: DTZ001
        )


def test_reading_sealed_data_is_written_down():
    user = make_user()
    entry = services.record_read(actor=user, subject="support.case:7", now=NOW)
    assert (entry.action, entry.subject) == ("support.case.read", "support.case:7")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_auditentry SET subject = 'other'",
        "DELETE FROM audit_auditentry",
        "UPDATE audit_auditseal SET sequence = 9",
        "DELETE FROM audit_auditseal",
        "DELETE FROM audit_audithead",
        "UPDATE audit_audithead SET sequence = 0",
    ],
)
def test_the_database_refuses_to_change_the_past(sql):
    write()
    services.seal_day(actor=CLERK, day=NOW.date(), now=NOW)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(sql)


@pytest.mark.parametrize("table", ["audit_auditentry", "audit_auditseal", "audit_audithead"])
def test_postgresql_refuses_to_truncate(table):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    write()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        connection.cursor().execute(f"TRUNCATE {table} CASCADE")


def test_a_real_desk_cannot_be_flushed(settings):
    settings.AUDIT_MAY_BE_FLUSHED = False
    with pytest.raises(CommandError, match="append-only"):
        call_command("flush", interactive=False)


@pytest.mark.django_db(transaction=True)
def test_acts_at_the_same_time_make_one_chain():
    if connection.vendor == "sqlite":
        pytest.skip("the test database lives in memory, where threads cannot write together")

    def act(number):
        try:
            for step in range(10):
                with transaction.atomic():
                    write(number, step=step)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(act, range(4)))
    result = services.verify()
    assert (result.ok, result.entries) == (True, 40)
