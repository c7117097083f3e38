"""The keys that sign reports: made by the desk, sealed on disk, each told before it is used.

A key's certificate holds for five years. In its last months a next one is made, and the reports
that the old key still signs name it, so that whoever trusts the old one can trust the new one.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from qalqan.desk.platform.privacy.sealing import seal, unseal

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

OWN_NAME = "Qalqan reports, certified by this desk"
_PURPOSE = "commission.report-key"
_VALID = timedelta(days=5 * 365)
LAST_USE = timedelta(days=120)
"""A key whose certificate ends sooner signs no more reports."""
ANNOUNCED = timedelta(days=300)
"""From so long before the end on, reports name the next certificate: three quarters in a row."""


@dataclass(frozen=True, slots=True)
class ReportKey:
    """A key with its certificate."""

    number: int
    key: Any
    certificate: Certificate

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, as 64 hexadecimal digits."""
        from cryptography.hazmat.primitives import hashes

        return self.certificate.fingerprint(hashes.SHA256()).hex()

    @property
    def pem(self) -> str:
        """The certificate as it is published."""
        from cryptography.hazmat.primitives.serialization import Encoding

        return self.certificate.public_bytes(Encoding.PEM).decode()

    def left(self, now: datetime) -> timedelta:
        """How long the certificate still holds."""
        return self.certificate.not_valid_after_utc - now


def signing_key(*, now: datetime) -> ReportKey:
    """Return the key that signs now: the oldest that holds long enough; made where there is none.

    Raises
    ------
    IntegrityError
        A key does not open with the desk's secret key.
    """
    return _from(1, now)


def next_key(*, now: datetime) -> ReportKey | None:
    """Return the key after the one that signs now, once it is to be told; nothing before."""
    current = signing_key(now=now)
    if current.left(now) >= ANNOUNCED:
        return None
    return _read_or_made(current.number + 1, now)


def _from(number: int, now: datetime) -> ReportKey:
    found = _read_or_made(number, now)
    return found if found.left(now) > LAST_USE else _from(number + 1, now)


def _read_or_made(number: int, now: datetime) -> ReportKey:
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from cryptography.x509 import load_pem_x509_certificate

    path = Path(settings.HOME) / "keys" / f"reports-{number}.key.sealed"
    if not path.is_file():
        _write_once(path, seal(_made(now), purpose=_PURPOSE))
    # Key and certificate stand in one sealed file: two makers at once never mix their halves.
    key_pem, certificate_pem = unseal(path.read_bytes(), purpose=_PURPOSE).split("\n\n", 1)
    return ReportKey(
        number, load_pem_private_key(key_pem.encode(), password=None),
        load_pem_x509_certificate(certificate_pem.encode()),
    )  # fmt: skip


def _made(now: datetime) -> str:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, OWN_NAME)])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=False, crl_sign=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _VALID)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    key_pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    certificate_pem = certificate.public_bytes(serialization.Encoding.PEM)
    return f"{key_pem.decode().strip()}\n\n{certificate_pem.decode()}"


def _write_once(path: Path, data: bytes) -> None:
    """Write a file whole and readable by its owner only, unless it is there already."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(partial, path)
    except FileExistsError:
        return
    finally:
        partial.unlink()
