"""What of an edition a reader may see: every line asks the room that it comes from.

An edition is computed once, by the desk, which sees everything. Each room's own selectors then
say which of its rows the reader sees; the rest is taken out before anything is worded, so that
page, PDF, HTML, text and JSON cannot differ in it. A count over rows that a reader does not all
see becomes a count of what is left.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.utils import timezone

from qalqan.desk.agencies.selectors import nation, own_body
from qalqan.desk.alerts.selectors import devices
from qalqan.desk.alerts.selectors.warnings import may_read, messages
from qalqan.desk.brief.content import Brief, Change, Missing
from qalqan.desk.brief.models import BriefEdition
from qalqan.desk.commission.selectors import lessons, table
from qalqan.desk.flashpoints import selectors as flashpoints
from qalqan.desk.incidents import selectors as incidents
from qalqan.desk.incidents.selectors import questions
from qalqan.desk.intake import selectors as intake
from qalqan.desk.outreach.selectors import coverage
from qalqan.desk.platform.jobs.models import Schedule
from qalqan.desk.platform.policies import VIEW, Actor, policy_of
from qalqan.desk.platform.policies.roles import SYSTEM_ROLE
from qalqan.desk.platform.work import selectors as work
from qalqan.desk.polls import selectors as polls
from qalqan.desk.protection.selectors import notices, sites
from qalqan.desk.rumours import selectors as rumours

_log = logging.getLogger(__name__)
_DISTRICT = "district"


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose brief it is: what the order of the ten lines depends on, and nothing more."""

    role: str
    districts: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Copy:
    """What of an edition one reader gets.

    Parameters
    ----------
    brief
        The content, narrowed to what the reader may see.
    role, districts
        They decide which lines come first.
    """

    brief: Brief
    role: str = ""
    districts: frozenset[int] = frozenset()


def copy_of(actor: Actor, edition: BriefEdition) -> Copy:
    """Return what a reader gets of an edition."""
    reader = reader_of(actor)
    return Copy(for_reader(actor, edition.brief), reader.role, reader.districts)


def reader_of(actor: Actor) -> Reader:
    """Return the reader's role, and the district of the reader's body where it has just one."""
    body = None if actor.role == SYSTEM_ROLE else own_body(actor)
    area = body.area if body is not None else None
    if area is None:
        return Reader(actor.role)
    if area.kind == _DISTRICT:
        return Reader(actor.role, frozenset({area.pk}))
    # A settlement's district is what it lies in; a province or the country narrows nothing.
    if area.kind == "settlement" and area.parent_id is not None:
        return Reader(actor.role, frozenset({area.parent_id}))
    return Reader(actor.role)


def for_reader(actor: Actor, brief: Brief) -> Brief:
    """Return the brief without what the reader may not see.

    A room that cannot be asked is taken out and named as missing: what may be shown is then not
    known.
    """
    if actor.role == SYSTEM_ROLE:
        return brief
    left, missing, hidden = brief, list(brief.missing), []
    for room, narrow in _ROOMS:
        try:
            left, may_read = narrow(actor, left)
        except Exception as error:  # noqa: BLE001 -- the other rooms must be shown
            _log.exception("the brief is shown without %s", room)
            left, may_read = _without(room, left), True
            missing.append(Missing(room, type(error).__name__))
        if not may_read:
            left = _without(room, left)
            hidden.append(room)
    missing = [one for one in missing if one.room not in hidden]
    return replace(left, missing=missing, hidden=hidden)


def _may(actor: Actor, rows: QuerySet[Any]) -> bool:
    """Tell whether the actor may see what a room lists at all; asks the policy, not the rows."""
    return policy_of(rows.model).allows(actor, VIEW)


