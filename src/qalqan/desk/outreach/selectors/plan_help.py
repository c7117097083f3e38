"""What the next events would close: candidates, gaps, and the greedy plan over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from qalqan.desk.outreach.models import Activity, AgeBand
from qalqan.desk.outreach.selectors.coverage import (
    LANGUAGES,
    THEMES,
    Coverage,
    DistrictRow,
    languages_of,
)
from qalqan.desk.platform.places.models import Place
from qalqan.science.outreach.cover import next_events

EVENTS = 20
LEAST_PER_THOUSAND = 2.0
"""People a thousand and year whom each theme, language and age should reach at the least."""
USUAL_SIZE = 40.0
"""People whom an event reaches, where nothing was reported yet."""
_YEAR = 365.25

_KINDS = (
    *(("theme", one) for one in THEMES),
    *(("language", one) for one in LANGUAGES),
    *(("band", one) for one in AgeBand.values),
)

Cell = tuple[int, str, str]
"""A district, a kind of gap (``theme``, ``language``, ``band``), and which."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One event that the plan proposes, and why.

    Parameters
    ----------
    gain
        Missing people whom it reaches, weighted by need, given the events above it.
    reasons
        What it closes, in words, the most useful first.
    """

    district: Place
    theme: str
    language: str
    band: str
    size: int
    gain: float
    need: float
    reasons: tuple[str, ...]

    @property
    def code(self) -> str:
        """How a form names it."""
        return f"{self.district.pk}:{self.theme}:{self.language}:{self.band}"

    @property
    def title(self) -> str:
        """What the planned activity is called."""
        return f"{Activity.Theme(self.theme).label}, {AgeBand(self.band).label}"


def need_of(row: DistrictRow) -> float:
    """Return how much one missing person of a district counts: the surest raised need, or 1."""
    return max((one.need.low for one in row.needs if one.is_raised), default=1.0)


def plan(
    found: Coverage, ahead: Mapping[tuple[int, str, str], int] | None = None, *,
    number: int = EVENTS,
) -> list[Proposal]:  # fmt: skip
    """Return the next events, each the one that closes most of what is still missing.

    A cell is a theme, a language or an age band in a district. It should reach as many people a
    head as the province does on the whole, and two a thousand and year at the least; what lacks
    is its gap. An event reaches as many as events did on the mean, all of the age it is for.

    Parameters
    ----------
    ahead
        Events planned by district, theme and language; their people are missing no more. For
        which age they are is not known, so gaps of ages stay until they are held.
    """
    rows = [row for row in found.rows if row.people]
    if not rows:
        return []
    size = _size(found)
    done = _done_and_ahead(rows, ahead or {}, size)
    cells, gaps, weights = _gaps(rows, done, (found.end - found.start).days + 1)
    index = {cell: place for place, cell in enumerate(cells)}
    candidates = [
        (row, theme, language, band)
        for row in rows for theme in THEMES for language in LANGUAGES for band in AgeBand.values
    ]  # fmt: skip
    reached = np.zeros((len(candidates), len(cells)))
    for at, (row, theme, language, band) in enumerate(candidates):
        for kind, which in (("theme", theme), ("language", language), ("band", band)):
            reached[at, index[row.place.pk, kind, which]] = size
    chosen = next_events(gaps, weights, reached, number=number)
    return [
        Proposal(
            row.place, theme, language, band, round(size), one.gain, need_of(row),
            tuple(_reason(cells[cell], amount / need_of(row)) for cell, amount in one.closes),
        )
        for one in chosen
        for row, theme, language, band in [candidates[one.candidate]]
    ]  # fmt: skip


def _size(found: Coverage) -> float:
    people = sum(row.reached.people for row in found.rows)
    return max(1.0, people / found.events) if people and found.events else USUAL_SIZE


def _done_and_ahead(
    rows: list[DistrictRow], ahead: Mapping[tuple[int, str, str], int], size: float
) -> np.ndarray:
    """Return the people reached, or soon to be, shape (districts, kinds)."""
    places = {row.place.pk: at for at, row in enumerate(rows)}
    columns = {kind: at for at, kind in enumerate(_KINDS)}
    done = np.array([[_done(row, kind, which) for kind, which in _KINDS] for row in rows])
    for (district, theme, spoken), events in ahead.items():
        if district not in places:
            continue
        cells = [("theme", theme), *(("language", one) for one in languages_of(spoken))]
        for cell in cells:
            if cell in columns:
                done[places[district], columns[cell]] += size * events
    return done


def _gaps(
    rows: list[DistrictRow], done: np.ndarray, days: int
) -> tuple[list[Cell], np.ndarray, np.ndarray]:
    """Return the cells, the people missing in each, and what one of them counts."""
    people = np.array([float(row.people or 0) for row in rows])
    share = np.maximum(done.sum(axis=0) / people.sum(), LEAST_PER_THOUSAND / 1000 * days / _YEAR)
    gaps = np.maximum(people[:, None] * share[None, :] - done, 0)
    weights = np.repeat([need_of(row) for row in rows], len(_KINDS))
    cells = [(row.place.pk, kind, which) for row in rows for kind, which in _KINDS]
    return cells, gaps.ravel(), weights


def _done(row: DistrictRow, kind: str, which: str) -> float:
    tables = {
        "theme": row.reached.by_theme,
        "language": row.reached.by_language,
        "band": row.reached.by_band,
    }
    return float(tables[kind].get(which, 0))


def _reason(cell: Cell, people: float) -> str:
    _place, kind, which = cell
    words = {"people": round(people), "what": str(_label(kind, which))}
    if kind == "theme":
        return _("theme “%(what)s”: %(people)s people missing") % words
    if kind == "language":
        return _("in %(what)s: %(people)s people missing") % words
    return _("ages %(what)s: %(people)s people missing") % words


def _label(kind: str, which: str) -> object:
    from qalqan.desk.outreach.models import LANGUAGES as LANGUAGE_NAMES

    if kind == "theme":
        return Activity.Theme(which).label
    if kind == "band":
        return AgeBand(which).label
    return dict(LANGUAGE_NAMES)[which]
