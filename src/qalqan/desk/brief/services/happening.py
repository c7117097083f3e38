"""What people did between two briefs: answers, incidents that came in or were corrected, work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Model, Q, QuerySet

from qalqan.desk.brief.content import Brief, Change, IncidentLine, Titles
from qalqan.desk.brief.services.ledger import incident_line
from qalqan.desk.incidents import selectors as ledger
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.work import selectors as work
from qalqan.desk.rumours.selectors import answers_between

_MOST = 8
_MOST_TEXT = 400
_COUNTED = ("killed", "injured")
_CORRECTED = ("kind", "occurred_from", "occurred_to", "place", "place_text", "grades")


def acts_between(actor: Actor, before: Brief, after: Brief) -> list[Change]:
    """Return what was done at the desk after one brief was made and until the next was."""
    return [
        *_answers(actor, before, after),
        *_recorded(actor, before, after),
        *_corrected(actor, before),
        *_late(actor, before, after),
        *_closed(actor, before, after),
    ]


def _answers(actor: Actor, before: Brief, after: Brief) -> Iterator[Change]:
    rows = answers_between(actor, after=before.made_at, until=after.made_at)
    for answer in rows[:_MOST]:
        yield _change(
            "answer",
            "answered",
            claim_id=answer.claim_id,
            text=answer.claim.leader_text[:_MOST_TEXT],
            language=answer.claim.language,
            detail=answer.verdict,
        )
    yield from _further("answer", rows)


def _recorded(actor: Actor, before: Brief, after: Brief) -> Iterator[Change]:
    rows = ledger.incidents(actor).filter(
        recorded_at__gt=before.made_at, recorded_at__lte=after.made_at
    )
    for incident in rows[:_MOST]:
        titles = Titles(incident.title_kk, incident.title_ru, incident.title_en)
        yield _change(
            "incident", "recorded", number=incident.pk, titles=titles, detail=incident.kind
        )
    yield from _further("incident", rows)


def _corrected(actor: Actor, before: Brief) -> Iterator[Change]:
    """Compare the incidents that the brief before listed with what the ledger says now."""
    rows = ledger.incidents(actor).filter(pk__in=[line.incident_id for line in before.incidents])
    found = {row.pk: incident_line(actor, row) for row in rows.select_related("place")}
    for old in before.incidents:
        if old.incident_id in found:
            yield from _corrections(old, found[old.incident_id])


def _corrections(old: IncidentLine, new: IncidentLine) -> Iterator[Change]:
    titles = Titles(new.title_kk, new.title_ru, new.title_en)
    fields = [name for name in _CORRECTED if getattr(old, name) != getattr(new, name)]
    if titles != Titles(old.title_kk, old.title_ru, old.title_en):
        fields.insert(0, "title")
    if "occurred_from" in fields and "occurred_to" in fields:
        fields.remove("occurred_to")
    for name in fields:
        yield _change("incident", "corrected", number=new.incident_id, titles=titles, detail=name)
    for name in _COUNTED:
        was, is_now = getattr(old, name), getattr(new, name)
        if was != is_now:
            yield _change(
                "incident",
                "corrected",
                number=new.incident_id,
                titles=titles,
                detail=name,
                before=was,
                after=is_now,
            )


def _late(actor: Actor, before: Brief, after: Brief) -> Iterator[Change]:
    rows = work.overdue(actor, after.as_of).filter(
        Q(due_at__gte=before.as_of) | Q(opened_at__gt=before.made_at)
    )
    for item in rows[:_MOST]:
        yield _change("work", "overdue", number=item.pk, text=item.title)
    yield from _further("work", rows)


def _closed(actor: Actor, before: Brief, after: Brief) -> Iterator[Change]:
    rows = work.items(actor, state="closed").filter(
        closed_at__gt=before.made_at, closed_at__lte=after.made_at
    )
    for item in rows.order_by("-closed_at", "-id")[:_MOST]:
        yield _change("work", item.state, number=item.pk, text=item.title)
    yield from _further("work", rows)


def _further(what: str, rows: QuerySet[Model]) -> Iterator[Change]:
    hidden = rows.count() - _MOST
    if hidden > 0:
        yield _change(what, "further", after=hidden)


def _change(what: str, change: str, **facts: Any) -> Change:
    blank: dict[str, Any] = {
        "claim_id": None,
        "text": "",
        "language": "",
        "stream": "",
        "places": [],
        "before": None,
        "after": None,
    }
    return Change(what=what, change=change, **{**blank, **facts})
