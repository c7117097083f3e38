"""Keys for programs that hand in messages."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.intake.models import ApiToken
from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.desk.platform.sources.models import Source
from qalqan.errors import ConflictError, InputError, Location

_USED_EVERY = timedelta(hours=1)


def _digest(secret: str) -> str:
    # The key has 256 random bits; a slow hash would add nothing but work.
    return sha256(secret.encode()).hexdigest()


@transaction.atomic
def create_token(
    *,
    actor: Actor,
    name: str,
    source: Source,
    now: datetime,
    expires_at: datetime | None = None,
) -> tuple[ApiToken, str]:
    """Make a key and return it; it is shown once and kept only as a hash.

    Raises
    ------
    RefusedError
        The actor is no administrator.
    InputError
        The name is missing, or the key would be out of date at once.
    ConflictError
        There is a key of this name.
    """
    require(actor, ADD, ApiToken)
    name = " ".join(name.split())[:100]
    if not name:
        raise InputError(_("A token needs a name."), location=Location(field="name"))
    if expires_at is not None and expires_at <= now:
        raise InputError(
            _("The token would be out of date."), location=Location(field="expires_at")
        )
    if ApiToken.objects.filter(name=name).exists():
        raise ConflictError(_("There is a token of this name."), location=Location(field="name"))
    secret = "qalqan_" + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        name=name,
        source=source,
        digest=_digest(secret),
        hint=secret[7:13],
        created_by=actor if isinstance(actor, get_user_model()) else None,
        created_at=now,
        expires_at=expires_at,
    )
    record(
        actor=actor, action="intake.create_token", subject=token, now=now,
        detail={"scope": token.scope, "source": source.pk},
    )  # fmt: skip
    return token, secret


@transaction.atomic
def revoke_token(*, actor: Actor, token: ApiToken, now: datetime) -> ApiToken:
    """Make a key useless for good.

    Raises
    ------
    RefusedError
        The actor is no administrator.
    """
    require(actor, CHANGE, ApiToken, token)
    row: ApiToken = ApiToken.objects.select_for_update().get(pk=token.pk)
    if row.revoked_at is None:
        row.revoked_at = now
        row.save(update_fields=["revoked_at"])
        record(actor=actor, action="intake.revoke_token", subject=row, now=now)
    return row


def token_for(secret: str, *, scope: str, now: datetime) -> ApiToken | None:
    """Return the valid token of a key; nothing for a key that is unknown, revoked or old."""
    token: ApiToken | None = (
        ApiToken.objects.select_related("source")
        .filter(digest=_digest(secret), scope=scope, revoked_at__isnull=True)
        .first()
    )
    if token is None or (token.expires_at is not None and token.expires_at <= now):
        return None
    if token.used_at is None or now - token.used_at > _USED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(used_at=now)
    return token
