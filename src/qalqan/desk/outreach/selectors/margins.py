"""The fewest stored sums that answer a question: margins where they go deep enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q, QuerySet, Sum

from qalqan.desk.outreach.models import (
    DIMENSIONS,
    LANGUAGES,
    SUMS,
    Activity,
    ActivityDay,
    ActivityMargin,
)
from qalqan.desk.platform.policies import Actor

_PLAINEST = "language"
"""The dimension with the fewest values: added up, the cheapest total."""


def deepest(span: str) -> int:
    """Return by how many dimensions at once the margins of a span tell sums apart."""
    return 1 if span == ActivityDay.Span.DAY else 2


def added() -> dict[str, Any]:
    """Return every summed column, added up, as ``sum_`` and its name."""
    return {f"sum_{name}": Sum(name) for name in SUMS}


def rows(actor: Actor, cells: Mapping[str, Any], span: str) -> QuerySet[Any]:
    """Return stored sums that add up to all that matches, with their ``day``.

    Parameters
    ----------
    cells
        What is chosen, by dimension.
    span
        Of one span only, so that nothing is added twice.
    """
    if len(cells) <= deepest(span):
        names = [name for name in DIMENSIONS if name in cells] or [_PLAINEST]
        found = ActivityMargin.objects.visible_to(actor).filter(span=span, cut="+".join(names))
        if cells:
            found = found.filter(key="|".join(str(cells[name]) for name in names))
        return found
    # Every dimension is named, so that only chosen cells are looked up, over any time.
    chosen = {**_every(cells), **{f"{name}__in": [value] for name, value in cells.items()}}
    return ActivityDay.objects.visible_to(actor).filter(span=span, **chosen)


def _every(cells: Mapping[str, Any]) -> dict[str, Any]:
    known: dict[str, list[Any]] = {
        "theme": list(Activity.Theme.values),
        "kind": list(Activity.Kind.values),
        "language": [code for code, _label in LANGUAGES],
    }
    if "district_id" not in cells:
        model: Any = Activity._meta.get_field("district").related_model
        wide = model.objects.filter(kind__in=("district", "province"))
        known["district_id"] = list(wide.values_list("pk", flat=True))
    return {f"{name}__in": values for name, values in known.items() if name not in cells}


def cut_of(cells: Mapping[str, Any], dimension: str) -> str:
    """Return by what margins are told apart that answer for one dimension beside a choice."""
    return "+".join(name for name in DIMENSIONS if name in cells or name == dimension)


def condition(cells: Mapping[str, Any], dimension: str, period: Q) -> Q:
    """Return which margins of a period tell one dimension apart beside what is chosen.

    Parameters
    ----------
    cells
        What is chosen: one dimension at most, or the one that is told apart.
    """
    cut = cut_of(cells, dimension)
    found = period & Q(cut=cut)
    for chosen, value in cells.items():
        if chosen == dimension:
            found &= Q(key=str(value))
        elif cut.startswith(chosen):
            found &= Q(key__startswith=f"{value}|")
        else:
            found &= Q(key__endswith=f"|{value}")
    return found


def told(
    actor: Actor, wanted: Q, dimensions: Mapping[str, str]
) -> Iterator[tuple[str, Any, dict[str, Any]]]:
    """Yield dimension, value and sums of margins, from one reading.

    Parameters
    ----------
    dimensions
        Which dimension a cut is read for.
    """
    found = ActivityMargin.objects.visible_to(actor).filter(wanted)
    for row in found.order_by().values("cut", "key").annotate(**added()):
        name = dimensions[row["cut"]]
        value = row["key"].split("|")[row["cut"].split("+").index(name)]
        yield name, (int(value) if name == "district_id" else value), row
