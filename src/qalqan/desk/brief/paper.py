"""What paper cannot show: emoji, which no font inside the PDF has, and which print as boxes."""

from __future__ import annotations

import re
from typing import Any

_SYMBOLS = {
    "\u203c": "!!",
    "\u2049": "!?",
    "\u2753": "?",
    "\u2754": "?",
    "\u2755": "!",
    "\u2757": "!",
    "\u26a0": "(!)",
    "\U0001f6a8": "(!)",
}
"""Emoji that carry a meaning which a text symbol keeps."""

_EMOJI = re.compile(
    "["
    "\u200d\u20e3\ufe0e\ufe0f"  # joiner, keycap, and the choice of text or picture
    "\u203c\u2049\u2139\u231a\u231b\u2328\u23cf\u23e9-\u23fa\u25fb-\u25fe"
    "\u2600-\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001faff"
    "\U000e0020-\U000e007f"  # the tags of regional flags
    "]+"
)


def without_emoji(text: str) -> str:
    """Return a text as it goes to paper: emoji become a text symbol or nothing.

    >>> without_emoji("Су уланған\u203c\ufe0f \U0001f62d Тезірек таратыңыз\u2757")
    'Су уланған!! Тезірек таратыңыз!'
    >>> without_emoji("\U0001f1f0\U0001f1ff Ақтөбе")
    'Ақтөбе'
    """
    if not _EMOJI.search(text):
        return text
    plain = _EMOJI.sub(lambda found: "".join(_SYMBOLS.get(c, "") for c in found[0]), text)
    return re.sub(r" {2,}", " ", plain).strip()


def for_paper(value: Any) -> Any:
    """Return plain data with every text in it as it goes to paper."""
    if isinstance(value, str):
        return without_emoji(value)
    if isinstance(value, dict):
        return {key: for_paper(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [for_paper(item) for item in value]
    return value
