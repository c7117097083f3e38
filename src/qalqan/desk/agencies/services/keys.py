"""The key that signs this desk's returns, and the keys of provinces that are believed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.agencies import return_document
from qalqan.desk.agencies.models import ProvinceKey
from qalqan.desk.agencies.policies import TRUST
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import Actor, require
from qalqan.desk.platform.privacy import key_files
from qalqan.errors import ConflictError

_PURPOSE = "agencies.return-key"
_FILE = "returns.key.sealed"


def own_key() -> Any:
    """Return the key that signs this desk's returns; made at the first need, sealed on disk."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(key_files.own_key(_FILE, purpose=_PURPOSE))


def own_public_pem() -> str:
    """Return this desk's public key, to be carried to the national desk by a trusted way."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = own_key().public_key()
    pem: bytes = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return pem.decode()


def own_key_id() -> str:
    """Return the name of this desk's key, to be read out and compared."""
    return return_document.key_id(own_key().public_key())


@transaction.atomic
def trust_key(
    *, actor: Actor, province: Any, pem: bytes, now: datetime, file: str = "",
    is_sample: bool = False,
) -> ProvinceKey:  # fmt: skip
    """Believe from now on what is signed with a key for a province.

    Raises
    ------
    ConflictError
        The key is known already.
    InputError
        It is no Ed25519 public key.
    RefusedError
        Only the administrator may.
    """
    require(actor, TRUST, ProvinceKey)
    key = return_document.load_public_key(pem, file=file)
    name = return_document.key_id(key)
    if ProvinceKey.objects.filter(key_id=name).exists():
        raise ConflictError(_("This key is known already."))
    row = ProvinceKey.objects.create(
        province=province, key_id=name, public_pem=pem.decode("ascii", "replace"),
        trusted_at=now, is_sample=is_sample,
    )  # fmt: skip
    audit.record(
        actor=actor, action="agencies.trust_key", subject=row, now=now,
        detail={"province": province.pk, "key": name[:16]},
    )  # fmt: skip
    return row


@transaction.atomic
def revoke_key(*, actor: Actor, key: ProvinceKey, now: datetime) -> ProvinceKey:
    """Believe a key no longer; returns taken before stay, and say by which key.

    Raises
    ------
    ConflictError
        It is not believed any more.
    RefusedError
        Only the administrator may.
    """
    require(actor, TRUST, ProvinceKey)
    row: ProvinceKey = ProvinceKey.objects.select_for_update().get(pk=key.pk)
    if row.revoked_at is not None:
        raise ConflictError(_("This key is not trusted any more."))
    row.revoked_at = now
    row.save(update_fields=["revoked_at"])
    audit.record(
        actor=actor, action="agencies.revoke_key", subject=row, now=now,
        detail={"key": row.key_id[:16]},
    )  # fmt: skip
    return row
