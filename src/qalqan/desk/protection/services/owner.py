"""The owner's way in: a link and, apart from it, a code; few tries, one browser, an end."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, PUBLIC, Actor, require
from qalqan.desk.platform.privacy.sealing import lookups
from qalqan.desk.protection.models import Notice, NoticeStep, OwnerLink
from qalqan.desk.protection.services.notices import account_of, add_step, locked

MOST_TRIES = 5
VALID = timedelta(days=30)
_DIGITS = 8
_PURPOSE = "protection.owner_code"


@dataclass(frozen=True, slots=True)
class MadeLink:
    """What is shown once to whoever made it: neither part is kept."""

    token: str
    code: str
    expires_at: datetime


def _hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_link(*, actor: Actor, notice: Notice, now: datetime) -> MadeLink:
    """Make a link for the owner of a notice's site; an earlier one ends.

    The link goes by one way, the code by another: a letter and a call to the office.

    Raises
    ------
    ConflictError
        The notice is closed.
    RefusedError
        The actor may not make links.
    """
    require(actor, ADD, OwnerLink)
    row = locked(notice)
    OwnerLink.objects.filter(notice=row, revoked_at__isnull=True).update(revoked_at=now)
    token, code = secrets.token_urlsafe(32), f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
    link = OwnerLink.objects.create(
        notice=row, token_hash=_hash(token), made_by=account_of(actor), made_at=now,
        code_hash=lookups(f"{token}:{code}", purpose=_PURPOSE)[0], expires_at=now + VALID,
    )  # fmt: skip
    add_step(row, NoticeStep.Kind.LINK, now, account_of(actor))
    record(actor=actor, action="protection.make_owner_link", subject=link, now=now)
    return MadeLink(token, code, link.expires_at)


def live_link(token: str, *, now: datetime) -> OwnerLink | None:
    """Return the link that a token belongs to, unless it is revoked or too old."""
    rows = OwnerLink.objects.select_related("notice__site").filter(
        token_hash=_hash(token), revoked_at__isnull=True, expires_at__gt=now
    )
    link: OwnerLink | None = rows.first()
    return link


@transaction.atomic
def open_link(*, token: str, code: str, now: datetime) -> str | None:
    """Try a code; return the key that the browser keeps, or nothing where it is wrong.

    The link opens once, for one browser. After five wrong codes it ends: the owner asks the
    desk for another. A wrong try is counted in any case, so nothing is raised here.
    """
    link = (
        OwnerLink.objects.select_for_update(of=("self",))
        .filter(token_hash=_hash(token), revoked_at__isnull=True, expires_at__gt=now)
        .first()
    )
    if link is None or link.opened_at is not None:
        return None
    given = "".join(sign for sign in code if sign.isascii() and sign.isdigit())
    kept = lookups(f"{token}:{given}", purpose=_PURPOSE)
    if not any(hmac.compare_digest(link.code_hash, one) for one in kept):
        link.attempts += 1
        if link.attempts >= MOST_TRIES:
            link.revoked_at = now
        link.save(update_fields=["attempts", "revoked_at"])
        detail = {"tries": link.attempts, "ended": link.revoked_at is not None}
        record(
            actor=PUBLIC, action="protection.owner_code_wrong", subject=link, now=now,
            detail=detail,
        )  # fmt: skip
        return None
    key = secrets.token_urlsafe(32)
    link.opened_at, link.browser_hash = now, _hash(key)
    link.save(update_fields=["opened_at", "browser_hash"])
    add_step(link.notice, NoticeStep.Kind.OPENED, now, None)
    record(actor=PUBLIC, action="protection.owner_opened", subject=link, now=now)
    return key


def is_opened_by(link: OwnerLink, key: str) -> bool:
    """Tell whether a browser's key is that of the browser that opened the link."""
    return bool(link.browser_hash) and hmac.compare_digest(link.browser_hash, _hash(key))
