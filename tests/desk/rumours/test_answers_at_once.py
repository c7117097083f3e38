"""Two people, or two workers, at the same moment: nothing is published, sent or lost twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core import mail
from django.db import connection
from tests.support.answer_factories import WORDING, later, make_published, make_verdict
from tests.support.factories import NOW, make_user
from tests.support.rumours_factories import ACTOR

from qalqan.desk.platform.audit.services import verify
from qalqan.desk.platform.policies import PUBLIC
from qalqan.desk.rumours import mails, services
from qalqan.desk.rumours.models import (
    AnswerVersion,
    Claim,
    Delivery,
    MailSubscription,
    Publication,
)
from qalqan.desk.rumours.services import Wording
from qalqan.errors import ConflictError

pytestmark = pytest.mark.django_db(transaction=True)
NOTED = {code: Wording(w.headline, w.text, "Corrected") for code, w in WORDING.items()}


@pytest.fixture(autouse=True)
def _server():
    if connection.vendor == "sqlite":
        pytest.skip("the test database lives in memory, where threads cannot write together")


def at_once(*acts):
    """Do the acts in threads that start together; return what each returned or raised."""
    gate = Barrier(len(acts))

    def run(act):
        gate.wait(30)
        try:
            return act()
        except ConflictError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def failed(results):
    return [isinstance(one, ConflictError) for one in results]


def test_a_version_written_while_another_is_approved_is_not_published():
    writer, second = make_user("press_officer"), make_user()
    for _turn in range(5):
        Claim.objects.all().update(state="closed")
        claim = make_verdict(writer, _another(_turn))
        first = services.write_answer(actor=writer, claim=claim, wording=WORDING, now=NOW)

        def write(claim=claim):
            return services.write_answer(
                actor=writer, claim=claim, wording=NOTED, now=later(minutes=1)
            )

        def publish(answer=first.answer):
            return services.publish_answer(
                actor=second, answer=answer, number=1, now=later(minutes=1)
            )

        at_once(write, publish)
        approved = AnswerVersion.objects.filter(answer=first.answer, approved_at__isnull=False)
        assert set(approved.values_list("number", flat=True)) <= {1}
    assert verify().ok


def _another(turn):
    from tests.support.answer_factories import make_claim

    return make_claim(" ".join(f"{word}{turn}" for word in ("су", "нан", "жол", "газ", "қант")))


def test_an_answer_is_published_once():
    writer, seconds = make_user("press_officer"), [make_user(), make_user("secretary")]
    version = services.write_answer(
        actor=writer, claim=make_verdict(writer), wording=WORDING, now=NOW
    )
    done = at_once(
        *(
            lambda second=second: services.publish_answer(
                actor=second, answer=version.answer, number=1, now=NOW
            )
            for second in seconds
        )
    )
    assert sorted(failed(done)) == [False, True]
    assert Publication.objects.count() == 1


def test_a_correction_and_a_withdrawal_at_once_leave_the_answer_withdrawn_or_the_act_refused():
    answer, writer = make_published(), make_user("press_officer")
    version = services.write_answer(actor=writer, claim=answer.claim, wording=NOTED, now=NOW)
    at_once(
        lambda: services.publish_answer(
            actor=make_user(), answer=answer, number=version.number, now=NOW
        ),
        lambda: services.withdraw_answer(
            actor=make_user(), answer=answer, why="wrong", now=later(hours=1)
        ),
    )
    answer.refresh_from_db()
    assert answer.state == "withdrawn"


def test_two_workers_send_each_mail_once(settings):
    settings.QALQAN_MAIL_LIST = True
    for number in range(12):
        services.subscribe(
            actor=PUBLIC, address=f"reader{number}@example.kz", language="kk", now=NOW
        )
    for row in MailSubscription.objects.all():
        services.confirm_subscription(actor=PUBLIC, token=mails.confirm_token(row), now=NOW)
    Delivery.objects.all().delete()
    make_published()
    done = at_once(*[lambda: services.deliver_due(actor=ACTOR, now=NOW)] * 3)
    assert sum(done) == 12
    assert len({tuple(sent.to) for sent in mail.outbox}) == len(mail.outbox) == 12


def test_an_address_asked_for_twice_at_once_is_kept_once(settings):
    settings.QALQAN_MAIL_LIST = True

    def ask():
        return services.subscribe(actor=PUBLIC, address="reader@example.kz", language="kk", now=NOW)

    assert at_once(ask, ask, ask) == [None, None, None]
    assert MailSubscription.objects.count() == 1
    assert Delivery.objects.count() == 1
