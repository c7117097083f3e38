"""The check of the chain names the first entry that is not as it was written."""

from datetime import timedelta

import pytest
from django.db import connection
from tests.support.factories import NOW

from qalqan.desk.platform.audit import services, triggers
from qalqan.desk.platform.audit.models import AuditSeal
from qalqan.desk.platform.audit.services import verifying
from qalqan.desk.platform.policies import SystemActor
from qalqan.errors import ConflictError

pytestmark = pytest.mark.django_db
CLERK = SystemActor("test")
SET_ENTRY = "UPDATE audit_auditentry SET %s = %%s WHERE sequence = 7"
SET_SEAL = "UPDATE audit_auditseal SET %s = %%s"


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch):
    # Six pages instead of one, so that their seams are checked as well.
    monkeypatch.setattr(verifying, "PAGE", 4)


@pytest.fixture
def keys(tmp_path):
    services.create_seal_key(folder=tmp_path)
    return tmp_path


@pytest.fixture
def chain():
    for number in range(1, 21):
        services.record(
            actor=CLERK,
            action="test.act",
            subject=f"thing:{number}",
            now=NOW + timedelta(seconds=number),
            detail={"count": number, "share": number / 7, "word": "Ақтөбе"},
        )


def tamper(sql, *values):
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        count = cursor.rowcount
    assert count > 0
    triggers.install(connection)


def test_an_empty_chain_is_whole():
    assert services.verify() == services.Verification(True, 0)


@pytest.mark.usefixtures("chain")
def test_an_untouched_chain_is_whole():
    seen = []
    result = services.verify(progress=lambda done, total: seen.append((done, total)))
    assert (result.ok, result.entries, result.guarded) == (True, 20, True)
    assert seen == [(4, 20), (8, 20), (12, 20), (16, 20), (20, 20), (20, 20)]


@pytest.mark.usefixtures("chain")
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor_label", "user:1"),
        ("role", "auditor"),
        ("action", "test.other"),
        ("subject", "thing:99"),
        ("detail_json", '{"count":0}'),
        ("written_at", "2026-03-02 05:00:00+00:00"),
    ],
)
def test_a_changed_field_is_found(column, value):
    tamper(SET_ENTRY % column, value)
    result = services.verify()
    assert (result.ok, result.entries, result.first_broken) == (False, 6, 7)
    assert "changed" in result.reason


@pytest.mark.usefixtures("chain")
@pytest.mark.parametrize("number", [1, 4, 5, 13])
def test_a_missing_entry_is_found(number):
    tamper("DELETE FROM audit_auditentry WHERE sequence = %s", number)
    result = services.verify()
    assert (result.ok, result.first_broken, result.reason) == (False, number, "It is missing.")


@pytest.mark.usefixtures("chain")
def test_a_rewritten_entry_breaks_the_next():
    from qalqan.desk.platform.audit.chain import entry_hash
    from qalqan.desk.platform.audit.models import AuditEntry

    row = AuditEntry.objects.get(sequence=7)
    forged = entry_hash(
        7, row.written_at, row.actor_label, row.role, row.action, "thing:99", row.detail_json,
        row.previous_hash,
    )  # fmt: skip
    tamper(
        "UPDATE audit_auditentry SET subject = 'thing:99', entry_hash = %s WHERE sequence = 7",
        forged,
    )
    result = services.verify()
    assert (result.ok, result.first_broken) == (False, 8)
    assert "follow" in result.reason


@pytest.mark.usefixtures("chain")
def test_a_chain_cut_at_the_end_is_found_by_its_head():
    tamper("DELETE FROM audit_auditentry WHERE sequence > 15")
    result = services.verify()
    assert (result.ok, result.entries, result.first_broken) == (False, 15, 16)
    assert "cut off" in result.reason


def cut_with_head():
    from qalqan.desk.platform.audit.models import AuditEntry

    tamper("DELETE FROM audit_auditentry WHERE sequence > 15")
    last = AuditEntry.objects.get(sequence=15).entry_hash
    tamper("UPDATE audit_audithead SET sequence = 15, hash = %s", last)


