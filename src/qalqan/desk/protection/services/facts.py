"""What is known of a site, checked in one place for forms, requests and files."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

from django.utils.translation import gettext as _

from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.places.fold import fold
from qalqan.desk.platform.privacy.guard import explain, find_traces
from qalqan.desk.platform.privacy.kinds import Kind
from qalqan.desk.protection.likeness import Entry, names_of
from qalqan.desk.protection.models import Site
from qalqan.errors import InputError, Location

LARGEST_CAPACITY = 1_000_000
_TEXTS = ("name_kk", "name_ru", "name_en", "owner_name", "duty_contact", "address")
_OFFICE = frozenset({Kind.PHONE, Kind.EMAIL})


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """What a person or a file says of a site."""

    category: str
    capacity: int
    place_id: int
    name_kk: str = ""
    name_ru: str = ""
    name_en: str = ""
    owner_id: int | None = None
    owner_name: str = ""
    owner_language: str = "kk"
    duty_contact: str = ""
    latitude: float | None = None
    longitude: float | None = None
    address: str = ""

    @property
    def tier(self) -> int:
        """The tier of capacity: 1 under 200 people, 2 under 800, 3 from 800 on."""
        return 1 if self.capacity < 200 else 2 if self.capacity < 800 else 3

    @property
    def names(self) -> tuple[str, ...]:
        """The names that are there."""
        return names_of(self.name_kk, self.name_ru, self.name_en)


NAMES = tuple(field.name for field in fields(SiteFacts))


@dataclass(frozen=True, slots=True)
class FactProblem:
    """What is wrong with one fact, in words."""

    field: str
    reason: str


def facts_of(site: Site) -> SiteFacts:
    """Return what is known of a stored site."""
    return SiteFacts(**{name: getattr(site, name) for name in NAMES})


def problems_with(facts: SiteFacts) -> Iterable[FactProblem]:
    """Yield what is wrong with the facts."""
    if not facts.names:
        yield FactProblem("name_ru", _("a name in at least one language is needed"))
    for name in _TEXTS:
        yield from _text_problems(name, getattr(facts, name))
    if facts.category not in Site.Category.values:
        yield FactProblem("category", _("this category is not known"))
    if not 0 <= facts.capacity <= LARGEST_CAPACITY:
        yield FactProblem(
            "capacity", _("a whole number from 0 to %(most)s is needed") % {"most": 1_000_000}
        )
    if facts.owner_language not in ("kk", "ru", "en"):
        yield FactProblem("owner_language", _("one of kk, ru, en is needed"))
    yield from _spot_problems(facts)


def _text_problems(name: str, text: str) -> Iterable[FactProblem]:
    if len(text) > 200:
        yield FactProblem(name, _("this text is longer than %(most)s characters") % {"most": 200})
    if any(char < " " for char in text):
        yield FactProblem(name, _("a character that no text has (a control character)"))
    allowed = _OFFICE if name == "duty_contact" else frozenset()
    traces = [trace for trace in find_traces(text) if trace.kind not in allowed]
    if traces:
        yield FactProblem(
            name,
            _("this gives a private person away: %(parts)s") % {"parts": explain(text, traces)},
        )


def _spot_problems(facts: SiteFacts) -> Iterable[FactProblem]:
    if (facts.latitude is None) != (facts.longitude is None):
        yield FactProblem("longitude", _("latitude and longitude must be given together"))
        return
    for name, limit in (("latitude", 90), ("longitude", 180)):
        value = getattr(facts, name)
        if value is not None and not (math.isfinite(value) and abs(value) <= limit):
            yield FactProblem(
                name,
                _("%(value)s degrees lies outside −%(limit)s to %(limit)s")
                % {"value": value, "limit": limit},
            )


def require_facts(facts: SiteFacts) -> None:
    """Refuse facts with the first thing that is wrong.

    Raises
    ------
    InputError
        Naming the field.
    """
    problem = next(iter(problems_with(facts)), None)
    if problem is not None:
        raise InputError(problem.reason, location=Location(field=problem.field))


def apply(site: Site, facts: SiteFacts, *, district_id: int | None) -> dict[str, list[Any]]:
    """Write the facts into a site that is not saved yet; return what changed, old and new."""
    changed = {}
    for name, value in asdict(facts).items():
        old = getattr(site, name)
        if old != value:
            changed[name] = [old, value]
            setattr(site, name, value)
    site.tier = facts.tier
    site.district_id = district_id
    site.search_text = search_text(facts, site.number)
    return changed


def search_text(facts: SiteFacts, number: int | None) -> str:
    """Return the folded words by which a site is found, with spaces around each."""
    parts = [*facts.names, facts.owner_name, facts.address, str(number or "")]
    words = (fold(word) for part in parts for word in part.replace("-", " ").split())
    plain = ("".join(char for char in word if char.isalnum()) for word in words)
    return " " + " ".join(dict.fromkeys(word for word in plain if word))


def districts_for(many: list[SiteFacts]) -> list[int | None]:
    """Return the district of each: that of its spot, or else that of its place."""
    by_place = places.district_map()
    spots = [
        (index, facts.latitude, facts.longitude)
        for index, facts in enumerate(many)
        if facts.latitude is not None and facts.longitude is not None
    ]
    at = places.districts_at([spot[1] for spot in spots], [spot[2] for spot in spots])
    found: list[int | None] = [by_place.get(facts.place_id) or None for facts in many]
    for (index, _latitude, _longitude), district in zip(spots, at, strict=True):
        found[index] = int(district) or found[index]
    return found


def entry_of(key: int, facts: SiteFacts, district_id: int | None) -> Entry:
    """Return what is compared of a site."""
    return Entry(
        key=key,
        names=facts.names,
        place_id=facts.place_id,
        district_id=district_id or 0,
        category=facts.category,
        latitude=facts.latitude,
        longitude=facts.longitude,
    )
