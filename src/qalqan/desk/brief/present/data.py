"""What did not arrive, which parts are missing or not for the reader, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qalqan.desk.brief import wording as w
from qalqan.desk.brief.content import Brief, DataGap
from qalqan.desk.brief.present.parts import CRITICAL, Line, Section, Table

KEY = "gaps"


def gap_words(gap: DataGap) -> tuple[str, str]:
    """Return what did not arrive, and since when with its number."""
    since = _("since %(when)s") % {"when": w.when(gap.since)}
    values = {"name": w.shortened(gap.name, 60), "count": w.count(gap.count), "since": since}
    if gap.kind == "return":
        return _("The month's return did not arrive: %(name)s") % values, since
    if gap.kind == "poll":
        text = _("Field work of a poll is past its last day: %(name)s") % values
        return text, _("answers so far: %(count)s; %(since)s") % values
    if gap.kind == "job":
        text = _("A job of the desk failed: %(name)s") % values
        return text, _("times in a row: %(count)s; the last %(since)s") % values
    if gap.kind == "feed":
        text = _("A feed cannot be read: %(name)s") % values
        return text, _("failed attempts: %(count)s; %(since)s") % values
    text = _("A file was refused: %(name)s") % values
    return text, _("rows with errors: %(count)s; %(since)s") % values


def gaps(brief: Brief) -> tuple[Section, ...]:
    """Return the section on what did not arrive; none where everything did."""
    if not brief.gaps:
        return ()
    table = Table(
        caption=_("What did not arrive until %(when)s") % {"when": w.when(brief.as_of)},
        head=(_("What"), _("How much, since when")),
        rows=tuple(gap_words(gap) for gap in brief.gaps),
    )
    return (Section(key=KEY, title=_("What did not arrive"), tables=(table,)),)


def missing(brief: Brief) -> tuple[Section, ...]:
    """Return the section on parts that could not be read; none on a sound day."""
    if not brief.missing:
        return ()
    lines = tuple(
        Line(
            key=f"missing-{one.room}",
            headline=_("Not in this brief: %(room)s") % {"room": w.term(w.ROOMS, one.room)},
            tone=CRITICAL,
            why=_("The part could not be read (%(error)s). Nothing can be said about it, neither "
                  "good nor bad.") % {"error": one.error},
        )
        for one in brief.missing
    )  # fmt: skip
    return (Section(key="missing", title=_("Missing from this brief"), lines=lines),)


def not_yours(brief: Brief) -> str:
    """Name the parts that the reader's role does not read; nothing where it reads all."""
    if not brief.hidden:
        return ""
    rooms = ", ".join(w.term(w.ROOMS, room) for room in brief.hidden)
    return _("Not shown, as your role does not read it: %(rooms)s.") % {"rooms": rooms}


def looked_at(brief: Brief) -> str:
    """Say that nothing needs the reader, and what was looked at to say so."""
    parts = []
    if "rumours" not in brief.hidden:
        parts += [
            _("claims: %(number)s") % {"number": w.count(brief.growth.claims_examined)},
            _("messages: %(number)s") % {"number": w.count(brief.health.messages_window)},
        ]
    if brief.scans:
        cases = w.count(sum(scan.cases for scan in brief.scans))
        parts.append(_("tips and incidents scanned: %(number)s") % {"number": cases})
    if "incidents" not in brief.hidden:
        parts.append(_("incidents in the ledger: %(number)s")
                     % {"number": w.count(brief.health.incidents)})  # fmt: skip
    if brief.decisions:
        parts.append(_("decisions: %(number)s") % {"number": w.count(brief.decisions.live)})
    if brief.devices:
        parts.append(_("devices: %(number)s") % {"number": w.count(brief.devices.in_use)})
    rooms = [w.term(w.ROOMS, room) for room in _ASKED if room not in brief.hidden
             and room not in {one.room for one in brief.missing}]  # fmt: skip
    text = _("Nothing needs you now. Looked at: %(numbers)s. Asked: %(rooms)s.")
    return text % {"numbers": "; ".join(parts) or "–", "rooms": ", ".join(rooms)}


_ASKED = (
    "rumours", "flashpoints", "incidents", "overdue", "warnings", "questions", "decisions",
    "protection", "outreach", "trust", "devices", "gaps",
)  # fmt: skip
