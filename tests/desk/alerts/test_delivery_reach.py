"""An update or a cancelling reaches whoever was warned, and never before the warning."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.support.alert_delivery import make_subscribers, make_target, make_version
from tests.support.alerts_factories import make_district

from qalqan.desk.alerts.models import AlertDistrict, AlertVersion, Delivery, Subscriber
from qalqan.desk.alerts.sending.adapters.base import Outcome, Verdict
from qalqan.desk.alerts.sending.lane import HeldLane
from qalqan.desk.alerts.sending.message import Letter, Parcel
from qalqan.desk.alerts.services import outbox

NOW = datetime.now(UTC)


def send(version: AlertVersion, *districts: object) -> AlertVersion:
    AlertDistrict.objects.bulk_create(
        AlertDistrict(version=version, district=place) for place in districts
    )
    outbox.enqueue(version=version, now=NOW)
    for spread in version.dispatch.spreads.filter(is_done=False):
        while outbox.spread_some(spread_id=spread.pk, most=100_000, now=NOW):
            pass
    return version


def told(version: AlertVersion) -> set[tuple[str, int]]:
    rows = Delivery.objects.filter(version=version)
    return set(rows.values_list("target__name", "subscriber"))


@pytest.mark.django_db
@pytest.mark.parametrize("msg_type", ["Update", "Cancel"])
def test_a_milder_or_smaller_later_message_reaches_all_who_were_warned(msg_type):
    here, there = make_district("Алға"), make_district("Мәртөк", latitude=51.0)
    make_target("grave only", "http://127.0.0.1:1/", least=3)
    make_target("there only", "http://127.0.0.1:1/", district=there)
    make_target("gateway", "http://127.0.0.1:1/", kind="sms")
    make_subscribers(2, channel="sms")
    grave, far = Subscriber.objects.order_by("pk")
    Subscriber.objects.filter(pk=grave.pk).update(least=4)
    Subscriber.objects.filter(pk=far.pk).update(district=there)
    first = send(make_version(severity="Extreme"), here, there)
    assert len(told(first)) == 4
    milder = send(make_version(alert=first.alert, msg_type="Update", severity="Minor"), here)
    assert told(milder) == told(first)
    last = send(make_version(alert=first.alert, msg_type=msg_type, severity="Minor"), here)
    assert told(last) == told(first)


@pytest.mark.django_db
def test_what_went_to_the_whole_province_is_cancelled_there():
    here, there = make_district("Алға"), make_district("Мәртөк", latitude=51.0)
    make_target("there only", "http://127.0.0.1:1/", district=there)
    first = send(make_version())
    last = send(make_version(alert=first.alert, msg_type="Cancel"), here)
    assert told(last) == told(first) == {("there only", 0)}


class Wide:
    """A sender with room for eight; it is never asked to send."""

    width = 8
    host = ""

    async def send(self, parcel: Parcel) -> Outcome:
        return Outcome(Verdict.TAKEN)

    async def close(self) -> None:
        """Hold nothing."""


def test_a_later_message_waits_for_the_earlier_one_to_the_same_subscriber():
    lane = HeldLane(1, Wide(), 0)
    letter = Letter("", "text")
    lane.parcels.extend(
        Parcel(number, f"k{number}", letter, "kk", 10, 0, to=to)
        for number, to in enumerate(["+77010000001", "+77010000001", "+77010000002"])
    )
    first, other = lane.begin(), lane.begin()
    assert first is not None
    assert other is not None
    assert [first.delivery_id, other.delivery_id] == [0, 2]
    assert lane.begin() is None
    lane.end(first)
    late = lane.begin()
    assert late is not None
    assert late.delivery_id == 1
