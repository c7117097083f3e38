"""A brief cut to two pages of paper, the first ten lines whole, every cut told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from qalqan.desk.brief import wording as w
from qalqan.desk.brief.present import Line, Page, Section, Table

_PAGES = re.compile(rb"/Type\s*/Page(?![a-zA-Z])")


@dataclass(frozen=True, slots=True)
class _Measure:
    """How much of each part goes to paper: lines, rows, letters of a quote, and its reasons."""

    lines: int
    rows: int
    letters: int
    has_reasons: bool
    has_map: bool
    parts: int = 99


_STEPS = (
    _Measure(5, 10, 300, has_reasons=True, has_map=True),
    _Measure(3, 6, 200, has_reasons=True, has_map=True),
    _Measure(2, 5, 140, has_reasons=False, has_map=True),
    _Measure(1, 3, 100, has_reasons=False, has_map=False),
    _Measure(0, 2, 80, has_reasons=False, has_map=False),
    _Measure(0, 0, 60, has_reasons=False, has_map=False),
)
"""Tried in this order after the whole, until two pages hold it."""


def pages_of(pdf: bytes) -> int:
    """Count the pages of a PDF as Typst writes them."""
    return len(_PAGES.findall(pdf))


def fitted(page: Page) -> Iterator[Page]:
    """Yield the page, and then ever shorter ones."""
    yield page
    for measure in _STEPS:
        yield _cut(page, measure)


def _cut(page: Page, measure: _Measure) -> Page:
    leads = tuple(
        replace(lead, text=w.shortened(lead.text, 90), note=w.shortened(lead.note, 120))
        for lead in page.leads
    )
    return replace(
        page, leads=leads, notices=tuple(w.shortened(n, 300) for n in page.notices[:3]),
        sections=tuple(_section(part, measure) for part in page.sections),
        method=page.method if measure.has_reasons else (),
    )  # fmt: skip


def _section(part: Section, measure: _Measure) -> Section:
    kept = part.lines[: measure.lines]
    tables = tuple(_table(table, measure) for table in part.tables if measure.rows)
    hidden = len(part.lines) - len(kept)
    hidden += sum(len(table.rows) for table in part.tables)
    hidden -= sum(len(table.rows) for table in tables)
    more = [w.shortened(part.more, 160)] if part.more else []
    if hidden > 0:
        more.append(_("Not on paper, to be read at the desk: %(number)s.")
                    % {"number": w.count(hidden)})  # fmt: skip
    return replace(
        part,
        lines=tuple(_line(line, measure) for line in kept),
        tables=tables,
        empty=w.shortened(part.empty, 400),
        note=w.shortened(part.note, 300),
        more=" ".join(more),
        has_map=part.has_map and measure.has_map,
    )


def _line(line: Line, measure: _Measure) -> Line:
    return replace(
        line,
        headline=w.shortened(line.headline, 120),
        quote=w.shortened(line.quote, measure.letters),
        facts=tuple(
            replace(fact, value=w.shortened(fact.value, 160))
            for fact in (line.facts if measure.has_reasons else line.facts[:3])
        ),
        why=w.shortened(line.why, 300) if measure.has_reasons else "",
        data=line.data if measure.has_reasons else "",
        doubt=w.shortened(line.doubt, 300) if measure.has_reasons else "",
    )


def _table(table: Table, measure: _Measure) -> Table:
    return replace(
        table,
        rows=tuple(
            tuple(w.shortened(cell, 80) for cell in row) for row in table.rows[: measure.rows]
        ),
        links=table.links[: measure.rows],
        note=w.shortened(table.note, 200) if measure.has_reasons else "",
    )
