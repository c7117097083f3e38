"""Sealing a day: its head is kept, and signed where the desk has a key."""

from __future__ import annotations

import os
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit.models import AuditHead, AuditSeal
from qalqan.desk.platform.audit.services.recording import record
from qalqan.desk.platform.policies import ADD, Actor
from qalqan.desk.platform.policies.registry import require
from qalqan.errors import ConflictError, SettingsError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def key_folder() -> Path:
    """Return the folder that holds the desk's keys."""
    return Path(settings.HOME) / "keys"


def seal_text(day: date, sequence: int, entry_hash: str) -> bytes:
    """Return the bytes that are signed.

    >>> seal_text(date(2026, 1, 2), 3, "ab")
    b'qalqan-audit-seal-1:2026-01-02:3:ab'
    """
    return f"qalqan-audit-seal-1:{day.isoformat()}:{sequence}:{entry_hash}".encode()


def create_seal_key(*, folder: Path | None = None) -> Path:
    """Make the Ed25519 key that signs daily heads, and the public key to give to others.

    Raises
    ------
    ConflictError
        There is a key already; replacing it would orphan the seals it signed.
    """
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    folder = folder or key_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    private, public = folder / "audit_ed25519.pem", folder / "audit_ed25519.pub"
    if private.exists() or public.exists():
        raise ConflictError(_("There is a key for sealing the audit already: %s") % private)
    key = Ed25519PrivateKey.generate()
    handle = os.open(private, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    public.write_bytes(
        key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )
    return public


def public_key(folder: Path | None = None) -> Ed25519PublicKey | None:
    """Return the key that checks seals, or nothing when the desk does not sign."""
    path = (folder or key_folder()) / "audit_ed25519.pub"
    if not path.is_file():
        return None
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    key = load_pem_public_key(path.read_bytes())
    if not isinstance(key, Ed25519PublicKey):
        raise SettingsError(_("This is not an Ed25519 key: %s") % path)
    return key


def key_name(key: Ed25519PublicKey) -> str:
    """Return the short name of a key: the start of its SHA-256."""
    return sha256(key.public_bytes_raw()).hexdigest()[:16]


def _sign(text: bytes, folder: Path) -> tuple[str, str]:
    path = folder / "audit_ed25519.pem"
    if not path.is_file():
        return "", ""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise SettingsError(_("This is not an Ed25519 key: %s") % path)
    return key.sign(text).hex(), key_name(key.public_key())


@transaction.atomic
def seal_day(
    *, actor: Actor, day: date, now: datetime, keys: Path | None = None
) -> AuditSeal | None:
    """Keep the present head as the head of ``day``; a sealed day stays as it is.

    Returns
    -------
    AuditSeal or None
        Nothing, when the chain is empty.
    """
    require(actor, ADD, AuditSeal)
    sealed: AuditSeal | None = AuditSeal.objects.filter(day=day).first()
    if sealed:
        return sealed
    head = AuditHead.objects.select_for_update().filter(pk=1, sequence__gt=0).first()
    if head is None:
        return None
    signature, key_id = _sign(seal_text(day, head.sequence, head.hash), keys or key_folder())
    seal = AuditSeal(
        day=day,
        sequence=head.sequence,
        entry_hash=head.hash,
        sealed_at=now,
        signature=signature,
        key_id=key_id,
    )
    seal.save(force_insert=True)
    record(
        actor=actor,
        action="audit.seal_day",
        subject=seal,
        now=now,
        detail={"sequence": head.sequence, "signed": bool(signature)},
    )
    return seal
