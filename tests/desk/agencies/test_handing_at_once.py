"""Bodies that act at the same moment: still exactly one holds the matter."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from tests.support.agencies_factories import SYSTEM, make_areas, make_body, make_matter, make_part
from tests.support.factories import NOW

from qalqan.desk.agencies.models import HandOver, Holding, Responsibility
from qalqan.desk.agencies.services import handing
from qalqan.desk.agencies.services.bodies import close_body
from qalqan.desk.platform.audit.services import verify
from qalqan.errors import ConflictError

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(hours=5)


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


def offered():
    areas = make_areas()
    first, second, third = make_body(), make_body(), make_body()
    make_part(third, areas["province"], "helps")
    matter = make_matter(first)
    offer = handing.hand_over(actor=SYSTEM, matter=matter, to_body=second, reason="x", now=NOW)
    return matter, offer, third


def test_an_acceptance_a_refusal_a_taking_and_a_closing_at_once_leave_one_holder():
    for _turn in range(3):
        matter, offer, third = offered()
        results = at_once(
            lambda offer=offer: handing.accept(actor=SYSTEM, offer=offer, now=LATER),
            lambda offer=offer: handing.refuse(actor=SYSTEM, offer=offer, reason="x", now=LATER),
            lambda matter=matter, third=third: handing.take(
                actor=SYSTEM, matter=matter, body=third, reason="x", now=LATER
            ),
            lambda offer=offer: handing.take_back(actor=SYSTEM, offer=offer, reason="x", now=LATER),
        )
        assert sum(isinstance(one, ConflictError) for one in results) in (2, 3)
        matter.refresh_from_db()
        assert not HandOver.objects.filter(matter=matter, state="offered").exists()
        held = list(Holding.objects.filter(matter=matter).order_by("place_in_line"))
        assert held[-1].body_id == matter.holder_id
        assert [one.place_in_line for one in held] == list(range(1, len(held) + 1))
    assert verify().ok


def test_a_body_that_closes_while_it_accepts_holds_nothing_or_stays_open():
    for _turn in range(3):
        matter, offer, _third = offered()
        Responsibility.objects.all().delete()
        body = offer.to_body
        at_once(
            lambda offer=offer: handing.accept(actor=SYSTEM, offer=offer, now=LATER),
            lambda body=body: close_body(actor=SYSTEM, body=body, reason="x", now=LATER),
        )
        matter.refresh_from_db()
        assert matter.holder.closed_on is None
