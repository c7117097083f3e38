"""Sign an alert: the bytes that were shown stay as they are, the signature is put between them."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from qalqan.cap import trust as certificates
from qalqan.cap.refusals import Reason, SignatureError
from qalqan.cap.xmldsig import DS, ENVELOPED, EXCLUSIVE, SIGNED_PROPERTIES, XADES, canonical, parse

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.x509 import Certificate
    from lxml.etree import _Element

    SigningKey = RSAPrivateKey | EllipticCurvePrivateKey

Algorithm = Literal["rsa-sha256", "rsa-sha512", "ecdsa-sha256"]
Form = Literal["xades", "plain"]

_SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
_METHOD: Final = "http://www.w3.org/2001/04/xmldsig-more#"
_END: Final = re.compile(rb"</(?:[A-Za-z_][\w.-]*:)?alert\s*>\s*\Z")


def sign(
    data: bytes,
    *,
    key: SigningKey,
    certificate: Certificate,
    signing_time: datetime,
    algorithm: Algorithm | None = None,
    form: Form = "xades",
) -> bytes:
    """Sign a CAP alert with an enveloped signature.

    Every byte of ``data`` is in the result, in its order: the signature is inserted before the
    alert's end tag. The result is verified before it is returned. With an RSA key the same
    arguments give the same bytes.

    Parameters
    ----------
    data
        The alert, in UTF-8, without a signature.
    key, certificate
        RSA with at least 2048 bits, or an elliptic curve key on P-256; the certificate's own key.
    signing_time
        When it is signed, aware; the certificate must be valid then.
    algorithm
        ``rsa-sha256``, ``rsa-sha512`` or ``ecdsa-sha256``; by default what fits the key.
    form
        ``xades`` (XAdES-BES: signs its time and certificate too) or ``plain`` XML-DSig.

    Raises
    ------
    SignatureError
        The document is no alert, is signed already, the key is weak or does not belong to the
        certificate, or the certificate is not valid then.
    ValueError
        The time is naive, or the algorithm does not fit the key.
    """
    from qalqan.cap.verify import verify

    if signing_time.tzinfo is None:
        raise ValueError("signing_time must be aware")
    name = _fitting(key, algorithm)
    certificates.require_strong(certificate.public_key())
    if _public_bytes(key.public_key()) != _public_bytes(certificate.public_key()):
        raise SignatureError(Reason.KEY_INFO, "the key does not belong to the certificate")
    certificates.require_valid(certificate, signing_time)
    tree = parse(data)
    root = tree.getroot()
    if next(root.iter(f"{{{DS}}}*"), None) is not None:
        raise SignatureError(Reason.SEVERAL, "the alert is signed already")
    end = _END.search(data)
    if end is None or root.getprevious() is not None:
        raise SignatureError(
            Reason.MALFORMED, "an alert ends with its end tag and begins without instructions"
        )
    whole = hashlib.sha256(canonical(tree, exclusive=True)).digest()
    element = _signature(whole, key, certificate, signing_time, name, form)
    signed = data[: end.start()] + element + data[end.start() :]
    verify(signed, trust=[certificate], at=signing_time)
    return signed


def load_key(pem: bytes, *, password: bytes | None = None) -> SigningKey:
    """Read a private key for signing from PEM.

    Raises
    ------
    SignatureError
        ``weak_key`` when it is neither RSA nor on an elliptic curve.
    ValueError
        It cannot be read, or the password is wrong or missing.
    """
    from cryptography.hazmat.primitives.asymmetric import ec, rsa
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(pem, password)
    except TypeError as error:
        raise ValueError(str(error)) from None
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise SignatureError(Reason.WEAK_KEY, type(key).__name__)
    return key


def _fitting(key: SigningKey, algorithm: Algorithm | None) -> str:
    from cryptography.hazmat.primitives.asymmetric import ec

    on_curve = isinstance(key, ec.EllipticCurvePrivateKey)
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name != "secp256r1":
        raise SignatureError(Reason.WEAK_KEY, f"signing takes P-256, not {key.curve.name}")
    name = algorithm or ("ecdsa-sha256" if on_curve else "rsa-sha256")
    if name not in ("rsa-sha256", "rsa-sha512", "ecdsa-sha256"):
        raise ValueError(f"unknown algorithm {name}")
    if name.startswith("ecdsa") != on_curve:
        raise ValueError(f"{name} does not fit the key")
    return name


def _public_bytes(key: object) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return key.public_bytes(  # type: ignore[attr-defined, no-any-return]
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    )


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _node(text: str) -> _Element:
    from lxml import etree

    return etree.fromstring(text, etree.XMLParser(resolve_entities=False, no_network=True))


def _digest_of(node: _Element) -> bytes:
    return hashlib.sha256(canonical(node, exclusive=True)).digest()


def _reference(uri: str, digest: bytes, *, kind: str = "", enveloped: bool = False) -> str:
    first = f'<ds:Transform Algorithm="{ENVELOPED}"/>' if enveloped else ""
    attribute = f' Type="{kind}"' if kind else ""
    identity = ' Id="alert-reference"' if enveloped else ""
    return (
        f'<ds:Reference{identity}{attribute} URI="{uri}"><ds:Transforms>{first}'
        f'<ds:Transform Algorithm="{EXCLUSIVE}"/></ds:Transforms>'
        f'<ds:DigestMethod Algorithm="{_SHA256}"/>'
        f"<ds:DigestValue>{_b64(digest)}</ds:DigestValue></ds:Reference>"
    )


def _properties(certificate: Certificate, signing_time: datetime) -> str:
    digest = hashlib.sha256(certificates.der(certificate)).digest()
    return (
        '<xades:SignedProperties Id="alert-signed-properties"><xades:SignedSignatureProperties>'
        f"<xades:SigningTime>{signing_time.isoformat(timespec='seconds')}</xades:SigningTime>"
        "<xades:SigningCertificateV2><xades:Cert><xades:CertDigest>"
        f'<ds:DigestMethod Algorithm="{_SHA256}"/><ds:DigestValue>{_b64(digest)}</ds:DigestValue>'
        "</xades:CertDigest></xades:Cert></xades:SigningCertificateV2>"
        "</xades:SignedSignatureProperties><xades:SignedDataObjectProperties>"
        '<xades:DataObjectFormat ObjectReference="#alert-reference">'
        "<xades:MimeType>application/cap+xml</xades:MimeType></xades:DataObjectFormat>"
        "</xades:SignedDataObjectProperties></xades:SignedProperties>"
    )


def _signature(
    whole: bytes,
    key: SigningKey,
    certificate: Certificate,
    signing_time: datetime,
    name: str,
    form: Form,
) -> bytes:
    names = f'xmlns:ds="{DS}" xmlns:xades="{XADES}"' if form == "xades" else f'xmlns:ds="{DS}"'
    references = _reference("", whole, enveloped=True)
    properties = _properties(certificate, signing_time) if form == "xades" else ""
    if properties:
        inner = _node(f"<x {names}>{properties}</x>")[0]
        uri = "#alert-signed-properties"
        references += _reference(uri, _digest_of(inner), kind=SIGNED_PROPERTIES)
        properties = (
            '<ds:Object><xades:QualifyingProperties Target="#alert-signature">'
            f"{properties}</xades:QualifyingProperties></ds:Object>"
        )
    info = (
        f'<ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{EXCLUSIVE}"/>'
        f'<ds:SignatureMethod Algorithm="{_METHOD}{name}"/>{references}</ds:SignedInfo>'
    )
    value = _value(key, name, canonical(_node(f"<x {names}>{info}</x>")[0], exclusive=True))
    held = _b64(certificates.der(certificate))
    text = (
        f'<ds:Signature {names} Id="alert-signature">{info}'
        f"<ds:SignatureValue>{_b64(value)}</ds:SignatureValue>"
        f"<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{held}</ds:X509Certificate>"
        f"</ds:X509Data></ds:KeyInfo>{properties}</ds:Signature>"
    )
    return text.encode("ascii")


def _value(key: SigningKey, name: str, signed_info: bytes) -> bytes:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, utils

    algorithm = hashes.SHA512() if name.endswith("sha512") else hashes.SHA256()
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(signed_info, padding.PKCS1v15(), algorithm)
    first, second = utils.decode_dss_signature(key.sign(signed_info, ec.ECDSA(algorithm)))
    return first.to_bytes(32, "big") + second.to_bytes(32, "big")
