"""How protection stands, in words; sites by their number, as the register says the rest."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qalqan.desk.brief import wording as w
from qalqan.desk.brief.content import Brief, SitesNow
from qalqan.desk.brief.present.parts import WARNING, Fact, Line, Section

KEY = "protection"


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
                        *_notices(now),
                    ),
                ),
            ),
            empty="",
            more="",
        ),
    )


def _notices(now: SitesNow) -> tuple[Fact, ...]:
    if now.notices_overdue is None:
        return ()
    return (Fact(_("Notices past their deadline"), w.count(now.notices_overdue)),)


def _next(now: SitesNow) -> str:
    if not now.next_numbers:
        return ""
    return _("Next: %(numbers)s") % {"numbers": ", ".join(f"№ {n}" for n in now.next_numbers)}
