"""The pages of the record."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.support.factories import NOW, make_user, sign_in

from qalqan.desk.platform.audit import services, triggers
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role, SystemActor

pytestmark = pytest.mark.django_db
CLERK = SystemActor("clerk")


@pytest.fixture
def auditor(client):
    return sign_in(client, make_user(Role.AUDITOR))


def write(count, action="test.act", actor=CLERK):
    for number in range(count):
        services.record(actor=actor, action=action, subject=f"thing:{number}", now=NOW)


def test_the_record_is_paged_and_narrowed(auditor):
    write(60)
    write(3, action="other.act")
    page = auditor.get("/audit/?action=test")
    assert len(page.context["page"].rows) == 50
    older = auditor.get(f"/audit/?{page.context['older']}")
    assert len(older.context["page"].rows) == 10
    assert {row.action for row in older.context["page"].rows} == {"test.act"}
    assert len(auditor.get("/audit/?who=system:clerk&action=other").context["page"].rows) == 3
    assert not auditor.get("/audit/?since=2027-01-01").context["page"].rows
    assert len(auditor.get("/audit/?until=2026-03-02").context["page"].rows) == 50
    assert not auditor.get("/audit/?until=2026-03-01&who=system:clerk").context["page"].rows


@pytest.mark.parametrize("query", ["before=x", "before=-1", "since=soon", "before=" + "9" * 30])
def test_a_bad_address_is_no_error(auditor, query):
    assert auditor.get(f"/audit/?{query}").status_code == 200


def test_the_number_of_queries_does_not_grow(auditor):
    write(5)
    auditor.get("/audit/")
    with CaptureQueriesContext(connection) as few:
        auditor.get("/audit/")
    write(45, actor=make_user())
    with CaptureQueriesContext(connection) as many:
        auditor.get("/audit/")
    assert len(few) == len(many)


def test_an_export_is_an_act(auditor):
    write(3)
    answer = auditor.post("/audit/export/", {"action": "test"})
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("sequence,written_at,actor_label")
    entry = AuditEntry.objects.order_by("-sequence").first()
    assert (entry.action, entry.detail) == ("audit.export", {"action": "test"})


def test_the_administrator_reads_but_does_not_export(client):
    sign_in(client, make_user(Role.ADMINISTRATOR))
    assert client.get("/audit/").status_code == 200
    assert client.post("/audit/export/").status_code == 403
    assert client.post("/audit/seal/").status_code == 403


def test_a_broken_record_is_named_on_its_page(auditor, settings, tmp_path):
    settings.HOME = tmp_path
    write(5)
    assert "is whole" in auditor.post("/audit/state/").content.decode()
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_auditentry SET subject = 'x' WHERE sequence = 3")
    page = auditor.post("/audit/state/").content.decode()
    assert "broken at entry 3" in page
    assert "triggers are missing" in page


def test_a_day_is_sealed_from_the_page(auditor, settings, tmp_path):
    settings.HOME = tmp_path
    write(2)
    page = auditor.post("/audit/seal/", follow=True).content.decode()
    assert "sealed at entry" in page
    assert len(auditor.get("/audit/state/").context["seals"]) == 1
