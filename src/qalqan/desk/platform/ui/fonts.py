"""The font of everything that is printed; it comes from an installed package."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from qalqan.errors import SettingsError

FONT_PACKAGE = "font_source_sans_pro"
KAZAKH_LETTERS = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"


@cache
def font_folder() -> Path:
    """Return where the font files lie.

    Raises
    ------
    SettingsError
        The package that carries them is not installed.
    """
    spec = find_spec(FONT_PACKAGE)
    if spec is None or spec.origin is None:
        raise SettingsError(
            "the font of the PDF is not installed", hint="pip install font-source-sans-pro"
        )
    return Path(spec.origin).parent / "files"


def missing_letters(letters: str = KAZAKH_LETTERS) -> str:
    """Return those letters, small or capital, that the regular or the bold font lacks.

    >>> missing_letters()
    ''
    """
    from fontTools.ttLib import TTFont

    wanted = set(letters + letters.upper())
    missing: set[str] = set()
    for weight in ("Regular", "Bold"):
        (path,) = font_folder().glob(f"*-{weight}.ttf")
        with TTFont(path, lazy=True) as font:
            missing |= {letter for letter in wanted if ord(letter) not in font.getBestCmap()}
    return "".join(sorted(missing))
