"""The pages of the sealed room, walked as a worker, a colleague, the helped one, and others."""

from __future__ import annotations

import base64
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.desk.query_budgets import BUDGETS
from tests.support.factories import make_organisation, make_user, sign_in
from tests.support.support_factories import PHRASE, make_service

from qalqan.desk.platform.accounts.services.users import end_sessions
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role
from qalqan.desk.support.envelopes import new_service_key
from qalqan.desk.support.models import Case, Helper, Service, Sight
from qalqan.desk.support.views import door, own

pytestmark = pytest.mark.django_db
REQUEST = "Wants to finish school in the evenings"


@pytest.fixture(autouse=True)
def _fresh_limits():
    door.TRIES.forget()
    own.TRIES.forget()


def enter(body, **fields):
    """Sign a support worker in, who makes a key; return the client."""
    user = make_user(Role.SUPPORT_WORKER, organisation=body, **fields)
    client = sign_in(Client(), user)
    made = client.post(reverse("support:make_key"), {"phrase": PHRASE, "again": PHRASE})
    assert made.status_code == 302
    client.user = user
    return client


def start(client, *services):
    """Begin a case; return its number, pseudonym, code and mark."""
    answer = client.post(
        reverse("support:begin"),
        {"recipients": [one.pk for one in services], "kind": "studies", "request": REQUEST,
         "agreed": "on"},
    )  # fmt: skip
    assert answer.status_code == 200, answer.content.decode()
    html = answer.content.decode()
    found = [re.search(rf'id="{name}">([^<]+)<', html)[1] for name in ("pseudonym", "code", "mark")]
    return [Case.objects.exclude(pk__in=start.seen).get().pk, *found]


start.seen = []


def page(client, name, *args):
    return client.get(reverse(f"support:{name}", args=args))


@pytest.fixture
def body():
    return make_organisation(kind="group")


def test_a_case_from_consent_to_certificate(body):
    client, service = enter(body), make_service(body)
    special = make_service(name="Theologians", is_ordinary=False)
    nothing = client.post(reverse("support:begin"), {"kind": "studies", "request": REQUEST})
    assert nothing.status_code == 422
    assert not Case.objects.exists()
    case, pseudonym, _code, mark = start(client, service, special)
    shown = page(client, "case", case).content.decode()
    assert pseudonym in shown
    assert REQUEST in shown
    posts = [
        ("note", {"text": "Spoke with the school"}, 302),
        ("note", {"text": "Call 8 701 123 45 67"}, 422),
        ("step", {"kind": "studies", "service": special.pk, "text": "Ask"}, 422),
        ("step", {"kind": "studies", "service": service.pk, "text": "Evening school"}, 302),
        ("review", {"text": "Goes well"}, 302),
        ("consent", {"service": special.pk, "agreed": "on"}, 422),
        ("order_ask", {"reference": "Court 3, no. 12, 2 March"}, 302),
    ]
    for name, data, status in posts:
        answer = client.post(reverse(f"support:{name}", args=[case]), data)
        assert answer.status_code == status, (name, answer.status_code)
    step = re.search(rf"{case}/step/([0-9a-f-]+)/", page(client, "case", case).content.decode())
    done = reverse("support:step_done", args=[case, step[1]])
    assert client.post(done).status_code == 302
    sheet = page(client, "sheet", case).content.decode()
    assert "wrote a note" in sheet
    assert "changed the plan" in sheet
    end = client.post(reverse("support:withdraw", args=[case, special.pk]))
    assert end.status_code == 302
    assert Case.objects.get().generation == 2
    unsure = client.post(reverse("support:erase", args=[case]))
    assert unsure.status_code == 302
    closed = client.post(reverse("support:close", args=[case]), {"reason": "Enrolled"})
    assert closed.status_code == 302
    paper = client.post(reverse("support:erase", args=[case]), {"sure": "1"})
    assert mark in paper.content.decode()
    assert not Case.objects.exists()
    token = re.search(r'class="token">([\w-]{100,})<', paper.content.decode())[1]
    for language in ("kk", "ru", "en"):
        public = Client()
        checked = public.post(reverse("support:certificate", args=[language]), {"token": token})
        assert checked.status_code == 200
        assert mark in checked.content.decode()
    pdf = Client().post(reverse("support:certificate_pdf", args=["kk"]), {"token": token})
    assert pdf.content.startswith(b"%PDF")
    wrong = Client().post(
        reverse("support:certificate", args=["ru"]), {"token": token[:-8] + "AAAAAAAA"}
    )
    assert wrong.status_code == 422


