"""Bring a file of activities to the desk: all of it, or none and the reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.agencies.selectors.known import KnownBodies
from qalqan.desk.outreach.models import BAND_FIELDS, Activity
from qalqan.desk.outreach.services import file_words as words
from qalqan.desk.outreach.services.activities import own_body_id
from qalqan.desk.outreach.services.facts import (
    ActivityFacts,
    FactProblem,
    Outcome,
    outcome_problems,
    problems_with,
    text_problems,
)
from qalqan.desk.outreach.services.file_forms import field_names, open_file
from qalqan.desk.outreach.services.import_storing import Good, store
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, Actor, policy_of, require
from qalqan.desk.platform.sources.tables import (
    BadFieldError,
    Row,
    collected_rejects,
    require_columns,
)
from qalqan.desk.platform.sources.taking import (
    Progress,
    Taken,
    cells_of,
    read_rows,
    require_taken,
)
from qalqan.errors import InputError, Location

COMPULSORY = ("title", "kind", "theme", "place", "date")
OPTIONAL = (
    "client_id", "body", "partners", "language", "venue", "starts", "minutes", "public", "state",
    "reach", "reach_is", *BAND_FIELDS, "cost", "views", "comments", "comments_answered",
    "outcome", "asked", "answered", "cancel_reason",
)  # fmt: skip
TOLD_ONLY = ("number", "district", "exported")
"""Columns that an export tells and an import leaves unread."""
MOST_ROWS = 200_000
_NAMES = {"held_on": "date", "starts_at": "starts"}
_NAMES |= {column: band for band, column in BAND_FIELDS.items()}
_WITH_OUTCOME = (
    "reach", *BAND_FIELDS, "cost", "views", "comments", "comments_answered", "outcome", "asked",
)  # fmt: skip

_Body: Any = Activity._meta.get_field("body").related_model


@dataclass(frozen=True, slots=True)
class How:
    """How a file is taken.

    Parameters
    ----------
    keep_good
        Store the good rows even where others are bad; otherwise one bad row refuses the file.
    rejects
        Where the bad rows go with their reasons; by default beside the file.
    body_id
        Which body holds what names none; by default the actor's own.
    """

    keep_good: bool = False
    rejects: Path | None = None
    body_id: int | None = None
    is_sample: bool = False


def import_activities(
    *, actor: Actor, path: Path, now: datetime, how: How | None = None,
    progress: Progress | None = None,
) -> Taken:  # fmt: skip
    """Read activities from CSV or XLSX, or from submissions of an ODK form (CSV, XLSX, XML).

    A row whose ``client_id`` is known is not stored twice; a row without one is known again by
    its body, day, place, kind, theme, title and time.

    Parameters
    ----------
    how
        How the file is taken; by default whole or not at all.
    progress
        Called with the number of rows read so far.

    Raises
    ------
    InputError
        The file or a row cannot be taken; nothing is stored.
    RefusedError
        The actor may not enter activities.
    """
    require(actor, ADD, Activity)
    options = how or How()
    report = Taken()
    with (
        open_file(path) as table,
        collected_rejects(options.keep_good, path, options.rejects, table) as reject,
        transaction.atomic(),
    ):
        names, is_form = field_names(table.columns)
        if is_form:
            _require_fields(table.file, names)
        else:
            require_columns(table, compulsory=COMPULSORY, optional=(*OPTIONAL, *TOLD_ONLY))
        reader = _Reader(actor, options, now)
        good = read_rows(
            table, lambda row: reader.read(row, names), report, reject, most=MOST_ROWS,
            progress=progress,
        )  # fmt: skip
        store(good, report, reject, actor=actor, now=now, is_sample=options.is_sample,
              is_form=is_form, district=reader.places.district)  # fmt: skip
        require_taken(report, file=path.name, keep_good=options.keep_good)
        audit.record(
            actor=actor, action="outreach.import_activities", subject="outreach", now=now,
            detail=report.told(path.name),
        )  # fmt: skip
    return report


def _require_fields(file: str, names: dict[str, str]) -> None:
    for name in COMPULSORY:
        if name not in names.values():
            raise InputError(_("This column is missing."), location=Location(file, 1, name))


class _Reader:
    """Understands rows; what was looked up once is remembered."""

    def __init__(self, actor: Actor, options: How, now: datetime) -> None:
        self.places = words.KnownPlaces()
        self._bodies = KnownBodies()
        self._own = own_body_id(actor)
        self._default = options.body_id or self._own
        # Asked once: a group takes in what is its own, the desk what any body holds.
        self._own_only = not policy_of(Activity).allows(actor, ADD, Activity(body=_Body()))
        self._now = now
        self._today = timezone.localdate(now)

    def read(self, row: Row, names: dict[str, str]) -> Good:
        """Return what a row says.

        Raises
        ------
        BadFieldError
            A cell cannot be understood, or what it says cannot be.
        """
        cells = {
            names[name]: cell for name, cell in cells_of(row).items() if cell and name in names
        }
        facts = self._facts(cells)
        outcome = _outcome(cells) if any(name in cells for name in _WITH_OUTCOME) else None
        state = self._state(cells, facts.held_on, outcome)
        _refuse_first(problems_with(facts, self._today))
        if outcome is not None:
            _refuse_first(outcome_problems(outcome))
        given = words.instance_id(cells.get("client_id", ""))
        return Good(row, given or _by_content(facts), given is not None, facts, outcome, state,
                    _cancel_reason(cells, state))  # fmt: skip

    def _facts(self, cells: dict[str, str]) -> ActivityFacts:
        for name in COMPULSORY:
            if name not in cells:
                raise BadFieldError(name, _("this cell is empty"))
        held_on = words.day(cells["date"], "date")
        body_id = self._body(cells.get("body", ""))
        return ActivityFacts(
            title=" ".join(cells["title"].split()),
            kind=words.choice(cells["kind"], "kind"),
            theme=words.choice(cells["theme"], "theme"),
            place_id=self.places.find(cells["place"]),
            body_id=body_id,
            held_on=held_on,
            language=words.choice(cells.get("language", "kk"), "language"),
            venue=cells.get("venue", ""),
            starts_at=words.beginning(cells.get("starts", ""), held_on),
            minutes=words.whole(cells.get("minutes", ""), "minutes"),
            is_public=words.yes_or_no(cells.get("public", ""), "public"),
            partner_ids=self._partners(cells.get("partners", "")),
        )

    def _body(self, text: str) -> int:
        found: int | None = self._bodies.find(text) if text else self._default
        if found is None:
            raise BadFieldError("body", _("say which body holds it"))
        if self._own_only and found != self._own:
            raise BadFieldError("body", _("a group takes in its own activities only"))
        return found

    def _partners(self, text: str) -> tuple[int, ...]:
        found = []
        for name in filter(None, (part.strip() for part in text.split(";"))):
            try:
                found.append(self._bodies.find(name))
            except BadFieldError as error:
                raise BadFieldError("partners", error.reason) from None
        return tuple(dict.fromkeys(found))

    def _state(self, cells: dict[str, str], held_on: date, outcome: Outcome | None) -> str:
        states = Activity.State
        if "state" not in cells:
            if "cancel_reason" in cells:
                return str(states.CANCELLED)
            if outcome is None:
                return str(states.HELD if held_on < self._today else states.PLANNED)
            state = str(states.REPORTED)
        else:
            state = words.choice(cells["state"], "state")
        if outcome is not None and state != states.REPORTED:
            raise BadFieldError("state", _("only what is reported has an outcome or a reach"))
        if state in (states.HELD, states.REPORTED) and held_on > self._today:
            raise BadFieldError("date", _("this day lies ahead, and it is said to be over"))
        return state


def _refuse_first(problems: Iterable[FactProblem]) -> None:
    problem = next(iter(problems), None)
    if problem is not None:
        name = problem.field
        raise BadFieldError(_NAMES.get(name, name), problem.reason)


def _outcome(cells: dict[str, str]) -> Outcome:
    counts = {name: words.whole(cells.get(name, ""), name)
              for name in ("reach", "cost", "views", "comments", "comments_answered")}  # fmt: skip
    bands = {band: words.whole(cells[band], band) or 0 for band in BAND_FIELDS if band in cells}
    how = cells.get("reach_is", "")
    return Outcome(
        **counts, bands=bands, reach_is=words.choice(how, "reach_is") if how else "",
        text=cells.get("outcome", ""), asked=cells.get("asked", ""),
        answered=cells.get("answered", ""),
    )  # fmt: skip


def _cancel_reason(cells: dict[str, str], state: str) -> str:
    reason = cells.get("cancel_reason", "")
    if state != Activity.State.CANCELLED:
        if reason:
            raise BadFieldError("cancel_reason", _("it is not cancelled"))
        return ""
    if not reason:
        raise BadFieldError("cancel_reason", _("say why it was cancelled"))
    _refuse_first(text_problems("cancel_reason", reason, 500))
    return reason


def _by_content(facts: ActivityFacts) -> UUID:
    """Return the number of a row that has none: the same for the same activity."""
    starts = facts.starts_at.isoformat() if facts.starts_at else ""
    parts = (str(facts.body_id), facts.held_on.isoformat(), str(facts.place_id), facts.kind,
             facts.theme, facts.title.casefold(), starts, facts.venue.casefold())  # fmt: skip
    return uuid5(NAMESPACE_URL, "qalqan:activity:" + "\x1f".join(parts))
