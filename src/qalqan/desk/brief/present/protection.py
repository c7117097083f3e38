"""How protection stands, in words; sites by their number, as the register says the rest."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qalqan.desk.brief import wording as w
from qalqan.desk.brief.content import Brief, SitesNow
from qalqan.desk.brief.present.parts import WARNING, Fact, Lead, Line, Section

KEY = "protection"


def leads(brief: Brief) -> list[Lead]:
    """Return the lines of the first screen."""
    lines = []
    if brief.protection and brief.protection.overdue:
        text = _("Sites overdue for inspection: %(number)s")
        lines.append(
            Lead(
                text % {"number": w.count(brief.protection.overdue)},
                KEY,
                WARNING,
                _next(brief.protection),
            )
        )
    if brief.protection and brief.protection.notices_overdue:
        text = _("Notices past their deadline: %(number)s")
        lines.append(
            Lead(text % {"number": w.count(brief.protection.notices_overdue)}, KEY, WARNING)
        )
    return lines


def sections(brief: Brief) -> tuple[Section, ...]:
    """Return the section on protection; none where the register is empty."""
    if brief.protection is None:
        return ()
    now = brief.protection
    return (
        Section(
            key=KEY,
            title=_("Protection of sites"),
            lines=(
                Line(
                    key="protection:due",
                    headline=_next(now) or _("No site is due within 30 days."),
                    tone=WARNING if now.overdue else "",
                    badges=(),
                    facts=(
                        Fact(_("Overdue for inspection"), w.count(now.overdue)),
                        Fact(_("Due within 30 days"), w.count(now.soon)),
                        Fact(_("Notices past their deadline"), w.count(now.notices_overdue)),
                    ),
                ),
            ),
            empty="",
            more="",
        ),
    )


def _next(now: SitesNow) -> str:
    if not now.next_numbers:
        return ""
    return _("Next: %(numbers)s") % {"numbers": ", ".join(f"№ {n}" for n in now.next_numbers)}
