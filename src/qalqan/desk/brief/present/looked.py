"""What is new, changed and gone since the reader looked last, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from qalqan.desk.brief import wording as w
from qalqan.desk.brief.content import Brief
from qalqan.desk.brief.present.ten import worded
from qalqan.desk.brief.ranking import Candidate
from qalqan.desk.brief.since import Since

_MOST = 8
_MOST_TEXT = 90


@dataclass(frozen=True, slots=True)
class Told:
    """One kind of difference: its name, how many, and the first of them in words."""

    title: str
    number: int
    lines: tuple[str, ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class SinceLooked:
    """The reader's own comparison."""

    title: str
    parts: tuple[Told, ...]
    nothing: str = ""
    unknown: str = ""


def since_looked(
    found: Since | None, *, before: Brief | None, after: Brief, seen: datetime | None
) -> SinceLooked:
    """Put a comparison into words.

    Parameters
    ----------
    found, before
        What differs, and the edition it is compared with; nothing on the first look.
    seen
        The moment of that edition.
    """
    if found is None or before is None or seen is None:
        text = _("You have not looked at an earlier edition in the last 90 days.")
        return SinceLooked(_("Since you last looked"), (), text)
    title = _("Since you last looked, at the edition of %(when)s") % {"when": w.when(seen)}
    unknown = _unknown(found)
    if found.is_same:
        return SinceLooked(title, (), _("Nothing is new, changed or gone."), unknown)
    parts = (
        _told(_("New"), [worded(after, one)[0] for one in found.new]),
        _told(_("Changed"), [_changed(after, one, was) for one, was in found.changed]),
        _told(_("Gone"), [worded(before, one)[0] for one in found.gone]),
    )
    return SinceLooked(title, tuple(part for part in parts if part.number), unknown=unknown)


def _unknown(found: Since) -> str:
    """Name the parts that one of the two editions is without; silence would read as no change."""
    if not found.unknown:
        return ""
    rooms = ", ".join(str(w.term(w.ROOMS, room)) for room in found.unknown)
    return _("Not compared, as they could not be read: %(rooms)s.") % {"rooms": rooms}


def _told(title: str, texts: list[str]) -> Told:
    hidden = len(texts) - _MOST
    more = _("Further: %(number)s.") % {"number": w.count(hidden)} if hidden > 0 else ""
    shown = tuple(w.shortened(text, _MOST_TEXT) for text in texts[:_MOST])
    return Told(title, len(texts), shown, more)


def _changed(brief: Brief, one: Candidate, was: float) -> str:
    text = w.shortened(worded(brief, one)[0], _MOST_TEXT - 20)
    return f"{text} ({_number(one, was)} → {_number(one, one.number or 0)})"


def _number(one: Candidate, value: float) -> str:
    if one.kind == "area":
        return w.times(value)
    return w.decimal(value) if one.kind == "trust" else w.count(round(value))
