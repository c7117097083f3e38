"""Minutes, agendas and extracts as PDF, in the language that is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from qalqan.desk.commission.models import Agenda, Decision, Meeting, Presence
from qalqan.desk.platform.ui.formatting import format_date
from qalqan.desk.platform.ui.paper import compiled_pdf

TEMPLATE = Path(__file__).parent / "templates" / "commission" / "paper.typ"


def minutes_pdf(
    meeting: Meeting, items: Sequence[Agenda], presences: Sequence[Presence], language: str
) -> bytes:
    """Return the minutes of a meeting; of one that has not begun, its agenda.

    Parameters
    ----------
    items
        Its agenda in order, with decisions.
    presences
        Who was there, by office.
    language
        ``kk``, ``ru`` or ``en``; texts that are missing in it stand in another.
    """
    with override(language):
        held = meeting.state in (Meeting.State.OPEN, Meeting.State.CLOSED)
        title = _("Minutes of meeting %(number)d") if held else _("Agenda of meeting %(number)d")
        data = {
            **_common(meeting.commission.name_in(language), language, meeting.is_sample),
            "title": title % {"number": meeting.number},
            "facts": _meeting_facts(meeting),
            "sections": [_present(presences)] if presences else [],
            "items": [_item(item, language) for item in items],
            "signatures": [_("Chair: office and date"), _("Secretary: office and date")]
            if held
            else [],
        }
        return compiled_pdf(TEMPLATE.read_bytes(), data, made_at=meeting.starts_at)


def extract_pdf(decision: Decision, language: str) -> bytes:
    """Return a decision alone, as it goes to the body that owes it."""
    meeting = decision.item.meeting
    with override(language):
        data = {
            **_common(meeting.commission.name_in(language), language, decision.is_sample),
            "title": _("Extract: decision %(number)s") % {"number": decision.reference},
            "facts": [
                [_("Meeting"), f"№ {meeting.number}, {format_date(meeting.starts_at, 'date')}"],
                [_("Item"), decision.item.title],
                *_decision_facts(decision),
            ],
            "sections": [{"title": _("Decided"), "lines": [decision.text_in(language)]}],
            "items": [],
            "signatures": [_("Secretary: office and date")],
        }
        return compiled_pdf(TEMPLATE.read_bytes(), data, made_at=decision.decided_at)


def _common(commission: str, language: str, is_sample: bool) -> dict[str, Any]:
    return {
        "language": language,
        "lead": commission,
        "sample": _("Sample data") if is_sample else "",
        "footer": commission,
    }


def _meeting_facts(meeting: Meeting) -> list[list[str]]:
    facts = [
        [_("Begins"), format_date(meeting.starts_at, "datetime")],
        [_("Where"), meeting.venue],
        [_("State"), str(meeting.get_state_display())],
    ]
    if meeting.votes_of_all:
        words = _("%(present)d of %(all)d votes present; %(percent)d percent are needed")
        facts.append(
            [
                _("Quorum"),
                words
                % {
                    "present": meeting.votes_present,
                    "all": meeting.votes_of_all,
                    "percent": meeting.commission.quorum_percent,
                },
            ]
        )
    if meeting.closed_at:
        facts.append([_("Closed"), format_date(meeting.closed_at, "datetime")])
    return facts


def _present(presences: Sequence[Presence]) -> dict[str, Any]:
    return {
        "title": _("Who was there, by office"),
        "lines": [f"{row.seat.office}: {row.get_how_display()}" for row in presences],
    }


def _item(item: Agenda, language: str) -> dict[str, Any]:
    votes = ""
    if item.votes_for is not None:
        votes = _("For %(yes)d, against %(no)d, abstained %(none)d") % {
            "yes": item.votes_for, "no": item.votes_against, "none": item.abstained,
        }  # fmt: skip
    return {
        "number": item.order,
        "title": item.title,
        "carried": _("Carried over from meeting %(number)d")
        % {"number": item.carried_from.meeting.number}
        if item.carried_from
        else "",
        "outcome": str(item.get_outcome_display()),
        "words": item.words,
        "votes": votes,
        "decisions": [
            {
                "title": _("Decision %(number)s") % {"number": row.reference},
                "text": row.text_in(language),
                "facts": _decision_facts(row),
            }
            for row in item.decisions.all()
        ],
    }


def _decision_facts(decision: Decision) -> list[list[str]]:
    return [
        [_("Legal basis"), decision.legal_basis],
        [_("Who owes it"), decision.owner.name],
        [_("Due"), format_date(decision.due_on, "date")],
    ]
