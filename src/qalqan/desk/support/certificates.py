"""The certificate of an erasure: signed, checkable by anybody, and silent about everyone."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.utils.translation import gettext as _

from qalqan.desk.platform.privacy import key_files
from qalqan.desk.support import crypto
from qalqan.errors import IntegrityError, Location

_CONTEXT = b"qalqan support certificate 1\n"
_FILE, _PURPOSE = "support_ed25519", "support.certificate-key"
_SIGNATURE = 64
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Certificate:
    """That the key of a case was destroyed: number, mark of the seal, day, and in how many places.

    ``token`` holds all of it with the signature; nothing of it stays at the desk.
    """

    number: str
    mark: str
    on: date
    folders: int
    done: int
    token: str

    @property
    def is_complete(self) -> bool:
        """Whether every copy of the key was reached."""
        return self.done == self.folders


def _private() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(key_files.own_key(_FILE, purpose=_PURPOSE))


def public_key() -> str:
    """Return the key that checks certificates, in hexadecimal digits."""
    return _private().public_key().public_bytes_raw().hex()


def issue(*, mark: str, on: date, folders: int, done: int) -> Certificate:
    """Sign that a key was destroyed."""
    number = crypto.new_pseudonym()
    payload = json.dumps([number, mark, on.isoformat(), folders, done]).encode()
    signature = _private().sign(_CONTEXT + payload)
    token = base64.urlsafe_b64encode(signature + payload).decode().rstrip("=")
    return Certificate(number, mark, on, folders, done, token)


def check(token: str, *, key: str | None = None) -> Certificate:
    """Return what a certificate says.

    Parameters
    ----------
    key
        The desk's public key, where another desk's certificate is checked.

    Raises
    ------
    IntegrityError
        It is none, or not of this desk, or was changed.
    """
    token = "".join(token.split())
    try:
        if len(token) > _LONGEST:
            raise ValueError("too long")
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key or public_key()))
        public.verify(raw[:_SIGNATURE], _CONTEXT + raw[_SIGNATURE:])
        number, mark, on, folders, done = json.loads(raw[_SIGNATURE:])
        return Certificate(number, mark, date.fromisoformat(on), folders, done, token)
    except (ValueError, InvalidSignature):
        raise IntegrityError(
            _("This is no certificate of this desk, or it was changed."),
            location=Location(field="token"),
        ) from None


def on_paper(certificate: Certificate, address: str) -> dict[str, Any]:
    """Return the certificate in the reader's language as plain data for the page and the PDF."""
    lines = [
        _("On this day the key of one support case was destroyed at this desk."),
        _("What was written in the case cannot be read any more by anybody, in backups neither."),
        _("This paper says nothing about whose case it was. It is the same for everyone."),
    ]
    if not certificate.is_complete:
        lines.append(
            _("One copy of the key could not be reached; it is destroyed as soon as it can be.")
        )
    facts = [
        [_("Certificate number"), certificate.number],
        [_("Day"), f"{certificate.on:%Y-%m-%d}"],
        [_("Mark of the seal"), certificate.mark],
        [_("Copies of the key destroyed"), f"{certificate.done} / {certificate.folders}"],
    ]
    return {
        "title": _("Certificate of erasure"),
        "lines": lines,
        "facts": facts,
        "compare": _("Compare the mark with the one on the sheet from the beginning."),
        "how": _("Check it at %(address)s, or with the desk's public key.") % {"address": address},
        "token": certificate.token,
        "key_label": _("Public key of the desk"),
        "key": public_key(),
    }
