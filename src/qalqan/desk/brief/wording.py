"""How numbers, times and codes of the brief are put into the words of the active language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _

from qalqan.desk.brief.content import DistrictCount

LANGUAGES: Mapping[str, Any] = {
    "kk-Cyrl": pgettext_lazy("language of a text", "Kazakh"),
    "kk-Latn": pgettext_lazy("language of a text", "Kazakh in Latin script"),
    "ru": pgettext_lazy("language of a text", "Russian"),
    "en": pgettext_lazy("language of a text", "English"),
    "mixed": pgettext_lazy("language of a text", "mixed"),
    "und": pgettext_lazy("language of a text", "language not known"),
}
VERDICTS: Mapping[str, Any] = {
    "true": pgettext_lazy("verdict", "true"),
    "false": pgettext_lazy("verdict", "false"),
    "misleading": pgettext_lazy("verdict", "misleading"),
    "unverifiable": pgettext_lazy("verdict", "cannot be checked"),
}
STREAMS: Mapping[str, Any] = {
    "incidents": pgettext_lazy("stream", "Incidents"),
    "tips": pgettext_lazy("stream", "Tips"),
}
KINDS: Mapping[str, Any] = {
    "explosion": pgettext_lazy("kind of incident", "Explosion"),
    "armed_attack": pgettext_lazy("kind of incident", "Armed attack"),
    "attack_on_police": pgettext_lazy("kind of incident", "Attack on the police"),
    "attack_on_civilians": pgettext_lazy("kind of incident", "Attack on civilians"),
    "clash": pgettext_lazy("kind of incident", "Clash with state forces"),
    "group_clash": pgettext_lazy("kind of incident", "Clash between groups"),
    "robbery": pgettext_lazy("kind of incident", "Robbery"),
    "arms_theft": pgettext_lazy("kind of incident", "Theft of weapons"),
    "weapons_find": pgettext_lazy("kind of incident", "Weapons or explosives found"),
    "hostages": pgettext_lazy("kind of incident", "Taking of hostages"),
    "killing": pgettext_lazy("kind of incident", "Killing"),
    "arson": pgettext_lazy("kind of incident", "Arson"),
    "disorder": pgettext_lazy("kind of incident", "Mass disorder"),
    "threat": pgettext_lazy("kind of incident", "Threat"),
    "other": pgettext_lazy("kind of incident", "Other"),
}
STATES: Mapping[str, Any] = {
    "silent": pgettext_lazy("state of a channel", "silent"),
    "low": pgettext_lazy("state of a channel", "fewer than usual"),
    "usual": pgettext_lazy("state of a channel", "as usual"),
    "high": pgettext_lazy("state of a channel", "more than usual"),
    "new": pgettext_lazy("state of a channel", "new channel"),
}
CHANGES: Mapping[str, Any] = {
    "appeared": pgettext_lazy("since the brief before", "appeared"),
    "grown": pgettext_lazy("since the brief before", "grew further"),
    "gone": pgettext_lazy("since the brief before", "gone"),
    "significant": pgettext_lazy("since the brief before", "now above what is expected"),
    "not_significant": pgettext_lazy("since the brief before", "no longer above what is expected"),
    "answered": pgettext_lazy("since the brief before", "answered"),
    "recorded": pgettext_lazy("since the brief before", "came in"),
    "corrected": pgettext_lazy("since the brief before", "corrected"),
    "overdue": pgettext_lazy("since the brief before", "became overdue"),
    "done": pgettext_lazy("since the brief before", "done"),
    "cancelled": pgettext_lazy("since the brief before", "no longer needed"),
    "further": pgettext_lazy("since the brief before", "further, not listed"),
}
WHATS: Mapping[str, Any] = {
    "scan": pgettext_lazy("what changed", "Scan"),
    "answer": pgettext_lazy("what changed", "Rumour"),
    "incident": pgettext_lazy("what changed", "Incident"),
    "work": pgettext_lazy("what changed", "Work"),
}
FIELDS: Mapping[str, Any] = {
    "title": pgettext_lazy("field of an incident", "title"),
    "kind": pgettext_lazy("field of an incident", "kind"),
    "occurred_from": pgettext_lazy("field of an incident", "time"),
    "occurred_to": pgettext_lazy("field of an incident", "time"),
    "place": pgettext_lazy("field of an incident", "place"),
    "place_text": pgettext_lazy("field of an incident", "place"),
    "grades": pgettext_lazy("field of an incident", "grade"),
    "killed": pgettext_lazy("field of an incident", "killed"),
    "injured": pgettext_lazy("field of an incident", "injured"),
}
ROOMS: Mapping[str, Any] = {
    "rumours": pgettext_lazy("part of the brief", "Rumours"),
    "flashpoints": pgettext_lazy("part of the brief", "Flash-points"),
    "incidents": pgettext_lazy("part of the brief", "Incidents"),
    "overdue": pgettext_lazy("part of the brief", "Overdue work"),
    "warnings": pgettext_lazy("part of the brief", "Public warnings"),
    "questions": pgettext_lazy("part of the brief", "Open questions"),
    "decisions": pgettext_lazy("part of the brief", "Decisions"),
    "protection": pgettext_lazy("part of the brief", "Protection of sites"),
    "outreach": pgettext_lazy("part of the brief", "Gaps of outreach"),
    "trust": pgettext_lazy("part of the brief", "Trust in official word"),
    "devices": pgettext_lazy("part of the brief", "Devices"),
    "gaps": pgettext_lazy("part of the brief", "What did not arrive"),
    "places": pgettext_lazy("part of the brief", "Places"),
    "changes": pgettext_lazy("part of the brief", "Changes"),
}
LINE_KINDS: Mapping[str, Any] = {
    "warning": pgettext_lazy("kind of line", "Public warning that holds"),
    "signal": pgettext_lazy("kind of line", "Panic signal without an answer"),
    "alone": pgettext_lazy("kind of line", "Warning sent by one person alone"),
    "missing": pgettext_lazy("kind of line", "Part missing from the brief"),
    "incident": pgettext_lazy("kind of line", "New incident"),
    "rumour": pgettext_lazy("kind of line", "Growing rumour"),
    "area": pgettext_lazy("kind of line", "Flash-point"),
    "work": pgettext_lazy("kind of line", "Overdue work"),
    "decision": pgettext_lazy("kind of line", "Decision due"),
    "question": pgettext_lazy("kind of line", "Open question"),
    "site": pgettext_lazy("kind of line", "Site to inspect"),
    "sites": pgettext_lazy("kind of line", "Sites overdue, counted"),
    "notices": pgettext_lazy("kind of line", "Notices past their deadline"),
    "advice": pgettext_lazy("kind of line", "Recommendation without a response"),
    "device": pgettext_lazy("kind of line", "Health of devices"),
    "silent": pgettext_lazy("kind of line", "Silent channels"),
    "gap": pgettext_lazy("kind of line", "Data that did not arrive"),
    "trust": pgettext_lazy("kind of line", "Fall of trust"),
    "outreach": pgettext_lazy("kind of line", "Gap of outreach"),
}


def language() -> str:
    """Return the active language: ``kk``, ``ru`` or ``en``."""
    return (get_language() or "kk")[:2]


def count(value: int) -> str:
    """Write a whole number with the separators of the language."""
    return str(number_format(value, use_l10n=True, force_grouping=True))


def decimal(value: float, places: int = 1) -> str:
    """Write a number with so many decimal places."""
    return str(number_format(round(value, places), decimal_pos=places, force_grouping=True))


def amount(value: float) -> str:
    """Write an estimate with about two figures, which is all it deserves."""
    if value >= 10:
        return count(round(value))
    return decimal(value, 1 if value >= 0.95 else 2)


def times(value: float) -> str:
    """Write a ratio.

    >>> times(12.34)
    '×12'
    """
    return f"×{amount(value)}"


def interval(low: float, high: float | None) -> str:
    """Write a 95 % interval of a ratio."""
    if high is None:
        return _("95 %% interval: at least %(low)s") % {"low": times(low)}
    return _("95 %% interval %(low)s to %(high)s") % {"low": times(low), "high": times(high)}


def chance(symbol: str, value: float) -> str:
    """Write a p- or q-value, never as nought."""
    if value < 0.001:
        return f"{symbol} < {decimal(0.001, 3)}"
    return f"{symbol} = {decimal(value, 3)}"


def when(moment: datetime | None) -> str:
    """Write a moment in the province's zone."""
    if moment is None:
        return _("never")
    return f"{day(timezone.localtime(moment).date())} {timezone.localtime(moment):%H:%M}"


