"""Open a report's PDF that nobody vouches for: its pages' texts and the file attached to it."""

from __future__ import annotations

import io
import logging
import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from qalqan.verify.drawing import strangers
from qalqan.verify.refusals import BadReportError

if TYPE_CHECKING:
    from pypdf import PdfReader

MOST_BYTES = 50_000_000
MOST_PAGES = 400
MOST_TEXT = 4_000_000
ATTACHMENT = "report-data.json"
_Found = TypeVar("_Found")


def guarded(act: Callable[[], _Found], *, file: str, what: str) -> _Found:
    """Do what a hostile file may break; any way in which it breaks is bad input.

    Readers of PDF meet broken files with whatever exception the broken part gives rise to, so
    every one is caught here, and only here.

    Raises
    ------
    BadReportError
        It broke.
    """
    try:
        return act()
    except BadReportError:
        raise
    except MemoryError:
        raise BadReportError(f"{what} needs too much memory; it is not read", file=file) from None
    except RecursionError:
        raise BadReportError(f"{what} is nested too deep; it is not read", file=file) from None
    except Exception as error:  # noqa: BLE001
        raise BadReportError(
            f"{what} cannot be read: {type(error).__name__}: {error!s:.100}", file=file
        ) from None


class Paper:
    """A report's PDF, read once.

    Parameters
    ----------
    data
        The file's bytes.
    file
        Its name, for what is said about it.
    """

    def __init__(self, data: bytes, *, file: str) -> None:
        self.data = data
        self.file = file

    def opened(self) -> PdfReader:
        """Open the file.

        Raises
        ------
        BadReportError
            It is no PDF, encrypted, cut off, or too large.
        """
        from pypdf import PdfReader

        logging.getLogger("pypdf").setLevel(logging.CRITICAL)
        if len(self.data) > MOST_BYTES:
            raise BadReportError(f"larger than {MOST_BYTES} bytes", file=self.file)
        if not self.data.startswith(b"%PDF-"):
            raise BadReportError("not a PDF", file=self.file)
        if b"%%EOF" not in self.data[-2048:]:
            raise BadReportError("the PDF is cut off: its end is missing", file=self.file)

        def opening() -> PdfReader:
            reader = PdfReader(io.BytesIO(self.data), strict=False)
            if reader.is_encrypted:
                raise BadReportError("the PDF is encrypted; reports are not", file=self.file)
            if not 0 < len(reader.pages) <= MOST_PAGES:
                raise BadReportError(f"not 1 to {MOST_PAGES} pages", file=self.file)
            return reader

        return guarded(opening, file=self.file, what="the PDF")

    def attached(self, reader: PdfReader) -> bytes:
        """Return the data file that is attached.

        Raises
        ------
        BadReportError
            There is none of its name, or more than one.
        """

        def reading() -> bytes:
            found = [one for one in reader.attachment_list if one.name == ATTACHMENT]
            if len(found) != 1:
                raise BadReportError(
                    f"{len(found)} files called {ATTACHMENT} are attached, not one", file=self.file
                )
            return bytes(found[0].content)

        return guarded(reading, file=self.file, what="the attached data")

    def strangers(self, reader: PdfReader) -> list[str]:
        """Return what the file holds that no report has: drawings, notes, programs, files."""
        return guarded(lambda: strangers(reader), file=self.file, what="what is drawn on the pages")

    def texts(self, reader: PdfReader) -> list[str]:
        """Return each page's letters and digits in the order in which they are set, no spaces."""

        def reading() -> list[str]:
            found, total = [], 0
            for page in reader.pages:
                text = squeezed(page.extract_text())
                total += len(text)
                if total > MOST_TEXT:
                    raise BadReportError("more text than any report has", file=self.file)
                found.append(text)
            return found

        return guarded(reading, file=self.file, what="the text of the pages")


def squeezed(text: str) -> str:
    """Return a text without any space, its letters composed.

    >>> squeezed("n =\u202f1 234 ")
    'n=1234'
    """
    return "".join(unicodedata.normalize("NFC", text).split())
