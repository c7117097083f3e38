"""The brief for reading aloud: plain sentences, numbers in words, two minutes at most."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.brief import content as c
from qalqan.desk.brief import ranking
from qalqan.desk.brief import wording as w
from qalqan.desk.brief.candidates import candidates
from qalqan.desk.brief.number_words import MOST, number_words
from qalqan.desk.brief.present.ledger import title_of
from qalqan.desk.brief.ranking import Candidate

MOST_WORDS = 260
"""Two minutes at 130 words a minute, the pace of a news reader."""
_MOST_QUOTED = 12
_ADDRESS = re.compile(r"\S*(?:https?:|www\.|@|#)\S*")
_NOT_SPOKEN = re.compile(r"[^\w\s.,!?'’-]|_")


@dataclass(frozen=True, slots=True)
class Spoken:
    """The text, paragraph by paragraph, and how many words it has."""

    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole text, as a file holds it."""
        return "\n\n".join(self.paragraphs) + "\n"

    @property
    def words(self) -> int:
        """How many words are to be read."""
        return len(self.text.split())


def spoken(brief: c.Brief, *, role: str = "", districts: frozenset[int] = frozenset()) -> Spoken:
    """Put a brief into sentences for reading aloud, in the active language.

    What is most urgent to the reader is said in full while it fits into two minutes; the numbers
    of all parts follow in any case.
    """
    ranked = ranking.first(
        ranking.rank(candidates(brief), moment=brief.as_of, role=role, districts=districts)
    )
    head, numbers, end = _head(brief), _numbers(brief), _end(brief, len(ranked))
    room = MOST_WORDS - sum(len(part.split()) for part in (head, numbers, end))
    said: list[str] = []
    for one in ranked:
        sentence = _sentence(brief, one.candidate)
        if len(sentence.split()) <= room:
            said.append(sentence)
            room -= len(sentence.split())
    if not ranked:
        said = [_("Nothing needs you now.")]
    return Spoken(tuple(part for part in (head, *said, numbers, end) if part))


def number(value: float) -> str:
    """Say a number: whole, in words; great ones to two figures.

    >>> from django.utils.translation import override
    >>> with override("en"):
    ...     number(12.4), number(1431)
    ('twelve', 'one thousand four hundred')
    """
    whole = round(value)
    if whole >= 1000:
        step = 10 ** (len(str(whole)) - 2)
        whole = round(whole / step) * step
    if whole > MOST:
        return _("more than %(number)s") % {"number": number_words(MOST, w.language())}
    return number_words(whole, w.language())


def plain(text: str, most: int = _MOST_QUOTED) -> str:
    """Return somebody's text as it can be read aloud: no address, no symbol, no figure.

    >>> from django.utils.translation import override
    >>> with override("en"):
    ...     plain("Water is bad‼ 3 wells, see https://t.me/x #water")
    'Water is bad three wells, see'
    """
    text = _NOT_SPOKEN.sub(" ", _ADDRESS.sub(" ", text))
    text = re.sub(r"\d+", lambda found: f" {_figure(found[0])} ", text)
    text = re.sub(r"\s-|-\s", " ", f" {text} ")
    text = re.sub(r"\s+([.,!?])", r"\1", " ".join(text.split()))
    words = text.split()
    return " ".join(words[:most]).strip(" .,!?-'’")


def _figure(digits: str) -> str:
    value = int(digits[:7])
    return number_words(min(value, MOST), w.language())


def _day(day: date) -> str:
    from babel.dates import format_date

    # The day in figures: as a word it would ask for a case in Russian and a suffix in Kazakh.
    return str(format_date(day, "d MMMM", locale=w.language()))


def _head(brief: c.Brief) -> str:
    local = timezone.localtime(brief.as_of)
    place = brief.province.in_language(w.language()) if brief.province else ""
    parts = [_("Morning brief."), f"{plain(place)}." if place else ""]
    moment = _("The day: %(day)s. The hour: %(hour)s; minutes: %(minute)s.")
    parts.append(moment % {
        "day": _day(local.date()), "hour": number(local.hour), "minute": number(local.minute),
    })  # fmt: skip
    if brief.is_sample:
        parts.append(_("These are sample data, made up for trying out."))
    return " ".join(part for part in parts if part)


