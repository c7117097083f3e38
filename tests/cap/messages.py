"""A message that breaks nothing, and ways to break it."""

from __future__ import annotations

from bench._cap_mutations import SEED

from qalqan.cap.validate import Report, validate

GOOD = SEED.decode("utf-8")


def line_of(piece: str) -> int:
    """Return the line of the good message that a piece stands in."""
    return GOOD[: GOOD.index(piece)].count("\n") + 1


def with_(*changes: tuple[str, str], data: str = GOOD) -> bytes:
    """Return the good message with pieces replaced, each of which must be there."""
    for old, new in changes:
        assert old in data, old
        data = data.replace(old, new, 1)
    return data.encode("utf-8")


def element(name: str, value: str, *, old: str | None = None) -> bytes:
    """Return the good message with the first element of that name saying something else."""
    start = GOOD.index(f"<{name}>") + len(name) + 2
    end = GOOD.index(f"</{name}>", start)
    assert old is None or GOOD[start:end] == old
    return (GOOD[:start] + value + GOOD[end:]).encode("utf-8")


def without(name: str) -> bytes:
    """Return the good message without the first element of that name."""
    start = GOOD.index(f"<{name}>")
    end = GOOD.index(f"</{name}>", start) + len(name) + 3
    return (GOOD[:start] + GOOD[end:]).encode("utf-8")


def broken(data: bytes, severity: str = "error") -> set[str]:
    """Return the ids of the rules that a message breaks."""
    return {one.rule for one in validate(data).errors if one.severity == severity}


def only(report: Report) -> tuple[str, int, str]:
    """Return rule, line and place of the single finding."""
    (found,) = report.errors
    return found.rule, found.line, found.xpath
