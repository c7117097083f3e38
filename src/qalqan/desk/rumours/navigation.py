"""What claims and messages bring to the menu and to the search."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.ui.navigation import NavItem, SearchHit
from qalqan.desk.rumours import selectors

ITEMS = [
    NavItem(_("Rumours"), "rumours:claims", "understand", "rumours.Claim", key="r"),
    NavItem(_("Answers"), "rumours:answers", "act", "rumours.Answer", "read", key="n"),
    NavItem(_("Publishing"), "rumours:publishing", "publish", "rumours.Webhook"),
    NavItem(_("Messages"), "rumours:messages", "understand", "rumours.Message", key="m"),
]


def find(actor: Actor, text: str) -> list[SearchHit]:
    """Return the claims that contain the words, most copies first."""
    from django.utils import timezone

    wanted = selectors.ClaimFilter(query=text, sort="copies")
    rows = selectors.list_claims(actor, wanted, now=timezone.now(), most=19)
    return [
        SearchHit(
            row.claim.leader_text[:120], reverse("rumours:claim", args=[row.claim.pk]), _("Claim")
        )
        for row in rows[:20]
    ]


SEARCH = [find]
