"""The number by which the sender of a hotline report looks its answer up later."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.desk.rumours.models import TipReference

LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Without the letters and digits that are taken for each other on a cracked screen."""

LENGTH = 16
"""Thirty signs each: 78 random bits."""

KEPT = timedelta(days=365)


def normalised(number: str) -> str:
    """Return a number as it was given, however it was typed.

    >>> normalised("abcd efgh-jkmn pqrs")
    'ABCDEFGHJKMNPQRS'
    """
    return "".join(sign for sign in number.upper() if sign.isalnum())


def digest_of(number: str) -> str:
    """Return the hash under which a number is kept.

    The number is random and long, so a slow hash would add nothing but work.
    """
    return sha256(f"qalqan reference:{normalised(number)}".encode()).hexdigest()


@transaction.atomic
def give_reference(*, actor: Actor, content_id: bytes, now: datetime) -> str:
    """Make a number for a report and return it; it is shown once and kept only as a hash."""
    require(actor, ADD, TipReference)
    number = "".join(secrets.choice(LETTERS) for _sign in range(LENGTH))
    TipReference.objects.create(digest=digest_of(number), content_id=content_id, created_at=now)
    return "-".join(number[at : at + 4] for at in range(0, LENGTH, 4))


@transaction.atomic
def forget_references(*, actor: Actor, now: datetime) -> int:
    """Delete the numbers that are older than a year; return how many."""
    require(actor, CHANGE, TipReference)
    gone, _each = TipReference.objects.filter(created_at__lt=now - KEPT).delete()
    if gone:
        record(
            actor=actor, action="rumours.forget_references", subject="references", now=now,
            detail={"deleted": gone},
        )  # fmt: skip
    return gone
