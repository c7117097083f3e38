"""Public warnings that hold, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qalqan.desk.brief import wording as w
from qalqan.desk.brief.content import Brief, WarningNow
from qalqan.desk.brief.present.parts import CRITICAL, WARNING, Badge, Fact, Line, Section


def sections(brief: Brief) -> tuple[Section, ...]:
    """Return the section on warnings; none on a day without any."""
    if not (brief.warnings or brief.warnings_unreviewed):
        return ()
    return (
        Section(
            key="warnings",
            title=_("Public warnings"),
            lines=tuple(_line(one) for one in brief.warnings),
            empty="" if brief.warnings else _("No warning held at that moment."),
            more=_("Sent by one person alone, not looked into: %(number)s.")
            % {"number": w.count(brief.warnings_unreviewed)}
            if brief.warnings_unreviewed
            else "",
        ),
    )


def _line(one: WarningNow) -> Line:
    return Line(
        key=f"warning:{one.warning_id}",
        headline=_headline(one),
        tone=CRITICAL,
        badges=(Badge(_("sent alone"), WARNING),) if one.sent_alone else (),
        facts=(Fact(_("Until"), w.when(one.expires_at)),),
    )


def _headline(one: WarningNow) -> str:
    said = {"ru": one.headline_ru, "en": one.headline_en}.get(w.language())
    return said or one.headline_kk
