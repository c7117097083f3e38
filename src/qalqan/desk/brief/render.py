"""A stored edition as stand-alone HTML, as PDF, as JSON and as text for reading aloud.

Always from what was stored, narrowed to what the reader may see; nothing is computed anew.
"""

from __future__ import annotations

import dataclasses
import json as json_library
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils import translation

from qalqan.desk.brief.content import as_json
from qalqan.desk.brief.figure import describe, map_svg, spark_svg
from qalqan.desk.brief.present import Page, present
from qalqan.desk.brief.present.spoken import Spoken, spoken
from qalqan.desk.brief.sealing import digest
from qalqan.desk.brief.selectors.reading import Copy
from qalqan.desk.brief.two_pages import fitted, pages_of
from qalqan.desk.platform.ui.paper import compiled_pdf

if TYPE_CHECKING:
    from qalqan.desk.brief.models import BriefEdition

MOST_PAGES = 2


def whole(edition: BriefEdition) -> Copy:
    """Return all of an edition, for the desk itself."""
    return Copy(edition.brief)


def page_of(edition: BriefEdition, copy: Copy) -> Page:
    """Put a copy into the active language."""
    return present(copy.brief, digest=edition.digest, role=copy.role, districts=copy.districts)


def json(edition: BriefEdition, copy: Copy | None = None) -> bytes:
    """Return the content, which has no language, with its digest.

    What is whole bears the digest of the edition. An extract bears its own, and ``extract_of``
    names the edition it is taken from.
    """
    taken = as_json(copy.brief) if copy else edition.payload
    if copy is None or copy.brief == edition.brief:
        body: dict[str, Any] = {**edition.payload, "digest": edition.digest, "extract_of": None}
    else:
        body = {**taken, "digest": digest(taken), "extract_of": edition.digest}
    return json_library.dumps(body, ensure_ascii=False, indent=1).encode()


def html(edition: BriefEdition, *, language: str, copy: Copy | None = None) -> bytes:
    """Return one HTML file that needs nothing else: no network, no script."""
    taken = copy or whole(edition)
    with translation.override(language):
        page = page_of(edition, taken)
        context = {
            "page": page,
            "map": map_svg(taken.brief.map) if taken.brief.map else "",
            "sparks": sparks(page),
            "style": _stylesheet(),
        }
        return render_to_string("brief/file.html", context).encode()


def text(edition: BriefEdition, *, language: str, copy: Copy | None = None) -> bytes:
    """Return the brief for reading aloud, as plain text in UTF-8."""
    return said(edition, language=language, copy=copy).text.encode()


def said(edition: BriefEdition, *, language: str, copy: Copy | None = None) -> Spoken:
    """Return the brief for reading aloud."""
    taken = copy or whole(edition)
    with translation.override(language):
        return spoken(taken.brief, role=taken.role, districts=taken.districts)


def pdf(edition: BriefEdition, *, language: str, copy: Copy | None = None) -> bytes:
    """Return the brief as a tagged PDF, A4, two pages at most, its fonts inside, without emoji.

    On a day with more than fits, the parts below the first ten lines are shortened step by step;
    each says how much of it stands on the page of the desk only.

    Raises
    ------
    SettingsError
        The package that carries the font is not installed.
    """
    taken = copy or whole(edition)
    with translation.override(language):
        page = page_of(edition, taken)
        drawn = taken.brief.map
        figure = {
            "map": map_svg(drawn, paper=True) if drawn else "",
            "map_alt": describe(drawn) if drawn else "",
        }
        made = b""
        for shortened in fitted(page):
            data = dataclasses.asdict(shortened) | figure
            made = compiled_pdf(_template(), data, made_at=taken.brief.made_at)
            if pages_of(made) <= MOST_PAGES:
                break
    return made


def sparks(page: Page) -> dict[str, str]:
    """Draw the copies a day of each line that has them."""
    return {
        line.key: spark_svg(line.spark, line.spark_label)
        for section in page.sections
        for line in section.lines
        if line.spark
    }


@cache
def schema() -> bytes:
    """Return the JSON Schema of a brief."""
    return files("qalqan.desk.brief").joinpath("data/brief.schema.json").read_bytes()


@cache
def _template() -> bytes:
    return files("qalqan.desk.brief").joinpath("templates/brief/brief.typ").read_bytes()


@cache
def _stylesheet() -> str:
    return files("qalqan.desk.platform.ui").joinpath("static/ui/qalqan.css").read_text("utf-8")
