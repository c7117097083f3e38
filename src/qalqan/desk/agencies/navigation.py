"""What the room of agencies brings to the menu and to the search."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qalqan.desk.agencies.selectors import directory
from qalqan.desk.platform.places.searching import beginnings_of_parts
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.ui.navigation import NavItem, SearchHit

ITEMS = [
    NavItem(_("Bodies and groups"), "agencies:bodies", "decide", "agencies.Body"),
    NavItem(_("Who answers for what"), "agencies:matrix", "decide", "agencies.Responsibility"),
    NavItem(_("Matters"), "agencies:matters", "decide", "agencies.Matter"),
    NavItem(_("Monthly returns"), "agencies:returns", "measure", "agencies.Return"),
    NavItem(_("The nation's month"), "agencies:nation", "measure", "agencies.Return"),
    NavItem(_("Keys of provinces"), "agencies:keys", "administer", "agencies.ProvinceKey"),
]


def find(actor: Actor, text: str) -> list[SearchHit]:
    """Return the bodies that have words beginning like those of the query."""
    if not beginnings_of_parts(text):
        return []
    rows = directory.bodies(actor, directory.BodyFilter(query=text))
    keys = list(rows.values_list("pk", flat=True)[:20])
    return [
        SearchHit(
            row.name, row.get_absolute_url(), row.get_kind_display(),
            f"№ {row.number} · {row.area.name}",
        )
        for row in directory.in_list(actor, keys)
    ]  # fmt: skip


SEARCH = [find]
