"""Find the place and the district that a row speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from qalqan.desk.incidents.models import Incident
from qalqan.desk.platform.places import selectors as places


@dataclass(frozen=True, slots=True)
class Located:
    """A place from the list of places, and how exactly it says where."""

    place_id: int
    district_id: int | None
    precision: str


def districts_of_spots(spots: Sequence[tuple[float, float]]) -> list[int | None]:
    """Return the district at each latitude and longitude, or nothing outside all of them."""
    found = places.districts_at([spot[0] for spot in spots], [spot[1] for spot in spots])
    return [int(district) or None for district in found]


class Locator:
    """Looks places up, each name once.

    Everything is kept for the length of one import only, so that a changed list of places is
    used from the next import on.
    """

    def __init__(self) -> None:
        self._districts: dict[int, int] | None = None
        self._by_text: dict[str, Located | None] = {}

    def find(self, text: str) -> Located | None:
        """Return the place that a name or a code means, or nothing."""
        if text not in self._by_text:
            self._by_text[text] = self._look_up(text)
        return self._by_text[text]

    def _look_up(self, text: str) -> Located | None:
        model: Any = Incident._meta.get_field("place").related_model
        rows = model._default_manager.defer("boundary").order_by("pk")
        row = rows.filter(kato=text).first()
        if row is None:
            matches = places.finder().find(text)
            row = rows.filter(pk=matches[0].place_id).first() if matches else None
        if row is None:
            return None
        if self._districts is None:
            self._districts = places.district_map()
        district = row.pk if row.kind == "district" else self._districts.get(row.pk)
        return Located(row.pk, district or None, row.kind)
