"""The key that signs warnings: the one that is set up, or one this desk makes for itself."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext as _

from qalqan.desk.platform.privacy.sealing import seal, unseal
from qalqan.errors import SettingsError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

OWN_NAME = "Qalqan: key made by this desk itself, certified by nobody"
_PURPOSE = "alerts.signing-key"
_KEY_FILE = "alerts.key.sealed"
_CERTIFICATE_FILE = "alerts.pem"
_YEARS = timedelta(days=5 * 365)


@dataclass(frozen=True, slots=True)
class Signer:
    """What signs a warning.

    Parameters
    ----------
    is_own
        Whether the desk made the key for itself; nobody outside can know it then.
    """

    key: Any
    certificate: Certificate
    is_own: bool


def signer(*, now: datetime) -> Signer:
    """Return the key that is set up; without one, the desk's own, made at the first need.

    A warning that is signed with a key that nobody certified is better than a warning that
    does not go out; the pages say which it was.

    Raises
    ------
    SettingsError
        A key is set up and cannot be read.
    """
    from qalqan.cap.sign import load_key
    from qalqan.cap.trust import load_trust

    if not settings.QALQAN_ALERT_KEY:
        return _own(Path(settings.HOME) / "keys", now)
    password = settings.QALQAN_ALERT_KEY_PASSPHRASE.encode() or None
    try:
        key = load_key(Path(settings.QALQAN_ALERT_KEY).read_bytes(), password=password)
        pem = Path(settings.QALQAN_ALERT_CERTIFICATE).read_bytes()
        return Signer(key, load_trust(pem)[0], False)
    except (OSError, ValueError, TypeError) as error:
        raise SettingsError(
            _("The key that signs warnings cannot be read: %(why)s.") % {"why": str(error)[:120]}
        ) from error


def is_own_key() -> bool:
    """Tell whether warnings are signed with a key that this desk made for itself."""
    return not settings.QALQAN_ALERT_KEY


def sign(data: bytes, *, now: datetime) -> bytes:
    """Return the bytes with an enveloped signature; they are otherwise unchanged.

    Raises
    ------
    SettingsError
        The key or its certificate cannot be used.
    """
    from qalqan.cap.refusals import SignatureError
    from qalqan.cap.sign import sign as sign_bytes

    by = signer(now=now)
    try:
        return sign_bytes(data, key=by.key, certificate=by.certificate, signing_time=now)
    except SignatureError as error:
        raise SettingsError(
            _("The key that signs warnings cannot be used: %(why)s.") % {"why": str(error)[:120]}
        ) from error


def _own(folder: Path, now: datetime) -> Signer:
    from qalqan.cap.sign import load_key
    from qalqan.cap.trust import load_trust

    sealed, public = folder / _KEY_FILE, folder / _CERTIFICATE_FILE
    if not (sealed.is_file() and public.is_file()):
        _make(folder, now)
    pem = unseal(sealed.read_bytes(), purpose=_PURPOSE).encode()
    # Both stand in one sealed file, so that two makers at once never mix their halves.
    key_pem, certificate_pem = pem.split(b"\n\n", 1)
    return Signer(load_key(key_pem), load_trust(certificate_pem)[0], True)


def _make(folder: Path, now: datetime) -> None:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, OWN_NAME)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # Sample warnings lie a few days back.
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + _YEARS)
        .sign(key, hashes.SHA256())
    )
    key_pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    certificate_pem = certificate.public_bytes(serialization.Encoding.PEM)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    both = f"{key_pem.decode().strip()}\n\n{certificate_pem.decode()}"
    _write_once(folder / _KEY_FILE, seal(both, purpose=_PURPOSE))
    kept = unseal((folder / _KEY_FILE).read_bytes(), purpose=_PURPOSE)
    _write_once(folder / _CERTIFICATE_FILE, kept.split("\n\n", 1)[1].encode())


def _write_once(path: Path, data: bytes) -> None:
    """Write a file whole and readable by its owner only, unless it is there already."""
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
