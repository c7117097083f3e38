"""What people and files say of an activity, checked in one place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.outreach.models import BAND_FIELDS, LANGUAGES, Activity
from qalqan.desk.platform.privacy.guard import explain, find_traces
from qalqan.errors import InputError, Location

FIRST_DAY = date(2000, 1, 1)
FARTHEST = timedelta(days=731)
MOST_PEOPLE = 1_000_000
MOST_COST = 1_000_000_000
MOST_ONLINE = 1_000_000_000
LONGEST_MINUTES = 10_080
_KINDS = frozenset(Activity.Kind.values)
_THEMES = frozenset(Activity.Theme.values)
_KNOWN_AS = frozenset(Activity.ReachIs.values)
_LANGUAGES = frozenset(code for code, _label in LANGUAGES)


@dataclass(frozen=True, slots=True)
class ActivityFacts:
    """What an activity is: what, where, when, by whom.

    Parameters
    ----------
    place_id
        A settlement, a district, or a wider place.
    body_id
        The body that holds it, of the directory.
    starts_at
        When it begins, with a zone; its local day must be ``held_on``.
    """

    title: str
    kind: str
    theme: str
    place_id: int
    body_id: int
    held_on: date
    language: str = "kk"
    venue: str = ""
    starts_at: datetime | None = None
    minutes: int | None = None
    is_public: bool = False
    partner_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an activity: people reached, cost, online counts, and in words.

    Parameters
    ----------
    bands
        People reached by age band (`AgeBand`); a band that is not there is not known.
    asked, answered
        One question from the audience and its answer.
    """

    reach: int | None = None
    reach_is: str = ""
    bands: Mapping[str, int] = field(default_factory=dict)
    cost: int | None = None
    views: int | None = None
    comments: int | None = None
    comments_answered: int | None = None
    text: str = ""
    asked: str = ""
    answered: str = ""


@dataclass(frozen=True, slots=True)
class FactProblem:
    """What is wrong with one fact, in words."""

    field: str
    reason: str


def problems_with(facts: ActivityFacts, today: date) -> Iterable[FactProblem]:
    """Yield what is wrong with the facts."""
    if not facts.title:
        yield FactProblem("title", _("a title is needed"))
    yield from text_problems("title", facts.title, 200)
    yield from text_problems("venue", facts.venue, 200)
    if facts.kind not in _KINDS:
        yield FactProblem("kind", _("this kind is not known"))
    if facts.theme not in _THEMES:
        yield FactProblem("theme", _("this theme is not known"))
    if facts.language not in _LANGUAGES:
        yield FactProblem("language", _("this language is not known"))
    if not FIRST_DAY <= facts.held_on <= today + FARTHEST:
        yield FactProblem("held_on", _("the day lies before 2000 or more than two years ahead"))
    if facts.starts_at is not None and timezone.localdate(facts.starts_at) != facts.held_on:
        yield FactProblem("starts_at", _("it begins on another day"))
    if facts.minutes is not None and not 1 <= facts.minutes <= LONGEST_MINUTES:
        yield FactProblem("minutes", _whole(1, LONGEST_MINUTES))
    if facts.body_id in facts.partner_ids:
        yield FactProblem("partners", _("the body that holds it is no partner of itself"))


