"""Pages of polls as people use them: from a new poll to its map, and the page of a link."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.desk.query_budgets import BUDGETS
from tests.support.factories import NOW, make_user, sign_in
from tests.support.polls_factories import (
    DESK,
    answer_everywhere,
    drawn,
    make_frame,
    make_version,
    opened,
)

from qalqan.desk.platform.policies import Role
from qalqan.desk.polls.models import Poll, PollEdition, Response
from qalqan.desk.polls.services import collecting, polls
from qalqan.desk.polls.services.estimating import compute
from qalqan.desk.polls.services.publishing import publish
from qalqan.desk.polls.views import answering

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_limit():
    answering.LIMIT.forget()


def client_of(role=Role.ANALYST):
    return sign_in(Client(), make_user(role))


def go(client, name, *arguments, **data):
    return client.post(reverse(f"polls:{name}", args=arguments), data)


def test_from_a_new_poll_to_its_published_page():
    client, version, frame = client_of(), make_version(), make_frame()
    go(client, "poll_add", code="p1", title_kk="К", title_ru="Р", title_en="E", series="s", wave=1,
       questionnaire=version.pk, starts_on="2026-02-20", ends_on="2099-03-10")  # fmt: skip
    poll = Poll.objects.get()
    assert go(client, "act", poll.pk, "open").status_code == 302
    poll.refresh_from_db()
    assert poll.state == Poll.State.DRAFT, "it has no design yet"
    go(client, "design", poll.pk, kind="probability", method="pps", frame=frame.pk, areas=9,
       take=12, seed=4, adjustment="rake", populations="")  # fmt: skip
    bad = go(client, "margins", poll.pk, rows="sex,f,nine", origin="Census")
    assert bad.status_code == 400
    go(client, "margins", poll.pk, rows="sex,f,12000\nsex,m,10000", origin="Census")
    sample = client.get(reverse("polls:sample", args=[poll.pk])).content.decode()
    assert sample.count('data-label="Probability of being drawn"') == 9
    assert "12" in client.get(reverse("polls:sample_file", args=[poll.pk])).content.decode()
    go(client, "act", poll.pk, "open")
    poll.refresh_from_db()
    for batch in answer_everywhere(poll):
        go(client, "batch_outcomes", batch.pk, I=12, R=3, NC=2)
    go(client, "act", poll.pk, "close")
    go(client, "act", poll.pk, "compute")
    page = client.get(reverse("polls:results", args=[poll.pk])).content.decode()
    assert "<svg" in page
    assert "RR1" in page
    go(client, "publish", poll.pk)
    assert PollEdition.objects.get().state == PollEdition.State.PUBLISHED
    for language in ("kk", "ru", "en"):
        answer = Client().get(reverse("public:poll", args=[language, "p1"]))
        assert answer.status_code == 200
        assert answer.headers["Content-Language"] == language
    assert "p1" in Client().get(reverse("public:polls", args=["en"])).content.decode()


def test_a_link_asks_in_three_languages_and_once():
    poll = opened(drawn())
    batch = collecting.open_batch(
        actor=DESK, poll=poll, channel="web", now=NOW, cluster=poll.clusters.first()
    )
    client = client_of()
    told = go(client, "batch_links", batch.pk, count=1).content.decode()
    token = re.search(r"/polls/answer/([\w-]+)/", told)[1]
    assert token not in client.get(reverse("polls:batch", args=[batch.pk])).content.decode()
    for language in ("kk", "ru", "en"):
        page = Client().get(reverse("polls:answer", args=[language, token]))
        assert f"Heard? {language}" in page.content.decode()
    wrong = Client().post(reverse("polls:answer", args=["en", token]), {"told": "11"})
    assert wrong.status_code == 400
    sent = Client().post(
        reverse("polls:answer", args=["en", token]), {"heard": "yes", "where": "tv", "told": "4"}
    )
    assert "without your name" in sent.content.decode()
    assert "sessionid" not in sent.cookies
    assert Response.objects.get().answers == {"heard": "yes", "where": "tv", "told": 4}
    assert Client().get(reverse("polls:answer", args=["en", token])).status_code == 404


def test_a_guesser_of_links_is_slowed_down():
    codes = [
        Client().get(reverse("polls:answer", args=["en", f"guess{n}"])).status_code
        for n in range(answering.LIMIT.most + 2)
    ]
    assert codes[0] == 404
    assert codes[-1] == 429
    assert answering.LIMIT.window == timedelta(minutes=10)


def test_paper_is_typed_by_code_and_a_group_worker_sees_no_results():
    poll = opened(drawn())
    batch = collecting.open_batch(
        actor=DESK, poll=poll, channel="paper", now=NOW, cluster=poll.clusters.first()
    )
    workers = [client_of(Role.GROUP_WORKER) for _one in range(2)]
    assert "[yes no]" in workers[0].get(reverse("polls:enter", args=[batch.pk])).content.decode()
    for worker in workers:
        go(worker, "enter", batch.pk, sheet=1, heard="no", told="2")
    assert Response.objects.count() == 1
    assert workers[0].get(reverse("polls:poll", args=[poll.pk])).status_code == 200
    assert workers[0].get(reverse("polls:results", args=[poll.pk])).status_code == 403


NAMES = [name for name in BUDGETS if name.startswith("polls:")]


def test_pages_keep_their_budget_with_more_to_show():
    poll = opened(drawn())
    batches = answer_everywhere(poll)
    closed = opened(drawn())
    answer_everywhere(closed)
    closed = polls.close_poll(actor=DESK, poll=closed, now=NOW)
    edition = compute(actor=DESK, poll=closed, now=NOW)
    keys = {
        "polls:poll": poll.pk, "polls:sample": poll.pk, "polls:batch": batches[0].pk,
        "polls:results": closed.pk, "polls:questionnaire": poll.questionnaire_id,
        "polls:frame": poll.frame_id,
    }  # fmt: skip
    client = client_of()
    client.get(reverse("polls:polls"))
    counts = {}
    for more in (0, 2):
        for _one in range(more):
            opened(drawn())
            collecting.open_batch(
                actor=DESK, poll=poll, channel="web", now=NOW, cluster=poll.clusters.first()
            )
        for name in NAMES:
            address = reverse(name, args=[keys[name]] if name in keys else [])
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts.setdefault(name, []).append(len(queries))
    assert {name: two for name, two in counts.items() if two[0] != two[1]} == {}
    over = {name: two[1] for name, two in counts.items() if two[1] > BUDGETS[name]}
    assert over == {}
    publish(actor=DESK, edition=edition, now=NOW)
    for name, arguments in (("public:polls", ["en"]), ("public:poll", ["en", closed.code])):
        with CaptureQueriesContext(connection) as queries:
            assert Client().get(reverse(name, args=arguments)).status_code == 200
        assert len(queries) <= BUDGETS[name], name
