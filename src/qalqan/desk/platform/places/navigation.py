"""What this room adds to the menu and to the search."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.places import selectors
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.ui.navigation import NavItem, SearchHit

ITEMS = [
    NavItem(
        label=_("Places"),
        url_name="places:place_list",
        group="understand",
        model="places.Place",
        key="p",
    )
]


def find_places(actor: Actor, text: str) -> Sequence[SearchHit]:
    """Return the places that match a search."""
    return [
        SearchHit(
            place.name,
            reverse("places:place_detail", args=[place.pk]),
            place.get_kind_display(),
            place.parent.name if place.parent else "",
        )
        for place in selectors.search(actor, text, limit=10)
    ]


SEARCH = [find_places]
