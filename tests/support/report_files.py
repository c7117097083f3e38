"""Two consecutive reports as files, made without a desk's database; and ways to forge them."""

from __future__ import annotations

import io
import json
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ByteStringObject,
    ContentStream,
    EncodedStreamObject,
    NameObject,
    TextStringObject,
)

from qalqan.desk.commission import report_paper, report_parts
from qalqan.desk.commission.services.report_keys import ReportKey, _made
from qalqan.verify import chain
from qalqan.verify.canonical import canonical, digest
from qalqan.verify.checking import File, Outcome, check

AT = datetime(2026, 4, 2, 4, tzinfo=UTC)


@dataclass(frozen=True)
class Published:
    """A report as everyone downloads it."""

    pdf: bytes
    data: bytes
    chain: bytes
    fingerprint: str
    bare: bytes

    @property
    def content(self) -> dict[str, Any]:
        """The data."""
        return json.loads(self.data)


def key_at(moment: datetime = AT) -> ReportKey:
    """Return a fresh key with a certificate."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from cryptography.x509 import load_pem_x509_certificate

    key, certificate = _made(moment).split("\n\n", 1)
    return ReportKey(
        1, load_pem_private_key(key.encode(), password=None),
        load_pem_x509_certificate(certificate.encode()),
    )  # fmt: skip


def entries(first: int, last: int) -> tuple[list[list[Any]], dict[str, Any], str, str]:
    """Return leaves and links of some entries, two of them told, with the last hash and link."""
    link, previous = chain.GENESIS_LINK, "0" * 64
    rows, told = [], {}
    for number in range(1, last + 1):
        entry = {
            "written_at": f"2026-03-01T00:00:{number % 60:02d}.000000+00:00",
            "actor": "user:1", "role": "secretary", "action": "commission.lock_report",
            "subject": f"thing:{number}", "detail": '{"n":1}', "previous_hash": previous,
        }  # fmt: skip
        salt = digest(str(number).encode())
        previous = chain.entry_hash(number, entry)
        leaf = chain.leaf_of(salt, previous)
        link = chain.link_of(link, number, leaf)
        if number >= first:
            rows.append([number, leaf, link])
            if number in (first, last):
                told[str(number)] = {**entry, "salt": salt}
    return rows, told, previous, link


def chain_file(first: int, last: int, code: str) -> dict[str, Any]:
    """Return a chain file as data."""
    rows, told, _hash, link = entries(first, last)
    start = entries(1, first - 1)[3] if first > 1 else chain.GENESIS_LINK
    return {
        "schema": chain.SCHEMA, "report": code, "start": {"sequence": first - 1, "link": start},
        "head": {"sequence": last, "link": link}, "entries": rows, "public": told,
    }  # fmt: skip


def content_of(quarter: int, first: int, last: int, key: ReportKey) -> dict[str, Any]:
    """Return the data of a report with figures of every kind, on some pages."""
    from qalqan.desk.commission.report_parts import Basis, Section

    code, day = f"2026-Q{quarter}-v1", AT.date()
    basis = Basis("made up", "drawn", day, day)
    parts = []
    for place in range(3):
        part = Section(f"part{place}", f"Part {place}")
        for row in range(14):
            part.add(f"row{row}", f"Row {row} of part {place}", 1000 * place + 37 * row + 5, basis)
        part.add("hidden", "Hidden", None, basis, withheld="small")
        part.add("doubt", "Doubtful", 4.25, basis, unit="h", decimals=2, low=3.5, high=5.75, n=41)
        part.note("Words of this part, with 7 in them.")
        parts.append(part.as_dict())
    _rows, _told, head, link = entries(first, last)
    start = chain_file(first, last, code)["start"]
    return {
        "schema": "qalqan-report-1",
        "report": {
            "name": code[:7], "code": code, "version": 1, "publisher": "Qalqan",
            "from": "2026-01-01", "until": "2026-03-31", "drafted_at": AT.isoformat(),
            "locked_at": AT.isoformat(), "is_sample": True, "corrects": None,
        },
        "words": report_parts.words(2026, quarter), "sections": parts,
        "chain": {"sequence": last, "entry_hash": head, "link": link, "start": start},
        "certificate": {"sha256": key.fingerprint, "next": ""},
    }  # fmt: skip


def published(content: dict[str, Any], key: ReportKey, first: int, last: int) -> Published:
    """Set, sign and gather a report."""
    payload = canonical(content)
    bare = report_paper.report_pdf(content, payload, "en", made_at=AT)
    data = canonical(chain_file(first, last, content["report"]["code"]))
    return Published(report_paper.signed(bare, key=key), payload, data, key.fingerprint, bare)


@cache
def pair() -> tuple[Published, Published, ReportKey]:
    """Return two consecutive reports and the key that signed both."""
    key = key_at(AT - timedelta(days=2))
    first = published(content_of(1, 1, 30, key), key, 1, 30)
    return first, published(content_of(2, 31, 60, key), key, 31, 60), key


def checked(pdf: bytes, **given: Any) -> Outcome:
    """Check a report against the files of the second of the pair, or others."""
    earlier, own, _key = pair()
    return check(
        File("report.pdf", pdf),
        data=File("data.json", given.get("data", own.data)),
        chains=[File("chain.json", given.get("chain", own.chain))],
        fingerprint=given.get("fingerprint", own.fingerprint),
        before=File("before.pdf", given.get("before", earlier.pdf)),
    )


def differing(outcome: Outcome) -> dict[str, tuple[str, ...]]:
    """Return what differs, by code of the check."""
    return {one.code: one.findings for one in outcome.checks if one.state == "differs"}


def rewritten(pdf: bytes, change: Any) -> bytes:
    """Return a PDF that was taken apart, changed and written anew."""
    reader = PdfReader(io.BytesIO(pdf))
    writer = PdfWriter(clone_from=reader)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def other_glyph(page_number: int, choose: int) -> Any:
    """Return a change that shows one glyph of a page as the one that is shown next after it."""

    def change(writer: PdfWriter) -> None:
        page = writer.pages[page_number]
        stream = ContentStream(page.get_contents(), writer)
        pieces = [
            (holder, place)
            for operands, operator in stream.operations
            if operator in (b"Tj", b"TJ")
            for holder in ([operands] if operator == b"Tj" else [operands[0]])
            for place, piece in enumerate(holder)
            if isinstance(piece, TextStringObject | ByteStringObject)
        ]
        for step in range(len(pieces)):
            holder, place = pieces[(choose + step) % len(pieces)]
            shown = bytes(holder[place].original_bytes)
            codes = [shown[at : at + 2] for at in range(0, len(shown), 2)]
            other = next((n for n in range(1, len(codes)) if codes[n] != codes[0]), None)
            if other is not None:
                codes[0] = codes[other]
                holder[place] = ByteStringObject(b"".join(codes))
                break
        page[NameObject("/Contents")] = writer._add_object(stream)

    return change


def bomb() -> bytes:
    """Return a report of which one page unfolds to hundreds of megabytes."""
    packer = zlib.compressobj(9)
    parts = [packer.compress(b"0 " * 5_000_000) for _ in range(25)]
    data = b"".join([*parts, packer.flush()])

    def change(writer: PdfWriter) -> None:
        stream = EncodedStreamObject()
        stream._data = data
        stream[NameObject("/Filter")] = NameObject("/FlateDecode")
        writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)

    return rewritten(pair()[1].pdf, change)
