"""Errors of the alerting library."""

from __future__ import annotations

from qalqan.errors import InputError


class CapError(InputError):
    """This cannot be said in CAP, or what was read is not CAP."""

    code = "cap.invalid"


class XmlRefused(CapError):
    """The bytes are no XML that may be opened: broken, too large, or with a DTD."""

    code = "cap.xml"

    def __init__(self, reason: str, *, rule: str, line: int | None = None) -> None:
        from qalqan.errors import Location

        super().__init__(reason, location=Location(line=line) if line else None)
        self.reason = reason
        self.rule = rule
        self.line = line
