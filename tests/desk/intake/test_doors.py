"""The web doors of intake: hotline form, API, upload, feeds, tokens."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from tests.support.factories import NOW, make_user, sign_in

from qalqan.desk.intake import limits, services
from qalqan.desk.intake.models import ApiToken, Feed, ImportRun, Waiting
from qalqan.desk.platform.accounts.loopback import sender_of
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role, SystemActor
from qalqan.desk.platform.sources.services import get_or_create_source
from qalqan.desk.rumours import claim_cache
from qalqan.desk.rumours.models import Message, TipReference
from qalqan.errors import RefusedError

pytestmark = pytest.mark.django_db
DESK = SystemActor("test")


@pytest.fixture(autouse=True)
def fresh_limits():
    for limit in (limits.HOTLINE, limits.API, limits.WRONG_KEY):
        limit.forget()


def source(name="Agency feed", kind="channel"):
    return get_or_create_source(actor=DESK, name=name, kind=kind, now=NOW)


# ---- The hotline ------------------------------------------------------------------------


def report(client, text="Говорят, что завтра закроют мост через реку", **fields):
    return client.post(reverse("intake:hotline"), {"text": text, **fields})


def test_anyone_may_report_and_gets_a_number(client):
    answer = report(client)
    message = Message.objects.get()
    assert (message.kind, message.source.kind) == ("hotline", "hotline")
    assert len(answer.context["reference"]) == 19
    assert not Waiting.objects.exists()


def test_the_writer_is_told_what_was_blotted_out(client):
    answer = report(client, "Звоните мне 8 701 123 45 67, мост закрывают завтра")
    assert len(answer.context["masked"]) == 1
    assert "701" not in Message.objects.get().text


def test_each_report_gets_a_number_of_its_own_that_nothing_gives_away(client):
    first = report(client).context["reference"]
    again = report(client).context["reference"]
    assert first != again
    assert not {first, first.replace("-", "")} & set(
        map(str, TipReference.objects.values_list("digest", flat=True))
    )
    assert TipReference.objects.count() == 2


def test_a_program_that_fills_the_hidden_field_stores_nothing(client):
    assert report(client, website="http://example.kz").status_code == 200
    assert not Message.objects.exists()


def test_an_address_may_not_flood_the_hotline(client):
    for number in range(10):
        assert report(client, f"Слышал на рынке про цены, номер {number}").status_code == 200
    assert report(client, "Слышал на рынке про цены ещё раз").status_code == 429
    assert Message.objects.count() == 10
    other = client.post(
        reverse("intake:hotline"), {"text": "Слышал про цены на рынке"}, REMOTE_ADDR="10.9.8.7"
    )
    assert other.status_code == 200


def test_the_sender_behind_a_proxy_is_who_the_proxy_says(rf, settings):
    request = rf.get("/", headers={"X-Forwarded-For": "1.1.1.1, 2.2.2.2"}, REMOTE_ADDR="3.3.3.3")
    assert sender_of(request) == "3.3.3.3"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert sender_of(request) == "2.2.2.2"


def test_the_form_asks_for_the_csrf_token():
    from django.test import Client

    assert report(Client(enforce_csrf_checks=True)).status_code == 403


def test_a_large_desk_leaves_storing_to_the_worker(client, monkeypatch, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    monkeypatch.setattr(claim_cache, "CHEAP", -1)
    report(client)
    assert (Waiting.objects.count(), Message.objects.count()) == (1, 0)
    assert services.drain_waiting(actor=DESK, now=NOW) == 1
    assert (Waiting.objects.count(), Message.objects.count()) == (0, 1)


# ---- The API ----------------------------------------------------------------------------


@pytest.fixture
def key():
    admin = make_user(Role.ADMINISTRATOR)
    _token, secret = services.create_token(actor=admin, name="robot", source=source(), now=NOW)
    return secret


def post(client, key, body, **headers):
    return client.post(
        reverse("intake:api_messages"),
        body if isinstance(body, str) else json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Bearer {key}", **headers},
    )


def items(count):
    return {
        "messages": [
            {"text": f"Сообщение номер {n} о ценах", "time": "2026-03-01T10:00:00+05:00",
             "author": "Zxq"}
            for n in range(count)
        ]
    }  # fmt: skip


def test_a_key_files_under_its_own_source_with_its_grade(client):
    agency = source("Emergency department", "agency")
    agency.reliability = "A"
    agency.save()
    _token, secret = services.create_token(
        actor=make_user(Role.ADMINISTRATOR), name="agency", source=agency, now=NOW
    )
    assert post(client, secret, items(2)).status_code == 202
    filed = {(m.source_id, m.source.reliability) for m in Message.objects.all()}
    assert filed == {(agency.pk, "A")}


def test_a_batch_handed_in_twice_is_stored_once(client, key):
    first, second = post(client, key, items(3)), post(client, key, items(3))
    assert (first.status_code, first.json()) == (202, {"accepted": 3, "known": 0})
    assert second.json() == {"accepted": 0, "known": 3}
    assert Message.objects.filter(source__name="Agency feed").count() == 3


@pytest.mark.parametrize(
    ("item", "field"),
    [
        ({"text": "x"}, "time"),
        ({"text": "x", "time": "soon"}, "time"),
        ({"time": "2026-03-01"}, "text"),
        ({"text": ["x"], "time": "2026-03-01"}, "text"),
        ({"text": "x", "time": "2026-03-01", "kind": "?"}, "kind"),
        ("x", None),
    ],
)
def test_a_wrong_item_is_named_and_nothing_is_stored(client, key, item, field):
    body = items(2)
    body["messages"].append(item)
    answer = post(client, key, body)
    assert answer.status_code == 422
    assert [(e["item"], e["field"]) for e in answer.json()["errors"]] == [(2, field)]
    assert not Message.objects.exists()


@pytest.mark.parametrize("body", ["{", "[]", '{"messages": []}', '{"messages": 1}', "1"])
def test_a_body_that_is_no_batch_is_refused(client, key, body):
    assert post(client, key, body).status_code == 422


def test_more_than_a_thousand_items_are_refused(client, key):
    assert post(client, key, items(1001)).status_code == 422


def test_wrong_revoked_and_old_keys_are_refused(client, key):
    assert post(client, "wrong", items(1)).status_code == 401
    assert client.post(reverse("intake:api_messages")).status_code == 401
    admin = make_user(Role.ADMINISTRATOR)
    services.revoke_token(actor=admin, token=ApiToken.objects.get(), now=NOW)
    assert post(client, key, items(1)).status_code == 401
    _token, old = services.create_token(
        actor=admin, name="old", source=source(), now=NOW, expires_at=NOW + timedelta(seconds=1)
    )
    assert services.token_for(old, scope="messages", now=NOW) is not None
    assert services.token_for(old, scope="messages", now=NOW + timedelta(seconds=1)) is None


def test_a_program_that_asks_too_often_is_told_to_wait(client, key):
    codes = [post(client, key, "{").status_code for _ in range(121)]
    assert codes == [422] * 120 + [429]


def test_the_key_itself_is_not_kept(key):
    token = ApiToken.objects.get()
    assert key not in (token.digest, token.hint)
    assert len(token.digest) == 64
    assert not AuditEntry.objects.filter(detail_json__contains=key[7:]).exists()


def test_only_the_administrator_makes_keys():
    with pytest.raises(RefusedError):
        services.create_token(actor=make_user(Role.ANALYST), name="x", source=source(), now=NOW)


def test_the_api_describes_itself(client):
    schema = client.get(reverse("intake:api_openapi")).json()
    assert "/intake/api/messages" in schema["paths"]
    assert schema["openapi"].startswith("3.")


# ---- Uploads, pages ---------------------------------------------------------------------


@pytest.fixture
def analyst(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    return sign_in(client, make_user(Role.ANALYST))


def hand_in(client, text, **fields):
    file = SimpleUploadedFile("posts.csv", text.encode())
    return client.post(reverse("intake:upload"), {"file": file, "kind": "post", **fields})


def test_a_file_that_is_handed_in_is_stored_and_no_copy_stays(
    analyst, settings, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        answer = hand_in(analyst, "time,text,author\n2026-03-01,Су жоқ,Zxq\n")
    run = ImportRun.objects.get()
    assert answer.url == reverse("intake:run", args=[run.pk])
    assert (run.state, run.stored, run.file_name) == ("done", 1, "posts.csv")
    assert list(settings.MEDIA_ROOT.rglob("*.jsonl")) == []
    page = analyst.get(answer.url).content.decode()
    assert run.format == "csv"
    assert run.get_format_display() in page
    assert "JSON" not in page
    assert "posts.csv" in analyst.get(reverse("intake:runs")).content.decode()


def test_a_bad_file_is_explained_at_the_form(analyst, settings):
    answer = hand_in(analyst, "time,text\nnever,Су жоқ\n")
    assert answer.status_code == 422
    assert "posts.csv:2: time" in answer.content.decode()
    assert not Message.objects.exists()
    assert list(settings.MEDIA_ROOT.rglob("*.jsonl")) == []


def test_the_kept_copy_of_a_large_file_has_no_authors_and_no_phones(
    analyst, settings, monkeypatch, django_capture_on_commit_callbacks
):
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.dummy.DummyBackend"}}
    monkeypatch.setattr(services.uploading, "_SMALL", 0)
    hand_in(analyst, "time,text,author\n2026-03-01,Звоните 8 701 123 45 67,Zxq\n")
    (kept,) = settings.MEDIA_ROOT.rglob("*.jsonl")
    assert "Zxq" not in kept.read_text()
    assert "701" not in kept.read_text()
    assert kept.stat().st_mode & 0o077 == 0
    from qalqan.desk.intake.tasks import run_import

    with django_capture_on_commit_callbacks(execute=True):
        assert run_import.func(ImportRun.objects.get().pk) == 1
    assert not kept.exists()


def test_tokens_are_shown_once(client):
    admin = sign_in(client, make_user(Role.ADMINISTRATOR))
    form = {"name": "robot", "source": str(source().pk)}
    page = admin.post(reverse("intake:token_add"), form)
    secret = page.context["secret"]
    assert secret in page.content.decode()
    assert page["Cache-Control"] == "no-store"
    assert secret not in admin.get(reverse("intake:tokens")).content.decode()
    admin.post(reverse("intake:token_revoke", args=[ApiToken.objects.get().pk]))
    assert ApiToken.objects.get().revoked_at is not None


# ---- Feeds ------------------------------------------------------------------------------

RSS = """<rss><channel><title>T</title><item><title>Су жоқ дейді</title><guid>1</guid>
<pubDate>Sun, 01 Mar 2026 10:00:00 +0500</pubDate></item></channel></rss>"""


@pytest.fixture
def server():
    state = {"body": RSS.encode(), "status": 200, "location": "", "seen": []}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            state["seen"].append(self.headers.get("If-None-Match"))
            if self.headers.get("If-None-Match") == '"v1"':
                self.send_response(304)
                self.end_headers()
                return
            self.send_response(state["status"])
            if state["location"]:
                self.send_header("Location", state["location"])
            self.send_header("ETag", '"v1"')
            self.end_headers()
            self.wfile.write(state["body"])

        def log_message(self, *_arguments):
            """Keep quiet."""

    web = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=web.serve_forever, daemon=True).start()
    state["url"] = f"http://127.0.0.1:{web.server_port}/feed"
    yield state
    web.shutdown()
    web.server_close()


def feed(url):
    return services.add_feed(actor=make_user(Role.ANALYST), url=url, source_name="Жаңалық", now=NOW)


def test_a_feed_is_polled_and_not_fetched_again_unchanged(server, settings):
    settings.QALQAN_FEEDS_MAY_BE_PRIVATE = True
    row = feed(server["url"])
    (polled,) = services.poll_due_feeds(actor=DESK, now=NOW)
    assert (polled.stored, polled.error) == (1, "")
    row.refresh_from_db()
    assert row.next_poll_at == NOW + timedelta(minutes=15)
    assert services.poll_due_feeds(actor=DESK, now=NOW) == []
    (again,) = services.poll_due_feeds(actor=DESK, now=row.next_poll_at)
    assert (again.stored, again.known) == (0, 0)
    assert server["seen"] == [None, '"v1"']


def test_a_private_address_is_refused(server):
    feed(server["url"])
    (polled,) = services.poll_due_feeds(actor=DESK, now=NOW)
    assert polled.error
    assert server["seen"] == []
    row = Feed.objects.get()
    assert (row.failures, row.next_poll_at) == (1, NOW + timedelta(minutes=30))


@pytest.mark.parametrize(
    "change",
    [
        {"body": b"<rss><channel>"},
        {"body": b"x" * (3 << 20)},
        {"status": 500},
        {"status": 302, "location": "/feed"},
        {"status": 302, "location": "ftp://127.0.0.1/x"},
    ],
)
def test_a_feed_that_misbehaves_is_noted_and_stores_nothing(server, settings, change):
    settings.QALQAN_FEEDS_MAY_BE_PRIVATE = True
    server.update(change)
    feed(server["url"])
    (polled,) = services.poll_due_feeds(actor=DESK, now=datetime(2026, 3, 3, tzinfo=UTC))
    assert polled.error
    assert not Message.objects.exists()
    assert Feed.objects.get().last_error
