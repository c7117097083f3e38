"""What is known of a body, checked in one place for forms and files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from qalqan.desk.agencies.likeness import Entry, area_words
from qalqan.desk.agencies.models import Body, Expertise
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.places.fold import fold
from qalqan.desk.platform.policies import SystemActor
from qalqan.desk.platform.privacy.guard import explain, find_traces
from qalqan.desk.platform.privacy.kinds import Kind
from qalqan.desk.platform.sources.taking import unknown
from qalqan.errors import InputError, Location

LANGUAGES = ("kk", "ru", "en", "uz", "ug", "tt", "tr", "az", "ky", "tg", "uk", "de", "ko", "sign")
"""Codes of languages a body works in; ``sign`` is the sign language."""
_NAMES = ("name_kk", "name_ru", "name_en")
_OFFICE_NUMBER = re.compile(r"[0-9+()\-– ,;a-zа-яё./#*]{3,40}", re.IGNORECASE)
_OFFICE = frozenset({Kind.PHONE, Kind.EMAIL})


@dataclass(frozen=True, slots=True)
class BodyFacts:
    """What a person or a file says of a body."""

    kind: str
    type: str
    area_id: int
    name_kk: str = ""
    name_ru: str = ""
    name_en: str = ""
    mandate: str = ""
    languages: tuple[str, ...] = ()
    organisation_id: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names that are there, each once."""
        return tuple(dict.fromkeys(n for n in (self.name_kk, self.name_ru, self.name_en) if n))


NAMES = tuple(field.name for field in fields(BodyFacts))


@dataclass(frozen=True, slots=True)
class OfficeFacts:
    """What is known of an office."""

    title: str
    place_id: int | None = None
    address: str = ""
    switchboard: str = ""
    mail: str = ""
    hours: str = ""


@dataclass(frozen=True, slots=True)
class FactProblem:
    """What is wrong with one fact, in words."""

    field: str
    reason: str


def facts_of(body: Body) -> BodyFacts:
    """Return what is known of a stored body."""
    values = {name: getattr(body, name) for name in NAMES}
    return BodyFacts(**{**values, "languages": tuple(body.languages)})


def problems_with(facts: BodyFacts) -> Iterable[FactProblem]:
    """Yield what is wrong with the facts."""
    if not facts.names:
        yield FactProblem("name_ru", _("a name in at least one language is needed"))
    for name in _NAMES:
        yield from text_problems(name, getattr(facts, name), 200)
    yield from text_problems("mandate", facts.mandate, 2000)
    if facts.kind not in Body.Kind.values:
        yield FactProblem("kind", _("this kind is not known"))
    if facts.type not in Body.Type.values:
        yield FactProblem("type", _("this type is not known"))
    for code in facts.languages:
        if code not in LANGUAGES:
            yield FactProblem("languages", unknown(code, LANGUAGES))


def text_problems(
    name: str, text: str, longest: int, *, allowed: frozenset[Kind] = frozenset()
) -> Iterable[FactProblem]:
    """Yield what is wrong with a text: its length, its characters, what it gives away."""
    if len(text) > longest:
        yield FactProblem(
            name, _("this text is longer than %(most)s characters") % {"most": longest}
        )
    if any(char < " " and char not in "\r\n\t" for char in text):
        yield FactProblem(name, _("a character that no text has (a control character)"))
    traces = [trace for trace in find_traces(text) if trace.kind not in allowed]
    if traces:
        yield FactProblem(
            name,
            _("this gives a private person away: %(parts)s") % {"parts": explain(text, traces)},
        )


def office_problems(facts: OfficeFacts) -> Iterable[FactProblem]:
    """Yield what is wrong with what is said of an office."""
    if not facts.title:
        yield FactProblem("title", _("say what the office is called"))
    yield from text_problems("title", facts.title, 120)
    yield from text_problems("address", facts.address, 200)
    yield from text_problems("hours", facts.hours, 120)
    yield from text_problems("switchboard", facts.switchboard, 40, allowed=_OFFICE)
    if facts.switchboard and not _OFFICE_NUMBER.fullmatch(facts.switchboard):
        yield FactProblem("switchboard", _("this is no telephone number of an office"))
    if facts.mail:
        try:
            validate_email(facts.mail)
        except ValidationError:
            yield FactProblem("mail", _("this is no e-mail address"))


def expertise_problems(field: str, role: str) -> Iterable[FactProblem]:
    """Yield what is wrong with a field of expertise and its role."""
    if field not in Expertise.Field.values:
        yield FactProblem("field", unknown(field, Expertise.Field.values))
    if not role:
        yield FactProblem("role", _("say in which role, never who"))
    yield from text_problems("role", role, 120)


def refuse_first(problems: Iterable[FactProblem]) -> None:
    """Refuse facts with the first thing that is wrong.

    Raises
    ------
    InputError
        Naming the field.
    """
    problem = next(iter(problems), None)
    if problem is not None:
        raise InputError(problem.reason, location=Location(field=problem.field))


def apply(body: Body, facts: BodyFacts) -> dict[str, list[Any]]:
    """Write the facts into a body that is not saved yet; return what changed, old and new."""
    changed = {}
    for name, value in {**asdict(facts), "languages": list(facts.languages)}.items():
        old = getattr(body, name)
        if old != value:
            changed[name] = [old, value]
            setattr(body, name, value)
    body.search_text = search_text(facts, body.number)
    return changed


def search_text(facts: BodyFacts, number: int | None) -> str:
    """Return the folded words by which a body is found, with a space before each."""
    parts = [*facts.names, str(number or "")]
    words = (fold(word) for part in parts for word in part.replace("-", " ").split())
    plain = ("".join(char for char in word if char.isalnum()) for word in words)
    return " " + " ".join(dict.fromkeys(word for word in plain if word))


class AreaWords:
    """The words by which areas and what they lie in are called, each looked up once."""

    def __init__(self) -> None:
        rows = places.places(SystemActor("agencies")).exclude(kind="settlement")
        self._rows = {
            row.pk: row for row in rows.only("pk", "parent_id", "name_kk", "name_ru", "name_en")
        }
        self._found: dict[int, frozenset[str]] = {}

    def of(self, area_id: int) -> frozenset[str]:
        """Return the words of an area and of all it lies in."""
        if area_id not in self._found:
            names, at = [], self._rows.get(area_id)
            while at is not None:
                names += [at.name_kk, at.name_ru, at.name_en]
                at = self._rows.get(at.parent_id or 0)
            self._found[area_id] = area_words(names)
        return self._found[area_id]


def entry_of(key: int, facts: BodyFacts, words: AreaWords) -> Entry:
    """Return what is compared of a body."""
    return Entry(key, facts.kind, facts.names, facts.area_id, words.of(facts.area_id))
