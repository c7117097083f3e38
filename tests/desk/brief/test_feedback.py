"""Useful or not: once a reader and line, counted, shown by nobody's name, deleted in time."""

from datetime import timedelta

import pytest
from django.urls import reverse
from tests.support import brief_factories as made
from tests.support.brief_rows import make_edition, make_rows
from tests.support.factories import make_user, sign_in

from qalqan.desk.brief import jobs, render, services
from qalqan.desk.brief.models import KindReview, LineVote, Look, VoteSum
from qalqan.desk.brief.selectors import feedback
from qalqan.desk.platform.audit.models import AuditEntry
from qalqan.desk.platform.policies import Role, SystemActor
from qalqan.errors import InputError, RefusedError

pytestmark = pytest.mark.django_db
NOW = made.AS_OF


@pytest.fixture
def edition():
    make_rows(made.brief())
    return make_edition()


def cast(edition, useful, *, readers=3, line="rumour-7", now=NOW):
    for number in range(readers):
        services.vote(
            actor=make_user(Role.ANALYST), edition=edition, line=line,
            is_useful=useful if isinstance(useful, bool) else useful[number], now=now,
        )  # fmt: skip


def test_a_reader_has_one_word_on_a_line_and_may_change_or_take_it_back(edition):
    user = make_user(Role.PRESS_OFFICER)
    for word in (True, False):
        services.vote(actor=user, edition=edition, line="rumour-7", is_useful=word, now=NOW)
    assert feedback.own_votes(user, edition) == {"rumour-7": False}
    assert LineVote.objects.get().kind == "rumour"
    services.vote(actor=user, edition=edition, line="rumour-7", is_useful=None, now=NOW)
    assert not LineVote.objects.exists()


def test_only_a_line_that_the_reader_sees_takes_a_vote(edition):
    for user, line in ((make_user(Role.INSPECTOR), "rumour-7"), (make_user(), "rumour-99")):
        with pytest.raises(InputError, match="no such line"):
            services.vote(actor=user, edition=edition, line=line, is_useful=True, now=NOW)
    with pytest.raises(RefusedError):
        services.vote(
            actor=make_user(Role.SITE_OWNER), edition=edition, line="rumour-7", is_useful=True,
            now=NOW,
        )  # fmt: skip
    assert not LineVote.objects.exists()


def test_the_record_says_that_a_vote_was_given_and_neither_by_whom_nor_on_what(edition):
    user = make_user(Role.ANALYST)
    services.vote(actor=user, edition=edition, line="rumour-7", is_useful=False, now=NOW)
    row = AuditEntry.objects.order_by("-sequence").first()
    assert row.action == "brief.vote"
    assert row.detail == {}
    assert user.actor_label not in str(vars(row))


def test_few_votes_are_not_shown_and_enough_have_their_interval(edition):
    secretary = make_user(Role.SECRETARY)
    cast(edition, useful=True, readers=4)
    (few,) = feedback.counts(secretary)
    assert (few.is_shown, few.useful, few.not_useful) == (False, 0, 0)
    cast(edition, [True] * 4 + [False] * 2, readers=6)
    (enough,) = feedback.counts(secretary)
    assert (enough.useful, enough.not_useful) == (8, 2)
    # Wilson's interval of 8 of 10, as in Newcombe 1998.
    assert (round(enough.share.low, 3), round(enough.share.high, 3)) == (0.490, 0.943)
    assert feedback.counts(make_user(Role.PRESS_OFFICER)) == []


def test_votes_change_no_order(edition):
    def order():
        return [lead.key for lead in render.page_of(edition, render.whole(edition)).leads]

    before = order()
    cast(edition, useful=False, readers=9)
    assert order() == before


def test_after_ninety_days_looks_and_votes_are_gone_and_the_sums_stay(edition):
    secretary = make_user(Role.SECRETARY)
    cast(edition, [True, True, False, True, True], readers=5)
    services.look(actor=secretary, edition=edition, now=NOW)
    assert jobs.forget(NOW + timedelta(days=90)) == 0
    before = feedback.counts(secretary)
    assert jobs.forget(NOW + timedelta(days=91)) == 6
    assert not LineVote.objects.exists()
    assert not Look.objects.exists()
    assert {f.name for f in VoteSum._meta.get_fields()} == {"id", "kind", "useful", "not_useful"}
    assert feedback.counts(secretary) == before
    cast(edition, useful=True, readers=1, now=NOW + timedelta(days=99))
    services.forget(actor=SystemActor("brief"), now=NOW + timedelta(days=300))
    assert VoteSum.objects.get().useful == 5


def test_a_decision_is_recorded_with_the_counts_it_was_made_on(edition, client):
    cast(edition, [True, False, False, False, False], readers=5)
    sign_in(client, make_user(Role.SECRETARY))
    page = client.get(reverse("brief:votes")).text
    assert "Growing rumour" in page
    answer = client.post(
        reverse("brief:decide"), {"kind": "rumour", "decision": "Ask for ten copies at least."}
    )
    assert answer.status_code == 302
    row = KindReview.objects.get()
    assert (row.useful, row.not_useful) == (1, 4)
    assert "Ask for ten copies at least." in client.get(reverse("brief:votes")).text
    last = AuditEntry.objects.order_by("-sequence").first()
    assert (last.action, last.detail["kind"]) == ("brief.review_votes", "rumour")


@pytest.mark.parametrize("fields", [{"kind": "rumour", "decision": " "}, {"kind": "x",
                                    "decision": "Yes"}])  # fmt: skip
def test_a_decision_without_words_or_about_nothing_is_refused(client, fields):
    sign_in(client, make_user(Role.ANALYST))
    assert client.post(reverse("brief:decide"), fields).status_code == 400
    assert not KindReview.objects.exists()


def test_the_auditor_reads_the_counts_and_decides_nothing(client):
    sign_in(client, make_user(Role.AUDITOR))
    assert "decide-form" not in client.get(reverse("brief:votes")).text
    assert client.post(reverse("brief:decide"), {}).status_code == 403


def test_the_page_takes_a_vote_and_says_what_becomes_of_it(edition, client):
    user = make_user(Role.DUTY_OFFICER)
    sign_in(client, user)
    address = reverse("brief:vote", args=[edition.pk])
    answer = client.post(
        address, {"line": "rumour-7", "useful": "yes", "from": "today"}, follow=True
    )
    assert "changes no order by itself" in answer.text
    assert feedback.own_votes(user, edition) == {"rumour-7": True}
    client.post(address, {"line": "rumour-7", "useful": "none"})
    assert feedback.own_votes(user, edition) == {}
    assert "no such line" in client.post(address, {"line": "x", "useful": "no"}, follow=True).text
