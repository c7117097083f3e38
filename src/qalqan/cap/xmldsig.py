"""The one shape of XML signature that is accepted, taken apart without trusting any of it.

Most attacks on XML signatures use the freedom of the standard. So the freedom is taken away:
one enveloped signature directly in the alert, one reference to the whole document, no transform
but the enveloped one and a canonicalization without comments, no key but a pinned certificate's.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from qalqan.cap.document import prepared
from qalqan.cap.errors import XmlRefused
from qalqan.cap.refusals import Reason, SignatureError

if TYPE_CHECKING:
    from lxml.etree import _Element, _ElementTree

DS: Final = "http://www.w3.org/2000/09/xmldsig#"
DS11: Final = "http://www.w3.org/2009/xmldsig11#"
XADES: Final = "http://uri.etsi.org/01903/v1.3.2#"
ENVELOPED: Final = f"{DS}enveloped-signature"
SIGNED_PROPERTIES: Final = "http://uri.etsi.org/01903#SignedProperties"
EXCLUSIVE: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
C14N: Final = {
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315": False,
    "http://www.w3.org/2006/12/xml-c14n11": False,
    EXCLUSIVE: True,
}
_MORE: Final = "http://www.w3.org/2001/04/xmldsig-more#"
_ENC: Final = "http://www.w3.org/2001/04/xmlenc#"
METHODS: Final = {
    f"{_MORE}rsa-sha256": ("rsa", "sha256"),
    f"{_MORE}rsa-sha384": ("rsa", "sha384"),
    f"{_MORE}rsa-sha512": ("rsa", "sha512"),
    f"{_MORE}ecdsa-sha256": ("ecdsa", "sha256"),
    f"{_MORE}ecdsa-sha384": ("ecdsa", "sha384"),
    f"{_MORE}ecdsa-sha512": ("ecdsa", "sha512"),
}
DIGESTS: Final = {
    f"{_ENC}sha256": "sha256",
    f"{_MORE}sha384": "sha384",
    f"{_ENC}sha512": "sha512",
}
_NAMESPACES: Final = tuple(f"urn:oasis:names:tc:emergency:cap:1.{minor}" for minor in (1, 2))
_IDS: Final = ("Id", "ID", "id", "{http://www.w3.org/XML/1998/namespace}id")
_KEY_PARTS: Final = {f"{{{DS}}}{name}" for name in ("KeyName", "KeyValue", "X509Data")} | {
    f"{{{DS11}}}DEREncodedKeyValue"
}


@dataclass(frozen=True, slots=True)
class Digest:
    """What a reference says of the thing it covers.

    ``exclusive`` is ``None`` where no canonicalization is named: the standard then means the
    inclusive one, widespread signers the one they use for the rest.
    """

    algorithm: str
    value: bytes
    exclusive: bool | None


@dataclass(frozen=True, slots=True)
class Parts:
    """A signature taken apart; nothing of it is verified yet."""

    element: _Element
    signed_info: _Element
    exclusive: bool
    method: str
    value: bytes
    whole: Digest
    key_info: _Element | None
    key_info_digest: Digest | None
    properties: _Element | None
    properties_digest: Digest | None


def parse(data: bytes, *, blanks: bool = True) -> _ElementTree:
    """Read XML without document types, entities or network.

    Parameters
    ----------
    blanks
        Whether blank text between elements is kept.

    Raises
    ------
    SignatureError
        ``unreadable`` or ``not_cap``.
    """
    from lxml import etree

    try:
        plain = prepared(data)
    except XmlRefused as error:
        raise SignatureError(Reason.UNREADABLE, error.reason) from None
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_blank_text=not blanks,
    )
    try:
        tree = etree.ElementTree(etree.fromstring(plain, parser))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SignatureError(Reason.UNREADABLE, str(error)[:200]) from None
    if tree.docinfo.doctype or tree.docinfo.internalDTD is not None:
        raise SignatureError(Reason.UNREADABLE, "a document type")
    root = tree.getroot()
    if root.tag not in {f"{{{name}}}alert" for name in _NAMESPACES}:
        raise SignatureError(Reason.NOT_CAP, str(root.tag)[:200])
    if any(name.startswith("{http://www.w3.org/XML/") for name in root.attrib):
        raise SignatureError(Reason.MALFORMED, "xml: attributes on the alert")
    return tree


def take_apart(tree: _ElementTree) -> Parts:
    """Find the signature of an alert and check that it has the one accepted shape.

    Raises
    ------
    SignatureError
        Any reason that can be told without a key.
    """
    root = tree.getroot()
    signature = _the_signature(root)
    _unique_ids(root)
    if any(not isinstance(node.tag, str) for node in signature.iter()):
        raise SignatureError(Reason.MALFORMED, "comments or instructions within the signature")
    children = {_name(child): child for child in signature}
    if len(children) != len(signature) or not {"SignedInfo", "SignatureValue"} <= set(children):
        raise SignatureError(Reason.MALFORMED)
    if not set(children) <= {"SignedInfo", "SignatureValue", "KeyInfo", "Object"}:
        raise SignatureError(Reason.MALFORMED, ", ".join(sorted(children)))
    info = children["SignedInfo"]
    parts = list(info)
    if [_name(part) for part in parts[:2]] != ["CanonicalizationMethod", "SignatureMethod"]:
        raise SignatureError(Reason.MALFORMED)
    key_info = _checked_key_info(children.get("KeyInfo"))
    properties = _properties(children.get("Object"), signature)
    whole, of_key, of_properties = _references(parts[2:], key_info, properties)
    return Parts(
        element=signature,
        signed_info=info,
        exclusive=_canonicalization(parts[0]),
        method=_method(parts[1]),
        value=decode(children["SignatureValue"]),
        whole=whole,
        key_info=key_info,
        key_info_digest=of_key,
        properties=properties,
        properties_digest=of_properties,
    )


def forms(node: _Element | _ElementTree, *, exclusive: bool | None) -> Iterator[bytes]:
    """Return the canonical forms that may be meant."""
    for choice in (False, True) if exclusive is None else (exclusive,):
        yield canonical(node, exclusive=choice)


def canonical(node: _Element | _ElementTree, *, exclusive: bool) -> bytes:
    """Return the canonical form without comments of a document, or of an element in it.

    An element is written out with the namespaces in force and read again first: lxml's canonical
    form of an element within its document undeclares namespaces that it should not.
    """
    from lxml import etree

    if isinstance(node, etree._Element):
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        text = etree.tostring(node, with_tail=False, encoding="utf-8")
        node = etree.ElementTree(etree.fromstring(text, parser))
    data: bytes = etree.tostring(node, method="c14n", exclusive=exclusive, with_comments=False)
    return data


def decode(element: _Element) -> bytes:
    """Read base64 strictly: one spelling for each value, white space alone is passed over."""
    if len(element):
        raise SignatureError(Reason.MALFORMED, f"{_name(element)} has parts")
    text = "".join((element.text or "").split())
    try:
        value = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        raise SignatureError(Reason.MALFORMED, f"{_name(element)} is no base64") from None
    if not value or base64.b64encode(value).decode("ascii") != text:
        raise SignatureError(Reason.MALFORMED, f"{_name(element)} is empty or oddly spelt")
    return value


def _name(element: _Element) -> str:
    """Return the name within XML-DSig's namespace; a foreign one keeps its namespace."""
    return str(element.tag).removeprefix(f"{{{DS}}}")


