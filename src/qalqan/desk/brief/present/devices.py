"""How panic buttons and sensors are, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qalqan.desk.brief import wording as w
from qalqan.desk.brief.content import Brief
from qalqan.desk.brief.present.parts import CRITICAL, PLAIN, WARNING, Fact, Line, Section, Target

KEY = "devices"


def sections(brief: Brief) -> tuple[Section, ...]:
    """Return the section on devices; none where none is in use."""
    now = brief.devices
    if now is None:
        return ()
    if now.unanswered:
        tone, headline = CRITICAL, _("Panic signals nobody has answered: %(number)s")
        headline %= {"number": w.count(now.unanswered)}
    elif now.silent or now.faulty:
        tone, headline = WARNING, _("Some devices would not be heard.")
    else:
        tone, headline = PLAIN, _("All devices in use are heard.")
    facts = (
        Fact(_("In use"), w.count(now.in_use)),
        Fact(_("Silent"), w.count(now.silent)),
        Fact(_("Faulty"), w.count(now.faulty)),
        Fact(_("Low battery"), w.count(now.low_battery)),
        Fact(_("Refused today"), w.count(now.refused)),
    )
    room = "signals" if now.unanswered else "devices"
    action = _("Open the signals") if now.unanswered else _("Open the devices")
    line = Line(
        key="devices:health", headline=headline, tone=tone, facts=facts,
        data=_("Counted at %(when)s.") % {"when": w.when(brief.as_of)},
        target=Target(room), action=action,
    )  # fmt: skip
    return (Section(key=KEY, title=_("Devices"), lines=(line,)),)
