"""Seal short secrets with a key that comes from the desk's secret key, and find them again.

AES-256-GCM with the purpose as associated data, so that what was sealed for one purpose does
not open for another; the key is derived by HKDF (RFC 5869). What was sealed under an earlier
secret key opens as long as that key stands among Django's ``SECRET_KEY_FALLBACKS``.
"""

from __future__ import annotations

import hmac
import os
from functools import lru_cache
from hashlib import sha256

from django.conf import settings
from django.utils.translation import gettext as _

from qalqan.errors import IntegrityError

_NONCE = 12


@lru_cache(maxsize=16)
def _key(secret_key: str, info: bytes) -> bytes:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(
        secret_key.encode()
    )


def _keys(info: bytes) -> list[bytes]:
    return [_key(secret, info) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def seal_bytes(data: bytes, *, purpose: str) -> bytes:
    """Return bytes encrypted for a purpose."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(_NONCE)
    key = _keys(b"qalqan sealed 1")[0]
    return nonce + AESGCM(key).encrypt(nonce, data, purpose.encode())


def unseal_bytes(sealed: bytes, *, purpose: str) -> bytes:
    """Undo `seal_bytes`.

    Raises
    ------
    IntegrityError
        It was sealed with another key or for another purpose, or was changed since.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    for key in _keys(b"qalqan sealed 1"):
        try:
            return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], purpose.encode())
        except (InvalidTag, ValueError):
            continue
    raise IntegrityError(_("A sealed value does not open with the desk's key."))


def seal(text: str, *, purpose: str) -> bytes:
    """Return a text encrypted for a purpose."""
    return seal_bytes(text.encode(), purpose=purpose)


def unseal(sealed: bytes, *, purpose: str) -> str:
    """Undo `seal`.

    Raises
    ------
    IntegrityError
        It was sealed with another key or for another purpose, or was changed since.
    """
    return unseal_bytes(sealed, purpose=purpose).decode()


def lookups(text: str, *, purpose: str) -> list[str]:
    """Return the keyed hashes under which a text may be stored; the first is today's.

    Without the key nobody can tell by trying whether a text is stored.
    """
    return [
        hmac.new(key, f"{purpose}:{text}".encode(), sha256).hexdigest()
        for key in _keys(b"qalqan lookup 1")
    ]
