"""What the sample desk owes the public: an account with its correction, an opened meeting."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any


def load_sample_accounts(*, writer: Any, second: Any, now: datetime) -> int:
    """Publish the sample's account, correct it, open the commission; return how many accounts.

    Parameters
    ----------
    writer, second
        Who writes the account, and the secretary, who publishes it as the second person.
    """
    from django.db import transaction

    from qalqan.desk.commission.selectors import accounts

    if accounts.accounts(second).filter(is_sample=True).exists():
        return 0
    with transaction.atomic():
        _account(writer, second, now)
        _open(second, now)
    _money(now)
    return 1


def _account(writer: Any, second: Any, now: datetime) -> None:
    from qalqan.desk.commission.services import accounts
    from qalqan.sample import account as sample

    first = {
        code: {**parts, "happened": sample.FIRST_SAID[code]}
        for code, parts in sample.ACCOUNT.items()
    }
    at = now - timedelta(days=13)
    row = accounts.write_account(
        actor=writer, about="exercise", happened_on=(now - timedelta(days=14)).date(),
        texts=first, harm=sample.HARM, now=at, is_sample=True,
    )  # fmt: skip
    accounts.publish(actor=second, account=row, number=1, now=at + timedelta(hours=3))
    corrected = {
        code: {**parts, "note": sample.NOTES[code]} for code, parts in sample.ACCOUNT.items()
    }
    at = now - timedelta(days=9)
    accounts.write_version(actor=writer, account=row, texts=corrected, harm=sample.HARM, now=at)
    accounts.publish(actor=second, account=row, number=2, now=at + timedelta(hours=2))


def _open(secretary: Any, now: datetime) -> None:
    """Open the sample's meeting that is over, and its recommendation."""
    from qalqan.desk.commission.selectors import lessons, table
    from qalqan.desk.commission.services import openings
    from qalqan.sample import account as sample

    held = table.meetings(secretary).filter(is_sample=True, state="closed").last()
    if held is not None:
        items = list(table.agenda(secretary, held))[: len(sample.TITLES)]
        keys = [item.pk for item in items]
        titles = dict(zip(keys, sample.TITLES, strict=True))
        at = held.starts_at
        opened = openings.open_meeting(actor=secretary, meeting=held, titles=titles, now=at)
        openings.open_outcomes(
            actor=secretary, opened=opened, words=dict(zip(keys, sample.OUTCOMES, strict=True)),
            now=at + timedelta(days=1),
        )  # fmt: skip
    issued = lessons.recommendations(secretary, state="").filter(is_sample=True).last()
    if issued is not None:
        openings.open_recommendation(
            actor=secretary, recommendation=issued, texts=sample.RECOMMENDATION,
            now=issued.issued_at,
        )  # fmt: skip


def _money(now: datetime) -> None:
    from qalqan.desk.commission.services.money import publish_money
    from qalqan.desk.platform.policies import SystemActor

    publish_money(actor=SystemActor("demo"), now=now, is_sample=True)