@pytest.mark.usefixtures("chain")
def test_a_cut_that_sets_the_head_back_is_found_by_a_seal(keys):
    services.seal_day(actor=CLERK, day=NOW.date(), now=NOW, keys=keys)
    cut_with_head()
    result = services.verify(keys=keys)
    assert (result.ok, result.first_broken) == (False, 16)


@pytest.mark.usefixtures("chain")
def test_without_any_seal_such_a_cut_cannot_be_seen():
    # Said here so that nobody believes more of a chain than it can do.
    cut_with_head()
    assert services.verify().ok


@pytest.mark.usefixtures("chain")
def test_seals_are_compared_and_their_signatures_checked(keys):
    seal = services.seal_day(actor=CLERK, day=NOW.date(), now=NOW, keys=keys)
    assert seal.sequence == 20
    assert services.seal_day(actor=CLERK, day=NOW.date(), now=NOW, keys=keys) == seal
    result = services.verify(keys=keys)
    assert (result.ok, result.entries, result.seals, result.signed) == (True, 21, 1, 1)


@pytest.mark.usefixtures("chain")
@pytest.mark.parametrize(
    ("column", "value", "word"),
    [
        ("entry_hash", "ab" * 32, "signature"),
        ("signature", "00" * 64, "signature"),
        ("key_id", "0" * 16, "another key"),
    ],
)
def test_a_forged_seal_is_found(keys, column, value, word):
    services.seal_day(actor=CLERK, day=NOW.date(), now=NOW, keys=keys)
    tamper(SET_SEAL % column, value)
    result = services.verify(keys=keys)
    assert not result.ok
    assert word in result.reason


@pytest.mark.usefixtures("chain")
def test_a_signature_taken_away_is_found(keys):
    for days in (0, 1):
        day = NOW.date() + timedelta(days=days)
        services.seal_day(actor=CLERK, day=day, now=NOW, keys=keys)
    tamper("UPDATE audit_auditseal SET signature = '' WHERE day = %s", day)
    assert not services.verify(keys=keys).ok


@pytest.mark.usefixtures("chain")
def test_an_unsigned_seal_still_shows_a_rewritten_past(tmp_path):
    services.seal_day(actor=CLERK, day=NOW.date(), now=NOW, keys=tmp_path)
    tamper("UPDATE audit_auditseal SET entry_hash = %s", "ab" * 32)
    result = services.verify(keys=tmp_path)
    assert (result.ok, result.first_broken) == (False, 20)


@pytest.mark.usefixtures("chain")
def test_an_entry_beyond_the_head_is_found():
    tamper("UPDATE audit_audithead SET sequence = 19")
    result = services.verify()
    assert (result.ok, result.first_broken) == (False, 19)


@pytest.mark.usefixtures("chain")
def test_missing_triggers_are_told():
    triggers.remove(connection)
    assert not services.verify().guarded
    triggers.install(connection)
    assert services.verify().guarded


def test_a_key_is_never_replaced(keys):
    with pytest.raises(ConflictError):
        services.create_seal_key(folder=keys)
    assert (keys / "audit_ed25519.pem").stat().st_mode & 0o777 == 0o600


def test_an_empty_chain_is_not_sealed(keys):
    assert services.seal_day(actor=CLERK, day=NOW.date(), now=NOW, keys=keys) is None
    assert not AuditSeal.objects.exists()


@pytest.mark.usefixtures("chain")
def test_the_worker_seals_the_day_that_has_ended(settings, tmp_path):
    from qalqan.desk.platform.audit.jobs import seal_yesterday

    settings.HOME = tmp_path
    # Five past midnight in Aktobe is still the evening before in UTC.
    seal_yesterday(NOW.replace(day=2, hour=19, minute=5))
    seal_yesterday(NOW.replace(day=2, hour=19, minute=5))
    assert [str(seal.day) for seal in AuditSeal.objects.all()] == ["2026-03-02"]
