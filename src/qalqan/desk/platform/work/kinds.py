"""What a kind of work is called; each room names its own kinds."""

from __future__ import annotations

from typing import Any

_labels: dict[str, Any] = {}


def register(kind: str, label: Any) -> None:
    """Name a kind, e.g. ``rumours.answer``; a lazy translation is welcome."""
    _labels[kind] = label


def known() -> list[tuple[str, str]]:
    """Return the kinds that the rooms have named, by what they are called."""
    return sorted(((kind, str(label)) for kind, label in _labels.items()), key=lambda one: one[1])


def label_of(kind: str) -> str:
    """Return what a kind is called; the kind itself where its room has not said.

    >>> label_of("nobody.named_it")
    'nobody named it'
    """
    return str(_labels.get(kind) or kind.replace(".", " ").replace("_", " "))
