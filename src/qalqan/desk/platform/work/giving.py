"""The way from another room to the form that gives work."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

from qalqan.desk.platform.policies import ADD, Actor, policy_of
from qalqan.desk.platform.work.models import WorkItem

LONGEST_TITLE = 200


def give_address(actor: Actor, *, kind: str, title: str, url: str) -> str:
    """Return the address of the form, filled in; empty for an actor who may not give work.

    Parameters
    ----------
    kind
        A kind that the room has named with ``kinds.register``.
    title
        What is to be done; cut at the length that work allows. It stands in the address, so
        texts of messages have no place in it.
    url
        The page where the work is done, within the desk.
    """
    if not policy_of(WorkItem).allows(actor, ADD):
        return ""
    filled = urlencode({"kind": kind, "title": title[:LONGEST_TITLE], "url": url})
    return f"{reverse('work:add')}?{filled}"
