"""Today, the archive and the files: who gets them, what they show, and at what cost."""

import dataclasses

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.desk.query_budgets import BUDGETS
from tests.support import brief_factories as made
from tests.support.brief_rows import make_edition, make_rows
from tests.support.factories import make_user, sign_in

from qalqan.desk.brief.models import BriefEdition
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import EVERY_ROLE, Role

pytestmark = pytest.mark.django_db
READERS = {
    Role.DUTY_OFFICER,
    Role.ANALYST,
    Role.PRESS_OFFICER,
    Role.INSPECTOR,
    Role.SECRETARY,
    Role.AUDITOR,
}


@pytest.fixture
def edition():
    brief = made.brief()
    make_rows(brief)
    return make_edition(brief)


def client_of(role=Role.DUTY_OFFICER, language="en"):
    return sign_in(Client(), make_user(role, language=language))


def page_of(client, url="/"):
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_today_shows_first_what_needs_the_reader(edition):
    page = page_of(client_of())
    keys = ("rumours", "flashpoints", "incidents", "overdue", "changes", "health")
    order = ['id="needs"', *(f'id="title-{key}"' for key in keys), 'id="method"']
    places = [page.index(mark) for mark in order]
    assert places == sorted(places)
    assert "Sample data" in page
    assert 'href="#rumour-7"' in page
    assert 'id="rumour-7"' in page


@pytest.mark.parametrize(
    ("language", "words"), [("kk", "Бүгін"), ("ru", "Сегодня"), ("en", "Today")]
)
def test_today_speaks_the_readers_language(edition, language, words):
    page = page_of(client_of(language=language))
    assert f"<h1>{words}</h1>" in page
    assert f'lang="{language}"' in page


@pytest.mark.parametrize("role", sorted(EVERY_ROLE))
def test_the_brief_is_shown_to_its_readers_only(edition, role):
    page = page_of(client_of(role))
    assert ("Қандыағашта" in page) is (role in READERS - {Role.INSPECTOR})
    assert ("Armed attack on a shop" in page) is (role in READERS)


@pytest.mark.parametrize("role", sorted(set(EVERY_ROLE) - READERS))
def test_others_get_no_edition_no_list_and_no_file(edition, role):
    client = client_of(role)
    urls = [reverse("brief:archive"), reverse("brief:edition", args=[edition.pk])]
    forms = ("html", "pdf", "json", "txt")
    urls += [reverse("brief:file", args=[edition.pk, form]) for form in forms]
    urls += [reverse("brief:spoken", args=[edition.pk])]
    assert {client.get(url).status_code for url in urls} == {403}


def test_the_public_is_sent_to_sign_in(edition):
    answer = Client().get("/")
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))


def test_before_the_first_brief_the_page_says_how_to_get_one():
    assert "qalqan brief" in page_of(client_of())


def test_the_archive_lists_editions_and_shows_each(edition):
    client = client_of()
    assert reverse("brief:edition", args=[edition.pk]) in page_of(client, reverse("brief:archive"))
    assert "Қандыағашта" in page_of(client, reverse("brief:edition", args=[edition.pk]))
    assert client.get(reverse("brief:edition", args=[edition.pk + 1])).status_code == 404


@pytest.mark.parametrize(
    ("form", "kind", "start"),
    [("html", "text/html", b"<!doctype"), ("pdf", "application/pdf", b"%PDF"),
     ("json", "application/json", b"{"), ("txt", "text/plain", "Утренняя".encode())],
)  # fmt: skip
def test_a_file_is_handed_out_and_recorded(edition, form, kind, start):
    answer = client_of(language="ru").get(reverse("brief:file", args=[edition.pk, form]))
    assert answer["Content-Type"].startswith(kind)
    assert answer["Content-Disposition"] == f'attachment; filename="brief-2026-11-20-0800.{form}"'
    assert answer.content.lstrip().lower().startswith(start.lower())
    row = AuditEntry.objects.order_by("-sequence").first()
    assert (row.action, row.detail) == ("brief.export", {"form": form})


def test_a_link_from_work_never_leads_out_of_the_desk():
    item = made.brief().overdue[0]
    bad = ("https://elsewhere.example/", "//elsewhere.example/", "javascript:x")
    secretary = make_user(Role.SECRETARY)
    make_rows(made.brief(), body=secretary.organisation)
    make_edition(made.brief(overdue=[dataclasses.replace(item, url=url) for url in bad]))
    page = page_of(sign_in(Client(), secretary))
    assert item.title in page
    assert "elsewhere.example" not in page
    assert "javascript:" not in page


@pytest.mark.parametrize("name", ["brief:today", "brief:archive", "brief:edition"])
def test_pages_cost_the_same_with_many_editions(edition, name):
    client = client_of()
    address = reverse(name, args=[edition.pk] if name == "brief:edition" else [])
    page_of(client, address)
    costs = []
    for more in (0, 60):
        for number in range(more):
            BriefEdition.objects.create(
                created_at=made.AS_OF,
                as_of=made.AS_OF,
                payload=edition.payload,
                digest=f"{number:064}",
            )
        page_of(client, address)
        with CaptureQueriesContext(connection) as queries:
            page_of(client, address)
        costs.append(len(queries))
    assert costs[0] <= BUDGETS[name]
    # Fifty editions fill a page of the list, which then has to count the rest.
    # Today compares with the edition that the reader saw before, which is narrowed like the newest.
    seen_before = 8 if name == "brief:today" else 0
    assert costs[1] <= costs[0] + (name == "brief:archive") + seen_before
    assert costs[1] <= BUDGETS[name]
