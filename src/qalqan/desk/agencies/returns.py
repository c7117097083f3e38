"""What a province counts in its monthly return; each room names its own counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qalqan.desk.platform.policies import Actor

Provider = Callable[[Actor, datetime, datetime], Mapping[int, int]]
"""Called with the actor and the month's first and last instant (the latter excluded); returns
the count by key of the district, 0 for what lies in no known district."""


@dataclass(frozen=True, slots=True)
class Counted:
    """One thing that a return counts: its code, what it is called, and who counts it."""

    code: str
    label: Any
    provider: Provider


_counted: dict[str, Counted] = {}


def register(code: str, label: Any, provider: Provider) -> None:
    """Name a count, e.g. ``protection.inspected``; a lazy translation is welcome."""
    _counted[code] = Counted(code, label, provider)


def known() -> list[Counted]:
    """Return the counts of all rooms in a fixed order."""
    return [_counted[code] for code in sorted(_counted)]


def label_of(code: str) -> str:
    """Return what a count is called; the code in words where no room has named it.

    >>> label_of("nobody.counts_it")
    'nobody counts it'
    """
    found = _counted.get(code)
    return str(found.label) if found else code.replace(".", " ").replace("_", " ")
