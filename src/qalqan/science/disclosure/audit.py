"""The attacker's audit: what can be computed from everything that was ever published."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from qalqan.science.disclosure.attack import ContradictionError, Intervals, attack
from qalqan.science.disclosure.checks import DisclosureInputError
from qalqan.science.disclosure.problem import Bools
from qalqan.science.disclosure.publication import Bond, Edition, Publication, publish
from qalqan.science.disclosure.tables import Labels

Fault = Literal["", "small", "narrow", "change"]
"""Why a cell fails: a small count is published, its interval is too narrow, or the difference
of two editions tells a small count."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What an attacker is left with about one cell.

    Attributes
    ----------
    edition, table, labels
        The cell; the table is empty for the difference of two editions.
    value
        Its true value, NaN if the audit was not told.
    low, high
        The attacker's interval.
    exact
        Whether both ends are reached by a table that fits everything published.
    fault
        Why it fails; empty if it does not.
    """

    edition: str
    table: str
    labels: Labels
    value: float
    low: float
    high: float
    exact: bool
    hidden: bool
    fault: Fault

    @property
    def reason(self) -> str:
        """Say what is wrong, in one sentence."""
        ends = f"between {self.low:g} and {self.high:g}"
        if self.fault == "small":
            return f"a small count is published: {self.low:g}"
        if self.fault == "narrow" and self.low == self.high:
            return f"hidden, but everybody can compute it: {self.low:g}"
        if self.fault == "narrow":
            return f"hidden, but everybody can compute that it is {ends}: too narrow"
        if self.fault == "change":
            return f"the difference of two editions tells a small count: {ends}"
        return ""


@dataclass(frozen=True, slots=True)
class Standard:
    """What a cell must be protected by.

    Attributes
    ----------
    threshold
        Counts from 1 to below this are small.
    below, above
        The interval of a small count reaches this far below and above it.
    width
        Least width of its interval.
    zeros
        Whether a zero is as sensitive as a small count.
    """

    threshold: float = 5
    below: float = 1
    above: float = 1
    width: float = 2
    zeros: bool = False

    def small(self, value: float) -> bool:
        """Tell whether a count must be protected."""
        return (0 < value < self.threshold) or (self.zeros and value == 0)


def audit(
    editions: Sequence[Edition], *, bond: Bond = "same", standard: Standard | None = None,
    whole: bool = True,
) -> list[Finding]:  # fmt: skip
    """Attack a publication: all tables and sub-tables of all editions together.

    Parameters
    ----------
    editions
        What was published, oldest first.
    bond
        How editions hang together.
    standard
        What small counts must be protected by.
    whole
        Whether the cells are counts.

    Returns
    -------
    list of Finding
        Every hidden or rounded cell, every small count that is published, and every difference
        of editions that tells something.

    Raises
    ------
    DisclosureInputError
        The publication contradicts itself.

    References
    ----------
    A. Hundepool et al., "Statistical Disclosure Control", Wiley 2012, section 4.3.2 (audit).
    """
    found = publish(editions, bond)
    return judged(found, standard or Standard(), whole=whole, rounded=_rounded(editions))


def _rounded(editions: Sequence[Edition]) -> bool:
    return any(edition.base for edition in editions)


def judged(
    found: Publication, standard: Standard, *, whole: bool = True, rounded: bool = False
) -> list[Finding]:
    """Attack a publication that is put together already, and judge each cell."""
    matrix = found.system.matrix()
    try:
        ends = attack(matrix, found.lower, found.upper, wanted=_wanted(found), whole=whole)
    except ContradictionError as error:
        raise _contradiction(found, error) from None
    known = found.known
    result = []
    for place, (edition, table, labels) in sorted(found.names.items()):
        fault = _fault(found, ends, place, standard, bool(known[place]), rounded)
        if fault or not known[place]:
            result.append(
                Finding(edition, table, labels, float(found.values[place]),
                        float(ends.low[place]), float(ends.high[place]),
                        bool(ends.exact[place]), not known[place], fault)
            )  # fmt: skip
    return result + _judged_changes(found, ends, standard)


def _wanted(found: Publication) -> Bools:
    wanted = np.zeros(len(found.system), dtype=bool)
    wanted[list(found.names)] = True
    wanted[[change for *_, change in found.changes]] = True
    return wanted


def _contradiction(found: Publication, error: ContradictionError) -> DisclosureInputError:
    if error.row is None:
        return DisclosureInputError(str(error.message))
    places, _ = found.system.rows[error.row]
    shown = next((place for place in places if place in found.names), None)
    if shown is None:
        return DisclosureInputError(str(error.message))
    edition, table, labels = found.names[shown]
    where = " × ".join(labels)
    return DisclosureInputError(
        f"{where}: the total and its parts do not add up"
        + (f" (edition {edition!r})" if edition else ""),
        table=table, labels=labels,
    )  # fmt: skip


def _fault(
    found: Publication, ends: Intervals, place: int, standard: Standard, known: bool, rounded: bool
) -> Fault:
    value, low, high = found.values[place], ends.low[place], ends.high[place]
    if known:
        return "small" if standard.small(value) and not rounded else ""
    told = not math.isnan(value) and not rounded
    if told and not standard.small(value):
        return ""
    if told:
        short = low > value - min(standard.below, value) + 1e-6
        short |= high < value + standard.above - 1e-6
    else:
        short = low < standard.threshold and (high > 0 or standard.zeros)
        short &= high - low < standard.below + standard.above - 1e-6
    narrow = high - low < standard.width - 1e-6 and (told or low < standard.threshold)
    narrow &= high > 0 or standard.zeros
    return "narrow" if short or narrow else ""


def _judged_changes(found: Publication, ends: Intervals, standard: Standard) -> list[Finding]:
    result = []
    for later, _, change in found.changes:
        low, high, value = ends.low[change], ends.high[change], found.values[change]
        tight = high - low < standard.below + standard.above - 1e-6
        if not math.isnan(value):
            tight = low > value - min(standard.below, value) or high < value + standard.above
            tight &= standard.small(float(value))
        else:
            tight &= high > 0 and low < standard.threshold
        if tight:
            _, _, labels = found.names.get(later, ("", "", ()))
            name = found.system.keys[change][0]
            result.append(
                Finding(name, "", labels, float(value), float(low), float(high),
                        bool(ends.exact[change]), True, "change")
            )  # fmt: skip
    return result
