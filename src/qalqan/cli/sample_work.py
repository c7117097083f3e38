"""Pieces of work of the sample province."""

from __future__ import annotations

from datetime import datetime
from typing import Any


def _actor() -> Any:
    from qalqan.desk.platform.policies import SystemActor

    return SystemActor("demo")


def open_work(now: datetime) -> None:
    """Open the sample's work in the language of the duty officer, all of it or none."""
    from django.db import transaction

    from qalqan.desk.platform.accounts.selectors import user
    from qalqan.desk.platform.work import selectors, services
    from qalqan.sample.duties import DUTIES

    actor = _actor()
    if selectors.items(actor, state="").filter(is_sample=True).exists():
        return
    duty_officer, group_worker = user(actor, "duty_officer"), user(actor, "group_worker")
    centre, group = duty_officer.organisation, group_worker.organisation
    language = duty_officer.language
    with transaction.atomic():
        for duty in DUTIES:
            item = services.open_item(
                actor=actor, kind="work.other", title=duty.titles[language], subject="sample",
                owner=None, organisation=group if duty.offered else centre,
                due_at=now + duty.due, now=now - duty.opened, is_sample=True,
            )  # fmt: skip
            if duty.offered:
                reason = duty.offered[language]
                services.hand_over(
                    actor=actor, item=item, organisation=centre, reason=reason, now=now
                )
            if duty.outcome:
                services.close_item(actor=actor, item=item, outcome=duty.outcome[language], now=now)
        services.send_due_reminders(actor=actor, now=now)
