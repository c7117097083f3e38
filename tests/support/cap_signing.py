"""Keys, certificates and an alert for tests of signatures."""

from __future__ import annotations

import base64
import datetime as dt
import re
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

NOW = dt.datetime(2026, 11, 22, 2, 30, tzinfo=dt.UTC)
KEYS = ("rsa", "ec")
ALERT = b"""<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>kz.test.1</identifier>
  <sender>duty@example.kz</sender>
  <sent>2026-11-22T07:30:00+05:00</sent>
  <status>Exercise</status>
  <msgType>Alert</msgType>
  <scope>Public</scope>
  <info>
    <language>kk</language>
    <category>Safety</category>
    <event>\xd0\x9e\xd2\x9b\xd1\x83-\xd0\xb6\xd0\xb0\xd1\x82\xd1\x82\xd1\x8b\xd2\x93\xd1\x83</event>
    <urgency>Immediate</urgency>
    <severity>Severe</severity>
    <certainty>Likely</certainty>
    <area><areaDesc>\xd0\x90\xd2\x9b\xd1\x82\xd3\xa9\xd0\xb1\xd0\xb5</areaDesc></area>
  </info>
</alert>
"""

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@cache
def key_of(kind: str, number: int = 0) -> Key:
    """Return a key: ``rsa``, ``ec``, ``rsa1024`` or ``secp256k1``; another number, another key."""
    if kind == "ec":
        return ec.generate_private_key(ec.SECP256R1())
    if kind == "secp256k1":
        return ec.generate_private_key(ec.SECP256K1())
    return rsa.generate_private_key(65_537, 1024 if kind == "rsa1024" else 2048)


def certificate_of(
    key: Key,
    *,
    name: str = "Duty desk (test)",
    since: dt.datetime = NOW - dt.timedelta(days=1),
    until: dt.datetime = NOW + dt.timedelta(days=1),
) -> x509.Certificate:
    """Return a certificate that the key signed for itself."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject)
    builder = builder.public_key(key.public_key()).serial_number(x509.random_serial_number())
    builder = builder.not_valid_before(since).not_valid_after(until)
    return builder.sign(key, hashes.SHA256())


def pem_of(*certificates: x509.Certificate) -> bytes:
    """Return a trust store."""
    return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in certificates)


def wmo_certificates(shared_data: Path) -> list[x509.Certificate]:
    """Return the certificates of WMO's samples, taken out of the files they come in."""
    found = []
    for country in ("bf", "sc", "tg"):
        data = (shared_data / "cap" / "valid" / f"wmo_{country}_valid.xml").read_bytes()
        match = re.search(rb"<ds:X509Certificate>(.*?)</ds:X509Certificate>", data, re.DOTALL)
        assert match is not None
        found.append(x509.load_der_x509_certificate(base64.b64decode(match[1])))
    return found
