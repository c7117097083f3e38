"""What disclosure control refuses, and in which words."""

from __future__ import annotations

from qalqan.errors import InputError


class DisclosureInputError(InputError):
    """A table handed to disclosure control is not what it needs; the message says which cell.

    Attributes
    ----------
    table : str, optional
        Name of the table.
    labels : tuple of str, optional
        Labels of the cell that is wrong; whoever read a file turns them into a line.
    """

    code = "disclosure.invalid_input"

    def __init__(
        self, message: str, *, table: str | None = None, labels: tuple[str, ...] | None = None
    ) -> None:
        super().__init__(message)
        self.table = table
        self.labels = labels
