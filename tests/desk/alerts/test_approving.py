"""Two persons stand behind every warning; in need one, and everybody knows."""

import hashlib
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError as DatabaseRefusal
from django.db import transaction
from django_tasks_db.models import DBTaskResult
from tests.support.alerts_factories import (
    SAID,
    make_content,
    make_district,
    make_sent,
    make_submitted,
)
from tests.support.factories import NOW, make_user

from qalqan.cap.read import read
from qalqan.cap.trust import load_trust
from qalqan.cap.verify import verify
from qalqan.desk.alerts import services
from qalqan.desk.alerts.models import Alert, AlertVersion
from qalqan.desk.alerts.services import signing
from qalqan.desk.alerts.services.telling import tell_of_break_glass
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role, SystemActor
from qalqan.desk.platform.work.models import WorkItem
from qalqan.errors import ConflictError, InputError, IntegrityError, RefusedError, SettingsError

pytestmark = pytest.mark.django_db
S = AlertVersion.State


def test_the_second_person_signs_exactly_the_bytes_that_were_shown():
    version = make_submitted()
    shown = bytes(version.xml)
    approver = make_user(Role.SECRETARY)
    sent = services.approve(
        actor=approver, version=version, shown_hash=hashlib.sha256(shown).hexdigest(), now=NOW
    )
    assert sent.state == S.APPROVED
    assert sent.approved_by == approver
    signed = bytes(sent.signed_xml)
    end = shown.rindex(b"</alert>")
    assert signed.startswith(shown[:end])
    assert signed.endswith(shown[end:])
    trust = [signing.signer(now=NOW).certificate]
    assert verify(signed, trust=trust, at=NOW).alert.identifier == sent.identifier
    sent.alert.refresh_from_db()
    assert sent.alert.is_live(NOW)
    assert not sent.alert.is_live(NOW + timedelta(minutes=121))


def test_the_writer_approves_nothing():
    writer = make_user(Role.DUTY_OFFICER)
    version = make_submitted(writer)
    with pytest.raises(RefusedError, match="second person"):
        services.approve(actor=writer, version=version, shown_hash=version.xml_sha256, now=NOW)
    version.refresh_from_db()
    assert version.state == S.SUBMITTED


def test_nobody_is_no_second_person():
    version = make_submitted()
    with pytest.raises(RefusedError, match="second person"):
        services.approve(
            actor=SystemActor("worker"), version=version, shown_hash=version.xml_sha256, now=NOW
        )


@pytest.mark.parametrize(
    "broken",
    [
        {"approved_by": "writer"},
        {"approved_at": NOW, "approved_by": None},
        {"approved_at": NOW, "is_break_glass": True, "break_glass_reason": ""},
        {"state": S.APPROVED},
        {"state": S.SENT, "signed_xml": None},
        {"reviewed_by": "writer"},
    ],
    ids=["writer", "nobody", "no-reason", "unapproved", "unsigned", "reviewing-oneself"],
)
def test_the_database_itself_refuses(broken):
    version = make_submitted()
    given = {k: version.drafted_by if v == "writer" else v for k, v in broken.items()}
    with pytest.raises(DatabaseRefusal), transaction.atomic():
        AlertVersion.objects.filter(pk=version.pk).update(**given)


@pytest.mark.parametrize(
    "changed",
    [
        {"xml": b"<alert/>"},
        {"signed_xml": b"<alert/>"},
        {"xml_sha256": "0" * 64},
        {"identifier": "another"},
        {"approved_at": None},
        {"approved_at": NOW + timedelta(minutes=1)},
        {"state": S.DRAFT},
        {"is_break_glass": True},
    ],
    ids="-".join,
)
def test_what_was_approved_is_fixed_in_the_database_itself(changed):
    version = make_sent()
    with pytest.raises(DatabaseRefusal), transaction.atomic():
        AlertVersion.objects.filter(pk=version.pk).update(**changed)
    before = bytes(version.signed_xml)
    AlertVersion.objects.filter(pk=version.pk).update(state=S.SENT)
    version.refresh_from_db()
    assert (version.state, bytes(version.signed_xml)) == (S.SENT, before)


