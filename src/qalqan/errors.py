"""Errors that tell a person what is wrong, where, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Location:
    """Where bad input was met.

    Parameters
    ----------
    file
        Name of the file as the person gave it.
    line
        Line number, counted from 1; ``None`` where the format has no lines.
    field
        Column or key.
    """

    file: str | None = None
    line: int | None = None
    field: str | None = None

    def __str__(self) -> str:
        """Write the place the way compilers do.

        >>> str(Location("posts.csv", 12, "time"))
        'posts.csv:12: time'
        """
        head = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        return ": ".join(part for part in (head, self.field) if part)


class QalqanError(Exception):
    """Base of every error that a person is meant to read.

    Parameters
    ----------
    message
        What is wrong, in the reader's language (a lazy translation is welcome).
    location
        Where it was met.
    hint
        What to do about it.
    """

    code: ClassVar[str] = "qalqan.error"
    exit_code: ClassVar[int] = 1

    def __init__(
        self, message: Any, *, location: Location | None = None, hint: Any | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.location = location
        self.hint = hint

    def __str__(self) -> str:
        where = str(self.location) if self.location else ""
        text = f"{where}: {self.message}" if where else str(self.message)
        return f"{text} ({self.hint})" if self.hint else text

    def as_dict(self) -> dict[str, Any]:
        """Return the error as plain data, for ``--json`` and the HTTP API."""
        location = self.location or Location()
        return {
            "code": self.code,
            "message": str(self.message),
            "file": location.file,
            "line": location.line,
            "field": location.field,
            "hint": None if self.hint is None else str(self.hint),
        }


class InputError(QalqanError):
    """Data that was handed in cannot be understood."""

    code = "input.invalid"
    exit_code = 2


class SettingsError(QalqanError):
    """The desk is not set up so that the command can run."""

    code = "settings.invalid"
    exit_code = 3


class RefusedError(QalqanError):
    """A policy forbids the act."""

    code = "policy.refused"
    exit_code = 4


class ConflictError(QalqanError):
    """Someone else was faster, or the thing is in a state that does not allow the act."""

    code = "state.conflict"
    exit_code = 5


class IntegrityError(QalqanError):
    """Stored data is not what it was when it was written."""

    code = "integrity.broken"
    exit_code = 6
