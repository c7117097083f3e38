"""The signature of a report: does it cover the whole file, does it hold, whose is it."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from qalqan.verify.pdf import guarded
from qalqan.verify.refusals import BadReportError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate


@dataclass(slots=True)
class Signature:
    """What was found of the signature.

    Parameters
    ----------
    faults
        What is wrong with it; empty where it holds for every byte of the file.
    fingerprint
        SHA-256 of the signer's certificate, as 64 hexadecimal digits.
    """

    faults: list[str] = field(default_factory=list)
    fingerprint: str = ""
    subject: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None


def signature_of(data: bytes, *, file: str) -> Signature:
    """Check the one signature that a report bears.

    Raises
    ------
    BadReportError
        The file cannot be read at all.
    """
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return guarded(lambda: _checked(data), file=file, what="the signature")


def _checked(data: bytes) -> Signature:
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(io.BytesIO(data), strict=False)
    if reader.encrypted:
        raise BadReportError("the PDF is encrypted; reports are not")
    signatures = list(reader.embedded_signatures)
    found = Signature()
    if len(signatures) != 1:
        found.faults.append(
            "the report is not signed" if not signatures else
            f"the file bears {len(signatures)} signatures; a report bears one"
        )  # fmt: skip
        return found
    only = signatures[0]
    found.faults += _coverage(data, only)
    certificate = only.signer_cert
    found.fingerprint = str(certificate.sha256.hex())
    found.subject = str(certificate.subject.human_friendly)
    validity = certificate["tbs_certificate"]["validity"]
    found.valid_from = validity["not_before"].native
    found.valid_until = validity["not_after"].native
    if not found.faults:
        found.faults += _integrity(only)
    return found


def _coverage(data: bytes, signature: Any) -> list[str]:
    """Tell what the signature leaves out; only its own hexadecimal digits may be."""
    ranges = [int(one) for one in signature.byte_range]
    if len(ranges) != 4 or ranges[0] != 0 or min(ranges) < 0:
        return ["the signature covers other parts of the file than a report's does"]
    begin, after, end = ranges[1], ranges[2], ranges[2] + ranges[3]
    if end < len(data):
        return [f"{len(data) - end} bytes were added to the file after it was signed"]
    if end > len(data):
        return [f"{end - len(data)} bytes of the signed file are missing"]
    gap = data[begin:after]
    try:
        whole = gap[:1] == b"<" and gap[-1:] == b">" and bytes.fromhex(gap[1:-1].decode())
    except ValueError:
        whole = b""
    if not whole or whole != bytes(signature.pkcs7_content):
        return ["the signature leaves out bytes that are not its own"]
    return []


def _integrity(signature: Any) -> list[str]:
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    is_intact, is_valid = validate_sig_integrity(
        signature.signer_info, signature.signer_cert, expected_content_type="data",
        actual_digest=signature.compute_digest(),
    )  # fmt: skip
    if not is_intact:
        return ["the file was changed after it was signed"]
    return [] if is_valid else ["the signature is not that of the certificate in it"]


def fingerprint_of(certificate: bytes, *, file: str) -> str:
    """Return the SHA-256 of a certificate that is given as PEM or DER.

    Raises
    ------
    BadReportError
        It is no certificate.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    def reading() -> Certificate:
        if b"-----BEGIN" in certificate:
            return x509.load_pem_x509_certificate(certificate)
        return x509.load_der_x509_certificate(certificate)

    found = guarded(reading, file=file, what="the certificate")
    return found.fingerprint(hashes.SHA256()).hex()


def fingerprint_from(text: str) -> str:
    """Return a fingerprint as it is compared: small letters, no colons or spaces.

    >>> fingerprint_from("AB:" * 31 + "cd")[-4:]
    'abcd'

    Raises
    ------
    BadReportError
        It is not 64 hexadecimal digits.
    """
    clean = "".join(text.replace(":", "").split()).lower()
    if len(clean) != 64 or set(clean) - set("0123456789abcdef"):
        raise BadReportError("a fingerprint has 64 hexadecimal digits", field="--fingerprint")
    return clean
