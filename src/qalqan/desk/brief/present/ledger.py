"""New incidents and overdue work, in words."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.brief import wording as w
from qalqan.desk.brief.content import Brief, IncidentLine, Overdue
from qalqan.desk.brief.present.parts import (
    CRITICAL,
    Badge,
    Fact,
    Line,
    Table,
    Target,
)
from qalqan.desk.brief.present.parts import Section as Part

MOST_WORK = 6


def incidents(brief: Brief) -> Part:
    """Return the section on new incidents."""
    hidden = brief.incidents_new - len(brief.incidents)
    return Part(
        key="incidents",
        title=_("New incidents"),
        tables=(_incidents(brief),) if brief.incidents else (),
        empty=""
        if brief.incidents
        else _("No incident happened between %(start)s and %(end)s. In the ledger: %(all)s.")
        % {
            "start": w.when(brief.window_start),
            "end": w.when(brief.as_of),
            "all": w.count(brief.health.incidents),
        },
        more=_("Further new incidents: %(number)s.") % {"number": w.count(hidden)}
        if hidden > 0
        else "",
    )


def overdue(brief: Brief) -> Part:
    """Return the section on overdue work."""
    hidden = brief.overdue_all - min(len(brief.overdue), MOST_WORK)
    return Part(
        key="overdue",
        title=_("Overdue work"),
        lines=tuple(_overdue(brief, item) for item in brief.overdue[:MOST_WORK]),
        empty="" if brief.overdue else _("Nothing is overdue."),
        more=_("Further overdue work: %(number)s.") % {"number": w.count(hidden)}
        if hidden > 0
        else "",
    )


def title_of(incident: IncidentLine) -> str:
    """Return the title in the active language, else any, else the kind."""
    titles = {"kk": incident.title_kk, "ru": incident.title_ru, "en": incident.title_en}
    return titles.get(w.language()) or next(
        (title for title in titles.values() if title), w.term(w.KINDS, incident.kind)
    )


def _incidents(brief: Brief) -> Table:
    return Table(
        caption=_("Ledger, %(start)s to %(end)s")
        % {"start": w.when(brief.window_start), "end": w.when(brief.as_of)},
        head=(
            _("Incident"),
            _("Time"),
            _("Place"),
            _("Killed"),
            _("Injured"),
            _("Grade"),
            _("Why it is here"),
        ),
        rows=tuple(_incident(brief, incident) for incident in brief.incidents),
        numeric=(3, 4),
        links=tuple(Target("incidents", incident.incident_id) for incident in brief.incidents),
        note=_(
            "Grade: reliability of the source A–F and credibility of the item 1–6, two judgements. "
            "A dash means not known, which is not none."
        ),
    )


def _incident(brief: Brief, incident: IncidentLine) -> tuple[str, ...]:
    place = incident.place.in_language(w.language()) if incident.place else incident.place_text
    return (
        title_of(incident),
        _span(incident),
        place or _("not known"),
        "–" if incident.killed is None else w.count(incident.killed),
        "–" if incident.injured is None else w.count(incident.injured),
        ", ".join(incident.grades) or _("not graded"),
        _reason(brief, incident),
    )


def _reason(brief: Brief, incident: IncidentLine) -> str:
    if incident.occurred_to >= brief.window_start:
        return _("happened in the window")
    return _("recorded in the window, happened less than 3 days ago")


def _span(incident: IncidentLine) -> str:
    start, end = incident.occurred_from, incident.occurred_to
    if incident.time_precision in ("minute", "hour"):
        return w.when(start)
    first, last = _local(start), _local(end)
    note = {
        "month": _("month known only"),
        "year": _("year known only"),
    }.get(incident.time_precision, _("day known only"))
    return f"{w.days(first.date(), last.date())} ({note})"


def _local(moment: datetime) -> datetime:
    return timezone.localtime(moment)


def _overdue(brief: Brief, item: Overdue) -> Line:
    late = max(0, (brief.as_of - item.due_at).days)
    return Line(
        key=f"work-{item.item_id}",
        headline=item.title,
        tone=CRITICAL,
        badges=(Badge(_("overdue by %(days)s d") % {"days": w.count(late)}, CRITICAL),),
        facts=(
            Fact(_("Owed by"), item.owner or _("nobody")),
            Fact(_("Due"), w.when(item.due_at)),
            Fact(_("Escalation"), w.count(item.escalation_level)),
        ),
        why=_("Its deadline passed and it is not done."),
        data=_("List of work at %(when)s.") % {"when": w.when(brief.as_of)},
        target=Target("work", item.item_id, item.url),
        action=_("Open the work"),
    )
