"""From plain data to a PDF, without what paper cannot show.

Emoji print as boxes, since no font inside the PDF has them.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

from qalqan.desk.platform.ui.fonts import font_folder

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


def compiled_pdf(template: bytes, data: dict[str, Any], *, made_at: datetime) -> bytes:
    """Set a template with its data as a tagged PDF, its fonts inside.

    Parameters
    ----------
    template
        A Typst source that reads ``sys.inputs.data`` as JSON.
    data
        Plain data; emoji in its texts are left out.
    made_at
        The time that the file bears, so that the same data give the same file.

    Raises
    ------
    SettingsError
        The package that carries the font is not installed.
    """
    import typst

    fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(font_folder())])
    result = typst.compile(
        template,
        sys_inputs={"data": json.dumps(for_paper(data), ensure_ascii=False)},
        font_paths=fonts,
        timestamp=made_at.replace(microsecond=0),
    )
    return b"".join(result) if isinstance(result, list) else bytes(result or b"")