def test_the_helped_one_needs_no_account_and_asks_nobody(body):
    client, service, other = enter(body), make_service(body), make_service(name="Clinic")
    case, pseudonym, code, mark = start(client, service, other)
    page(client, "case", case)
    mine, address = Client(), reverse("support:own", args=["ru"])
    assert mine.post(address, {"code": "ABCD-EFGH"}).status_code == 422
    shown = mine.post(address, {"code": code.lower()})
    assert pseudonym in shown.content.decode()
    assert str(client.user) in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    mine.post(address, {"code": code, "withdraw": other.pk})
    assert Case.objects.get().generation == 2
    assert page(client, "case", case).status_code == 200
    mine.post(address, {"code": code, "erase": "1"})
    assert Case.objects.exists(), "not without the tick"
    paper = mine.post(address, {"code": code, "erase": "1", "sure": "1"})
    assert mark in paper.content.decode()
    assert not Case.objects.exists()
    assert page(client, "case", case).status_code == 404
    assert mine.post(address, {"code": code}).status_code == 422
    for _each in range(30):
        last = mine.post(address, {"code": "WRONG"})
    assert last.status_code == 429


def test_two_workers_share_after_comparing_and_one_leaves(body):
    one, two, service = enter(body), enter(body), make_service(body)
    start.seen = []
    case, pseudonym, _code, _mark = start(one, service)
    assert pseudonym not in page(two, "home").content.decode()
    assert page(two, "case", case).status_code == 404
    helpers = dict(Helper.objects.values_list("user_id", "pk"))
    one.post(reverse("support:vouch", args=[helpers[two.user.pk]]))
    page(one, "case", case)
    assert pseudonym in page(two, "home").content.decode()
    assert page(two, "case", case).status_code == 200
    order = {"reference": "Court 3, no. 12, 2 March"}
    one.post(reverse("support:order_ask", args=[case]), order)
    act = re.search(rf"/support/cases/{case}/order/[0-9a-f-]+/", _text(two, case))[0]
    assert one.post(act, {"hand_out": "1"}).status_code == 302, "not without the second"
    two.post(act, {"confirm": "1"})
    given = one.post(act, {"hand_out": "1"})
    assert REQUEST in given.content.decode()
    one.post(reverse("support:let_go", args=[helpers[two.user.pk]]))
    assert page(two, "case", case).status_code == 302, "the door is shut"
    assert pseudonym not in page(two, "home").content.decode()
    page(one, "case", case)
    assert Case.objects.get().generation == 2


def _text(client, case):
    return page(client, "case", case).content.decode()


def test_a_lost_phone_shows_nothing_once_the_sessions_are_ended(body):
    client = enter(body)
    case, pseudonym, *_rest = start(client, make_service(body))
    shown = page(client, "case", case)
    assert "no-store" in shown["Cache-Control"]
    end_sessions(user=client.user)
    answer = page(client, "case", case)
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))
    # The cookie of the door is worth nothing in a new session, nor does the session hold a key.
    client.user.refresh_from_db()
    sign_in(client, client.user)
    answer = page(client, "home").content.decode()
    assert "Open your key" in answer
    assert pseudonym not in answer


def test_the_door_shuts_by_itself_and_by_hand(body):
    client = enter(body)
    case, *_rest = start(client, make_service(body))
    stolen = {key: value.value for key, value in client.cookies.items()}
    assert client.cookies[door.COOKIE]["httponly"]
    assert client.cookies[door.COOKIE]["samesite"] == "Strict"
    client.post(reverse("support:shut"))
    client.cookies[door.COOKIE] = stolen[door.COOKIE]
    assert page(client, "case", case).status_code == 302
    wrong = client.post(reverse("support:unlock"), {"phrase": "something else entirely"})
    assert wrong.status_code == 422
    assert client.post(reverse("support:unlock"), {"phrase": PHRASE}).status_code == 302
    assert page(client, "case", case).status_code == 200
    session = client.session
    session["support_until"] = (timezone.now() - timedelta(seconds=1)).timestamp()
    session.save()
    assert page(client, "case", case).status_code == 302
    for _each in range(12):
        last = client.post(reverse("support:unlock"), {"phrase": "something else entirely"})
    assert last.status_code == 429


