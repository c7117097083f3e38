"""Kinds of matter that the matrix knows; each room names its own."""

from __future__ import annotations

from typing import Any

_labels: dict[str, Any] = {}


def register(code: str, label: Any) -> None:
    """Name a kind of matter, e.g. ``rumours.answer``; a lazy translation is welcome."""
    _labels[code] = label


def known() -> list[tuple[str, str]]:
    """Return the kinds that the rooms have named, by what they are called."""
    return sorted(((code, str(label)) for code, label in _labels.items()), key=lambda one: one[1])


def labels() -> list[tuple[str, Any]]:
    """Return the kinds with their labels as they were named: in the language of the moment."""
    return list(_labels.items())


def label_of(code: str) -> str:
    """Return what a kind of matter is called; the code in words where nobody has said.

    >>> label_of("nobody.named_it")
    'nobody named it'
    """
    return str(_labels.get(code) or code.replace(".", " ").replace("_", " "))