def _numbers(brief: c.Brief) -> str:
    """Say how much there is in each part that the reader reads."""
    without = {*brief.hidden, *(one.room for one in brief.missing)}
    said = []
    if "rumours" not in without:
        open_ones = sum(one.answer is None for one in brief.rumours)
        said.append(
            _("Growing rumours: %(all)s; of those told here without an answer: %(open)s.")
            % {"all": number(brief.growth.claims_growing), "open": number(open_ones)}
        )
    if "flashpoints" not in without:
        said.append(
            _("Areas with more than expected: %(number)s.")
            % {"number": number(len(brief.excesses))}
        )
    if "incidents" not in without:
        said.append(_("New incidents: %(number)s.") % {"number": number(brief.incidents_new)})
    if "overdue" not in without:
        said.append(
            _("Overdue pieces of work: %(number)s.") % {"number": number(brief.overdue_all)}
        )
    if brief.decisions:
        said.append(
            _("Decisions past their day: %(number)s.") % {"number": number(brief.decisions.overdue)}
        )
    if brief.questions_all:
        said.append(_("Open questions: %(number)s.") % {"number": number(brief.questions_all)})
    if brief.gaps:
        said.append(
            _("Things that did not arrive: %(number)s.") % {"number": number(len(brief.gaps))}
        )
    if brief.trust:
        said.append(
            _(
                "Trust in official word: about %(index)s of one hundred, between %(low)s and "
                "%(high)s."
            )
            % {
                "index": number(brief.trust.index),
                "low": number(brief.trust.low),
                "high": number(brief.trust.high),
            }
        )
    return " ".join(said)  # fmt: skip


def _end(brief: c.Brief, lines: int) -> str:
    said = []
    if brief.missing:
        rooms = ", ".join(w.term(w.ROOMS, one.room) for one in brief.missing)
        said.append(
            _("This brief goes without these parts, which could not be read: %(rooms)s.")
            % {"rooms": plain(rooms)}
        )
    if lines:
        said.append(_("All lines with their numbers and doubts stand on the page."))
    return " ".join(said)  # fmt: skip


def _sentence(brief: c.Brief, one: Candidate) -> str:
    return _SAID[one.kind](brief, one)


def _late(due: date, brief: c.Brief) -> str:
    late = (timezone.localdate(brief.as_of) - due).days
    if late > 0:
        return _("Days late: %(number)s.") % {"number": number(late)}
    return _("Due on the day: %(day)s.") % {"day": _day(due)}


def _warning(brief: c.Brief, one: Candidate) -> str:
    text = w.chosen(one.subject.headline_kk, one.subject.headline_ru, one.subject.headline_en)
    return _("A public warning holds: %(text)s.") % {"text": plain(text)}


def _rumour(brief: c.Brief, one: Candidate) -> str:
    rumour: c.Rumour = one.subject
    text = _(
        "A rumour grows: %(text)s. Copies in the last day: %(copies)s. Times what is "
        "expected: about %(ratio)s, at least %(low)s."
    )
    answered = _("It was answered before.") if rumour.answer else _("It has no answer yet.")
    return text % {
        "text": plain(rumour.text), "copies": number(rumour.copies_window),
        "ratio": number(rumour.rate_ratio), "low": number(rumour.rate_ratio_low),
    } + " " + answered  # fmt: skip


def _area(brief: c.Brief, one: Candidate) -> str:
    excess: c.Excess = one.subject
    places = ", ".join(place.in_language(w.language()) for place in excess.places)
    text = (
        _(
            "More incidents than expected: %(places)s. Counted: %(observed)s; expected: about "
            "%(expected)s."
        )
        if excess.stream == "incidents"
        else _(
            "More tips than expected: %(places)s. Counted: %(observed)s; expected: about "
            "%(expected)s."
        )
    )
    return text % {
        "places": plain(places), "observed": number(excess.observed),
        "expected": number(excess.expected),
    }  # fmt: skip


def _incident(brief: c.Brief, one: Candidate) -> str:
    incident: c.IncidentLine = one.subject
    place = incident.place.in_language(w.language()) if incident.place else incident.place_text
    text = ", ".join(part for part in (title_of(incident), place) if part)
    said = [_("A new incident: %(text)s.") % {"text": plain(text)}]
    for words, value in (
        (_("Killed: %(number)s."), incident.killed),
        (_("Injured: %(number)s."), incident.injured),
    ):
        said.append(words % {"number": _("not known") if value is None else number(value)})
    return " ".join(said)  # fmt: skip


