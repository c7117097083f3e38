"""How much a stranger's file may ask of us."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one message; the parser itself opens no more than 256 elements in each other.

    Attributes
    ----------
    size
        Bytes. CAP advises to keep messages small; 8 MiB leaves room for a picture in derefUri.
    tags
        Start and end tags together. Each costs a hundred times its bytes in memory.
    attributes
        Attributes and namespace declarations.
    findings
        Findings told before the rest is only counted.
    """

    size: int = 8 << 20
    tags: int = 200_000
    attributes: int = 20_000
    findings: int = 200


LIMITS = Limits()
