"""What cannot be checked at all, because it is no report."""

from __future__ import annotations

import unicodedata

from qalqan.errors import InputError, Location


class BadReportError(InputError):
    """A file is not what it should be: no PDF, encrypted, cut off, too large, not of a report.

    Parameters
    ----------
    message
        What is wrong.
    file
        Which of the files.
    line
        Which line of it, where it has lines.
    field
        Which key or column.
    """

    code = "verify.input"

    def __init__(
        self, message: str, *, file: str | None = None, line: int | None = None,
        field: str | None = None,
    ) -> None:  # fmt: skip
        location = Location(file=file, line=line, field=readable(field) if field else None)
        super().__init__(readable(message), location=location)


def readable(text: str) -> str:
    """Return a text of which no character moves the cursor, hides or turns what stands around.

    What is told of a file comes out of the file: it must not be able to write over a finding.

    >>> print(readable("a\\x1b[2Jb"))
    a\\x1b[2Jb
    """
    return "".join(
        one if one.isprintable() or unicodedata.category(one) == "Zs"
        else one.encode("unicode_escape").decode()
        for one in text
    )  # fmt: skip
