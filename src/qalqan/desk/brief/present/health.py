"""What the brief rests on: data, channels, methods and the audit, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _

from qalqan.desk.brief import wording as w
from qalqan.desk.brief.content import Brief, Channel
from qalqan.desk.brief.present.parts import Fact, Line, Table
from qalqan.desk.brief.present.parts import Section as Part


def section(brief: Brief) -> Part:
    """Return the section on the data."""
    health = brief.health
    return Part(
        key="health",
        title=_("State of the data"),
        lines=(Line(key="data", headline=_("Data window"), facts=_facts(brief)),),
        tables=(_table(brief),) if health.channels else (),
        empty=""
        if health.channels or "rumours" in _unknown(brief)
        else _("No channel has sent a message."),
        note=limits(brief),
    )


def notices(brief: Brief) -> list[str]:
    """Return what the reader must know before reading anything else."""
    health = brief.health
    notes = []
    if brief.as_of_rule == "last_data":
        notes.append(
            _("The messages end at %(when)s; the brief is written as of that moment, not of today.")
            % {"when": w.when(brief.as_of)}
        )
    if health.incidents and health.incidents_outside == health.incidents:
        notes.append(
            _(
                "None of the %(number)s incidents lies in the districts of this brief, so no scan "
                "of incidents can find anything."
            )
            % {"number": w.count(health.incidents)}
        )
    if health.incidents_later:
        notes.append(
            _("Incidents dated later than the brief, left out: %(number)s.")
            % {"number": w.count(health.incidents_later)}
        )
    return notes


def limits(brief: Brief) -> str:
    """Return what bounds the numbers of the brief."""
    health = brief.health
    notes = []
    if 0 < health.incidents_outside < health.incidents:
        notes.append(
            _("Incidents outside the districts, not scanned: %(outside)s of %(all)s.")
            % {"outside": w.count(health.incidents_outside), "all": w.count(health.incidents)}
        )
    if health.boundaries_approximate:
        notes.append(_("The boundaries of districts are approximate."))
    return " ".join(notes)


def _unknown(brief: Brief) -> set[str]:
    """Return the rooms of which nothing is known here: not the reader's, or not readable."""
    return {*brief.hidden, *(one.room for one in brief.missing)}


def _facts(brief: Brief) -> tuple[Fact, ...]:
    facts = [Fact(_("As of"), w.when(brief.as_of))]
    if "rumours" not in _unknown(brief):
        facts.append(_messages(brief))
    if "incidents" not in _unknown(brief):
        facts.append(_incidents(brief))
    return (*facts, Fact(_("Districts"), w.count(brief.health.districts)))


def _messages(brief: Brief) -> Fact:
    health = brief.health
    return Fact(
        _("Messages"),
        _("%(window)s in the last %(hours)s h; %(all)s in all, %(first)s to %(last)s")
        % {
            "window": w.count(health.messages_window),
            "hours": brief.growth.window_hours,
            "all": w.count(health.messages),
            "first": w.when(health.first_message),
            "last": w.when(health.last_message),
        },
    )


def _incidents(brief: Brief) -> Fact:
    health = brief.health
    return Fact(
        _("Incidents"),
        _("%(all)s in the ledger, the last %(last)s; outside the districts: %(outside)s")
        % {
            "all": w.count(health.incidents),
            "last": w.when(health.last_incident),
            "outside": w.count(health.incidents_outside),
        },
    )


def _table(brief: Brief) -> Table:
    left_out = brief.health.channels_left_out
    note = _(
        "Usual: the middle of earlier days; in brackets what 8 of 10 earlier days lay between."
    )
    if left_out:
        note += " " + _("Further channels: %(number)s.") % {"number": w.count(left_out)}
    return Table(
        caption=_("Messages by channel, last 24 hours"),
        head=(_("Channel"), _("Messages"), _("Usual"), _("State")),
        rows=tuple(_row(channel) for channel in brief.health.channels),
        numeric=(1, 2),
        note=note,
    )


def _row(channel: Channel) -> tuple[str, ...]:
    usual = (
        "–"
        if channel.usual is None
        else f"{w.amount(channel.usual)} "
        f"({w.amount(channel.usual_low or 0)}–{w.amount(channel.usual_high or 0)})"
    )
    return channel.name, w.count(channel.recent), usual, w.term(w.STATES, channel.state)
