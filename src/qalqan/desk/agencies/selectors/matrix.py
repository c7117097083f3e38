"""Who answers for what where: the matrix with what is inherited, missing and led twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from qalqan.desk.agencies import matters
from qalqan.desk.agencies.models import Body, Responsibility
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor

Part = Responsibility.Part


@dataclass(frozen=True, slots=True)
class Named:
    """A body with a part, and the area it has the part for."""

    responsibility: Responsibility
    body: Body
    area_id: int
    is_inherited: bool


@dataclass(frozen=True, slots=True)
class Responsible:
    """Who answers for one kind of matter in one place.

    Parameters
    ----------
    leads
        The bodies that lead, by the nearest area that names any: one, or there is a gap or a
        double lead.
    helps, informed
        The bodies of the place and of all it lies in, nearest first.
    """

    matter: str
    place_id: int
    leads: tuple[Named, ...]
    helps: tuple[Named, ...]
    informed: tuple[Named, ...]

    @property
    def lead(self) -> Body | None:
        """The one body that leads; nothing where none or several do."""
        return self.leads[0].body if len(self.leads) == 1 else None

    @property
    def is_gap(self) -> bool:
        """Tell whether nobody leads."""
        return not self.leads

    @property
    def is_double(self) -> bool:
        """Tell whether several bodies lead by the same area."""
        return len(self.leads) > 1

    @property
    def label(self) -> str:
        """What the kind of matter is called."""
        return matters.label_of(self.matter)


def on_day(rows: QuerySet[Responsibility], on: date) -> QuerySet[Responsibility]:
    """Return the responsibilities that hold on a day."""
    return rows.filter(Q(until__isnull=True) | Q(until__gt=on), since__lte=on)


def parents_of_places(actor: Actor) -> dict[int, int]:
    """Return what each place lies in; 0 for what lies in nothing."""
    rows = places.places(actor).order_by().values_list("pk", "parent_id")
    return {pk: parent or 0 for pk, parent in rows}


def line_of(place_id: int, parents: Mapping[int, int]) -> list[int]:
    """Return a place and all it lies in, nearest first."""
    line: list[int] = []
    at = place_id
    while at and at not in line:
        line.append(at)
        at = parents.get(at, 0)
    return line


def _resolve(
    matter: str, place_id: int, line: Sequence[int],
    by_area: Mapping[int, Iterable[Responsibility]],
) -> Responsible:  # fmt: skip
    found: dict[str, list[Named]] = {part: [] for part in Part.values}
    seen: set[int] = set()
    for area_id in line:
        rows = list(by_area.get(area_id, ()))
        has_lead = bool(found[Part.LEADS])
        for row in rows:
            if row.part == Part.LEADS and has_lead:
                continue  # A nearer area names its own lead.
            if row.body_id in seen:
                continue
            seen.add(row.body_id)
            found[row.part].append(Named(row, row.body, area_id, area_id != place_id))
    return Responsible(
        matter, place_id, tuple(found[Part.LEADS]), tuple(found[Part.HELPS]),
        tuple(found[Part.INFORMED]),
    )  # fmt: skip


def responsible(actor: Actor, *, matter: str, place: Any, on: date) -> Responsible:
    """Return who leads, helps and is informed for a kind of matter in a place on a day.

    The lead is that of the nearest area which names one: settlement, district, province,
    country. Those who help and who are informed add up along the way.

    Parameters
    ----------
    matter
        A kind that a room registered, e.g. ``rumours.claim``.
    place
        A place, or its key.
    """
    place_id = int(getattr(place, "pk", place))
    line = line_of(place_id, _line_parents(actor, place_id))
    rows = on_day(Responsibility.objects.visible_to(actor), on)
    by_area: dict[int, list[Responsibility]] = defaultdict(list)
    for row in rows.filter(matter=matter, area_id__in=line).select_related("body").order_by("pk"):
        by_area[row.area_id].append(row)
    return _resolve(matter, place_id, line, by_area)


def _line_parents(actor: Actor, place_id: int) -> dict[int, int]:
    row = (
        places.places(actor)
        .filter(pk=place_id)
        .values_list(
            "pk", "parent_id", "parent__parent_id", "parent__parent__parent_id",
            "parent__parent__parent__parent_id",
        )
        .first()
    )  # fmt: skip
    keys = [key for key in row or () if key]
    return dict(zip(keys, [*keys[1:], 0], strict=True))


def matrix(
    actor: Actor, *, place_ids: Sequence[int], on: date, kinds: Sequence[str] | None = None
) -> dict[tuple[str, int], Responsible]:
    """Return who answers for every kind of matter in each of the places, in three queries."""
    parents = parents_of_places(actor)
    by_kind: dict[str, dict[int, list[Responsibility]]] = defaultdict(lambda: defaultdict(list))
    rows = on_day(Responsibility.objects.visible_to(actor), on).select_related("body")
    for row in rows.order_by("pk"):
        by_kind[row.matter][row.area_id].append(row)
    wanted = [code for code, _label in matters.known()] if kinds is None else list(kinds)
    return {
        (kind, place_id): _resolve(kind, place_id, line_of(place_id, parents), by_kind[kind])
        for kind in wanted
        for place_id in place_ids
    }


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong with the matrix on a day: cells nobody leads, cells several lead."""

    gaps: tuple[Responsible, ...]
    doubles: tuple[Responsible, ...]


def faults(cells: Iterable[Responsible]) -> Faults:
    """Return the gaps and double leads among cells of the matrix."""
    all_cells = list(cells)
    return Faults(
        tuple(cell for cell in all_cells if cell.is_gap),
        tuple(cell for cell in all_cells if cell.is_double),
    )


def history(actor: Actor, *, matter: str = "", body: Body | None = None) -> QuerySet[Any]:
    """Return responsibilities past and present, newest first."""
    rows = Responsibility.objects.visible_to(actor).select_related("body", "area")
    if matter:
        rows = rows.filter(matter=matter)
    if body is not None:
        rows = rows.filter(body=body)
    return rows.defer("area__boundary").order_by("-since", "-pk")


def responsibility_for(actor: Actor, key: int) -> Responsibility | None:
    """Return one responsibility, or nothing where it is absent or hidden."""
    rows = Responsibility.objects.visible_to(actor).select_related("body", "area")
    return rows.filter(pk=key).first()
