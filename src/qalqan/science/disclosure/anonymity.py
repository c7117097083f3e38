"""k-anonymity: records that too few others resemble, and what would make them alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from qalqan.science.disclosure.checks import DisclosureInputError

Record = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SmallClass:
    """Records with the same values that are fewer than k."""

    values: Record
    records: int


@dataclass(frozen=True, slots=True)
class Step:
    """A column left out (all its values made one), and how many records remain in small classes."""

    column: str
    remaining: int


@dataclass(frozen=True, slots=True)
class Anonymity:
    """What the columns give away.

    Attributes
    ----------
    k
        Size of the smallest class.
    classes
        Number of different combinations.
    small
        Combinations with fewer records than asked for, smallest first.
    steps
        Columns to make coarser, one after the other, each the one that leaves the fewest
        records in small classes; empty if leaving out records costs less.
    suppressed
        Records that would have to go if no column is changed.
    """

    k: int
    classes: int
    small: list[SmallClass]
    steps: list[Step]
    suppressed: int


def anonymity(records: Sequence[Record], columns: Sequence[str], k: int) -> Anonymity:
    """Count the records that fewer than ``k - 1`` others resemble, and say what would help.

    Parameters
    ----------
    records
        Values of the columns, one tuple a record.
    columns
        Names of the columns that an outsider could know.
    k
        Least number of records that look alike, 2 or more.

    Raises
    ------
    DisclosureInputError
        There are no records or no columns, or k is below 2.

    References
    ----------
    L. Sweeney, "k-anonymity: a model for protecting privacy", IJUFKS 10 (2002), 557-570.

    Examples
    --------
    >>> found = anonymity([("f", "Alga"), ("f", "Alga"), ("m", "Alga")], ["sex", "area"], 2)
    >>> found.k, found.small[0].values, found.steps[0].column
    (1, ('m', 'Alga'), 'sex')
    """
    if not records or not columns:
        raise DisclosureInputError("k-anonymity needs records and at least one column")
    if k < 2:
        raise DisclosureInputError(f"k is 2 or more, not {k}")
    classes = Counter(records)
    small = [SmallClass(values, size) for values, size in classes.items() if size < k]
    small.sort(key=lambda one: (one.records, one.values))
    alone = sum(one.records for one in small)
    return Anonymity(
        min(classes.values()), len(classes), small, _steps(classes, columns, k, alone), alone
    )


def _steps(classes: Counter[Record], columns: Sequence[str], k: int, alone: int) -> list[Step]:
    kept = list(range(len(columns)))
    steps: list[Step] = []
    while alone and kept:
        left = {place: _alone(classes, [one for one in kept if one != place], k) for place in kept}
        best = min(kept, key=lambda place: (left[place], place))
        kept.remove(best)
        alone = left[best]
        steps.append(Step(columns[best], alone))
    return steps


def _alone(classes: Counter[Record], kept: Sequence[int], k: int) -> int:
    sizes: Counter[Record] = Counter()
    for values, size in classes.items():
        sizes[tuple(values[place] for place in kept)] += size
    return sum(size for size in sizes.values() if size < k)
