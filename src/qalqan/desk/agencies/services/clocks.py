"""The clocks of matters: what the body that holds or is offered one owes, and until when."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from qalqan.desk.agencies.models import Body, Matter
from qalqan.desk.platform.policies import Actor, SystemActor
from qalqan.desk.platform.privacy.guard import screen
from qalqan.desk.platform.work import selectors as work_selectors
from qalqan.desk.platform.work import services as work
from qalqan.errors import InputError, Location

SYSTEM = SystemActor("agencies")
SEE_TO = "agencies.see_to"
ANSWER = "agencies.answer"
FIND = "agencies.find_body"


_TITLES = {
    SEE_TO: lambda title: title,
    ANSWER: lambda title: _("Answer the offer: %(title)s") % {"title": title},
    FIND: lambda title: _("Find a body for: %(title)s") % {"title": title},
}


def open_work(
    actor: Actor, matter: Matter, kind: str, body: Body, due: datetime, now: datetime
) -> None:
    """Put a clock on the body's list; for a body without accounts, on that of whoever acts."""
    owes = body.organisation or getattr(actor, "organisation", None)
    if owes is None and matter.holder.organisation is not None:
        owes = matter.holder.organisation
    if owes is None:
        return
    work.open_item(
        actor=SYSTEM, kind=kind, title=_TITLES[kind](matter.title)[:200], subject=matter,
        owner=None, organisation=owes, due_at=due, now=now, url=matter.get_absolute_url(),
        is_sample=matter.is_sample,
    )  # fmt: skip


def close_work(matter: Matter, kind: str, outcome: str, now: datetime) -> None:
    """Stop the clocks of a kind that run for a matter."""
    subject = f"{Matter._meta.label_lower}:{matter.pk}"
    for item in work_selectors.items(SYSTEM, kind=kind).filter(subject=subject):
        work.close_item(actor=SYSTEM, item=item, outcome=outcome or "–", now=now)


def said(text: str, field: str, longest: int = 500) -> str:
    """Return a text without what gives persons away.

    Raises
    ------
    InputError
        It is empty or too long.
    """
    clean = screen(" ".join(text.split())).text
    if not clean or len(clean) > longest:
        raise InputError(
            _("Say it in words, in at most %(most)s characters.") % {"most": longest},
            location=Location(field=field),
        )
    return clean
