"""Attacks on the signature of an alert: each is tried, and refused for its own reason."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree
from tests.support.cap_signing import ALERT, NOW, certificate_of, key_of

from qalqan.cap.read import read
from qalqan.cap.refusals import Reason, SignatureError
from qalqan.cap.sign import sign
from qalqan.cap.verify import verify
from qalqan.cap.xmldsig import DS, EXCLUSIVE, XADES, canonical

CAP = "urn:oasis:names:tc:emergency:cap:1.2"
FALSE = b"Leave the city at once"
Element = etree._Element


@pytest.fixture(scope="module")
def certificate() -> x509.Certificate:
    """Return the signer's certificate."""
    return certificate_of(key_of("rsa"))


def _tree(certificate: x509.Certificate, form: str = "xades") -> Element:
    signed = sign(ALERT, key=key_of("rsa"), certificate=certificate, signing_time=NOW, form=form)
    return etree.fromstring(signed)


def _refused(root: Element | bytes, certificate: x509.Certificate) -> Reason:
    data = root if isinstance(root, bytes) else etree.tostring(root)
    with pytest.raises(SignatureError) as refusal:
        verify(data, trust=[certificate], at=NOW)
    return refusal.value.reason


def _find(root: Element, name: str, space: str = DS) -> Element:
    found = root.find(f".//{{{space}}}{name}")
    assert found is not None
    return found


def _false_alert() -> Element:
    root = etree.fromstring(ALERT)
    _find(root, "event", CAP).text = FALSE.decode()
    return root


def test_the_untouched_alert_verifies(certificate: x509.Certificate) -> None:
    verified = verify(etree.tostring(_tree(certificate)), trust=[certificate], at=NOW)
    assert verified.alert == read(ALERT)


def test_changed_content(certificate: x509.Certificate) -> None:
    root = _tree(certificate)
    _find(root, "event", CAP).text = FALSE.decode()
    assert _refused(root, certificate) == Reason.DIGEST


def test_status_turned_from_exercise_to_actual(certificate: x509.Certificate) -> None:
    root = _tree(certificate)
    _find(root, "status", CAP).text = "Actual"
    assert _refused(root, certificate) == Reason.DIGEST


def _into_parameter(false: Element, signed: Element) -> None:
    """The signed alert hides in the false one, the signature stays within it."""
    _find(false, "info", CAP).append(signed)


def _signature_above(false: Element, signed: Element) -> None:
    """The signature moves to the false alert, what it covered lies beside it."""
    signature = _find(signed, "Signature")
    false.append(signature)
    false.append(signed)


def _into_object(false: Element, signed: Element) -> None:
    """The signed alert hides in an Object of its own signature."""
    signature = _find(signed, "Signature")
    false.append(signature)
    etree.SubElement(signature, f"{{{DS}}}Object").append(signed)


@pytest.mark.parametrize(
    ("wrap", "reason"),
    [
        (_into_parameter, Reason.WRAPPED),
        (_signature_above, Reason.DIGEST),
        (_into_object, Reason.MALFORMED),
    ],
)
@pytest.mark.parametrize("form", ["plain", "xades"])
def test_wrapped_signatures(
    certificate: x509.Certificate,
    wrap: Callable[[Element, Element], None],
    reason: Reason,
    form: str,
) -> None:
    false = _false_alert()
    wrap(false, _tree(certificate, form))
    assert _refused(false, certificate) == reason


def test_an_alert_in_an_envelope_is_not_searched_for(certificate: x509.Certificate) -> None:
    feed = etree.Element("feed")
    feed.append(_tree(certificate))
    assert _refused(feed, certificate) == Reason.NOT_CAP


def test_two_signatures(certificate: x509.Certificate) -> None:
    root = _tree(certificate)
    root.append(etree.fromstring(etree.tostring(_find(root, "Signature"))))
    assert _refused(root, certificate) == Reason.SEVERAL


