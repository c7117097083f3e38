"""What cannot be checked at all, because it is no report."""

from __future__ import annotations

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
        super().__init__(message, location=Location(file=file, line=line, field=field))
