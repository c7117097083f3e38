"""The signature as a layer: broken ones are errors, foreign methods are not (CAP 1.2, 3.3.4.1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from qalqan.cap.model import DSIG
from qalqan.cap.refusals import Reason, SignatureError
from qalqan.cap.validate.tree import spot

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from lxml import etree

    from qalqan.cap.validate.tree import Walk

_UNABLE = frozenset(
    (
        Reason.ALGORITHM,
        Reason.TRANSFORM,
        Reason.KEY_INFO,
        Reason.WEAK_KEY,
        Reason.SEVERAL,
        Reason.UNTRUSTED,
        Reason.EXPIRED,
        Reason.NOT_YET_VALID,
        Reason.XADES,
        Reason.TIME,
    )
)
"""What says only that we cannot tell, as long as nobody asked whom to trust."""


def check(
    data: bytes,
    root: etree._Element,
    walk: Walk,
    *,
    trust: Sequence[Certificate] | None,
    at: datetime | None,
) -> None:
    """Check the signature of a message.

    Parameters
    ----------
    data
        The file as it came.
    root
        Its alert element.
    walk
        Where findings go.
    trust, at
        As in `qalqan.cap.validate.validate`.
    """
    signature = root.find(f".//{{{DSIG}}}Signature")
    if signature is None:
        if trust is not None:
            walk.tell("signature.missing", spot(root))
        return
    from qalqan.cap.verify import verify

    try:
        verify(data, trust=_brought(data) if trust is None else trust, at=at)
    except SignatureError as error:
        walk.tell(_rule(error.reason, trusted=trust is not None), spot(signature), str(error))
        return
    if trust is None:
        walk.tell("signature.unchecked", spot(signature))


def _rule(reason: Reason, *, trusted: bool) -> str:
    if trusted:
        return "signature.untrusted" if reason is Reason.UNTRUSTED else "signature.broken"
    return "signature.unsupported" if reason in _UNABLE else "signature.broken"


def _brought(data: bytes) -> Sequence[Certificate]:
    """Return the certificates that a message brings along: good for sums, not for trust."""
    from cryptography.x509 import load_der_x509_certificate

    from qalqan.cap.xmldsig import certificates_in, parse, take_apart

    try:
        key_info = take_apart(parse(data)).key_info
        return [load_der_x509_certificate(raw) for raw in certificates_in(key_info)]
    except ValueError as error:
        raise SignatureError(Reason.KEY_INFO, str(error)[:200]) from None
