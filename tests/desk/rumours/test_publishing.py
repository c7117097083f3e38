"""Telling of publications: webhooks, e-mail, a channel; each target for itself."""

import hmac
import json
import re
import threading
from contextlib import contextmanager
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse
from tests.support.answer_factories import WORDING, later, make_published
from tests.support.factories import NOW, make_user, sign_in
from tests.support.rumours_factories import ACTOR

from qalqan.desk.platform.policies import PUBLIC
from qalqan.desk.platform.privacy.outbound import is_public
from qalqan.desk.platform.privacy.sealing import lookups, seal, unseal
from qalqan.desk.rumours import mails, services
from qalqan.desk.rumours.models import (
    AnswerVersion,
    Delivery,
    MailSubscription,
    Publication,
    Webhook,
)
from qalqan.desk.rumours.services import sending
from qalqan.desk.rumours.services.sending import PAUSES
from qalqan.errors import ConflictError, InputError, IntegrityError, RefusedError

pytestmark = pytest.mark.django_db


@contextmanager
def server(*, status=200, hangs=False):
    """Listen on this machine and keep what is posted."""
    taken, release = [], threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append((self.path, dict(self.headers), body))
            if hangs:
                release.wait(2)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args):
            """Be quiet."""

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    listening.daemon_threads = True
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.server_port}", taken
    finally:
        release.set()
        listening.shutdown()
        listening.server_close()


@pytest.fixture
def near(settings):
    """Let targets lie on this machine."""
    settings.QALQAN_TARGETS_MAY_BE_PRIVATE = True


def add_hook(url, name="Portal"):
    return services.add_webhook(actor=make_user("administrator"), name=name, url=url, now=NOW)


def test_a_webhook_is_told_signed(near):
    with server() as (url, taken):
        _hook, secret = add_hook(f"{url}/in?a=1")
        make_published()
        assert Delivery.objects.get().state == "waiting"
        assert services.deliver_due(actor=ACTOR, now=NOW) == 1
    path, headers, body = taken[0]
    mac = hmac.new(secret.encode(), headers["Qalqan-Timestamp"].encode() + b"." + body, sha256)
    assert headers["Qalqan-Signature"] == f"v1={mac.hexdigest()}"
    assert (path, headers["Qalqan-Event"]) == ("/in?a=1", "first")
    told = json.loads(body)
    assert told["answer"]["verdict"] == "false"
    said = told["answer"]["languages"]
    assert [said[code]["headline"] for code in ("kk", "ru", "en")] == [
        WORDING[code].headline for code in ("kk", "ru", "en")
    ]
    assert said["en"]["url"].endswith(f"/public/en/answers/{told['answer']['number']}/")
    assert Delivery.objects.get().state == "done"
    assert services.deliver_due(actor=ACTOR, now=later(days=1)) == 0
    assert secret.encode() not in bytes(Webhook.objects.get().secret)


def test_publishing_and_its_deliveries_stand_or_fall_together(near):
    add_hook("http://127.0.0.1:9/")
    with transaction.atomic():
        make_published()
        assert Delivery.objects.count() == 1
        transaction.set_rollback(True)
    assert not Publication.objects.exists()
    assert not Delivery.objects.exists()


def test_a_dead_target_delays_no_other(near, monkeypatch):
    with server(status=500, hangs=True) as (dead, _none), server() as (alive, taken):
        add_hook(dead, "Dead")
        add_hook(alive, "Alive")
        make_published()
        at = {}
        original = sending._write_results

        def write(results, now):
            at[next(iter(results))] = monotonic()
            return original(results, now)

        monkeypatch.setattr("qalqan.desk.rumours.services.sending._write_results", write)
        assert services.deliver_due(actor=ACTOR, now=NOW) == 1
    rows = {row.webhook.name: row for row in Delivery.objects.select_related("webhook")}
    assert (rows["Alive"].state, rows["Dead"].state) == ("done", "waiting")
    assert at[rows["Alive"].pk] < at[rows["Dead"].pk]
    assert len(taken) == 1


