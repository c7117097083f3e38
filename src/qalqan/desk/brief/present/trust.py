"""Trust in official word, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qalqan.desk.brief import wording as w
from qalqan.desk.brief.content import Brief
from qalqan.desk.brief.present.parts import Fact, Line, Section

KEY = "trust"


def sections(brief: Brief) -> tuple[Section, ...]:
    """Return the section on trust; none where no poll has measured it."""
    now = brief.trust
    if now is None:
        return ()
    facts = [
        Fact(_("95 % interval"), f"{w.decimal(now.low)} – {w.decimal(now.high)}"),
        Fact(_("Sets of answers"), w.count(now.answers)),
        Fact(_("Poll"), w.days(now.start, now.end)),
    ]
    if now.change is not None and now.change_low is not None and now.change_high is not None:
        text = (
            f"{w.decimal(now.change)} ({w.decimal(now.change_low)} – {w.decimal(now.change_high)})"
        )
        facts.append(Fact(_("Change since the wave before"), text))
    headline = _("Trust in official word: %(index)s of 100") % {"index": w.decimal(now.index)}
    line = Line(key="trust:index", headline=headline, facts=tuple(facts))
    return (Section(key=KEY, title=_("Trust in official word"), lines=(line,), empty="", more=""),)
