"""The delivery board, targets, and the pages on which people ask to be warned."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.desk.query_budgets import BUDGETS
from tests.support.alert_delivery import make_subscribers, make_target, make_version, send_out
from tests.support.alerts_factories import make_district, make_submitted
from tests.support.factories import make_user, sign_in

from qalqan.desk.alerts.models import (
    AlertDistrict,
    Delivery,
    Lane,
    Receipt,
    SendingWorker,
    Subscriber,
    Target,
)
from qalqan.desk.alerts.selectors import delivery as selectors
from qalqan.desk.alerts.sending import letters
from qalqan.desk.alerts.sending.upkeep import Upkeep
from qalqan.desk.alerts.services import outbox, subscribers
from qalqan.desk.alerts.services.targets import TargetData, add_target
from qalqan.desk.alerts.views import subscribe as pages
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.places.models import Population
from qalqan.desk.platform.policies import PUBLIC, Role, SystemActor
from qalqan.desk.platform.sources.services import get_or_create_source
from qalqan.errors import ConflictError, InputError, RefusedError

pytestmark = pytest.mark.django_db
ACTOR = SystemActor("test")


@pytest.fixture(autouse=True)
def _fresh_limits() -> None:
    pages.ASK.forget()
    pages.TRY.forget()


def told(district, *states):
    """Return a message with one delivery to a target in each state, each for 300 people."""
    now = datetime.now(UTC)
    for number, _state in enumerate(states):
        make_target(
            f"Siren {number}", "mqtt://127.0.0.1:1", kind="mqtt", district=district, people=300,
            people_source="owner",
        )  # fmt: skip
    version = make_version(now=now)
    AlertDistrict.objects.create(version=version, district=district)
    outbox.enqueue(version=version, now=now)
    for row, state in zip(Delivery.objects.order_by("pk"), states, strict=True):
        Delivery.objects.filter(pk=row.pk).update(state=state)
        Receipt.objects.create(delivery=row, attempt=1, event="accepted", at=now)
    return version


def test_board_counts_by_way_and_district_and_gives_people_as_a_range():
    district = make_district("Алға")
    source = get_or_create_source(actor=ACTOR, name="Statistics", kind="agency", now=NOW)
    Population.objects.create(place=district, year=2024, count=1_000, source=source)
    version = told(district, "played", "played", "accepted", "failed", "queued")
    board = selectors.board(ACTOR, version, now=datetime.now(UTC))
    assert (board.total.have_it, board.total.total, board.rest) == (3, 5, 2)
    assert [row.total for row in board.by_channel] == [5]
    assert [row.label for row in board.by_district] == [district.name]
    (reached,) = board.reached
    # Two sirens told that they played: 300 people if they are the same ones, 600 if none is.
    assert (reached.people, reached.low, reached.high) == (1_000, 300, 600)
    assert (reached.missed_at_least, reached.missed_at_most) == (400, 700)
    assert (board.devices, board.devices_played) == (5, 2)


NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize("name", ["board", "board_part", "targets"])
def test_pages_keep_their_budget_of_queries(client, name):
    district = make_district("Алға")
    version = told(district, "accepted", "failed")
    client = sign_in(client, make_user(Role.DUTY_OFFICER))
    address = reverse(f"alerts:{name}", args=[] if name == "targets" else [version.pk])
    client.get(address)
    counts = []
    for more in (0, 8):
        for number in range(more):
            make_target(f"More {number}", "https://example.test/x")
        if more:
            outbox.to_targets(version.dispatch, NOW)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[1] <= BUDGETS[f"alerts:{name}"]


def test_board_shows_the_numbers_and_sends_again(client):
    version = told(make_district("Алға"), "accepted", "failed")
    client = sign_in(client, make_user(Role.DUTY_OFFICER))
    page = client.get(reverse("alerts:board", args=[version.pk])).content.decode()
    assert "1 of 2 have it" in page
    answer = client.post(reverse("alerts:resend", args=[version.pk]), follow=True)
    assert answer.status_code == 200
    # The siren that took it and did not play gets it anew as well.
    assert Delivery.objects.filter(state="queued", again=1).count() == 2
    assert AuditEntry.objects.filter(action="alerts.resend").count() == 1
    assert Lane.objects.filter(has_news=True).count() == 2


def test_board_stream_sends_the_part_first(client):
    version = told(make_district("Алға"), "accepted")
    client = sign_in(client, make_user(Role.DUTY_OFFICER))
    response = client.get(reverse("alerts:board_stream", args=[version.pk]))
    assert response["Content-Type"] == "text/event-stream"
    lines = iter(response.streaming_content)
    assert next(lines) == b"retry: 1000\n\n"
    assert "1 of 1 have it" in next(lines).decode()
    response.close()


def test_reader_may_look_and_not_send_again(client):
    version = told(make_district("Алға"), "failed")
    client = sign_in(client, make_user(Role.ANALYST))
    assert b'id="resend"' not in client.get(reverse("alerts:board", args=[version.pk])).content
    assert client.post(reverse("alerts:resend", args=[version.pk])).status_code == 403


def test_draft_has_no_board(client):
    version = make_submitted()
    client = sign_in(client, make_user(Role.DUTY_OFFICER))
    assert client.get(reverse("alerts:board", args=[version.pk])).status_code == 404


def test_administrator_adds_a_target_and_sees_its_secret_once(client, settings):
    settings.QALQAN_TARGETS_MAY_BE_PRIVATE = True
    client = sign_in(client, make_user(Role.ADMINISTRATOR))
    form = {
        "name": "Hub", "kind": "webhook", "address": "http://127.0.0.1:9/x", "language": "kk",
        "least": "0",
    }  # fmt: skip
    page = client.post(reverse("alerts:target_add"), form)
    secret = re.search(r"qalqan_alert_[\w-]+", page.content.decode())
    assert secret is not None
    target = Target.objects.get()
    assert secret[0].encode() not in bytes(target.secret)
    assert b"127.0.0.1" not in bytes(target.address)
    again = client.get(reverse("alerts:targets")).content.decode()
    assert secret[0] not in again
    assert "127.0.0.1" not in again
    client.post(reverse("alerts:target_switch", args=[target.pk]))
    assert not Target.objects.get().is_enabled


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("webhook", "http://example.kz/"), ("webhook", "https://127.0.0.1/"),
        ("webhook", "https://[::1]/"), ("webhook", "https://169.254.169.254/latest"),
        ("sms", "https://10.0.0.1/send"), ("bot", "https://192.168.1.1/"),
        ("webhook", "https://user:word@9.9.9.9/"), ("webhook", "ftp://9.9.9.9/"),
        ("mqtt", "https://9.9.9.9/"), ("mail", "http://9.9.9.9/"), ("fax", "https://9.9.9.9/"),
    ],
)  # fmt: skip
def test_address_in_a_private_network_or_of_another_kind_is_refused(kind, address):
    data = TargetData(
        name="x", kind=kind, address=address, secret="t", options={"chat": "c"} if kind == "bot"
        else {"sender": "a@b.test"} if kind == "mail" else {},
    )  # fmt: skip
    with pytest.raises(InputError):
        add_target(actor=ACTOR, data=data, now=NOW)
    assert not Target.objects.exists()


def test_duty_officer_adds_no_target():
    data = TargetData(name="x", kind="mqtt", address="mqtts://sirens.example.test")
    with pytest.raises(RefusedError):
        add_target(actor=make_user(Role.DUTY_OFFICER), data=data, now=NOW)


@pytest.fixture
def gateways() -> None:
    make_target("Mail", "smtp://127.0.0.1:1", kind="mail", options={"sender": "a@b.test"})
    make_target("SMS", "https://example.test", kind="sms")


def token_of(salt: str) -> str:
    from django.core import signing

    return signing.dumps(Subscriber.objects.get().pk, salt=salt)


@pytest.mark.usefixtures("gateways")
def test_reader_asks_confirms_and_leaves_by_mail(client):
    asked = client.post(
        reverse("alerts:subscribe", args=["ru"]), {"channel": "mail", "address": "a@Example.test"}
    )
    assert asked.status_code == 200
    row = Subscriber.objects.get()
    assert (row.language, row.confirmed_at) == ("ru", None)
    assert b"example" not in bytes(row.address)
    assert Delivery.objects.get(version=None).subscriber == row.pk
    send_out()
    assert not Delivery.objects.filter(version__isnull=False).exists()
    confirm = reverse("alerts:confirm", args=["ru", token_of(letters.CONFIRM)])
    client.get(confirm)
    assert Subscriber.objects.get().confirmed_at is None
    assert client.post(confirm).status_code == 200
    assert Subscriber.objects.get().confirmed_at is not None
    leave = reverse("alerts:leave", args=["ru", token_of(letters.LEAVE)])
    client.get(leave)
    assert Subscriber.objects.exists()
    assert client.post(leave).status_code == 200
    assert not Subscriber.objects.exists()
    details = "".join(AuditEntry.objects.values_list("detail_json", flat=True))
    assert "example" not in details


@pytest.mark.usefixtures("gateways")
def test_telephone_is_confirmed_by_its_code_and_five_wrong_ones_end_it(client):
    number = "8 (701) 123-45-67"
    client.post(reverse("alerts:subscribe", args=["kk"]), {"channel": "sms", "address": number})
    row = Subscriber.objects.get()
    right = letters.confirm_code(row.pk, row.asked_at)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    address = reverse("alerts:subscribe_code", args=["kk"])
    for _ in range(4):
        assert client.post(address, {"address": number, "code": wrong}).status_code == 422
    assert client.post(address, {"address": number, "code": right}).status_code == 200
    assert Subscriber.objects.get().confirmed_at is not None
    for _ in range(5):
        client.post(address, {"address": number, "code": wrong})
    assert client.post(address, {"address": number, "code": right}).status_code == 422


@pytest.mark.usefixtures("gateways")
def test_a_telephone_leaves_or_stays_with_a_new_code_long_after_the_first(client):
    number = "+77011234567"
    given = {"actor": PUBLIC, "channel": "sms", "address": number, "language": "kk",
             "district": None}  # fmt: skip
    subscribers.ask(**given, now=NOW)
    row = Subscriber.objects.get()
    right = letters.confirm_code(row.pk, row.asked_at)
    assert subscribers.confirm_by_code(actor=PUBLIC, address=number, code=right, now=NOW)
    late = NOW + timedelta(days=300)
    old = {"actor": PUBLIC, "address": number, "code": right, "now": late}
    assert not subscribers.leave_by_code(**old)
    subscribers.ask(**given, now=late)
    subscribers.ask(**given, now=late + timedelta(hours=7))
    row.refresh_from_db()
    assert (row.asked_at, row.confirmed_at) == (late, NOW)
    assert Delivery.objects.get(version=None).again == 1
    new = {**old, "code": letters.confirm_code(row.pk, row.asked_at)}
    assert subscribers.confirm_by_code(**new)
    assert Subscriber.objects.get().ends_at == late + subscribers.HOLDS
    assert subscribers.leave_by_code(**new)
    assert not Subscriber.objects.exists()


@pytest.mark.usefixtures("gateways")
def test_nobody_learns_who_is_subscribed(client):
    address = reverse("alerts:subscribe", args=["kk"])
    form = {"channel": "mail", "address": "a@example.test"}
    first = client.post(address, form).content
    Subscriber.objects.update(confirmed_at=NOW)
    again = client.post(address, form).content
    masked = [re.sub(rb'(nonce|value|content)="[^"]+"', b"", page) for page in (first, again)]
    assert masked[0] == masked[1]
    assert Delivery.objects.filter(version=None).count() == 1


@pytest.mark.usefixtures("gateways")
@pytest.mark.parametrize(
    ("channel", "address"),
    [
        ("mail", "nobody"), ("mail", "a@b.test\nBcc: c@d.test"), ("mail", "a b@c.test"),
        ("sms", "112"), ("sms", "+7701123456789012345"), ("sms", "701-ABC"),
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(channel, address):
    with pytest.raises(InputError):
        subscribers.ask(
            actor=PUBLIC, channel=channel, address=address, language="kk", district=None, now=NOW
        )
    assert not Subscriber.objects.exists()


def test_no_gateway_no_list():
    with pytest.raises(ConflictError):
        subscribers.ask(
            actor=PUBLIC, channel="mail", address="a@b.test", language="kk", district=None, now=NOW
        )


def test_subscribers_are_forgotten_when_their_time_is_over():
    make_subscribers(3)
    keys = list(Subscriber.objects.order_by("pk").values_list("pk", flat=True))
    Subscriber.objects.filter(pk=keys[0]).update(ends_at=NOW - timedelta(seconds=1))
    assert subscribers.forget(actor=ACTOR, now=NOW) == 1
    assert set(Subscriber.objects.values_list("pk", flat=True)) == set(keys[1:])


def test_staff_see_no_subscriber():
    make_subscribers(1)
    for role in Role.values:
        assert not Subscriber.objects.visible_to(make_user(role)).exists()


def test_of_a_subscriber_only_what_delivery_needs_is_kept():
    assert {field.name for field in Subscriber._meta.get_fields()} == {
        "id", "channel", "lookup", "address", "language", "district", "least", "wrong_codes",
        "asked_at", "confirmed_at", "ends_at",
    }  # fmt: skip


def test_the_board_says_where_no_sender_runs(client):
    make_target("Hook", "https://warn.example/hook")
    version = make_version(now=datetime.now(UTC))
    outbox.enqueue(version=version, now=datetime.now(UTC))
    sign_in(client, make_user(Role.DUTY_OFFICER, language="en"))
    address = reverse("alerts:board", args=[version.pk])
    assert "no sender runs" in client.get(address).text
    upkeep = Upkeep(name="one", clock=lambda: datetime.now(UTC))
    upkeep.register()
    upkeep.run()
    assert "no sender runs" not in client.get(address).text
    SendingWorker.objects.update(seen_at=datetime.now(UTC) - timedelta(minutes=1))
    assert "no sender runs" in client.get(address).text
    Delivery.objects.update(state="accepted")
    assert "no sender runs" not in client.get(address).text


def test_the_board_names_who_is_tried_again_and_why(client):
    make_target("Slow hub", "https://warn.example/hook")
    make_target("Dead hub", "https://warn.example/dead")
    version = make_version(now=datetime.now(UTC))
    outbox.enqueue(version=version, now=datetime.now(UTC))
    Delivery.objects.filter(target__name="Slow hub").update(
        state="waiting", attempts=4, last_error="503 busy"
    )
    Delivery.objects.filter(target__name="Dead hub").update(
        state="failed", attempts=1, last_error="422 refused"
    )
    sign_in(client, make_user(Role.DUTY_OFFICER, language="en"))
    page = client.get(reverse("alerts:board", args=[version.pk])).text
    assert page.index("Dead hub") < page.index("Slow hub")
    assert "503 busy" in page
    assert "Tried, again later" in page