def outcome_problems(outcome: Outcome) -> Iterable[FactProblem]:
    """Yield what is wrong with an outcome."""
    counts: list[tuple[str, int | None, int]] = [
        ("reach", outcome.reach, MOST_PEOPLE), ("cost", outcome.cost, MOST_COST),
        ("views", outcome.views, MOST_ONLINE), ("comments", outcome.comments, MOST_ONLINE),
        ("comments_answered", outcome.comments_answered, MOST_ONLINE),
        *((BAND_FIELDS.get(band, band), count, MOST_PEOPLE)
          for band, count in outcome.bands.items()),
    ]  # fmt: skip
    for name, count, most in counts:
        if count is not None and not 0 <= count <= most:
            yield FactProblem(name, _whole(0, most))
    for band in outcome.bands:
        if band not in BAND_FIELDS:
            yield FactProblem(band, _("this age band is not known"))
    if outcome.reach is not None and outcome.reach_is not in _KNOWN_AS:
        yield FactProblem("reach_is", _("say whether the reach is counted or estimated"))
    if outcome.reach is None and outcome.reach_is:
        yield FactProblem("reach", _("say how many people were reached"))
    in_bands = sum(outcome.bands.values())
    if outcome.reach is None and in_bands:
        yield FactProblem("reach", _("say how many people were reached"))
    if outcome.reach is not None and in_bands > outcome.reach:
        yield FactProblem(
            "reach",
            _("the ages add up to %(sum)s, more than the %(reach)s people reached")
            % {"sum": in_bands, "reach": outcome.reach},
        )
    if (outcome.comments_answered or 0) > (outcome.comments or 0):
        yield FactProblem("comments_answered", _("more comments are answered than there are"))
    for name, text, most in (("outcome", outcome.text, 2000), ("asked", outcome.asked, 500),
                             ("answered", outcome.answered, 1000)):  # fmt: skip
        yield from text_problems(name, text, most)
    if outcome.answered and not outcome.asked:
        yield FactProblem("asked", _("an answer needs its question"))


def _whole(least: int, most: int) -> str:
    return _("a whole number from %(least)s to %(most)s is needed") % {"least": least, "most": most}


def text_problems(name: str, text: str, most: int) -> Iterable[FactProblem]:
    """Yield what is wrong with a text: its length, its characters, whom it gives away."""
    if not text:
        return
    if len(text) > most:
        yield FactProblem(name, _("this text is longer than %(most)s characters") % {"most": most})
    if not text.isprintable() and any(char < " " and char not in "\r\n\t" for char in text):
        yield FactProblem(name, _("a character that no text has (a control character)"))
    traces = find_traces(text)
    if traces:
        yield FactProblem(
            name,
            _("this gives a private person away: %(parts)s") % {"parts": explain(text, traces)},
        )


def require_sound(problems: Iterable[FactProblem]) -> None:
    """Refuse with the first thing that is wrong.

    Raises
    ------
    InputError
        Naming the field.
    """
    problem = next(iter(problems), None)
    if problem is not None:
        raise InputError(problem.reason, location=Location(field=problem.field))


def plain_facts(row: Activity) -> dict[str, Any]:
    """Return what stands in an activity, as history and forms tell it."""
    names = [
        "title", "kind", "theme", "state", "place_id", "body_id", "held_on", "starts_at", "minutes",
        "language", "venue", "is_public", "reach", "reach_is", *BAND_FIELDS.values(), "cost",
        "views", "comments", "comments_answered", "outcome",
    ]  # fmt: skip
    return {name: getattr(row, name) for name in names}


def facts_of(row: Activity) -> ActivityFacts:
    """Return the facts of a stored activity."""
    names = ("title", "kind", "theme", "place_id", "body_id", "held_on", "language", "venue",
             "starts_at", "minutes", "is_public")  # fmt: skip
    partners = tuple(sorted(row.partners.values_list("pk", flat=True)))
    return ActivityFacts(**{name: getattr(row, name) for name in names}, partner_ids=partners)


def outcome_of(row: Activity) -> Outcome:
    """Return the outcome of a stored activity."""
    return Outcome(
        reach=row.reach, reach_is=row.reach_is, bands=row.bands, cost=row.cost, views=row.views,
        comments=row.comments, comments_answered=row.comments_answered, text=row.outcome,
    )  # fmt: skip


def apply_facts(row: Activity, facts: ActivityFacts, *, district_id: int) -> None:
    """Write the facts into an activity that is not saved yet; partners come after saving."""
    for name in ("title", "kind", "theme", "place_id", "body_id", "held_on", "language", "venue",
                 "starts_at", "minutes", "is_public"):  # fmt: skip
        setattr(row, name, getattr(facts, name))
    row.district_id = district_id


def apply_outcome(row: Activity, outcome: Outcome) -> None:
    """Write the outcome into an activity that is not saved yet."""
    row.reach, row.reach_is = outcome.reach, outcome.reach_is
    for band, name in BAND_FIELDS.items():
        setattr(row, name, outcome.bands.get(band))
    row.cost, row.views = outcome.cost, outcome.views
    row.comments, row.comments_answered = outcome.comments, outcome.comments_answered
    row.outcome = outcome.text
