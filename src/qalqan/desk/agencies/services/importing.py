"""Bring a file of bodies into the directory: all of it, or none and the reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.agencies.likeness import Likenesses
from qalqan.desk.agencies.models import Body, BodyEvent, Expertise, Office, Registration
from qalqan.desk.agencies.selectors.known import KnownAreas
from qalqan.desk.agencies.services.bodies import by_of
from qalqan.desk.agencies.services.facts import (
    LANGUAGES,
    AreaWords,
    BodyFacts,
    FactProblem,
    OfficeFacts,
    apply,
    entry_of,
    expertise_problems,
    facts_of,
    office_problems,
    problems_with,
    text_problems,
)
from qalqan.desk.agencies.services.numbers import next_numbers
from qalqan.desk.platform.accounts import selectors as accounts
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.places.fold import fold_name
from qalqan.desk.platform.policies import ADD, Actor, SystemActor, require
from qalqan.desk.platform.sources.tables import (
    BadFieldError,
    Problem,
    Reject,
    Row,
    collected_rejects,
    require_columns,
)
from qalqan.desk.platform.sources.taking import (
    Progress,
    Taken,
    cells_of,
    choice,
    read_rows,
    require_taken,
    unknown,
)
from qalqan.desk.platform.sources.workbooks import open_any_table

COMPULSORY = ("kind", "type", "area")
OPTIONAL = (
    "number", "name_kk", "name_ru", "name_en", "mandate", "languages", "organisation",
    "registration", "registered_since", "registration_source", "office", "address", "phone",
    "mail", "hours", "expertise",
)  # fmt: skip
TOLD_ONLY = ("exported",)
"""Columns that an export tells and an import leaves unread."""
MOST_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class Good:
    """One row, understood."""

    row: Row
    number: int | None
    facts: BodyFacts
    registration: tuple[str, date, str] | None
    office: OfficeFacts | None
    expertise: tuple[tuple[str, str], ...]


def import_bodies(
    *,
    actor: Actor,
    path: Path,
    now: datetime,
    keep_good: bool = False,
    rejects: Path | None = None,
    allow_doubles: bool = False,
    progress: Progress | None = None,
    is_sample: bool = False,
) -> Taken:
    """Read bodies from CSV or XLSX.

    A row with the number of a body corrects it; a row without a number is a new body.

    Parameters
    ----------
    keep_good
        Store the good rows even where others are bad; otherwise one bad row refuses the file.
    rejects
        Where the bad rows go with their reasons; by default beside the file.
    allow_doubles
        Take rows that are like a body of the directory, or like an earlier row.
    progress
        Called with the number of rows read so far.

    Raises
    ------
    InputError
        The file or a row cannot be taken; nothing is stored.
    RefusedError
        The actor may not add bodies.
    """
    require(actor, ADD, Body)
    report = Taken()
    with (
        open_any_table(path) as table,
        collected_rejects(keep_good, path, rejects, table) as reject,
        transaction.atomic(),
    ):
        require_columns(table, compulsory=COMPULSORY, optional=(*OPTIONAL, *TOLD_ONLY))
        good = read_rows(
            table, _Reader(now).read, report, reject, most=MOST_ROWS, progress=progress
        )
        _Store(actor, now, is_sample, allow_doubles, report, reject).store(good)
        require_taken(report, file=path.name, keep_good=keep_good)
        audit.record(
            actor=actor, action="agencies.import_bodies", subject="agencies", now=now,
            detail=report.told(path.name),
        )  # fmt: skip
    return report


class _Reader:
    """Understands rows; places and organisations are looked up once."""

    def __init__(self, now: datetime) -> None:
        system = SystemActor("agencies")
        self._today = timezone.localdate(now)
        self._areas = KnownAreas()
        self._organisations = {
            fold_name(row.name): row.pk for row in accounts.organisations(system)
        }

    def read(self, row: Row) -> Good:
        """Return one row, understood.

        Raises
        ------
        BadFieldError
            Naming the column and what is wrong with its cell.
        """
        cells = cells_of(row)
        facts = BodyFacts(
            kind=choice("kind", cells["kind"], Body.Kind),
            type=choice("type", cells["type"], Body.Type),
            area_id=self._areas.find(cells["area"]),
            name_kk=cells.get("name_kk", ""),
            name_ru=cells.get("name_ru", ""),
            name_en=cells.get("name_en", ""),
            mandate=cells.get("mandate", ""),
            languages=_languages(cells.get("languages", "")),
            organisation_id=self._organisation(cells.get("organisation", "")),
        )
        _first(problems_with(facts), {})
        number = cells.get("number", "")
        return Good(
            row, _whole(number) if number else None, facts, self._registration(cells),
            _office(cells), _expertise(cells.get("expertise", "")),
        )  # fmt: skip

    def _organisation(self, text: str) -> int | None:
        if not text:
            return None
        found: int | None = self._organisations.get(fold_name(text))
        if found is None:
            raise BadFieldError(
                "organisation",
                _("“%(text)s” is no organisation of this desk") % {"text": text[:60]},
            )
        return found

    def _registration(self, cells: Mapping[str, str]) -> tuple[str, date, str] | None:
        text = cells.get("registration", "")
        since, source = cells.get("registered_since", ""), cells.get("registration_source", "")
        if not text:
            if since or source:
                raise BadFieldError("registration", _("say how the body is registered"))
            return None
        status = choice("registration", text, Registration.Status)
        try:
            day = date.fromisoformat(since)
        except ValueError:
            raise BadFieldError(
                "registered_since",
                _("“%(text)s” is no day written as 2026-03-01") % {"text": since[:20]},
            ) from None
        if day > self._today:
            raise BadFieldError("registered_since", _("this day is yet to come"))
        if not source:
            raise BadFieldError("registration_source", _("name the paper that says so"))
        _first(text_problems("registration_source", source, 200), {})
        return status, day, source


_COLUMN_OF = {"title": "office", "switchboard": "phone", "field": "expertise", "role": "expertise"}


def _first(problems: Any, columns: Mapping[str, str]) -> None:
    problem: FactProblem | None = next(iter(problems), None)
    if problem is not None:
        raise BadFieldError(columns.get(problem.field, problem.field), problem.reason)


def _office(cells: Mapping[str, str]) -> OfficeFacts | None:
    values = {name: cells.get(name, "") for name in ("office", "address", "phone", "mail", "hours")}
    if not any(values.values()):
        return None
    facts = OfficeFacts(
        title=values["office"], address=values["address"], switchboard=values["phone"],
        mail=values["mail"], hours=values["hours"],
    )  # fmt: skip
    _first(office_problems(facts), _COLUMN_OF)
    return facts


def _expertise(text: str) -> tuple[tuple[str, str], ...]:
    """Read ``law: lawyer; psychology: psychologist for teenagers``."""
    found = []
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        name, colon, role = part.partition(":")
        if not colon:
            raise BadFieldError("expertise", _("write it as “field: role; field: role”"))
        code = choice("expertise", name, Expertise.Field)
        _first(expertise_problems(code, role.strip()), _COLUMN_OF)
        found.append((code, role.strip()))
    return tuple(dict.fromkeys(found))


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 10**9):
        raise BadFieldError(
            "number", _("“%(text)s” is not a whole number from %(least)s")
            % {"text": text[:40], "least": 1},
        )  # fmt: skip
    return int(text)


def _languages(text: str) -> tuple[str, ...]:
    codes = [code.strip().lower() for code in text.replace(";", ",").split(",")]
    for code in filter(None, codes):
        if code not in LANGUAGES:
            raise BadFieldError("languages", unknown(code, LANGUAGES))
    return tuple(dict.fromkeys(filter(None, codes)))


class _Store:
    """Stores the bodies of a file: corrections first, then what is new, in bulk."""

    def __init__(
        self, actor: Actor, now: datetime, is_sample: bool, allow_doubles: bool,
        report: Taken, reject: Reject,
    ) -> None:  # fmt: skip
        self._actor, self._now, self._is_sample = actor, now, is_sample
        self._allow_doubles, self._report, self._reject = allow_doubles, report, reject
        self._known = {row.number: row for row in Body.objects.select_for_update()}
        self._words = AreaWords()
        self._index = Likenesses(
            entry_of(row.pk, facts_of(row), self._words) for row in self._known.values()
        )
        self._names = {row.pk: f"№ {row.number} {row.name}" for row in self._known.values()}
        self._taken = {
            row.organisation_id: row.number for row in self._known.values() if row.organisation_id
        }

    def store(self, good: list[Good]) -> None:
        """Store what can be stored; refuse the rest with reasons."""
        seen: set[int] = set()
        new: list[Good] = []
        for position, one in enumerate(good, start=1):
            problem = self._problem(one, seen, -position)
            if problem is not None:
                self._report.refuse(one.row, problem, self._reject)
                continue
            if one.facts.organisation_id:
                self._taken[one.facts.organisation_id] = one.number or 0
            if one.number is not None:
                seen.add(one.number)
                self._correct(one, self._known[one.number])
                continue
            self._index.add(entry_of(-position, one.facts, self._words))
            self._names[-position] = _("line %(line)s") % {"line": one.row.line}
            new.append(one)
        self._create(new)
        self._report.stored = len(new)

    def _problem(self, one: Good, seen: set[int], key: int) -> Problem | None:
        line, number = one.row.line, one.number
        if number is not None and number in seen:
            return Problem(line, "number", _("this number stands twice in the file"))
        if number is not None and number not in self._known:
            return Problem(line, "number", _("no body has this number; leave it empty"))
        organisation = one.facts.organisation_id
        if organisation and self._taken.get(organisation, number) != number:
            return Problem(
                line, "organisation", _("another body is this organisation of the desk already")
            )
        if number is None and not self._allow_doubles:
            matches = self._index.find(entry_of(key, one.facts, self._words))
            if matches:
                return Problem(
                    line, "name_ru", _("a body like this is there already: %(name)s")
                    % {"name": self._names[matches[0].key]},
                )  # fmt: skip
        return None

    def _correct(self, one: Good, body: Body) -> None:
        columns, kept = one.row.cells, {}
        for column, name in (
            ("name_kk", "name_kk"), ("name_ru", "name_ru"), ("name_en", "name_en"),
            ("mandate", "mandate"), ("organisation", "organisation_id"),
        ):  # fmt: skip
            if column not in columns:
                kept[name] = getattr(body, name)
        if "languages" not in columns:
            kept["languages"] = tuple(body.languages)
        changed = apply(body, replace(one.facts, **kept))
        if not changed:
            self._report.known += 1
            return
        body.changed_at = self._now
        body.save()
        BodyEvent.objects.create(
            body=body, at=self._now, kind=BodyEvent.Kind.IMPORTED, by=by_of(self._actor),
            detail={"changed": changed},
        )  # fmt: skip
        self._report.changed += 1

    def _create(self, new: list[Good]) -> None:
        if not new:
            return
        numbers = next_numbers("body", len(new))
        rows = []
        for one, number in zip(new, numbers, strict=True):
            body = Body(
                number=number, recorded_at=self._now, changed_at=self._now,
                is_sample=self._is_sample,
            )  # fmt: skip
            apply(body, one.facts)
            rows.append(body)
        Body.objects.bulk_create(rows, batch_size=500)
        pairs = list(zip(rows, new, strict=True))
        Registration.objects.bulk_create(
            Registration(
                body=body, status=one.registration[0], since=one.registration[1],
                source=one.registration[2], recorded_at=self._now,
            )
            for body, one in pairs if one.registration
        )  # fmt: skip
        Office.objects.bulk_create(
            Office(
                body=body, title=one.office.title, address=one.office.address,
                switchboard=one.office.switchboard, mail=one.office.mail, hours=one.office.hours,
            )
            for body, one in pairs if one.office
        )  # fmt: skip
        Expertise.objects.bulk_create(
            Expertise(body=body, field=code, role=role)
            for body, one in pairs for code, role in one.expertise
        )  # fmt: skip
        by = by_of(self._actor)
        BodyEvent.objects.bulk_create(
            BodyEvent(body=body, at=self._now, kind=BodyEvent.Kind.IMPORTED, by=by)
            for body in rows
        )  # fmt: skip
