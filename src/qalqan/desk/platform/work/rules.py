"""Which rule says who gets a piece of work: the first that matches, in the order of positions.

What a rule may ask is all that `Facts` holds. Who reported, wrote or is meant is not among it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

from qalqan.desk.platform.accounts.models import Organisation


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules may ask of a piece of work.

    Parameters
    ----------
    kind
        ``room.verb``.
    area_id
        The place that it is about, if any.
    language, severity
        Codes of `Language` and `Severity`; empty where nothing is known.
    matter
        The kind of matter by which the matrix of responsibilities names a body.
    """

    kind: str
    area_id: int | None = None
    language: str = ""
    severity: str = ""
    matter: str = ""


class Rule(Protocol):
    """What matching reads of a rule."""

    kinds: str
    area_id: int | None
    language: str
    severity: str


R = TypeVar("R", bound=Rule)


def is_pattern(text: str) -> bool:
    """Tell whether a text can stand for kinds of work.

    >>> [is_pattern(one) for one in ("*", "rumours.*", "rumours.check", "rum*", "")]
    [True, True, True, False, False]
    """
    if text == "*":
        return True
    room, dot, verb = text.partition(".")
    return bool(dot) and room.isidentifier() and (verb == "*" or verb.isidentifier())


def is_of_kind(kind: str, pattern: str) -> bool:
    """Tell whether a kind is meant by a pattern.

    >>> is_of_kind("rumours.check", "rumours.*"), is_of_kind("rumoursx.check", "rumours.*")
    (True, False)
    """
    if pattern == "*":
        return True
    return kind.startswith(pattern[:-1]) if pattern.endswith(".*") else kind == pattern


def line_of(place_id: int | None, parents: Mapping[int, int | None]) -> frozenset[int]:
    """Return a place and all it lies in.

    >>> sorted(line_of(3, {3: 2, 2: 1, 1: None}))
    [1, 2, 3]
    """
    line: set[int] = set()
    at = place_id
    while at and at not in line:
        line.add(at)
        at = parents.get(at)
    return frozenset(line)


def matches(rule: Rule, facts: Facts, line: frozenset[int]) -> bool:
    """Tell whether a rule is meant for a piece of work; ``line`` is of its area."""
    return (
        is_of_kind(facts.kind, rule.kinds)
        and (rule.area_id is None or rule.area_id in line)
        and (not rule.language or rule.language == facts.language)
        and (not rule.severity or rule.severity == facts.severity)
    )


def first(rules: Iterable[R], facts: Facts, line: frozenset[int]) -> R | None:
    """Return the first rule that matches, or nothing."""
    return next((rule for rule in rules if matches(rule, facts, line)), None)


Resolver = Callable[[str, int, date], Organisation | None]
"""From a kind of matter, a place and a day to the one body that leads there, if any."""
_resolvers: list[Resolver] = []


def register_resolver(resolver: Resolver) -> None:
    """Say who knows the matrix of responsibilities; the platform does not."""
    if resolver not in _resolvers:
        _resolvers.append(resolver)


_matters: dict[str, str] = {}


def register_matter(matter: str, *kinds: str) -> None:
    """Say which kind of matter given work of these kinds is about, for the matrix."""
    _matters.update(dict.fromkeys(kinds, matter))


def responsible(facts: Facts, on: date) -> Organisation | None:
    """Return the body that leads in the matter at the place, as far as anybody knows."""
    matter = facts.matter or _matters.get(facts.kind, "")
    if not matter or facts.area_id is None:
        return None
    named = (resolver(matter, facts.area_id, on) for resolver in _resolvers)
    return next((body for body in named if body is not None), None)