def test_a_changed_draft_is_not_what_was_approved():
    writer, district = make_user(Role.DUTY_OFFICER), make_district()
    version = make_submitted(writer, content=make_content(district))
    shown = version.xml_sha256
    again = services.submit(
        actor=writer, version=version, content=make_content(district, minutes=360), now=NOW
    )
    assert again.xml_sha256 != shown
    approver = make_user(Role.SECRETARY)
    for given in (shown, "", "0" * 64):
        with pytest.raises(ConflictError, match="anew"):
            services.approve(actor=approver, version=version, shown_hash=given, now=NOW)
    version.refresh_from_db()
    assert version.signed_xml is None


def test_bytes_that_were_changed_behind_the_desk_are_not_signed():
    version = make_submitted()
    AlertVersion.objects.filter(pk=version.pk).update(xml=bytes(version.xml) + b" ")
    with pytest.raises(IntegrityError, match="not what it was"):
        services.approve(
            actor=make_user(Role.SECRETARY), version=version, shown_hash=version.xml_sha256,
            now=NOW,
        )  # fmt: skip


def test_a_message_whose_time_has_passed_does_not_leave():
    version = make_submitted()
    with pytest.raises(ConflictError, match="ended before"):
        services.approve(
            actor=make_user(Role.SECRETARY), version=version, shown_hash=version.xml_sha256,
            now=NOW + timedelta(minutes=120),
        )  # fmt: skip


def test_what_left_never_changes_again():
    writer, district = make_user(Role.DUTY_OFFICER), make_district()
    version = make_sent(writer, content=make_content(district))
    for act in (services.save_draft, services.submit):
        with pytest.raises(ConflictError):
            act(actor=writer, version=version, content=make_content(district), now=NOW)
    with pytest.raises(ConflictError):
        services.discard(actor=writer, version=version, now=NOW)


def test_sent_back_with_a_reason_it_is_a_draft_again():
    version = make_submitted()
    approver = make_user(Role.PRESS_OFFICER)
    services.reject(
        actor=approver, version=version, shown_hash=version.xml_sha256, reason="Name the street",
        now=NOW,
    )  # fmt: skip
    version.refresh_from_db()
    assert (version.state, version.rejected_reason) == (S.REJECTED, "Name the street")
    draft = version.alert.versions.get(state=S.DRAFT)
    assert draft.content == version.content
    assert draft.identifier is None
    with pytest.raises(ConflictError):
        services.approve(actor=approver, version=version, shown_hash=version.xml_sha256, now=NOW)


def test_in_need_one_person_sends_and_the_others_are_told_at_once(settings):
    settings.EMAIL_HOST = "mail.invalid"
    alone = make_user(Role.DUTY_OFFICER, email="duty@desk.invalid")
    secretary = make_user(Role.SECRETARY, email="secretary@desk.invalid", language="kk")
    make_user(Role.ANALYST, email="analyst@desk.invalid")
    version = make_submitted(alone)
    sent = services.break_glass(
        actor=alone, version=version, shown_hash=version.xml_sha256,
        reason="Nobody answers, gas is spreading", now=NOW,
    )  # fmt: skip
    assert sent.state == S.APPROVED
    assert sent.approved_by is None
    item = WorkItem.objects.get(kind="alerts.review_break_glass")
    assert item.organisation == alone.organisation
    assert item.due_at == NOW + timedelta(hours=24)
    queued = DBTaskResult.objects.filter(task_path__endswith="tell_of_break_glass")
    assert queued.count() == 1, "written in the transaction of the act"
    assert tell_of_break_glass(sent.pk) == 1
    assert [m.to for m in mail.outbox] == [[secretary.email]]
    assert f"/alerts/messages/{sent.pk}/" in mail.outbox[0].body

    with pytest.raises(RefusedError, match="Another person"):
        services.review(actor=alone, version=sent, outcome="It was right", now=NOW)
    services.review(actor=secretary, version=sent, outcome="It was right", now=NOW)
    item.refresh_from_db()
    assert item.state == WorkItem.State.DONE
    with pytest.raises(ConflictError):
        services.review(actor=secretary, version=sent, outcome="Twice", now=NOW)


