"""The fewest stored sums that answer a question: margins where they go deep enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Coalesce

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
    return {f"sum_{name}": Coalesce(Sum(name), 0) for name in SUMS}


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


def by(
    actor: Actor, cells: Mapping[str, Any], dimension: str, period: Q
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Yield sums told apart by one dimension beside what is chosen, from margins alone.

    Parameters
    ----------
    cells
        What is chosen; one dimension fewer than the margins of the period go deep.
    period
        Which spans and days.
    """
    names = [name for name in DIMENSIONS if name in cells or name == dimension]
    at = names.index(dimension)
    found = ActivityMargin.objects.visible_to(actor).filter(period, cut="+".join(names))
    chosen = next((name for name in cells if name != dimension), None)
    if dimension in cells:
        found = found.filter(key="|".join(str(cells[name]) for name in names))
    elif chosen is not None:
        word = str(cells[chosen])
        found = found.filter(key__startswith=f"{word}|") if at else found.filter(
            key__endswith=f"|{word}"
        )  # fmt: skip
    for row in found.order_by().values("key").annotate(**added()):
        value = row["key"].split("|")[at]
        yield (int(value) if dimension == "district_id" else value), row