def _the_signature(root: _Element) -> _Element:
    found = list(root.iter(f"{{{DS}}}Signature"))
    if not found:
        raise SignatureError(Reason.NONE)
    if len(found) > 1:
        raise SignatureError(Reason.SEVERAL, f"{len(found)} signatures")
    if found[0].getparent() is not root:
        raise SignatureError(Reason.WRAPPED)
    inside = set(found[0].iter())
    for node in root.iter():
        if isinstance(node.tag, str) and node not in inside and node.tag.startswith(f"{{{DS}}}"):
            raise SignatureError(Reason.WRAPPED, f"{_name(node)} outside the signature")
    return found[0]


def _unique_ids(root: _Element) -> None:
    seen: set[str] = set()
    for node in root.iter():
        for name in _IDS:
            value = node.get(name) if isinstance(node.tag, str) else None
            if value is not None and value in seen:
                raise SignatureError(Reason.DUPLICATE_ID, value[:80])
            if value is not None:
                seen.add(value)


def _algorithm(element: _Element, name: str) -> str:
    if _name(element) != name or set(element.attrib) != {"Algorithm"}:
        raise SignatureError(Reason.MALFORMED, f"{name} expected")
    return str(element.get("Algorithm"))


def _canonicalization(element: _Element, reason: Reason = Reason.ALGORITHM) -> bool:
    name = _algorithm(element, "CanonicalizationMethod")
    if name not in C14N or len(element):
        raise SignatureError(reason, name[:200])
    return C14N[name]