def test_sending_alone_needs_a_reason_the_duty_officer_and_an_actual_danger():
    press, duty = make_user(Role.PRESS_OFFICER), make_user(Role.DUTY_OFFICER)
    by_press, by_duty = make_submitted(press), make_submitted(duty)
    exercise = make_submitted(duty, status="Exercise")

    def alone(actor, version, reason="Nobody answers"):
        return services.break_glass(
            actor=actor, version=version, shown_hash=version.xml_sha256, reason=reason, now=NOW
        )

    with pytest.raises(RefusedError):
        alone(press, by_press)
    with pytest.raises(InputError):
        alone(duty, by_duty, reason="  ")
    with pytest.raises(ConflictError, match="you can approve it"):
        alone(duty, by_press)
    with pytest.raises(ConflictError, match="waits for a second person"):
        alone(duty, exercise)
    assert not AlertVersion.objects.filter(approved_at__isnull=False).exists()


def test_a_key_that_cannot_be_read_lets_nothing_leave(settings):
    version = make_submitted()
    settings.QALQAN_ALERT_KEY = "/nowhere/key.pem"
    with pytest.raises(SettingsError):
        services.approve(
            actor=make_user(Role.SECRETARY), version=version, shown_hash=version.xml_sha256,
            now=NOW,
        )  # fmt: skip
    version.refresh_from_db()
    assert (version.state, version.approved_at) == (S.SUBMITTED, None)


def test_the_desks_own_key_is_sealed_and_made_once(settings):
    first = signing.signer(now=NOW)
    again = signing.signer(now=NOW)
    assert first.is_own
    assert first.certificate == again.certificate
    kept = (settings.HOME / "keys" / "alerts.key.sealed").read_bytes()
    assert b"PRIVATE" not in kept
    public = (settings.HOME / "keys" / "alerts.pem").read_bytes()
    assert load_trust(public) == (first.certificate,)


def test_every_act_is_in_the_audit():
    version = make_sent()
    actions = AuditEntry.objects.order_by("sequence").values_list("action", flat=True)
    assert [a for a in actions if a.startswith("alerts.")] == [
        "alerts.start", "alerts.submit", "alerts.approve",
    ]  # fmt: skip
    detail = AuditEntry.objects.get(action="alerts.approve").detail_json
    assert version.identifier in detail
    assert version.xml_sha256 in detail


def test_identifiers_and_senders_are_the_desks_own(settings):
    settings.QALQAN_ALERT_OID = "2.49.0.1.398.77"
    settings.QALQAN_ALERT_SENDER = "desk@example.kz"
    settings.QALQAN_ALERT_SENDER_NAME = "Кеңес|Совет|Council"
    first, second = make_submitted(), make_submitted()
    message = read(bytes(first.xml))
    assert message.identifier.startswith("urn:oid:2.49.0.1.398.77.")
    assert first.identifier != second.identifier
    assert message.sender == "desk@example.kz"
    assert [info.sender_name for info in message.infos] == ["Кеңес", "Совет", "Council"]
    assert [info.headline for info in message.infos] == [SAID[c].headline for c in SAID]


def test_a_draft_that_is_thrown_away_leaves_only_its_trace():
    writer = make_user(Role.PRESS_OFFICER)
    version = services.start(actor=writer, status="Actual", now=NOW)
    services.discard(actor=writer, version=version, now=NOW)
    assert not Alert.objects.exists()
    assert AuditEntry.objects.filter(action="alerts.discard").count() == 1


@pytest.mark.parametrize("role", [Role.ANALYST, Role.INSPECTOR, Role.AUDITOR, Role.SECRETARY])
def test_who_may_not_write_begins_nothing(role):
    with pytest.raises(RefusedError):
        services.start(actor=make_user(role), status="Actual", now=NOW)
