"""What this room adds to the menu and to the search."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.sources import selectors
from qalqan.desk.platform.ui.navigation import NavItem, SearchHit

ITEMS = [
    NavItem(
        label=_("Sources"),
        url_name="sources:source_list",
        group="take_in",
        model="sources.Source",
        key="s",
    )
]


def find_sources(actor: Actor, text: str) -> Sequence[SearchHit]:
    """Return the sources whose name holds the text."""
    return [
        SearchHit(
            source.name,
            reverse("sources:source_detail", args=[source.pk]),
            source.get_kind_display(),
            source.get_reliability_display(),
        )
        for source in selectors.sources(actor, query=text)[:10]
    ]


SEARCH = [find_sources]
