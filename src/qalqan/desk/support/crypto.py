"""The locks of the room: a key a case, wrapped to each holder, with the desk's half mixed in.

A holder's seed of 32 bytes gives two keys by HKDF (RFC 5869): X25519 (RFC 7748) to receive case
keys, and Ed25519 (RFC 8032) to vouch for colleagues. A case key is wrapped with AES-256-GCM
under a key that comes from an ephemeral X25519 exchange *and* from the desk's half of the case,
which lies outside the database and its backups. Whoever has only one of the two has nothing.
"""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.utils.translation import gettext as _

from qalqan.errors import IntegrityError

KEY = 32
_NONCE = 12
_SALT = 16
_LOG_COST = 15
"""scrypt's N is 2 to this power; with r = 8 it takes 32 MB. Kept with each sealed seed."""


def _derive(secret: bytes, info: str, salt: bytes | None = None) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=KEY, salt=salt, info=info.encode()).derive(secret)


def _encrypt(key: bytes, plain: bytes, bound: str) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound.encode())


def _decrypt(key: bytes, sealed: bytes, bound: str) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], bound.encode())
    except (InvalidTag, ValueError):
        raise IntegrityError(_("A sealed value does not open here.")) from None


# ---- Holders ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Keys:
    """The private keys of a holder, from one seed."""

    seed: bytes

    @classmethod
    def of_code(cls, code: str) -> Keys:
        """Return the keys of somebody who holds a code of at least 128 random bits."""
        return cls(_derive(tidy_code(code).encode(), "qalqan support code 1"))

    @property
    def receiving(self) -> X25519PrivateKey:
        """The key that opens what was wrapped."""
        return X25519PrivateKey.from_private_bytes(_derive(self.seed, "qalqan support x25519 1"))

    @property
    def vouching(self) -> Ed25519PrivateKey:
        """The key that vouches for others."""
        return Ed25519PrivateKey.from_private_bytes(_derive(self.seed, "qalqan support ed25519 1"))

    @property
    def public(self) -> bytes:
        """Both public keys, 64 bytes."""
        return (
            self.receiving.public_key().public_bytes_raw()
            + self.vouching.public_key().public_bytes_raw()
        )


def key_mark(public: bytes) -> str:
    """Return what two people compare aloud: 20 letters and digits in groups of four."""
    text = base64.b32encode(sha256(b"qalqan support key" + public).digest())[:20].decode()
    return "-".join(text[start : start + 4] for start in range(0, 20, 4))


def seal_seed(seed: bytes, phrase: str, *, bound: str) -> bytes:
    """Return a seed that opens with a phrase only."""
    salt = os.urandom(_SALT)
    key = Scrypt(salt=salt, length=KEY, n=1 << _LOG_COST, r=8, p=1).derive(phrase.encode())
    return bytes([_LOG_COST]) + salt + _encrypt(key, seed, bound)


def open_seed(sealed: bytes, phrase: str, *, bound: str) -> bytes:
    """Undo `seal_seed`.

    Raises
    ------
    IntegrityError
        The phrase is wrong, or the bytes are another holder's.
    """
    cost, salt = sealed[0], sealed[1 : 1 + _SALT]
    key = Scrypt(salt=salt, length=KEY, n=1 << min(cost, 20), r=8, p=1).derive(phrase.encode())
    return _decrypt(key, sealed[1 + _SALT :], bound)


def seal_for_visit(seed: bytes, key: bytes, *, bound: str) -> bytes:
    """Return a seed that opens with the key in the browser's cookie only."""
    return _encrypt(key, seed, bound)


def open_for_visit(sealed: bytes, key: bytes, *, bound: str) -> bytes:
    """Undo `seal_for_visit`; raises IntegrityError with another key."""
    return _decrypt(key, sealed, bound)


def vouch(keys: Keys, statement: str) -> bytes:
    """Sign a statement about a colleague's key."""
    return keys.vouching.sign(statement.encode())


def is_vouched(public: bytes, signature: bytes, statement: str) -> bool:
    """Tell whether the holder of a public key signed the statement."""
    try:
        Ed25519PublicKey.from_public_bytes(public[KEY:]).verify(signature, statement.encode())
    except (InvalidSignature, ValueError):
        return False
    return True


# ---- Cases -----------------------------------------------------------------------------------


def new_key() -> bytes:
    """Return 256 random bits."""
    return os.urandom(KEY)


def _wrap_bound(case: UUID, holder: str, generation: int) -> str:
    return f"qalqan support wrap 1|{case.hex}|{holder}|{generation}"


def wrap(
    case_key: bytes, public: bytes, half: bytes, *, case: UUID, holder: str, generation: int
) -> bytes:
    """Return a case key that opens with the holder's key and the desk's half together."""
    bound = _wrap_bound(case, holder, generation)
    ephemeral = X25519PrivateKey.generate()
    sent = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public[:KEY]))
    return sent + _encrypt(_derive(shared + half, bound, sent + public[:KEY]), case_key, bound)


def unwrap(
    wrapped: bytes, keys: Keys, half: bytes, *, case: UUID, holder: str, generation: int
) -> bytes:
    """Undo `wrap`.

    Raises
    ------
    IntegrityError
        It was wrapped for another holder, case, generation or half.
    """
    bound = _wrap_bound(case, holder, generation)
    sent = wrapped[:KEY]
    shared = keys.receiving.exchange(X25519PublicKey.from_public_bytes(sent))
    kek = _derive(shared + half, bound, sent + keys.public[:KEY])
    return _decrypt(kek, wrapped[KEY:], bound)


def _field_bound(case: UUID, entry: UUID, field: str, version: int) -> str:
    return f"qalqan support field 1|{case.hex}|{entry.hex}|{field}|{version}"


def seal_field(
    plain: bytes, case_key: bytes, *, case: UUID, entry: UUID, field: str, version: int
) -> bytes:
    """Return a field of a case, bound to its case, entry, field and version."""
    return _encrypt(case_key, plain, _field_bound(case, entry, field, version))


def open_field(
    sealed: bytes, case_key: bytes, *, case: UUID, entry: UUID, field: str, version: int
) -> bytes:
    """Undo `seal_field`.

    Raises
    ------
    IntegrityError
        It belongs to another case, entry, field or version, or was changed.
    """
    return _decrypt(case_key, sealed, _field_bound(case, entry, field, version))


# ---- Codes and names without meaning -----------------------------------------------------------

_READABLE = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def _random_text(length: int) -> str:
    import secrets

    return "".join(secrets.choice(_READABLE) for _each in range(length))


def new_pseudonym() -> str:
    """Return eight random letters and digits, 39 bits; no order and no date is in them."""
    text = _random_text(8)
    return f"{text[:4]}-{text[4:]}"


def new_code() -> str:
    """Return the code that only the helped one holds: 28 letters and digits, 137 bits."""
    text = _random_text(28)
    return "-".join(text[start : start + 4] for start in range(0, 28, 4))


def tidy_code(code: str) -> str:
    """Return a code as it was made, however it was typed.

    >>> tidy_code(" abcd efgh-2345 ")
    'ABCDEFGH2345'
    """
    return "".join(sign for sign in code.upper() if sign in _READABLE)


def code_hash(code: str) -> str:
    """Return under which value a code's case is found; the code has too many bits to be tried."""
    return sha256(f"qalqan support lookup 1|{tidy_code(code)}".encode()).hexdigest()


def new_mark() -> str:
    """Return the mark of a case's seal, printed at its beginning and on its certificate."""
    text = _random_text(16)
    return "-".join(text[start : start + 4] for start in range(0, 16, 4))
