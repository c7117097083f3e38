"""Certificates one trusts: pinned one by one, read from a PEM file."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from qalqan.cap.refusals import Reason, SignatureError
from qalqan.errors import InputError, Location

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
    from cryptography.x509 import Certificate

MOST_PEM_BYTES: Final = 1_048_576
LEAST_RSA_BITS: Final = 2048
MOST_RSA_BITS: Final = 16_384
CURVES: Final = ("secp256r1", "secp384r1", "secp521r1")
_BLOCK: Final = re.compile(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)


def load_trust(pem: bytes, *, name: str | None = None) -> tuple[Certificate, ...]:
    """Read the certificates of a PEM file; the same one twice counts once.

    Parameters
    ----------
    pem
        The file; text between the certificates is passed over.
    name
        The file's name, for errors.

    Raises
    ------
    InputError
        There is no certificate, one cannot be read, or the file is longer than 1 MiB.
    """
    from cryptography.x509 import load_pem_x509_certificate

    if len(pem) > MOST_PEM_BYTES:
        raise InputError("a trust store has at most 1 MiB", location=Location(name))
    found: dict[bytes, Certificate] = {}
    for match in _BLOCK.finditer(pem):
        line = pem.count(b"\n", 0, match.start()) + 1
        try:
            certificate = load_pem_x509_certificate(match[0])
            found[der(certificate)] = certificate
        except ValueError as error:
            raise InputError(
                f"the certificate cannot be read: {error}", location=Location(name, line)
            ) from None
    if not found:
        raise InputError(
            "there is no certificate here",
            location=Location(name),
            hint="a PEM file with one or more BEGIN CERTIFICATE blocks",
        )
    return tuple(found.values())


def der(certificate: Certificate) -> bytes:
    """Return the bytes by which a certificate is pinned."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return certificate.public_bytes(Encoding.DER)


def fingerprint(certificate: Certificate) -> str:
    """Return the SHA-256 fingerprint in hexadecimal."""
    from cryptography.hazmat.primitives.hashes import SHA256

    return certificate.fingerprint(SHA256()).hex()


def subject(certificate: Certificate) -> str:
    """Return the subject as a person reads it."""
    return certificate.subject.rfc4514_string()


def require_strong(key: PublicKeyTypes) -> None:
    """Refuse keys that can be broken: RSA below 2048 bits, curves other than NIST's P.

    Raises
    ------
    SignatureError
        ``weak_key``.
    """
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    if isinstance(key, rsa.RSAPublicKey):
        if not LEAST_RSA_BITS <= key.key_size <= MOST_RSA_BITS:
            raise SignatureError(Reason.WEAK_KEY, f"RSA with {key.key_size} bits")
        if key.public_numbers().e < 65_537:
            raise SignatureError(Reason.WEAK_KEY, "RSA with a small exponent")
    elif isinstance(key, ec.EllipticCurvePublicKey):
        if key.curve.name not in CURVES:
            raise SignatureError(Reason.WEAK_KEY, f"curve {key.curve.name}")
    else:
        raise SignatureError(Reason.WEAK_KEY, type(key).__name__)


def require_valid(certificate: Certificate, at: datetime) -> None:
    """Refuse a certificate outside its time.

    Raises
    ------
    SignatureError
        ``not_yet_valid`` or ``expired``.
    """
    if at < certificate.not_valid_before_utc:
        since = certificate.not_valid_before_utc.isoformat()
        raise SignatureError(Reason.NOT_YET_VALID, f"valid from {since}, judged at {at}")
    if at > certificate.not_valid_after_utc:
        until = certificate.not_valid_after_utc.isoformat()
        raise SignatureError(Reason.EXPIRED, f"valid until {until}, judged at {at}")


def pinned(candidates: Sequence[Certificate], trust: Sequence[Certificate]) -> list[Certificate]:
    """Return those of ``trust`` that are among the candidates, byte by byte."""
    known = {der(candidate) for candidate in candidates}
    return [certificate for certificate in trust if der(certificate) in known]
