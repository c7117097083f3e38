"""Profiles: what somebody asks of messages beyond CAP 1.2, written as data.

A profile is a JSON file of rules. Each names the part it looks at (``each``: alert, info,
resource or area), a kind of check with its arguments, and when it applies. New profiles need no
code; a new kind of check is one function below.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from qalqan.cap.errors import CapError
from qalqan.cap.model import DEFAULT_LANGUAGE
from qalqan.cap.validate import values
from qalqan.cap.validate.findings import Rule, rule_of
from qalqan.cap.validate.tree import Node, Walk

Hit = tuple[str, int, str]
"""Element that breaks a rule (the part itself where empty), which one of several, its value."""
Check = Callable[["_Where", dict[str, Any]], Iterator[Hit]]

_NAME: Final = re.compile(r"[a-z0-9-]{1,40}")
_MARKUP: Final = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*[^<>]*>|&(?:[a-zA-Z]{2,8}|#[0-9]{1,6});")
_ZERO_OFFSETS: Final = ("+00:00", "-00:00")


@dataclass(frozen=True, slots=True)
class _Where:
    """A part under the eyes of a rule, with what lies around it."""

    node: Node
    alert: Node


@dataclass(frozen=True, slots=True)
class ProfileRule:
    """One rule of a profile."""

    rule: Rule
    each: str
    kind: str
    asks: dict[str, Any]
    when: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Profile:
    """A named set of rules.

    Attributes
    ----------
    name
        As ``--profile`` takes it.
    title
        Full name.
    source
        Where its rules are published.
    """

    name: str
    title: str
    source: str
    rules: tuple[ProfileRule, ...]

    def check(self, alert: Node, walk: Walk) -> None:
        """Check a message that was already looked at by the layers below."""
        parts = _parts(alert)
        for one in self.rules:
            if any(alert.one.get(name) not in allowed for name, allowed in one.when.items()):
                continue
            check = _KINDS[one.kind]
            for node in parts[one.each]:
                for name, at, value in check(_Where(node, alert), one.asks):
                    walk.break_(one.rule, node.place(name, at), value)


def names() -> tuple[str, ...]:
    """Return the names of the profiles at hand."""
    folder = resources.files("qalqan.cap.profiles")
    found = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name.removesuffix(".json") for name in found if name.endswith(".json")))


@lru_cache(maxsize=16)
def load(name: str) -> Profile:
    """Return a profile by name.

    Raises
    ------
    CapError
        There is none of that name.
    """
    if not _NAME.fullmatch(name) or name not in names():
        known = ", ".join(names())
        raise CapError(f"there is no profile {name!r}", hint=f"profiles: {known}")
    text = (resources.files("qalqan.cap.profiles") / f"{name}.json").read_text(encoding="utf-8")
    data = json.loads(text)
    return Profile(
        name=name,
        title=data["title"],
        source=data["source"],
        rules=tuple(_rule(name, key, entry) for key, entry in data["rules"].items()),
    )


def _rule(profile: str, key: str, entry: dict[str, Any]) -> ProfileRule:
    rule = rule_of(f"{profile}.{key}", {"layer": "profile", **entry})
    return ProfileRule(rule, entry["each"], entry["kind"], entry["asks"], entry.get("when", {}))


def _parts(alert: Node) -> dict[str, list[Node]]:
    infos = alert.parts.get("info", [])
    return {
        "alert": [alert],
        "info": infos,
        "resource": [one for info in infos for one in info.parts.get("resource", ())],
        "area": [one for info in infos for one in info.parts.get("area", ())],
    }


def _present(where: _Where, asks: dict[str, Any]) -> Iterator[Hit]:
    """At least one of the elements is there and not empty."""
    node = where.node
    if not any(
        node.text(name) or node.many.get(name) or node.parts.get(name) for name in asks["any"]
    ):
        yield "", 0, ""


def _absent(where: _Where, asks: dict[str, Any]) -> Iterator[Hit]:
    """The element is not there."""
    for name in asks["names"]:
        if where.node.text(name):
            yield name, 0, where.node.text(name)


def _not(where: _Where, asks: dict[str, Any]) -> Iterator[Hit]:
    """None of the elements has one of the values."""
    for name in asks["names"]:
        if where.node.one.get(name) in asks["values"]:
            yield name, 0, where.node.one[name]


def _longest(where: _Where, asks: dict[str, Any]) -> Iterator[Hit]:
    """The text is not longer than so many characters."""
    text = where.node.text(asks["name"])
    if len(text) > asks["most"]:
        yield asks["name"], 0, str(len(text))


def _differ(where: _Where, asks: dict[str, Any]) -> Iterator[Hit]:
    """Two texts are not the same."""
    first, second = (where.node.text(name) for name in asks["names"])
    if first and first == second:
        yield asks["names"][0], 0, first


def _order(where: _Where, asks: dict[str, Any]) -> Iterator[Hit]:
    """One time is not after another; ``sent`` stands for an absent effective."""
    first = where.node.text(asks["first"])
    if not first and asks["first"] == "effective":
        first = where.alert.text("sent")
    second = where.node.text(asks["second"])
    early, late = values.moment(first), values.moment(second)
    if early is not None and late is not None and early > late:
        yield asks["second"], 0, second


def _offset(where: _Where, asks: dict[str, Any]) -> Iterator[Hit]:
    """Times tell the local offset."""
    for name in asks["names"]:
        if where.node.text(name).endswith(_ZERO_OFFSETS):
            yield name, 0, where.node.text(name)


def _matching(where: _Where, asks: dict[str, Any]) -> Iterator[Hit]:
    """An element has a value of a form; for pairs, the value of the pair of that name."""
    found = where.node.many.get(asks["name"], [])
    wanted = re.compile(asks["pattern"])
    pair = asks.get("pair")
    texts = [one[1] for one in found if one[0] == pair] if pair else found
    good = sum(1 for text in texts if wanted.fullmatch(text))
    if good < 1 or (asks.get("once") and len(texts) > 1):
        yield "", 0, ", ".join(texts)


def _same(where: _Where, asks: dict[str, Any]) -> Iterator[Hit]:
    """All infos have the same set of values; within one language where so asked."""
    first: dict[str, Any] = {}
    for at, info in enumerate(where.alert.parts.get("info", ())):
        name = asks["name"]
        language = (info.text("language") or DEFAULT_LANGUAGE) if asks.get("by_language") else ""
        found = info.one.get(name) or frozenset(info.many.get(name, ()))
        if first.setdefault(language, found) != found:
            yield "info", at, name


def _languages(where: _Where, asks: dict[str, Any]) -> Iterator[Hit]:
    """There is an info in each of the languages."""
    infos = where.alert.parts.get("info", ())
    said = {(one.text("language") or DEFAULT_LANGUAGE).split("-")[0].lower() for one in infos}
    for language in asks["codes"]:
        if language not in said:
            yield "", 0, language


def _radius(where: _Where, asks: dict[str, Any]) -> Iterator[Hit]:
    """Circles are larger than so many kilometres."""
    for at, text in enumerate(where.node.many.get("circle", ())):
        if not values.circle(text) and float(text.split()[-1]) <= asks["more_than"]:
            yield "circle", at, text


def _plain(where: _Where, asks: dict[str, Any]) -> Iterator[Hit]:
    """Texts have no tags and no entities of HTML."""
    for name in asks["names"]:
        found = _MARKUP.search(where.node.text(name))
        if found:
            yield name, 0, found[0]


_KINDS: Final[dict[str, Check]] = {
    "present": _present,
    "absent": _absent,
    "not": _not,
    "longest": _longest,
    "differ": _differ,
    "order": _order,
    "offset": _offset,
    "matching": _matching,
    "same": _same,
    "languages": _languages,
    "radius": _radius,
    "plain": _plain,
}