def test_failures_are_tried_again_later_and_later_and_then_given_up(near):
    with server(status=500) as (url, taken):
        add_hook(url)
        make_published()
        now = NOW
        for number, pause in enumerate(PAUSES, 1):
            services.deliver_due(actor=ACTOR, now=now)
            row = Delivery.objects.get()
            assert (row.attempts, row.state, row.next_try_at) == (number, "waiting", now + pause)
            assert "500" in row.last_error
            services.deliver_due(actor=ACTOR, now=now + pause / 2)
            assert len(taken) == number
            now += pause
        services.deliver_due(actor=ACTOR, now=now)
        assert Delivery.objects.get().state == "given_up"
        assert Webhook.objects.get().failures == len(PAUSES) + 1


def test_one_webhook_hears_things_in_order(near):
    with server(status=503) as (url, taken):
        add_hook(url)
        answer = make_published()
        services.withdraw_answer(actor=make_user(), answer=answer, why="wrong", now=NOW)
        services.deliver_due(actor=ACTOR, now=NOW)
    assert [headers["Qalqan-Event"] for _path, headers, _body in taken] == ["first"]


def test_a_worker_that_died_is_replaced_after_its_lease(near):
    with server() as (url, taken):
        add_hook(url)
        make_published()
        sending._taken(NOW)
        assert services.deliver_due(actor=ACTOR, now=NOW) == 0
        assert services.deliver_due(actor=ACTOR, now=NOW + sending.LEASE) == 1
    assert len(taken) == 1


def test_a_paused_webhook_hears_later(near):
    with server() as (url, taken):
        hook, _secret = add_hook(url)
        admin = make_user("administrator")
        make_published()
        services.set_webhook_active(actor=admin, webhook=hook, is_active=False, now=NOW)
        assert services.deliver_due(actor=ACTOR, now=NOW) == 0
        services.set_webhook_active(actor=admin, webhook=hook, is_active=True, now=NOW)
        assert services.deliver_due(actor=ACTOR, now=NOW) == 1
    assert len(taken) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://example.kz/", "https://127.0.0.1/", "https://10.0.0.7/in", "https://[::1]/",
        "https://169.254.169.254/latest", "https://[::ffff:10.0.0.1]/", "ftp://9.9.9.9/",
        "https://user:key@9.9.9.9/", "https://[64:ff9b::a00:1]/", "https://[/",
    ],
)  # fmt: skip
def test_webhooks_never_lead_into_the_own_network(url):
    with pytest.raises(InputError):
        add_hook(url)
    assert not Webhook.objects.exists()


def test_the_guard_stands_at_the_sending_too(near, settings):
    with server() as (url, taken):
        add_hook(url)
        make_published()
        settings.QALQAN_TARGETS_MAY_BE_PRIVATE = False
        assert services.deliver_due(actor=ACTOR, now=NOW) == 0
    assert taken == []
    assert Delivery.objects.get().last_error


@pytest.mark.parametrize("role", ["press_officer", "auditor"])
def test_a_key_in_the_address_of_a_webhook_is_for_the_administrator_only(client, near, role):
    add_hook("http://127.0.0.1:9/hooks/s3cret?key=abc")
    page = reverse("rumours:publishing")
    read = sign_in(client, make_user(role)).get(page).content.decode()
    assert "127.0.0.1" in read
    assert "s3cret" not in read
    read = sign_in(client, make_user("administrator")).get(page).content.decode()
    assert "s3cret" in read


def test_only_the_administrator_adds_webhooks():
    with pytest.raises(RefusedError):
        services.add_webhook(
            actor=make_user("press_officer"), name="x", url="https://9.9.9.9/", now=NOW
        )


def test_the_channel_is_off_until_it_is_set_up():
    make_published()
    assert not Delivery.objects.exists()