def test_what_is_not_there_and_what_is_anothers_answer_alike(body):
    mine, theirs = enter(body), enter(make_organisation())
    case, *_rest = start(mine, make_service(body))
    missing = "12345678-1234-4234-8234-123456789abc"
    page(theirs, "home")  # shows what was told, once
    made = []
    for number in (case, missing):
        with CaptureQueriesContext(connection) as queries:
            answer = page(theirs, "case", number)
        sql = [re.sub(r"'[^']*'|\b[0-9a-f]{32}\b|s\d+_x\d+", "?", q["sql"]) for q in queries]
        made.append((answer.status_code, _plain(answer, number), sql))
    assert made[0][0] == 404
    assert made[0][1] == made[1][1]
    assert made[0][2] == made[1][2]
    for name in ("note", "step", "review", "close", "consent", "erase", "order_ask"):
        answers = {
            theirs.post(reverse(f"support:{name}", args=[number]), {"text": "x"}).status_code
            for number in (case, missing)
        }
        assert answers == {404}, name
    assert not Sight.objects.filter(helper__user=theirs.user).exists()


def _plain(answer, number):
    text = answer.content.decode().replace(str(number), "?")
    return re.sub(r'(nonce|value)="[^"]{20,}"', "", text)


def test_a_page_keeps_its_budget_with_more_cases(body):
    client, service = enter(body), make_service(body)
    start.seen = []
    case, *_rest = start(client, service)
    names = [("home",), ("case", case), ("sheet", case), ("begin",), ("colleagues",), ("services",)]
    counts = {}
    for _more in range(2):
        for name, *arguments in names:
            with CaptureQueriesContext(connection) as queries:
                assert page(client, name, *arguments).status_code == 200
            counts.setdefault(name, []).append(len(queries))
        start.seen = list(Case.objects.values_list("pk", flat=True))
        client.post(reverse("support:note", args=[case]), {"text": "One more"})
        start(client, service)
        make_service(name="Further")
    start.seen = []
    for name, (few, many) in counts.items():
        assert few == many, name
        assert many <= BUDGETS[f"support:{name}"], (name, many)


def test_an_enquiry_leaves_a_number_only(body):
    client = enter(body)
    assert client.post(reverse("support:enquiry"), {"district": ""}).status_code == 302
    assert "1 this month" in page(client, "home").content.decode()
    entry = AuditEntry.objects.get(action="support.count_enquiry")
    assert (entry.subject, entry.detail_json) == ("support:enquiries", "{}")


def test_a_missing_half_is_told_and_opens_nothing(body, settings, tmp_path):
    client = enter(body)
    start.seen = []
    case, pseudonym, *_rest = start(client, make_service(body))
    settings.HOME = tmp_path / "elsewhere"
    answer = client.get(reverse("support:case", args=[case]), follow=True)
    assert answer.redirect_chain[0][0] == reverse("support:home")
    text = answer.content.decode()
    assert "half of this key is missing" in text
    assert pseudonym not in text


def test_services_are_kept_by_the_administrator(body):
    client = sign_in(Client(), make_user(Role.ADMINISTRATOR))
    data = {
        "name_kk": "Емхана", "name_ru": "Поликлиника", "name_en": "Clinic", "kind": "health",
        "organisation": body.pk, "is_ordinary": "on", "envelope_key": "not a key",
    }  # fmt: skip
    assert client.post(reverse("support:service_add"), data).status_code == 422
    data["envelope_key"] = new_service_key()[1]
    assert client.post(reverse("support:service_add"), data).status_code == 302
    row = Service.objects.get()
    assert len(bytes(row.envelope_key)) == 65
    data["is_police"] = "on"
    assert client.post(reverse("support:service", args=[row.pk]), data).status_code == 422
    assert page(client, "services").status_code == 200
    assert page(client, "home").status_code == 403


def test_an_envelope_that_came_open_is_refused(body):
    client, key = enter(body), base64.b64decode(new_service_key()[1])
    service = make_service(body, envelope_key=key)
    data = {"recipients": [service.pk], "kind": "studies", "request": REQUEST, "agreed": "on"}
    answer = client.post(
        reverse("support:begin"), {**data, f"envelope_{service.pk}": "Aigul, house 5"}
    )
    assert answer.status_code == 422
    assert "house 5" not in answer.content.decode()
    assert not Case.objects.exists()