def day(value: date) -> str:
    """Write a day; figures only, so that it reads the same in every grammatical case."""
    return f"{value:%Y-%m-%d}" if language() == "en" else f"{value:%d.%m.%Y}"


def span(low: float, high: float | None) -> str:
    """Write an interval of a ratio briefly, for a line of a phone."""
    return f"≥ {times(low)}" if high is None else f"{times(low)}–{times(high)}"


def chosen(kk: str, ru: str, en: str) -> str:
    """Return the text in the active language, else the first that there is."""
    said = {"kk": kk, "ru": ru, "en": en}.get(language())
    return said or next((text for text in (kk, ru, en) if text), "")


def days(start: date, end: date) -> str:
    """Write a span of days."""
    return day(start) if start == end else f"{day(start)} – {day(end)}"


def against(counted: DistrictCount | None) -> str:
    """Write observed and expected cases of a district."""
    if counted is None:
        return "–"
    return f"{count(counted.observed)} / {amount(counted.expected)}"


def term(words: Mapping[str, Any], code: str) -> str:
    """Return the word for a code, or the code itself where there is none."""
    return str(words.get(code, code))


def bcp47(code: str) -> str:
    """Return the code that a ``lang`` attribute needs.

    >>> bcp47("mixed"), bcp47("kk-Cyrl")
    ('', 'kk')
    """
    return {"kk-Cyrl": "kk", "mixed": "", "und": ""}.get(code, code)


def quoted(text: str) -> str:
    """Put a text between the quotation marks of the language."""
    return f"“{text}”" if language() == "en" else f"«{text}»"


def shortened(text: str, most: int) -> str:
    """Cut a text at a word.

    >>> shortened("one two three", 9)
    'one two…'
    """
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    cut = text[: most - 1].rsplit(" ", 1)[0] if " " in text[: most - 1] else text[: most - 1]
    return cut.rstrip(".,;:!? ") + "…"
