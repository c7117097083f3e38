"""Sealed envelopes: the browser seals them, the service opens them, the desk can do neither.

ECDH on P-256 with a key made for the one envelope, HKDF-SHA-256, AES-256-GCM: what every
browser's own cryptography offers (Web Cryptography API, sections 24, 28, 31).
"""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.utils.translation import gettext as _

from qalqan.errors import InputError, IntegrityError

INFO = b"qalqan support envelope 1"
_POINT, _NONCE = 65, 12


def new_service_key() -> tuple[bytes, str]:
    """Return a service's private key as PEM, and its public key in base64."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem, base64.b64encode(_raw(key.public_key())).decode()


def _raw(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def read_public_key(text: str) -> bytes | None:
    """Return the point that a text in base64 stands for; nothing where it stands for none."""
    try:
        raw = base64.b64decode(text, validate=True)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == _POINT else None


def open_envelope(sealed: str, pem: bytes) -> str:
    """Return what an envelope says; done on the service's own machine.

    Raises
    ------
    InputError
        This is no private key of a service, or no envelope.
    IntegrityError
        It was sealed for another service, or changed.
    """
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise InputError(_("This is no private key of a service."))
    try:
        raw = base64.b64decode("".join(sealed.split()), validate=True)
        sent = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw[:_POINT])
    except (binascii.Error, ValueError):
        raise InputError(_("This is no sealed envelope.")) from None
    shared = key.exchange(ec.ECDH(), sent)
    salt = raw[:_POINT] + _raw(key.public_key())
    opening = HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=INFO).derive(shared)
    nonce, rest = raw[_POINT : _POINT + _NONCE], raw[_POINT + _NONCE :]
    try:
        return AESGCM(opening).decrypt(nonce, rest, INFO).decode()
    except InvalidTag:
        raise IntegrityError(_("A sealed value does not open here.")) from None
