"""Accounts of operations, opened meetings and recommendations: for tests."""

from __future__ import annotations

import copy
from typing import Any

from tests.support.factories import NOW

from qalqan.desk.commission.models import Account
from qalqan.desk.commission.services import accounts
from qalqan.sample.account import ACCOUNT

TEXTS: dict[str, dict[str, str]] = ACCOUNT


def noted(note: str) -> dict[str, dict[str, str]]:
    """Return the texts of a correction that says why, in each language."""
    texts = copy.deepcopy(TEXTS)
    for code, parts in texts.items():
        parts["note"] = f"{note} {code}"
    return texts


def make_account(writer: Any, **fields: Any) -> Account:
    """Return an account that waits for a second person."""
    given = {
        "about": "exercise", "happened_on": NOW.date(), "texts": TEXTS, "harm": {}, **fields,
    }  # fmt: skip
    return accounts.write_account(actor=writer, now=NOW, **given)


def make_published_account(writer: Any, second: Any, **fields: Any) -> Account:
    """Return an account that everyone may read."""
    row = make_account(writer, **fields)
    accounts.publish(actor=second, account=row, number=1, now=NOW)
    row.refresh_from_db()
    return row
