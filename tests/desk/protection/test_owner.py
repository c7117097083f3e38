"""The owner's link: a code apart from it, few tries, one browser, an end."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.desk.protection.test_notices import issue
from tests.desk.protection.test_sync import answered, payload, short_version, take
from tests.support.factories import NOW, make_user
from tests.support.protection_factories import make_site, picture_bytes

from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import PUBLIC, Role
from qalqan.desk.protection.models import Notice, OwnerLink, Remedy, Violation
from qalqan.desk.protection.services import notices, owner, remedy
from qalqan.desk.protection.views import owner as views
from qalqan.errors import RefusedError

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh_limit():
    views.TRIES.forget()


@pytest.fixture
def made():
    """Return a notice issued just now and the link to it."""
    now = timezone.now()
    inspector, site = make_user(Role.INSPECTOR), make_site()
    body = payload(site, short_version(), at=now,
                   answers=answered(exits="no", guards="0", door="yes"))  # fmt: skip
    take(inspector, body, now=now)
    notice = issue(inspector, site, list(Violation.objects.all()), at=now)
    return notice, owner.make_link(actor=inspector, notice=notice, now=now)


def enter(client, made, code):
    return client.post(reverse("protection:owner", args=[made.token]), {"code": code})


def wrong(code):
    return f"{(int(code) + 1) % 10**8:08d}"


def test_the_desk_keeps_neither_link_nor_code(made):
    _notice, link = made
    row = OwnerLink.objects.get()
    kept = " ".join(str(getattr(row, one.name)) for one in row._meta.concrete_fields)
    assert link.token not in kept
    assert link.code not in kept
    assert len(link.code) == 8
    recorded = " ".join(AuditEntry.objects.values_list("detail_json", flat=True))
    assert link.code not in recorded


def test_the_right_code_opens_the_notice_in_this_browser_alone(made):
    notice, link = made
    client, other = Client(), Client()
    page = reverse("protection:owner_notice", args=[link.token])
    assert client.get(page).status_code == 302
    spaced = f"{link.code[:4]} {link.code[4:]}"
    assert enter(client, link, spaced).status_code == 302
    seen = client.get(page)
    assert notice.reference in seen.content.decode()
    looked = AuditEntry.objects.filter(action="protection.read")
    assert looked.get().subject == f"protection.ownerlink:{OwnerLink.objects.get().pk}"
    assert seen["Referrer-Policy"] == "same-origin"
    assert seen["Cache-Control"] == "no-store"
    assert other.get(page).status_code == 302
    assert enter(other, link, link.code).status_code == 403


def test_five_wrong_codes_end_the_link_and_the_right_one_comes_too_late(made):
    _notice, link = made
    client = Client()
    for _try in range(4):
        assert enter(client, link, wrong(link.code)).status_code == 422
    assert enter(client, link, wrong(link.code)).status_code == 403
    assert enter(client, link, link.code).status_code == 404
    assert OwnerLink.objects.get().attempts == owner.MOST_TRIES
    assert AuditEntry.objects.filter(action="protection.owner_code_wrong").count() == 5


def test_many_tries_from_one_address_are_stopped_whatever_the_link(made):
    _notice, link = made
    now = timezone.now()
    for _try in range(views.TRIES.most):
        views.TRIES.allows("127.0.0.1", now=now)
    assert enter(Client(), link, link.code).status_code == 429
    assert OwnerLink.objects.get().attempts == 0


def test_a_new_link_ends_the_old_one_and_so_does_time(made):
    notice, link = made
    inspector = make_user(Role.INSPECTOR)
    fresh = owner.make_link(actor=inspector, notice=notice, now=timezone.now())
    assert enter(Client(), link, link.code).status_code == 404
    late = timezone.now() + owner.VALID + timedelta(minutes=1)
    assert owner.live_link(fresh.token, now=late) is None
    assert owner.open_link(token=fresh.token, code=fresh.code, now=late) is None


def test_unknown_links_and_closed_ones_look_the_same(made):
    _notice, link = made
    OwnerLink.objects.update(revoked_at=NOW)
    closed = Client().get(reverse("protection:owner", args=[link.token]))
    unknown = Client().get(reverse("protection:owner", args=["nothing"]))
    assert (closed.status_code, unknown.status_code) == (404, 404)


def test_an_owner_hands_a_proof_in_and_sees_what_became_of_it(made):
    notice, link = made
    client = Client()
    enter(client, link, link.code)
    item = notice.items.get()
    url = reverse("protection:owner_proof", args=[link.token, item.pk])
    no_picture = SimpleUploadedFile("a.jpg", b"MZ no picture", "image/jpeg")
    refused = client.post(url, {"text": "Mended", "pictures": no_picture})
    assert refused.status_code == 422
    assert not Remedy.objects.exists()
    picture = SimpleUploadedFile("a.jpg", picture_bytes(), "image/jpeg")
    done = client.post(url, {"text": "Mended, call 8 701 123 45 67", "pictures": picture})
    assert done.status_code == 302
    proof = Remedy.objects.get()
    assert (proof.handed_in_by, proof.files.count()) == (None, 1)
    assert "701" not in proof.text
    assert Notice.objects.get().state == "answered"
    remedy.decide_remedy(
        actor=make_user(Role.INSPECTOR), remedy=proof, accepted=False,
        reason="Take the picture from inside.", now=timezone.now(),
    )  # fmt: skip
    page = client.get(reverse("protection:owner_notice", args=[link.token])).content.decode()
    assert "Take the picture from inside." in page


def test_the_link_of_one_notice_opens_no_other(made):
    notice, link = made
    client = Client()
    enter(client, link, link.code)
    inspector, site = make_user(Role.INSPECTOR), make_site()
    version = notice.items.get().violation.question.version
    now = timezone.now()
    answers = answered(exits="no", guards="0", door="yes")
    take(inspector, payload(site, version, at=now, answers=answers), now=now)
    other = issue(inspector, site, list(Violation.objects.filter(site=site)), at=now)
    url = reverse("protection:owner_proof", args=[link.token, other.items.get().pk])
    assert client.post(url, {"text": "Mended"}).status_code == 404
    with pytest.raises(RefusedError):
        remedy.hand_in(
            actor=PUBLIC, item=other.items.get(), text="Mended", files=[], now=now,
            link=OwnerLink.objects.get(),
        )  # fmt: skip


def test_closing_a_notice_ends_its_link(made):
    notice, link = made
    client = Client()
    enter(client, link, link.code)
    notices.withdraw_notice(
        actor=make_user(Role.INSPECTOR), notice=notice, reason="Wrong site", now=timezone.now()
    )
    page = reverse("protection:owner_notice", args=[link.token])
    assert client.get(page).status_code == 404
