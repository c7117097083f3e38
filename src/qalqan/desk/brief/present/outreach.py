"""Where prevention leaves gaps, in words."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from qalqan.desk.brief import wording as w
from qalqan.desk.brief.content import Brief, PlaceName
from qalqan.desk.brief.present.parts import WARNING, Fact, Line, Section

KEY = "outreach"


def sections(brief: Brief) -> tuple[Section, ...]:
    """Return the section on gaps of outreach; none where nothing was ever entered."""
    now = brief.outreach
    if now is None:
        return ()
    facts = [
        Fact(_("No activity in %(months)s months") % {"months": now.months},
             _names(now.nothing) or "–"),
        Fact(_("Field notes without an answer"), w.count(now.notes_waiting)),
    ]  # fmt: skip
    headline = (
        _("Raised need and few activities a head: %(names)s") % {"names": _names(now.bare)}
        if now.bare
        else _("No district with raised need was left behind.")
    )
    line = Line(
        key="outreach:gaps", headline=headline, tone=WARNING if now.bare else "",
        facts=tuple(facts),
    )  # fmt: skip
    return (Section(key=KEY, title=_("Gaps of outreach"), lines=(line,), empty="", more=""),)


def _names(places: Sequence[PlaceName]) -> str:
    return ", ".join(place.in_language(w.language()) for place in places)
