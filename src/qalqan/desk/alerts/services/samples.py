"""Targets and deliveries of the sample province; nothing is ever sent to them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from qalqan.desk.alerts.models import Channel, Delivery, Lane, Receipt, Target
from qalqan.desk.alerts.services.targets import TargetData, add_target, set_target_enabled
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor

S = Delivery.State
_SOURCE = "synthetic"
_MOST_SIRENS = 4
_OTHERS = (("Sample loudspeakers, bus station", True), ("Sample siren, market", False))


@transaction.atomic
def add_sample_targets(*, actor: Actor, now: datetime) -> int:
    """Add sirens of some districts and two more, marked as samples; return how many."""
    if Target.objects.filter(is_sample=True).exists():
        return 0
    sirens = [
        TargetData(
            name=f"Sample siren, {place.name_en}", kind=Channel.MQTT,
            address="mqtts://sirens.example.invalid", options={"tells": True},
            district_id=place.pk, people=1_500, people_source=_SOURCE, is_sample=True,
            accepts_exercise=True,
        )
        for place in places.districts(actor).defer("boundary")[:_MOST_SIRENS]
    ]  # fmt: skip
    others = [
        TargetData(
            name=name, kind=Channel.MQTT, address="mqtts://others.example.invalid",
            is_sample=True, accepts_exercise=exercise,
        )
        for name, exercise in _OTHERS
    ]  # fmt: skip
    for data in (*sirens, *others):
        add_target(actor=actor, data=data, now=now)
    return len(sirens) + len(others)


@transaction.atomic
def settle_sample_deliveries(*, actor: Actor, now: datetime) -> int:
    """Tell made-up outcomes of what the sample's warnings sent, and take its targets out of use."""
    rows = Delivery.objects.filter(target__is_sample=True, state=S.QUEUED).select_related("version")
    count = 0
    for number, row in enumerate(rows.order_by("pk")):
        approved = row.version.approved_at if row.version else None
        at = (approved or now) + timedelta(seconds=1 + number % 3)
        state = S.FAILED if number % 6 == 4 else S.PLAYED
        events = [Receipt.Event.ACCEPTED, Receipt.Event(state)]
        Receipt.objects.bulk_create(
            [Receipt(delivery=row, attempt=1, event=event, at=at) for event in events]
        )
        row.state, row.attempts, row.done_at = state, 1, at
        row.last_error = "sample: no power" if state == S.FAILED else ""
        row.save(update_fields=["state", "attempts", "done_at", "last_error"])
        count += 1
    for target in Target.objects.filter(is_sample=True, is_enabled=True):
        set_target_enabled(actor=actor, target=target, is_enabled=False, now=now)
    Lane.objects.filter(target__is_sample=True).update(due_at=None, has_news=False)
    return count