def _work(brief: c.Brief, one: Candidate) -> str:
    item: c.Overdue = one.subject
    text = _("Work is overdue: %(text)s.") % {"text": plain(item.title)}
    return f"{text} {_late(timezone.localdate(item.due_at), brief)}"


def _question(brief: c.Brief, one: Candidate) -> str:
    question: c.QuestionLine = one.subject
    text = _("An open question: %(text)s?") % {"text": plain(question.question)}
    return f"{text} {_late(timezone.localdate(question.due_at), brief)}"


def _decision(brief: c.Brief, one: Candidate) -> str:
    decision: c.DecisionLine = one.subject
    said = w.chosen(decision.text_kk, decision.text_ru, decision.text_en)
    if decision.state == "shown":
        return _("Evidence for a decision waits to be judged: %(text)s.") % {"text": plain(said)}
    text = _("A decision of the commission is owed: %(text)s.") % {"text": plain(said)}
    return f"{text} {_late(decision.due_on, brief)}"


def _advice(brief: c.Brief, one: Candidate) -> str:
    text = _("A recommendation has no response: %(text)s.") % {"text": plain(one.subject.text)}
    return f"{text} {_late(one.subject.due_on, brief)}"


def _site(brief: c.Brief, one: Candidate) -> str:
    text = _("A site is to be inspected, its number: %(number)s.")
    number_of = number_words(one.subject.number, w.language())
    return f"{text % {'number': number_of}} {_late(one.subject.due_on, brief)}"


def _gap(brief: c.Brief, one: Candidate) -> str:
    texts = {
        "return": _("A province's return did not arrive: %(name)s."),
        "poll": _("Field work of a poll is late: %(name)s."),
        "job": _("A job of the desk failed."),
        "feed": _("A feed cannot be read: %(name)s."),
        "import": _("A file was refused."),
    }
    text = texts.get(one.subject.kind, _("Data did not arrive: %(name)s."))
    return text % {"name": plain(one.subject.name)} if "%" in text else text


def _device(brief: c.Brief, one: Candidate) -> str:
    now: c.DevicesNow = one.subject
    text = _("Devices in use: %(all)s; silent: %(silent)s; faulty: %(faulty)s.")
    return text % {
        "all": number(now.in_use),
        "silent": number(now.silent),
        "faulty": number(now.faulty),
    }


def _trust(brief: c.Brief, one: Candidate) -> str:
    return _("Trust in official word fell, beyond what chance explains.")


def _outreach(brief: c.Brief, one: Candidate) -> str:
    names = ", ".join(place.in_language(w.language()) for place in one.subject.bare)
    return _("Raised need and few activities: %(names)s.") % {"names": plain(names)}


def _missing(brief: c.Brief, one: Candidate) -> str:
    room = w.term(w.ROOMS, one.subject.room)
    return _("A part could not be read: %(room)s.") % {"room": plain(room)}


def _alone(brief: c.Brief, one: Candidate) -> str:
    return _("Warnings sent by one person alone and not looked into: %(number)s.") % {
        "number": number(one.number or 0)
    }


def _signal(brief: c.Brief, one: Candidate) -> str:
    return _("Panic signals without an answer: %(number)s.") % {"number": number(one.number or 0)}


def _sites(brief: c.Brief, one: Candidate) -> str:
    return _("Sites overdue for inspection: %(number)s.") % {"number": number(one.number or 0)}


def _notices(brief: c.Brief, one: Candidate) -> str:
    return _("Notices past their deadline: %(number)s.") % {"number": number(one.number or 0)}


def _silent(brief: c.Brief, one: Candidate) -> str:
    return _("Channels gone silent: %(number)s.") % {"number": number(one.number or 0)}


_SAID: dict[str, Callable[[c.Brief, Candidate], str]] = {
    "warning": _warning, "alone": _alone, "signal": _signal, "missing": _missing,
    "incident": _incident, "rumour": _rumour, "area": _area, "work": _work,
    "question": _question, "decision": _decision, "advice": _advice, "site": _site,
    "sites": _sites, "notices": _notices, "device": _device, "silent": _silent, "gap": _gap,
    "trust": _trust, "outreach": _outreach,
}  # fmt: skip
