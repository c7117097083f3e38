"""What lies in a report's PDF beside its words: nothing that could cover them or do something.

The words are compared with the data. Somebody who makes a PDF anew can leave them as they are
and draw others over them, so that a person reads what no program finds. Reports are set with few
means; whatever else is drawn, attached or done is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

MOST_FAULTS = 20
_MEANS = frozenset(b"BDC EMC q Q cm cs scn BT ET Tr Tf Tm Tj TJ CS SCN w M m l S".split())
"""Words set, thin lines, and the places of both."""
_THIN = 1.0
"""Points; a wider line covers what it crosses."""
_PALE = 0.7
"""Share of white from which on letters may be there without being seen."""
_ROOT = {
    "/OpenAction": "does something when it is opened", "/AA": "does something by itself",
    "/OCProperties": "has layers that can be hidden", "/Collection": "is a collection of files",
}  # fmt: skip


def strangers(reader: PdfReader) -> list[str]:
    """Return what a file holds that no report has, by page where it is on one."""
    faults = list(_of_file(reader))
    for number, page in enumerate(reader.pages, 1):
        faults += [f"page {number}: {fault}" for fault in _of_page(page)]
        if len(faults) >= MOST_FAULTS:
            break
    return faults[:MOST_FAULTS]


def _of_file(reader: PdfReader) -> Iterator[str]:
    root = reader.root_object
    for key, told in _ROOT.items():
        if key in root:
            yield f"the file {told} ({key[1:]})"
    if "/JavaScript" in _held(root.get("/Names")):
        yield "the file carries a program (JavaScript)"
    form = _held(root.get("/AcroForm"))
    if "/XFA" in form or len(_held(form.get("/Fields")) or ()) > 1:
        yield "the file has a form; a report has none"
    others = len(list(reader.attachment_list)) - 1
    if others > 0:
        yield f"{others} more files are attached; a report has one"


def _held(found: Any) -> Any:
    return {} if found is None else found.get_object()


def _of_page(page: PageObject) -> Iterator[str]:
    from pypdf.generic import ContentStream

    for held in page.annotations or ():
        note = held.get_object()
        if note.get("/FT") != "/Sig" or any(float(end) for end in note.get("/Rect", ())):
            yield f"something is laid over the page ({str(note.get('/Subtype'))[1:30]})"
    if "/AA" in page:
        yield "it does something by itself"
    if page.rotation or tuple(page.cropbox) != tuple(page.mediabox):
        yield "it is turned or cut"
    contents = page.get_contents()
    told: set[str] = set()
    if contents is None:
        return
    for operands, operator in ContentStream(contents, page.pdf).operations:
        fault = _of_drawing(operands, bytes(operator))
        if fault and fault not in told:
            told.add(fault)
            yield fault


def _of_drawing(operands: Sequence[Any], operator: bytes) -> str:
    if operator not in _MEANS:
        name = operator.decode("ascii", "replace")[:10]
        return f"something is drawn that no report has ({name})"
    if operator == b"Tr":
        return "letters are set that are not to be seen" if operands[0] != 0 else ""
    numbers = [float(one) for one in operands if isinstance(one, int | float)]
    if operator == b"w" and max(numbers, default=0.0) > _THIN:
        return "a line is wide enough to cover words"
    if operator in (b"cm", b"Tm") and not {abs(one) for one in numbers[:4]} <= {0.0, 1.0}:
        return "something is drawn in another size"
    if operator == b"scn" and min(numbers, default=0.0) > _PALE:
        return "letters are set in a colour that is not to be seen"
    return ""
