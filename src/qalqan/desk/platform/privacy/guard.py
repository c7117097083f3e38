"""Find what identifies a private person in free text, and mask it or refuse the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


@dataclass(frozen=True, slots=True)
class Trace:
    """One stretch of text that may identify a person: its kind and where it stands."""

    kind: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Screened:
    """A text after the guard: ``text`` with every trace replaced by ``[kind]``."""

    text: str
    traces: tuple[Trace, ...]


def screen(text: str) -> Screened:
    """Mask what identifies a private person.

    >>> screen("write to a.b@example.kz now").text
    'write to [email] now'
    """
    traces = tuple(Trace("email", m.start(), m.end()) for m in _EMAIL.finditer(text))
    for trace in reversed(traces):
        text = f"{text[: trace.start]}[{trace.kind}]{text[trace.end :]}"
    return Screened(text, traces)


def screen_many(texts: Sequence[str]) -> list[Screened]:
    """Screen a batch of texts."""
    return [screen(text) for text in texts]
