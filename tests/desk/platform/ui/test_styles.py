"""The two places of the dark palette agree, and text stands out from its ground."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from qalqan.desk.platform import ui

CSS = (Path(ui.__file__).parent / "static" / "ui" / "qalqan.css").read_text(encoding="utf-8")
AA = 4.5
AA_PARTS = 3.0


def palette(selector: str, nth: int = 0) -> dict[str, str]:
    bodies = re.findall(rf"(?:^|\n)\s*{re.escape(selector)} \{{(.*?)\}}", CSS, re.S)
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", bodies[nth]))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


LIGHT = palette(":root")
DARK = palette(':root[data-theme="dark"]')


def test_contrast_of_black_on_white_is_21() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_both_dark_palettes_are_one() -> None:
    assert len(DARK) > 15
    assert palette(':root[data-theme="auto"]') == DARK


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("text", "ground"),
    [
        *[(t, g) for t in ("text", "muted") for g in ("page", "surface", "sunken")],
        ("accent", "page"),
        ("accent", "surface"),
        ("accent", "accent-soft"),
        ("accent-text", "accent"),
        ("critical", "critical-soft"),
        ("critical", "surface"),
        ("warning", "warning-soft"),
        ("good", "good-soft"),
    ],
)
def test_text_is_legible(colours: dict[str, str], text: str, ground: str) -> None:
    assert contrast(colours[text], colours[ground]) >= AA


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_edges_of_fields_are_visible(colours: dict[str, str]) -> None:
    assert contrast(colours["border-strong"], colours["surface"]) >= AA_PARTS
    assert contrast(colours["focus"], colours["page"]) >= AA_PARTS


def test_templates_bring_no_style_of_their_own() -> None:
    desk = Path(ui.__file__).parents[2]
    bad = [
        str(path.relative_to(desk))
        for path in desk.rglob("templates/**/*.html")
        if re.search(r"\sstyle=|\son[a-z]+=|<style", path.read_text(encoding="utf-8"))
    ]
    # The brief's own page stands alone and carries its style with it.
    assert [path for path in bad if not path.startswith("brief/")] == []