def _method(element: _Element) -> str:
    name = _algorithm(element, "SignatureMethod")
    # A part of the method would be the truncation of an HMAC, CVE-2009-0217.
    if name not in METHODS or len(element):
        raise SignatureError(Reason.ALGORITHM, name[:200])
    return name


def _references(
    parts: list[_Element], key_info: _Element | None, properties: _Element | None
) -> tuple[Digest, Digest | None, Digest | None]:
    found: dict[str, Digest] = {}
    for reference in parts:
        if _name(reference) != "Reference" or not set(reference.attrib) <= {"URI", "Type", "Id"}:
            raise SignatureError(Reason.MALFORMED, _name(reference))
        uri = reference.get("URI")
        if uri is None or uri in found:
            raise SignatureError(Reason.REFERENCE, f"URI {uri!r}")
        is_properties = reference.get("Type") == SIGNED_PROPERTIES
        expected = _target(properties) if is_properties else {"", *_target(key_info)}
        if uri not in expected:
            raise SignatureError(Reason.REFERENCE, f"URI {uri[:80]!r}")
        found[uri] = _digest(reference, enveloped=uri == "")
    if "" not in found:
        raise SignatureError(Reason.REFERENCE, "the alert as a whole is not covered")
    of_key = next((found[uri] for uri in _target(key_info) if uri in found), None)
    of_properties = next((found[uri] for uri in _target(properties) if uri in found), None)
    if properties is not None and of_properties is None:
        raise SignatureError(Reason.XADES, "SignedProperties are not signed")
    return found[""], of_key, of_properties


def _target(element: _Element | None) -> set[str]:
    identity = None if element is None else element.get("Id")
    return {f"#{identity}"} if identity else set()


def _digest(reference: _Element, *, enveloped: bool) -> Digest:
    children = [_name(child) for child in reference]
    if children not in (["Transforms", "DigestMethod", "DigestValue"],):
        if enveloped or children != ["DigestMethod", "DigestValue"]:
            raise SignatureError(Reason.TRANSFORM, "parts of a reference")
        exclusive = None
    else:
        exclusive = _transforms(list(reference[0]), enveloped=enveloped)
    name = _algorithm(reference[-2], "DigestMethod")
    if name not in DIGESTS or len(reference[-2]):
        raise SignatureError(Reason.ALGORITHM, name[:200])
    return Digest(DIGESTS[name], decode(reference[-1]), exclusive)


def _transforms(steps: list[_Element], *, enveloped: bool) -> bool | None:
    names = [_algorithm(step, "Transform") for step in steps]
    if any(len(step) or (step.text or "").strip() for step in steps):
        raise SignatureError(Reason.TRANSFORM, "a transform with parameters")
    if enveloped:
        if names[:1] != [ENVELOPED]:
            raise SignatureError(Reason.TRANSFORM, "the first transform is not the enveloped one")
        names = names[1:]
    if len(names) > 1 or not set(names) <= set(C14N):
        raise SignatureError(Reason.TRANSFORM, " ".join(names)[:200])
    return C14N[names[0]] if names else None


def _checked_key_info(key_info: _Element | None) -> _Element | None:
    if key_info is not None and not {str(child.tag) for child in key_info} <= _KEY_PARTS:
        raise SignatureError(Reason.KEY_INFO, "a kind of key that is not accepted")
    return key_info


def _properties(container: _Element | None, signature: _Element) -> _Element | None:
    """Return XAdES' SignedProperties; nothing else may stand in an Object."""
    if container is None:
        return None
    qualifying = list(container)
    if [node.tag for node in qualifying] != [f"{{{XADES}}}QualifyingProperties"]:
        raise SignatureError(Reason.MALFORMED, "an Object that is not XAdES")
    target = qualifying[0].get("Target")
    inner = {str(node.tag): node for node in qualifying[0]}
    signed = inner.get(f"{{{XADES}}}SignedProperties")
    allowed = {f"{{{XADES}}}SignedProperties", f"{{{XADES}}}UnsignedProperties"}
    if signed is None or len(inner) != len(qualifying[0]) or not set(inner) <= allowed:
        raise SignatureError(Reason.XADES)
    if not signature.get("Id") or target != f"#{signature.get('Id')}" or not signed.get("Id"):
        raise SignatureError(Reason.XADES, "the properties name no signature, or another one")
    return signed


def certificates_in(key_info: _Element | None) -> Iterator[bytes]:
    """Return the certificates a signature brings along; they prove nothing."""
    if key_info is not None:
        for element in key_info.iter(f"{{{DS}}}X509Certificate"):
            yield decode(element)