def test_a_post_goes_to_the_channel(near, settings):
    with server() as (url, taken):
        settings.QALQAN_CHANNEL_URL = url
        settings.QALQAN_CHANNEL_TOKEN = "12:secret"
        settings.QALQAN_CHANNEL_ID = "@answers"
        make_published()
        assert services.deliver_due(actor=ACTOR, now=NOW) == 1
    path, _headers, body = taken[0]
    assert path == "/bot12:secret/sendMessage"
    post = json.loads(body)
    assert post["chat_id"] == "@answers"
    lines = post["text"].split("\n")
    assert lines[0] == WORDING["kk"].headline
    assert re.fullmatch(r"http://.*/public/kk/answers/\d+/", lines[1])


def test_a_channel_that_fails_gives_its_token_to_no_log(near, settings):
    with server(status=401) as (url, _taken):
        settings.QALQAN_CHANNEL_URL, settings.QALQAN_CHANNEL_ID = url, "@answers"
        settings.QALQAN_CHANNEL_TOKEN = "12:secret"
        make_published()
        services.deliver_due(actor=ACTOR, now=NOW)
    row = Delivery.objects.get()
    assert row.last_error
    assert "secret" not in row.last_error


@pytest.fixture
def with_mail(settings):
    """Let the desk send e-mail."""
    settings.QALQAN_MAIL_LIST = True


def subscribe(address="Reader@Example.KZ", language="ru", now=NOW):
    services.subscribe(actor=PUBLIC, address=address, language=language, now=now)
    services.deliver_due(actor=ACTOR, now=now)


def token_in(message, word):
    return re.search(rf"/mail/{word}/([^/]+)/", message.body).group(1)


def test_a_reader_confirms_reads_and_leaves(with_mail):
    subscribe()
    asked = mail.outbox.pop()
    assert asked.to == ["Reader@example.kz"]
    make_published()
    services.deliver_due(actor=ACTOR, now=NOW)
    assert mail.outbox == []

    token = token_in(asked, "confirm")
    assert services.confirm_subscription(actor=PUBLIC, token=token, now=later(hours=1))
    answer = Publication.objects.get().answer
    services.withdraw_answer(actor=make_user(), answer=answer, why="wrong", now=later(hours=2))
    services.deliver_due(actor=ACTOR, now=later(hours=2))
    told = mail.outbox.pop()
    assert told.subject.endswith(WORDING["ru"].headline)
    assert told.subject != WORDING["ru"].headline
    assert WORDING["ru"].text not in told.body
    assert "неправд" not in told.body.lower()
    assert told.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"

    assert services.leave_mail_list(actor=PUBLIC, token=token_in(told, "leave"), now=NOW)
    assert not MailSubscription.objects.exists()
    assert not Delivery.objects.exists()
    assert not services.confirm_subscription(actor=PUBLIC, token=token, now=later(hours=3))


def test_addresses_lie_encrypted_and_are_told_to_nobody(with_mail):
    from django.db import connection

    from qalqan.desk.platform.audit.models import AuditEntry

    subscribe()
    row = MailSubscription.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM rumours_mailsubscription")
        assert b"xample" not in b"|".join(bytes(str(v), "utf8") for v in cursor.fetchone())
    assert unseal(bytes(row.address), purpose=mails.ADDRESSES) == "Reader@example.kz"
    assert not any("xample" in json.dumps(e.detail) for e in AuditEntry.objects.all())
    for role in ("administrator", "press_officer", "auditor"):
        assert not MailSubscription.objects.visible_to(make_user(role)).exists()


def test_asking_twice_sends_one_mail_and_tells_nothing(with_mail):
    subscribe()
    subscribe("Reader@example.kz")
    assert len(mail.outbox) == 1
    subscribe(now=later(hours=5))
    assert len(mail.outbox) == 1
    subscribe(now=later(hours=7))
    assert len(mail.outbox) == 2


def test_unconfirmed_addresses_are_erased(with_mail):
    subscribe()
    assert services.forget_unconfirmed(actor=ACTOR, now=later(days=2)) == 0
    assert services.forget_unconfirmed(actor=ACTOR, now=later(days=4)) == 1
    assert not MailSubscription.objects.exists()


