"""Verify the signature of an alert against pinned certificates.

What is returned was read from the bytes that the signature covers, so that nothing which merely
stood beside them can be taken for signed.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from qalqan.cap import trust as certificates
from qalqan.cap.refusals import Reason, SignatureError
from qalqan.cap.xmldsig import (
    DIGESTS,
    DS,
    DS11,
    METHODS,
    XADES,
    Digest,
    Parts,
    canonical,
    certificates_in,
    decode,
    forms,
    parse,
    take_apart,
)

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
    from cryptography.x509 import Certificate
    from lxml.etree import _Element, _ElementTree

    from qalqan.cap.model import Alert

#: How far a signer's clock may run ahead of ours.
SKEW: Final = timedelta(minutes=5)
_HASHES: Final = {"sha256": "SHA256", "sha384": "SHA384", "sha512": "SHA512"}


@dataclass(frozen=True, slots=True)
class Verified:
    """An alert whose signature holds.

    Parameters
    ----------
    signed_bytes
        Canonical bytes that the signature covers.
    certificate
        The pinned certificate whose key signed them.
    signed_at
        When the signer says to have signed: XAdES' SigningTime, else the alert's ``sent``.
    is_xades
        Whether the signed properties of XAdES were there and hold.
    is_reindented
        Whether the document was laid out anew after signing: the signature holds once blank text
        between elements is left out.
    method
        URI of the signature method.
    """

    signed_bytes: bytes
    certificate: Certificate
    signed_at: datetime
    is_xades: bool
    is_reindented: bool
    method: str

    @property
    def alert(self) -> Alert:
        """The alert, read from the signed bytes.

        Raises
        ------
        CapError
            What was signed is not CAP 1.2.
        """
        from qalqan.cap.read import read

        return read(self.signed_bytes)


def verify(data: bytes, *, trust: Sequence[Certificate], at: datetime | None = None) -> Verified:
    """Verify an enveloped signature (XML-DSig, XAdES-BES) of a CAP alert.

    Parameters
    ----------
    data
        The document, within `qalqan.cap.limits`.
    trust
        Certificates of signers, each pinned as it is; no authority vouches for another one.
    at
        The moment the signature is judged at, aware. For an alert that just arrived pass the
        present: the certificate must be valid then, and also at XAdES' SigningTime, which may
        not lie more than five minutes ahead. ``None`` judges by the time the signer gives
        (SigningTime, else ``sent``), for which only the signer vouches: meant for archives.

    Returns
    -------
    Verified
        Whose ``alert`` comes from the signed bytes.

    Raises
    ------
    SignatureError
        The signature is missing, forged, weak or not trusted; its ``reason`` says which.
    """
    if at is not None and at.tzinfo is None:
        raise ValueError("at must be aware")
    try:
        return _verified(parse(data), trust, at, is_reindented=False)
    except SignatureError as error:
        if error.reason not in (Reason.VALUE, Reason.DIGEST):
            raise
        # Some tools indent what is signed already. Leaving the blanks out again can only lead
        # to bytes that were signed, and those are what is returned.
        try:
            return _verified(parse(data, blanks=False), trust, at, is_reindented=True)
        except SignatureError as second:
            raise (error if second.reason in (Reason.VALUE, Reason.DIGEST) else second) from None


def _verified(
    tree: _ElementTree, trust: Sequence[Certificate], at: datetime | None, *, is_reindented: bool
) -> Verified:
    parts = take_apart(tree)
    signed_info = canonical(parts.signed_info, exclusive=parts.exclusive)
    certificate = _signer(parts, trust, signed_info)
    is_xades = _inner_digests(parts, certificate)
    signed_at = _signing_time(parts, tree)
    signed_bytes = _whole(tree, parts)
    if is_xades or at is None:
        certificates.require_valid(certificate, signed_at)
    if at is not None:
        if signed_at > at + SKEW:
            raise SignatureError(Reason.FUTURE, f"signed at {signed_at}, judged at {at}")
        certificates.require_valid(certificate, at)
    return Verified(signed_bytes, certificate, signed_at, is_xades, is_reindented, parts.method)


def _signer(parts: Parts, trust: Sequence[Certificate], signed_info: bytes) -> Certificate:
    candidates = _candidates(parts, trust)
    refusal = SignatureError(Reason.VALUE)
    for certificate in candidates:
        try:
            key = _key_of(certificate)
            certificates.require_strong(key)
            _same_key_value(parts.key_info, key)
            _check_value(key, parts, signed_info)
        except SignatureError as error:
            refusal = error
        else:
            return certificate
    raise refusal


def _key_of(certificate: Certificate) -> PublicKeyTypes:
    from cryptography.exceptions import UnsupportedAlgorithm

    try:
        return certificate.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise SignatureError(Reason.KEY_INFO, str(error)[:200]) from None


def _candidates(parts: Parts, trust: Sequence[Certificate]) -> Sequence[Certificate]:
    from cryptography.x509 import load_der_x509_certificate

    if not trust:
        raise SignatureError(Reason.UNTRUSTED, "no certificate is trusted")
    try:
        brought = [load_der_x509_certificate(raw) for raw in certificates_in(parts.key_info)]
    except ValueError as error:
        raise SignatureError(Reason.KEY_INFO, str(error)[:200]) from None
    if not brought:
        return trust
    found = certificates.pinned(brought, trust)
    if not found:
        raise SignatureError(Reason.UNTRUSTED, certificates.subject(brought[0])[:200])
    return found


def _same_key_value(key_info: _Element | None, key: PublicKeyTypes) -> None:
    """Refuse a key written out beside the certificate that is not the certificate's."""
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    if key_info is None:
        return
    wanted: dict[str, bytes] = {
        f"{{{DS11}}}DEREncodedKeyValue": key.public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )
    }
    if isinstance(key, rsa.RSAPublicKey):
        numbers = key.public_numbers()
        for name, number in (("Modulus", numbers.n), ("Exponent", numbers.e)):
            wanted[f"{{{DS}}}{name}"] = number.to_bytes((number.bit_length() + 7) // 8, "big")
    elif isinstance(key, ec.EllipticCurvePublicKey):
        wanted[f"{{{DS11}}}PublicKey"] = key.public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
    for holder in key_info.iter(f"{{{DS}}}KeyValue", f"{{{DS11}}}DEREncodedKeyValue"):
        found = [node for node in holder.iter() if str(node.tag) in wanted]
        if not found:
            raise SignatureError(Reason.KEY_INFO, "a key value of another kind")
        for node in found:
            if decode(node).lstrip(b"\0") != wanted[str(node.tag)].lstrip(b"\0"):
                raise SignatureError(Reason.KEY_INFO)


def _check_value(key: PublicKeyTypes, parts: Parts, signed_info: bytes) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

    kind, name = METHODS[parts.method]
    algorithm = getattr(hashes, _HASHES[name])()
    try:
        if kind == "rsa" and isinstance(key, rsa.RSAPublicKey):
            key.verify(parts.value, signed_info, padding.PKCS1v15(), algorithm)
            return
        if kind == "ecdsa" and isinstance(key, ec.EllipticCurvePublicKey):
            half = (key.key_size + 7) // 8
            if len(parts.value) != 2 * half:
                raise SignatureError(Reason.VALUE, "length of the value")
            first = int.from_bytes(parts.value[:half], "big")
            second = int.from_bytes(parts.value[half:], "big")
            signature = utils.encode_dss_signature(first, second)
            key.verify(signature, signed_info, ec.ECDSA(algorithm))
            return
    except InvalidSignature:
        raise SignatureError(Reason.VALUE) from None
    raise SignatureError(Reason.ALGORITHM, "the method does not fit the certificate's key")


def _matches(digest: Digest, data: bytes) -> bool:
    return hmac.compare_digest(hashlib.new(digest.algorithm, data).digest(), digest.value)


def _whole(tree: _ElementTree, parts: Parts) -> bytes:
    """Return the bytes the reference to the document covers.

    The standard counts instructions before the root as part of the document; a widespread signer
    leaves them out. Either is accepted: what is not covered is not returned.
    """
    _take_out(parts.element)
    for node in (tree, tree.getroot()):
        for form in forms(node, exclusive=parts.whole.exclusive):
            if _matches(parts.whole, form):
                return form
    raise SignatureError(Reason.DIGEST)


def _take_out(signature: _Element) -> None:
    """Remove the signature and leave the text behind it where it is."""
    parent, before = signature.getparent(), signature.getprevious()
    if parent is None:
        raise SignatureError(Reason.WRAPPED)
    if signature.tail and before is not None:
        before.tail = (before.tail or "") + signature.tail
    elif signature.tail:
        parent.text = (parent.text or "") + signature.tail
    signature.tail = None
    parent.remove(signature)


def _inner_digests(parts: Parts, certificate: Certificate) -> bool:
    """Check what else the signature covers; tell whether XAdES' properties hold."""
    if parts.key_info is not None and parts.key_info_digest is not None:
        _check_inner(parts.key_info, parts.key_info_digest, Reason.KEY_INFO)
    if parts.properties is None or parts.properties_digest is None:
        return False
    _check_inner(parts.properties, parts.properties_digest, Reason.XADES)
    _check_signing_certificate(parts.properties, certificate)
    return True


def _check_inner(node: _Element, digest: Digest, reason: Reason) -> None:
    if not any(_matches(digest, form) for form in forms(node, exclusive=digest.exclusive)):
        raise SignatureError(reason, "digest")


def _check_signing_certificate(properties: _Element, certificate: Certificate) -> None:
    names = ("SigningCertificate", "SigningCertificateV2")
    holders = [node for name in names for node in properties.iter(f"{{{XADES}}}{name}")]
    if len(holders) != 1:
        raise SignatureError(Reason.XADES, "SigningCertificate")
    first = holders[0].find(f"{{{XADES}}}Cert/{{{XADES}}}CertDigest")
    method = None if first is None else first.find(f"{{{DS}}}DigestMethod")
    value = None if first is None else first.find(f"{{{DS}}}DigestValue")
    if method is None or value is None:
        raise SignatureError(Reason.XADES, "CertDigest")
    algorithm = DIGESTS.get(str(method.get("Algorithm")))
    if algorithm is None:
        raise SignatureError(Reason.ALGORITHM, str(method.get("Algorithm"))[:200])
    if not _matches(Digest(algorithm, decode(value), False), certificates.der(certificate)):
        raise SignatureError(Reason.XADES, "another certificate")


def _signing_time(parts: Parts, tree: _ElementTree) -> datetime:
    root = tree.getroot()
    texts = []
    if parts.properties is not None:
        texts = [node.text for node in parts.properties.iter(f"{{{XADES}}}SigningTime")]
    if not texts:
        namespace = str(root.tag).partition("}")[0]
        texts = [node.text for node in root.findall(f"{namespace}}}sent")]
    if len(texts) != 1:
        raise SignatureError(Reason.TIME)
    try:
        time = datetime.fromisoformat((texts[0] or "").strip())
    except ValueError:
        raise SignatureError(Reason.TIME, str(texts[0])[:80]) from None
    if time.tzinfo is None:
        raise SignatureError(Reason.TIME, "no offset")
    return time