def _re_signed(root: Element) -> Element:
    """Sign SignedInfo anew, as the signer could be talked into doing by a careless service."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    data = canonical(_find(root, "SignedInfo"), exclusive=True)
    value = key_of("rsa").sign(data, padding.PKCS1v15(), hashes.SHA256())
    _find(root, "SignatureValue").text = base64.b64encode(value).decode()
    return root


@pytest.mark.parametrize("uri", ["#part", "#xpointer(/)", "http://127.0.0.1/alert.xml", None])
def test_partial_and_foreign_references(certificate: x509.Certificate, uri: str | None) -> None:
    """A signature that is true, but of a part or of something elsewhere."""
    root = _tree(certificate, "plain")
    info = _find(root, "info", CAP)
    info.set("Id", "part")
    reference = _find(root, "Reference")
    del reference.attrib["URI"]
    if uri is not None:
        reference.set("URI", uri)
    digest = hashlib.sha256(canonical(info, exclusive=True)).digest()
    _find(reference, "DigestValue").text = base64.b64encode(digest).decode()
    assert _refused(_re_signed(root), certificate) == Reason.REFERENCE


def test_only_the_properties_are_signed(certificate: x509.Certificate) -> None:
    root = _tree(certificate)
    _find(root, "SignedInfo").remove(_find(root, "Reference"))
    assert _refused(_re_signed(root), certificate) == Reason.REFERENCE


def test_properties_that_are_not_signed(certificate: x509.Certificate) -> None:
    root = _tree(certificate)
    info = _find(root, "SignedInfo")
    info.remove(info[-1])
    assert _refused(_re_signed(root), certificate) == Reason.XADES


def test_a_signing_time_that_was_changed(certificate: x509.Certificate) -> None:
    root = _tree(certificate)
    _find(root, "SigningTime", XADES).text = "2026-11-21T12:00:00+00:00"
    assert _refused(root, certificate) == Reason.XADES


def test_properties_of_another_certificate(certificate: x509.Certificate) -> None:
    """A second certificate of the same key: the signed digest says which one was meant."""
    root = _tree(certificate)
    twin = certificate_of(key_of("rsa"), name="Twin")
    held = base64.b64encode(twin.public_bytes(Encoding.DER)).decode()
    _find(root, "X509Certificate").text = held
    assert _refused(root, twin) == Reason.XADES


@pytest.mark.parametrize(
    "place", [f".//{{{CAP}}}info", f".//{{{DS}}}Reference", f".//{{{DS}}}X509Data"]
)
def test_duplicated_ids(certificate: x509.Certificate, place: str) -> None:
    root = _tree(certificate)
    element = root.find(place)
    assert element is not None
    element.set("Id", "alert-signed-properties")
    assert _refused(root, certificate) == Reason.DUPLICATE_ID


@pytest.mark.parametrize(
    "algorithm",
    [
        "http://www.w3.org/TR/1999/REC-xslt-19991116",
        "http://www.w3.org/TR/1999/REC-xpath-19991116",
        "http://www.w3.org/2002/06/xmldsig-filter2",
        "http://www.w3.org/2000/09/xmldsig#base64",
        "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_injected_transforms(certificate: x509.Certificate, algorithm: str, place: int) -> None:
    root = _tree(certificate, "plain")
    step = etree.Element(f"{{{DS}}}Transform", Algorithm=algorithm)
    etree.SubElement(step, f"{{{DS}}}XPath").text = "not(ancestor-or-self::*)"
    _find(root, "Transforms").insert(place, step)
    assert _refused(_re_signed(root), certificate) == Reason.TRANSFORM


def test_transforms_in_another_order_or_with_parameters(certificate: x509.Certificate) -> None:
    root = _tree(certificate, "plain")
    transforms = _find(root, "Transforms")
    transforms.append(transforms[0])
    assert _refused(_re_signed(root), certificate) == Reason.TRANSFORM
    root = _tree(certificate, "plain")
    step = _find(root, "Transforms")[1]
    etree.SubElement(step, f"{{{EXCLUSIVE}}}InclusiveNamespaces", PrefixList="xs")
    assert _refused(_re_signed(root), certificate) == Reason.TRANSFORM


@pytest.mark.parametrize("length", [None, "0", "8"])
def test_the_public_key_as_the_secret_of_an_hmac(
    certificate: x509.Certificate, length: str | None
) -> None:
    """Everybody knows the certificate, so a MAC under it proves nothing; nor does a short one."""
    root = _tree(certificate, "plain")
    method = _find(root, "SignatureMethod")
    method.set("Algorithm", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256")
    if length is not None:
        etree.SubElement(method, f"{{{DS}}}HMACOutputLength").text = length
    data = canonical(_find(root, "SignedInfo"), exclusive=True)
    for secret in (
        certificate.public_bytes(Encoding.PEM),
        certificate.public_bytes(Encoding.DER),
        b"",
    ):
        value = hmac.new(secret, data, "sha256").digest()
        _find(root, "SignatureValue").text = base64.b64encode(value).decode()
        assert _refused(root, certificate) == Reason.ALGORITHM


@pytest.mark.parametrize(
    ("name", "algorithm"),
    [
        ("SignatureMethod", f"{DS}rsa-sha1"),
        ("SignatureMethod", "http://www.w3.org/2001/04/xmldsig-more#rsa-md5"),
        ("SignatureMethod", f"{DS}dsa-sha1"),
        ("SignatureMethod", "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"),
        ("DigestMethod", f"{DS}sha1"),
        ("DigestMethod", "http://www.w3.org/2001/04/xmldsig-more#md5"),
        ("CanonicalizationMethod", "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"),
    ],
)
def test_outdated_and_foreign_algorithms(
    certificate: x509.Certificate, name: str, algorithm: str
) -> None:
    root = _tree(certificate, "plain")
    _find(root, name).set("Algorithm", algorithm)
    assert _refused(root, certificate) == Reason.ALGORITHM


@pytest.mark.parametrize("kind", ["rsa1024", "secp256k1"])
def test_weak_keys_even_when_trusted(certificate: x509.Certificate, kind: str) -> None:
    weak = certificate_of(key_of(kind))
    root = _tree(certificate, "plain")
    held = base64.b64encode(weak.public_bytes(Encoding.DER)).decode()
    _find(root, "X509Certificate").text = held
    assert _refused(root, weak) == Reason.WEAK_KEY


def test_key_info_swapped_for_the_attackers(certificate: x509.Certificate) -> None:
    """The attacker signs with an own key and brings the certificate along."""
    attacker = certificate_of(key_of("ec"), name="Duty desk (test)")
    forged = sign(
        etree.tostring(_false_alert()), key=key_of("ec"), certificate=attacker, signing_time=NOW
    )
    assert _refused(forged, certificate) == Reason.UNTRUSTED
    root = etree.fromstring(forged)
    held = base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()
    _find(root, "X509Certificate").text = held
    assert _refused(root, certificate) == Reason.ALGORITHM


def test_the_trusted_certificate_beside_the_attackers_key(certificate: x509.Certificate) -> None:
    root = _tree(certificate, "plain")
    number = key_of("rsa", 1).public_key().public_numbers().n
    value = etree.SubElement(_find(root, "KeyInfo"), f"{{{DS}}}KeyValue")
    parts = etree.SubElement(value, f"{{{DS}}}RSAKeyValue")
    etree.SubElement(parts, f"{{{DS}}}Modulus").text = base64.b64encode(
        number.to_bytes(256, "big")
    ).decode()
    etree.SubElement(parts, f"{{{DS}}}Exponent").text = "AQAB"
    assert _refused(root, certificate) == Reason.KEY_INFO


def test_a_key_fetched_from_elsewhere(certificate: x509.Certificate) -> None:
    root = _tree(certificate, "plain")
    info = _find(root, "KeyInfo")
    info.clear()
    etree.SubElement(info, f"{{{DS}}}RetrievalMethod", URI="http://127.0.0.1:9/key")
    assert _refused(root, certificate) == Reason.KEY_INFO


def test_a_signature_of_another_alert(certificate: x509.Certificate) -> None:
    false = _false_alert()
    false.append(_find(_tree(certificate), "Signature"))
    assert _refused(false, certificate) == Reason.DIGEST


def test_comments_cannot_cut_what_is_read(certificate: x509.Certificate) -> None:
    """A comment splits a text for careless readers; what is returned was signed as a whole."""
    data = ALERT.replace(b"duty@example.kz", b"duty@example.kz<!-- -->.attacker.example")
    signed = sign(data, key=key_of("rsa"), certificate=certificate, signing_time=NOW)
    alert = verify(signed, trust=[certificate], at=NOW).alert
    assert alert.sender == "duty@example.kz.attacker.example"
    moved = _tree(certificate)
    _find(moved, "DigestValue").append(etree.Comment("x"))
    assert _refused(moved, certificate) == Reason.MALFORMED


def test_a_document_type_is_refused_in_every_encoding(certificate: x509.Certificate) -> None:
    bomb = b'<!DOCTYPE alert [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    body = etree.tostring(_tree(certificate))
    for data in (bomb + body, (bomb + body).decode().encode("utf-16")):
        assert _refused(data, certificate) == Reason.UNREADABLE


@pytest.mark.parametrize("text", ["=", "AA", "AB==", "", "////\u0000"])
def test_base64_has_one_spelling(certificate: x509.Certificate, text: str) -> None:
    data = etree.tostring(_tree(certificate, "plain"))
    value = _find(etree.fromstring(data), "SignatureValue").text
    assert value is not None
    assert _refused(data.replace(value.encode(), text.encode()), certificate) in (
        Reason.MALFORMED,
        Reason.UNREADABLE,
    )