def _kept(rows: QuerySet[Any], keys: Iterable[int | None]) -> set[int]:
    wanted = {key for key in keys if key is not None}
    return (
        set(rows.order_by().filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()
    )


def _about(brief: Brief, *whats: str) -> list[Change]:
    return [change for change in brief.changes if change.what in whats]


def _rumours(actor: Actor, brief: Brief) -> tuple[Brief, bool]:
    rows = rumours.claims(actor)
    if not _may(actor, rows):
        return brief, False
    told = _about(brief, "rumour", "answer")
    seen = _kept(rows, [*(one.claim_id for one in brief.rumours), *(one.claim_id for one in told)])
    kept = [one for one in brief.rumours if one.claim_id in seen]
    gone = len(brief.rumours) - len(kept)
    growth = replace(brief.growth, claims_growing=brief.growth.claims_growing - gone)
    return replace(
        brief, rumours=kept, growth=growth,
        changes=[one for one in brief.changes if one not in told or one.claim_id in seen
                 or one.claim_id is None],
    ), True  # fmt: skip


def _flashpoints(actor: Actor, brief: Brief) -> tuple[Brief, bool]:
    rows = flashpoints.runs(actor)
    if not _may(actor, rows):
        return brief, False
    seen = _kept(rows, (scan.run_id for scan in brief.scans))
    scans = [scan for scan in brief.scans if scan.run_id in seen]
    if len(scans) == len(brief.scans):
        return brief, True
    streams = {scan.stream for scan in scans}
    return replace(
        brief, scans=scans, map=None,
        excesses=[one for one in brief.excesses if one.stream in streams],
        changes=[one for one in brief.changes
                 if one.what not in ("area", "scan") or one.stream in streams],
    ), True  # fmt: skip


def _incidents(actor: Actor, brief: Brief) -> tuple[Brief, bool]:
    rows = incidents.incidents(actor)
    if not _may(actor, rows):
        return brief, False
    told = _about(brief, "incident")
    seen = _kept(rows, [*(one.incident_id for one in brief.incidents), *(c.number for c in told)])
    kept = [one for one in brief.incidents if one.incident_id in seen]
    return replace(
        brief, incidents=kept,
        incidents_new=brief.incidents_new - (len(brief.incidents) - len(kept)),
        changes=[one for one in brief.changes if one not in told or one.number in seen
                 or one.number is None],
    ), True  # fmt: skip


def _overdue(actor: Actor, brief: Brief) -> tuple[Brief, bool]:
    told = _about(brief, "work")
    keys = [*(one.item_id for one in brief.overdue), *(one.number for one in told)]
    seen = _kept(work.items(actor, state=""), keys)
    kept = [one for one in brief.overdue if one.item_id in seen]
    sees_all = {key for key in keys if key is not None} <= seen
    is_whole = sees_all and (
        brief.overdue_all == len(brief.overdue)
        or work.overdue(actor, brief.as_of).count() >= brief.overdue_all
    )
    # How much else there is, is told to those only who see all of it.
    return replace(
        brief, overdue=kept, overdue_all=brief.overdue_all if is_whole else len(kept),
        changes=[one for one in brief.changes if one not in told
                 or (one.number in seen if one.number is not None else is_whole)],
    ), True  # fmt: skip


def _warnings(actor: Actor, brief: Brief) -> tuple[Brief, bool]:
    if not may_read(actor):
        return brief, False
    rows = messages(actor)
    keys = {one.warning_id for one in brief.warnings}
    seen = (
        set(rows.order_by().filter(alert_id__in=keys).values_list("alert_id", flat=True))
        if keys
        else keys
    )
    return replace(brief, warnings=[one for one in brief.warnings if one.warning_id in seen]), True


def _questions(actor: Actor, brief: Brief) -> tuple[Brief, bool]:
    rows = questions.questions(actor)
    if not _may(actor, rows):
        return brief, False
    seen = _kept(rows, (one.question_id for one in brief.questions))
    kept = [one for one in brief.questions if one.question_id in seen]
    gone = len(brief.questions) - len(kept)
    return replace(
        brief, questions=kept, questions_all=len(kept) if gone else brief.questions_all
    ), True


def _decisions(actor: Actor, brief: Brief) -> tuple[Brief, bool]:
    today = timezone.localdate(brief.as_of)
    rows = table.decisions(actor, state="", today=today)
    now = brief.decisions
    if not _may(actor, rows):
        return brief, False
    if now is None:
        return brief, True
    seen = _kept(rows, (one.decision_id for one in now.shown))
    advised = _kept(
        lessons.recommendations(actor, state=""), (one.recommendation_id for one in now.advice)
    )
    advice = [one for one in now.advice if one.recommendation_id in advised]
    kept = [one for one in now.shown if one.decision_id in seen]
    if len(kept) < len(now.shown):
        late = sum(one.due_on < today for one in kept)
        shown = sum(one.state == "shown" for one in kept)
        now = replace(now, shown=kept, live=len(kept), overdue=late, to_judge=shown)
    if len(advice) < len(now.advice):
        now = replace(now, advice=advice, advice_overdue=len(advice))
    return replace(brief, decisions=now), True


def _protection(actor: Actor, brief: Brief) -> tuple[Brief, bool]:
    today = timezone.localdate(brief.as_of)
    rows = sites.sites(actor, sites.SiteFilter(status=""), today=today)
    now = brief.protection
    if not _may(actor, rows):
        return brief, False
    if now is None:
        return brief, True
    seen = _kept(rows, (one.site_id for one in now.due))
    due = [one for one in now.due if one.site_id in seen]
    if len(due) < len(now.due):
        late = sum(one.due_on < today for one in due)
        numbers = [one.number for one in due[: len(now.next_numbers)]]
        now = replace(now, due=due, next_numbers=numbers, overdue=late, soon=len(due) - late)
    if not _may(actor, notices.notices(actor, now=brief.as_of)):
        now = replace(now, notices_overdue=None)
    return replace(brief, protection=now), True


def _outreach(actor: Actor, brief: Brief) -> tuple[Brief, bool]:
    return brief, coverage.may_see(actor)


def _trust(actor: Actor, brief: Brief) -> tuple[Brief, bool]:
    return brief, policy_of(apps.get_model("polls", "PollEdition")).allows(actor, VIEW)


def _devices(actor: Actor, brief: Brief) -> tuple[Brief, bool]:
    return brief, _may(actor, devices.devices(actor)) and _may(actor, devices.closed_signals(actor))


def _gaps(actor: Actor, brief: Brief) -> tuple[Brief, bool]:
    may = {
        "return": lambda: _may(actor, nation.all_returns(actor)),
        "poll": lambda: _may(actor, polls.polls(actor)),
        "job": lambda: policy_of(Schedule).allows(actor, VIEW),
        "feed": lambda: _may(actor, intake.feeds(actor)),
        "import": lambda: _may(actor, intake.runs(actor)),
    }
    allowed = {kind for kind, asked in may.items() if asked()}
    kept = [gap for gap in brief.gaps if gap.kind in allowed]
    return replace(brief, gaps=kept), bool(allowed)


Narrow = Callable[[Actor, Brief], tuple[Brief, bool]]
_ROOMS: tuple[tuple[str, Narrow], ...] = (
    ("rumours", _rumours),
    ("flashpoints", _flashpoints),
    ("incidents", _incidents),
    ("overdue", _overdue),
    ("warnings", _warnings),
    ("questions", _questions),
    ("decisions", _decisions),
    ("protection", _protection),
    ("outreach", _outreach),
    ("trust", _trust),
    ("devices", _devices),
    ("gaps", _gaps),
)
"""Each room with what leaves of it to a reader, and whether the reader reads it at all."""
ROOMS = tuple(room for room, _narrow in _ROOMS)


def _without(room: str, brief: Brief) -> Brief:
    """Return the brief as if a room had said nothing."""
    taken: dict[str, dict[str, Any]] = {
        "rumours": {"rumours": []},
        "flashpoints": {"scans": [], "excesses": [], "map": None},
        "incidents": {"incidents": [], "incidents_new": 0},
        "overdue": {"overdue": [], "overdue_all": 0},
        "warnings": {"warnings": [], "warnings_unreviewed": 0},
        "questions": {"questions": [], "questions_all": 0},
        "decisions": {"decisions": None},
        "protection": {"protection": None},
        "outreach": {"outreach": None},
        "trust": {"trust": None},
        "devices": {"devices": None},
        "gaps": {"gaps": []},
    }
    whats = _CHANGES.get(room, ())
    left = replace(brief, **taken[room])
    if room == "rumours":
        growth = replace(
            left.growth, claims_examined=0, claims_growing=0, discount=1.0, size=1.0, pairs=0
        )
        health = replace(
            left.health, messages=0, messages_window=0, first_message=None, last_message=None,
            channels=[], channels_left_out=0,
        )  # fmt: skip
        left = replace(left, growth=growth, health=health)
    if room == "incidents":
        health = replace(
            left.health, incidents=0, incidents_outside=0, incidents_later=0, last_incident=None
        )
        left = replace(left, health=health)
    return replace(left, changes=[one for one in left.changes if one.what not in whats])


_CHANGES = {
    "rumours": ("rumour", "answer"),
    "flashpoints": ("area", "scan"),
    "incidents": ("incident",),
    "overdue": ("work",),
}
