"""A report as a signed PDF/A-3 with its data attached."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from qalqan.desk.platform.ui.fonts import font_folder
from qalqan.errors import InputError
from qalqan.verify import paper
from qalqan.verify.canonical import digest
from qalqan.verify.pdf import ATTACHMENT

if TYPE_CHECKING:
    from qalqan.desk.commission.services.report_keys import ReportKey

TEMPLATE = Path(__file__).parent / "templates" / "commission" / "report.typ"
FIELD = "Report"


def report_pdf(data: dict[str, Any], payload: bytes, language: str, *, made_at: datetime) -> bytes:
    """Set a report in a language; the data file is attached, byte for byte.

    Parameters
    ----------
    data
        The report's data.
    payload
        The same as the bytes that were hashed.
    made_at
        The time that the file bears.

    Raises
    ------
    InputError
        A text has letters that the font does not have.
    SettingsError
        The package that carries the font is not installed.
    """
    import typst

    report = data["report"]
    given = {
        "title": data["words"][language]["title"], "publisher": report["publisher"],
        "code": report["code"], "language": language, "attachment": ATTACHMENT,
        "blocks": list(_blocks(paper.lines(data, language, digest(payload)))),
    }  # fmt: skip
    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(font_folder())])
    try:
        result = typst.compile(
            TEMPLATE.read_bytes(),
            sys_inputs={
                "data": json.dumps(given, ensure_ascii=False), "payload": payload.decode(),
            },
            font_paths=fonts, timestamp=made_at.replace(microsecond=0), pdf_standards="a-3a",
        )  # fmt: skip
    except typst.TypstError as error:
        raise InputError(
            _("The report cannot be set: %(why)s.") % {"why": str(error)[:200]}
        ) from error
    return b"".join(result) if isinstance(result, list) else bytes(result or b"")


def _blocks(lines: Iterable[paper.Line]) -> Iterable[dict[str, Any]]:
    """Gather lines that stand in one table, in the order in which they are printed."""
    head: tuple[str, ...] = ()
    for kind, group in groupby(lines, key=lambda line: line.kind):
        rows = [list(line.cells) for line in group]
        if kind == "head":
            head = tuple(rows[0])
        elif kind == "figure":
            yield {"kind": "figures", "head": list(head), "rows": rows}
        else:
            yield {"kind": kind, "rows": rows}


def signed(pdf: bytes, *, key: ReportKey) -> bytes:
    """Return the PDF with a PAdES signature (baseline B-B) over every byte of it."""
    from asn1crypto import keys, x509
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers
    from pyhanko.sign.signers.pdf_signer import PdfSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    pkcs8 = key.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    own = x509.Certificate.load(key.certificate.public_bytes(Encoding.DER))
    signer = signers.SimpleSigner(
        signing_cert=own, signing_key=keys.PrivateKeyInfo.load(pkcs8),
        cert_registry=SimpleCertificateStore.from_certs([own]),
    )  # fmt: skip
    meta = signers.PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
    )
    out = io.BytesIO()
    PdfSigner(meta, signer=signer).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=out)
    return out.getvalue()
