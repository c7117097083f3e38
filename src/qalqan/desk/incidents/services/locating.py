"""Find the place and the district that a row speaks of."""

from __future__ import annotations

from dataclasses import dataclass

from qalqan.desk.incidents.models import Incident
from qalqan.desk.platform.places import selectors as places

_NEARLY_EXACT = 4
"""Decimals of a degree, about ten metres, below which two spots share a district."""


@dataclass(frozen=True, slots=True)
class Located:
    """A place from the list of places, and how exactly it says where."""

    place_id: int
    district_id: int | None
    precision: str


class Locator:
    """Looks places up, each name and each spot once.

    Everything is kept for the length of one import only, so that a changed list of places is
    used from the next import on.
    """

    def __init__(self) -> None:
        self._finder = places.finder()
        self._districts = places.district_map()
        self._by_text: dict[str, Located | None] = {}
        self._by_spot: dict[tuple[float, float], int | None] = {}

    def find(self, text: str) -> Located | None:
        """Return the place that a name or a code means, or nothing."""
        if text not in self._by_text:
            self._by_text[text] = self._look_up(text)
        return self._by_text[text]

    def district_at(self, spot: tuple[float, float]) -> int | None:
        """Return the district at latitude and longitude, or nothing outside all of them."""
        key = (round(spot[0], _NEARLY_EXACT), round(spot[1], _NEARLY_EXACT))
        if key not in self._by_spot:
            self._by_spot[key] = places.district_at(*key)
        return self._by_spot[key]

    def _look_up(self, text: str) -> Located | None:
        field = Incident._meta.get_field("place")
        rows = field.related_model._default_manager.order_by("pk")  # type: ignore[union-attr]
        row = rows.filter(kato=text).first()
        if row is None:
            matches = self._finder.find(text)
            row = rows.filter(pk=matches[0].place_id).first() if matches else None
        if row is None:
            return None
        district = row.pk if row.kind == "district" else self._districts.get(row.pk)
        return Located(row.pk, district or None, row.kind)
