"""The first ten lines, in words: what, why now, the number with its doubt, and why in this order.

Which lines they are and in which order is decided in ``ranking``; here they are only worded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.brief import content as c
from qalqan.desk.brief import ranking as r
from qalqan.desk.brief import wording as w
from qalqan.desk.brief.present import rumours
from qalqan.desk.brief.present.data import gap_words
from qalqan.desk.brief.present.ledger import title_of
from qalqan.desk.brief.present.parts import CRITICAL, INFO, WARNING, Lead
from qalqan.desk.brief.ranking import Candidate, Ranked

_MOST_TEXT = 90
_SECTIONS = {
    "warning": "warnings", "alone": "warnings", "signal": "devices", "missing": "missing",
    "incident": "incidents", "rumour": "rumours", "area": "flashpoints", "work": "overdue",
    "decision": "decisions", "advice": "decisions", "question": "questions",
    "site": "protection", "sites": "protection", "notices": "protection", "device": "devices",
    "silent": "health", "gap": "gaps", "trust": "trust", "outreach": "outreach",
}  # fmt: skip
"""Where on the page each kind of line is told in full."""
Words = tuple[str, str]


def leads(brief: c.Brief, ranked: Iterable[Ranked], anchors: frozenset[str]) -> tuple[Lead, ...]:
    """Return the lines in words.

    Parameters
    ----------
    anchors
        What of the page can be linked to; a line without a place of its own leads to its part.
    """
    return tuple(_lead(brief, one, place, anchors) for place, one in enumerate(ranked))


def _lead(brief: c.Brief, one: Ranked, place: int, anchors: frozenset[str]) -> Lead:
    subject = one.candidate
    text, note = worded(brief, subject)
    key = _anchor(subject)
    return Lead(
        text=w.shortened(text, _MOST_TEXT),
        note=note,
        anchor=key if key in anchors else _SECTIONS[subject.kind],
        tone=_tone(subject),
        because=because(brief, one, is_first=place == 0),
        key=subject.key,
        kind=subject.kind,
    )


def worded(brief: c.Brief, one: Candidate) -> Words:
    """Return what a candidate says, and its reason with the number and its doubt."""
    return _WORDS[one.kind](brief, one)


def _anchor(one: Candidate) -> str:
    return f"finding-{one.subject.finding_id}" if one.kind == "area" else one.key


def _tone(one: Candidate) -> str:
    if one.severity >= r.SERIOUS:
        return CRITICAL
    return WARNING if one.severity >= r.NOTABLE else INFO


def because(brief: c.Brief, one: Ranked, *, is_first: bool) -> str:
    """Say why a line stands where it stands: the factors that differ from one, and their product.

    Parameters
    ----------
    is_first
        Whether the line is the first of all.
    """
    subject = one.candidate
    reasons = [_severity(subject.severity)]
    if one.role > 1:
        reasons.append(_("your own task"))
    if one.area > 1:
        reasons.append(_("in your district"))
    if one.deadline > 1:
        reasons.append(_due(subject.due, brief.as_of))
    if subject.certainty < 1:
        reasons.append(
            _("its doubt leaves %(share)s %%") % {"share": w.count(round(100 * subject.certainty))}
        )
    factors = (subject.severity, one.deadline, subject.certainty, one.role, one.area)
    reckoned = " × ".join(f"{w.decimal(x, 2)}" for x in factors)
    text = _("First because: %(why)s") if is_first else _("Here because: %(why)s")
    return f"{text % {'why': ', '.join(reasons)}} ({reckoned} = {w.decimal(one.weight, 1)})"


def _severity(value: float) -> str:
    if value >= r.GRAVE:
        return _("danger to life")
    if value >= r.SERIOUS:
        return _("serious")
    return _("needs attention") if value >= r.HIGH else _("to be dealt with")


def _due(due: datetime | None, moment: datetime) -> str:
    if due is None or due <= moment:
        return _("past its deadline")
    return _("due on %(day)s") % {"day": w.day(timezone.localdate(due))}


def _warning(brief: c.Brief, one: Candidate) -> Words:
    warning: c.WarningNow = one.subject
    text = w.chosen(warning.headline_kk, warning.headline_ru, warning.headline_en)
    note = _("public warning, holds until %(when)s") % {"when": w.when(warning.expires_at)}
    return text, note


def _alone(brief: c.Brief, one: Candidate) -> Words:
    text = _("Warnings sent by one person alone, not looked into: %(number)s")
    return text % {"number": w.count(brief.warnings_unreviewed)}, _("somebody else must look")


def _signal(brief: c.Brief, one: Candidate) -> Words:
    text = _("Panic signals nobody has answered: %(number)s")
    return text % {"number": w.count(one.subject.unanswered)}, _counted(brief)


def _counted(brief: c.Brief) -> str:
    return _("counted at %(when)s") % {"when": w.when(brief.as_of)}


def _missing(brief: c.Brief, one: Candidate) -> Words:
    room: c.Missing = one.subject
    text = _("Not in this brief: %(room)s") % {"room": w.term(w.ROOMS, room.room)}
    note = _("could not be read (%(error)s); nothing can be said about it")
    return text, note % {"error": room.error}


def _incident(brief: c.Brief, one: Candidate) -> Words:
    incident: c.IncidentLine = one.subject
    place = incident.place.in_language(w.language()) if incident.place else incident.place_text
    text = ", ".join(part for part in (title_of(incident), place) if part)
    note = _("killed: %(killed)s, injured: %(injured)s; grade %(grade)s") % {
        "killed": _or_unknown(incident.killed),
        "injured": _or_unknown(incident.injured),
        "grade": ", ".join(incident.grades) or "–",
    }
    return text, note


def _or_unknown(value: int | None) -> str:
    return _("not known") if value is None else w.count(value)


def _rumour(brief: c.Brief, one: Candidate) -> Words:
    rumour: c.Rumour = one.subject
    text = _("Grows: “%(text)s”") % {"text": w.shortened(rumour.text, 64)}
    answered = _("answered before") if rumour.answer else _("not answered")
    ratio = (
        f"{w.times(rumour.rate_ratio)} ({w.span(rumour.rate_ratio_low, rumour.rate_ratio_high)})"
    )
    return text, f"{rumours.copies(brief, rumour)}, {ratio}, {answered}"


def _area(brief: c.Brief, one: Candidate) -> Words:
    excess: c.Excess = one.subject
    places = ", ".join(place.in_language(w.language()) for place in excess.places)
    text = _("%(stream)s above what is expected: %(places)s")
    note = _("%(observed)s instead of %(expected)s, %(days)s") % {
        "observed": w.count(excess.observed),
        "expected": w.amount(excess.expected),
        "days": w.days(excess.start, excess.end),
    }
    if excess.relative_risk is not None:
        ratio = w.times(excess.relative_risk)
        note += f", {ratio} ({w.span(excess.relative_risk_low, excess.relative_risk_high)})"
    return text % {"stream": w.term(w.STREAMS, excess.stream), "places": places}, note


def _late(due: datetime, moment: datetime) -> str:
    late = (moment - due).days
    if due <= moment:
        return _("overdue by %(days)s d") % {"days": w.count(max(0, late))}
    return _("due on %(day)s") % {"day": w.day(timezone.localdate(due))}


def _of_day(day: date, moment: datetime) -> str:
    late = (timezone.localdate(moment) - day).days
    if late > 0:
        return _("overdue by %(days)s d") % {"days": w.count(late)}
    return _("due on %(day)s") % {"day": w.day(day)}


def _owed(by: str) -> str:
    return _("owed by: %(body)s") % {"body": w.shortened(by, 40) or _("nobody")}


def _work(brief: c.Brief, one: Candidate) -> Words:
    item: c.Overdue = one.subject
    return item.title, f"{_late(item.due_at, brief.as_of)}, {_owed(item.owner)}"


def _question(brief: c.Brief, one: Candidate) -> Words:
    question: c.QuestionLine = one.subject
    note = _("open question; who finds out: %(body)s") % {"body": w.shortened(question.owner, 40)}
    return question.question, f"{_late(question.due_at, brief.as_of)}, {note}"


def _decision(brief: c.Brief, one: Candidate) -> Words:
    decision: c.DecisionLine = one.subject
    text = w.chosen(decision.text_kk, decision.text_ru, decision.text_en)
    state = _("evidence waits to be judged") if decision.state == "shown" else _owed(decision.owner)
    return f"{decision.reference}: {text}", f"{_of_day(decision.due_on, brief.as_of)}, {state}"


def _advice(brief: c.Brief, one: Candidate) -> Words:
    advice: c.AdviceLine = one.subject
    note = _("no response; %(owed)s") % {"owed": _owed(advice.addressee)}
    return f"{advice.reference}: {advice.text}", f"{_of_day(advice.due_on, brief.as_of)}, {note}"


def _site(brief: c.Brief, one: Candidate) -> Words:
    site: c.SiteDue = one.subject
    areas = brief.map.areas if brief.map else []
    place = next((area.place for area in areas if area.place.id == site.district_id), None)
    name = f"№ {site.number}" + (f", {place.in_language(w.language())}" if place else "")
    text = _("Site to inspect: %(site)s") % {"site": name}
    return text, _of_day(site.due_on, brief.as_of)


def _sites(brief: c.Brief, one: Candidate) -> Words:
    now: c.SitesNow = one.subject
    text = _("Sites overdue for inspection: %(number)s") % {"number": w.count(now.overdue)}
    numbers = ", ".join(f"№ {number}" for number in now.next_numbers)
    return text, _("Next: %(numbers)s") % {"numbers": numbers} if numbers else _counted(brief)


def _notices(brief: c.Brief, one: Candidate) -> Words:
    text = _("Notices past their deadline: %(number)s")
    return text % {"number": w.count(round(one.number or 0))}, _counted(brief)


def _device(brief: c.Brief, one: Candidate) -> Words:
    now: c.DevicesNow = one.subject
    if now.silent or now.faulty:
        text = _("Devices silent: %(silent)s, faulty: %(faulty)s; in use: %(all)s")
    else:
        text = _("Devices with a low battery: %(low)s, refused today: %(refused)s; in use: %(all)s")
    return text % {
        "silent": w.count(now.silent), "faulty": w.count(now.faulty), "all": w.count(now.in_use),
        "low": w.count(now.low_battery), "refused": w.count(now.refused),
    }, _counted(brief)  # fmt: skip


def _silent(brief: c.Brief, one: Candidate) -> Words:
    channels: list[c.Channel] = one.subject
    text = _("Channels gone silent: %(number)s") % {"number": w.count(len(channels))}
    note = ", ".join(
        _("%(channel)s (usual %(usual)s a day)")
        % {"channel": channel.name, "usual": w.amount(channel.usual or 0)}
        for channel in channels[:2]
    )
    return text, w.shortened(note, _MOST_TEXT)


def _gap(brief: c.Brief, one: Candidate) -> Words:
    return gap_words(one.subject)


def _trust(brief: c.Brief, one: Candidate) -> Words:
    now: c.TrustNow = one.subject
    text = _("Trust in official word fell: %(index)s of 100") % {"index": w.decimal(now.index)}
    note = _("change %(change)s (95 %% interval %(low)s to %(high)s), poll %(days)s") % {
        "change": w.decimal(now.change or 0),
        "low": w.decimal(now.change_low or 0),
        "high": w.decimal(now.change_high or 0),
        "days": w.days(now.start, now.end),
    }
    return text, note


def _outreach(brief: c.Brief, one: Candidate) -> Words:
    now: c.OutreachNow = one.subject
    text = _("Raised need and few activities a head: %(number)s districts")
    names = ", ".join(place.in_language(w.language()) for place in now.bare)
    return text % {"number": w.count(len(now.bare))}, w.shortened(names, _MOST_TEXT)


_WORDS: dict[str, Callable[[c.Brief, Candidate], Words]] = {
    "warning": _warning, "alone": _alone, "signal": _signal, "missing": _missing,
    "incident": _incident, "rumour": _rumour, "area": _area, "work": _work,
    "question": _question, "decision": _decision, "advice": _advice, "site": _site,
    "sites": _sites, "notices": _notices, "device": _device, "silent": _silent, "gap": _gap,
    "trust": _trust, "outreach": _outreach,
}  # fmt: skip