def test_without_mail_nobody_subscribes():
    with pytest.raises(ConflictError):
        subscribe()


def test_a_wrong_link_does_nothing(with_mail):
    subscribe()
    row = MailSubscription.objects.get()
    assert not services.confirm_subscription(actor=PUBLIC, token=mails.leave_token(row), now=NOW)
    assert not services.leave_mail_list(actor=PUBLIC, token=mails.confirm_token(row), now=NOW)
    assert not services.leave_mail_list(actor=PUBLIC, token="1", now=NOW)
    assert MailSubscription.objects.get().confirmed_at is None


def test_what_is_sealed_opens_for_its_purpose_and_under_earlier_keys(settings):
    sealed, known = seal("secret", purpose="a"), lookups("secret", purpose="a")
    assert b"secret" not in sealed
    with pytest.raises(IntegrityError):
        unseal(sealed, purpose="b")
    with pytest.raises(IntegrityError):
        unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]), purpose="a")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another" * 8
    assert unseal(sealed, purpose="a") == "secret"
    assert known[0] in lookups("secret", purpose="a")
    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(IntegrityError):
        unseal(sealed, purpose="a")


def test_one_that_breaks_keeps_no_other_from_being_sent(near, with_mail, monkeypatch):
    """A subject of two lines, say, raises what is no error of the network."""
    subscribe()
    token = token_in(mail.outbox.pop(), "confirm")
    services.confirm_subscription(actor=PUBLIC, token=token, now=NOW)
    with server() as (url, taken):
        add_hook(url)
        answer = make_published()
        AnswerVersion.objects.filter(answer=answer).update(headline_ru="Вода\nBcc: x@example.kz")
        assert services.deliver_due(actor=ACTOR, now=NOW) == 1
    assert len(taken) == 1
    row = Delivery.objects.get(channel="mail")
    assert (row.state, row.last_error) == ("waiting", "BadHeaderError")
    assert row.next_try_at == NOW + PAUSES[0]


def test_what_nobody_thought_of_is_a_failure_like_any_other(near, monkeypatch):
    with server() as (url, _taken):
        add_hook(url)
        make_published()

        def post(*_args, **_more):
            raise MemoryError

        monkeypatch.setattr("qalqan.desk.rumours.services.sending.post", post)
        assert services.deliver_due(actor=ACTOR, now=NOW) == 0
    assert Delivery.objects.get().last_error == "MemoryError"


def test_the_last_thing_a_reader_hears_is_the_newest(with_mail):
    subscribe()
    token = token_in(mail.outbox.pop(), "confirm")
    services.confirm_subscription(actor=PUBLIC, token=token, now=NOW)
    answer = make_published()
    services.withdraw_answer(actor=make_user(), answer=answer, why="wrong", now=later(hours=1))
    services.deliver_due(actor=ACTOR, now=later(hours=1))
    assert len(mail.outbox) == 1
    rows = Delivery.objects.filter(channel="mail").order_by("pk")
    assert [row.state for row in rows] == ["given_up", "done"]
    assert rows[0].last_error == "superseded"


def test_a_withdrawn_answer_leaves_programs_nothing_to_publish(near):
    with server() as (url, taken):
        add_hook(url)
        answer = make_published()
        services.withdraw_answer(actor=make_user(), answer=answer, why="harm", now=NOW)
        services.deliver_due(actor=ACTOR, now=NOW)
    told = [json.loads(body) for _path, _headers, body in taken]
    assert [one["event"] for one in told] == ["first", "withdrawal"]
    for one in told:
        assert one["answer"]["withdrawn_at"]
        assert {said["text"] for said in one["answer"]["languages"].values()} == {""}


@pytest.mark.parametrize("address", ["fec0::1", "::7f00:1", "::a00:1", "64:ff9b:1::a00:1"])
def test_older_ways_of_writing_private_addresses_are_private(address):
    assert not is_public(address)
