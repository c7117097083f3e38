"""A stored edition as stand-alone HTML, as PDF and as JSON; always from what was stored."""

from __future__ import annotations

import dataclasses
import json as json_library
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils import translation

from qalqan.desk.brief.figure import describe, map_svg, spark_svg
from qalqan.desk.brief.present import Page, present
from qalqan.desk.platform.ui.paper import compiled_pdf

if TYPE_CHECKING:
    from qalqan.desk.brief.models import BriefEdition


def json(edition: BriefEdition) -> bytes:
    """Return the stored content, which has no language; its digest is that of the edition."""
    body = {**edition.payload, "digest": edition.digest}
    return json_library.dumps(body, ensure_ascii=False, indent=1).encode()


def html(edition: BriefEdition, *, language: str) -> bytes:
    """Return one HTML file that needs nothing else: no network, no script."""
    with translation.override(language):
        page = present(edition.brief, digest=edition.digest)
        context = {
            "page": page,
            "map": map_svg(edition.brief.map) if edition.brief.map else "",
            "sparks": sparks(page),
            "style": _stylesheet(),
        }
        return render_to_string("brief/file.html", context).encode()


def pdf(edition: BriefEdition, *, language: str) -> bytes:
    """Return the brief as a tagged PDF, A4, with its fonts inside and without emoji.

    Raises
    ------
    SettingsError
        The package that carries the font is not installed.
    """
    with translation.override(language):
        page = present(edition.brief, digest=edition.digest)
        drawn = edition.brief.map
        data = dataclasses.asdict(page)
        data["map"] = map_svg(drawn, paper=True) if drawn else ""
        data["map_alt"] = describe(drawn) if drawn else ""
    template = files("qalqan.desk.brief").joinpath("templates/brief/brief.typ").read_bytes()
    return compiled_pdf(template, data, made_at=edition.brief.made_at)


def sparks(page: Page) -> dict[str, str]:
    """Draw the copies a day of each line that has them."""
    return {
        line.key: spark_svg(line.spark, line.spark_label)
        for section in page.sections
        for line in section.lines
        if line.spark
    }


@cache
def _stylesheet() -> str:
    return files("qalqan.desk.platform.ui").joinpath("static/ui/qalqan.css").read_text("utf-8")
