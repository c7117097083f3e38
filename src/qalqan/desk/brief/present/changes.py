"""What changed since the brief before, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qalqan.desk.brief import wording as w
from qalqan.desk.brief.content import Brief, Change
from qalqan.desk.brief.present.parts import Section as Part
from qalqan.desk.brief.present.parts import Table


def section(brief: Brief) -> Part:
    """Return the section on what changed since the edition before."""
    title = _("What changed since the brief before")
    if brief.previous_as_of is None:
        return Part("changes", title, empty=_("This is the first brief; nothing to compare with."))
    since = w.when(brief.previous_as_of)
    if not brief.changes:
        return Part("changes", title, empty=_("Nothing changed since %(when)s.") % {"when": since})
    return Part(
        "changes",
        title,
        tables=(
            Table(
                caption=_("Since %(when)s") % {"when": since},
                head=(_("What"), _("How it changed"), _("Before"), _("Now")),
                rows=tuple(_change(change) for change in brief.changes),
                numeric=(2, 3),
                note=_(
                    "Rumours: copies in the window. Areas: relative risk. Scans: areas found. Gone "
                    "means no longer above what is expected, not that it is settled."
                ),
            ),
        ),
    )


def _change(change: Change) -> tuple[str, ...]:
    return _what(change), _how(change), _value(change, change.before), _value(change, change.after)


def _what(change: Change) -> str:
    quote = w.quoted(w.shortened(change.text, 60)) if change.text else ""
    if change.what == "rumour":
        return quote
    if change.what == "area":
        places = ", ".join(place.in_language(w.language()) for place in change.places)
        return f"{w.term(w.STREAMS, change.stream)}: {places}"
    name = w.term(w.STREAMS, change.stream) if change.what == "scan" else quote or _title(change)
    return ": ".join(part for part in (w.term(w.WHATS, change.what), name) if part)


def _title(change: Change) -> str:
    if change.titles is None:
        return ""
    titles = {"kk": change.titles.kk, "ru": change.titles.ru, "en": change.titles.en}
    named = titles.get(w.language()) or next((t for t in titles.values() if t), "")
    return w.shortened(named or w.term(w.KINDS, change.detail), 60)


def _how(change: Change) -> str:
    how = w.term(w.CHANGES, change.change)
    detail = ""
    if change.change == "answered":
        detail = w.term(w.VERDICTS, change.detail)
    elif change.change == "corrected":
        detail = w.term(w.FIELDS, change.detail)
    return f"{how}: {detail}" if detail else how


def _value(change: Change, value: float | None) -> str:
    if value is None:
        return "–"
    return w.times(value) if change.what == "area" else w.count(round(value))
