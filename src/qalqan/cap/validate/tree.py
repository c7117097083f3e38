"""The schema of CAP 1.2 as compiled checks: one walk over the tree, no schema processor.

The walk keeps what it saw in `Node`, so the layers above never touch the tree again unless
something is wrong and a line is needed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from qalqan.cap.attributes import may_stand
from qalqan.cap.convert import xpath
from qalqan.cap.model import DSIG, NAMESPACE
from qalqan.cap.structure import ALERT, Kind, Part, Slot
from qalqan.cap.validate import values
from qalqan.cap.validate.findings import Finding, Findings, Place, Rule, Spot, rules

if TYPE_CHECKING:
    from lxml import etree

_SPACES: Final = " \t\r\n"
_PLAIN = {
    Kind.TIME: values.date_time,
    Kind.LANGUAGE: values.language,
    Kind.INTEGER: values.integer,
    Kind.DECIMAL: values.decimal,
}
_LEAF, _PAIR, _PART = range(3)

Entry = tuple[int, int, str, bool, int, Callable[[str], str | None] | None, Any]


def spot(element: etree._Element) -> Spot:
    """Return the place of an element."""
    return Spot(element.sourceline or 1, xpath(element))


class Node:
    """One part of a message: its texts by element name, its parts, and where it stands."""

    __slots__ = ("many", "one", "parts")

    def __init__(self) -> None:
        self.one: dict[str, str] = {}
        self.many: dict[str, list[Any]] = {}
        self.parts: dict[str, list[Node]] = {}

    def text(self, name: str) -> str:
        """Return the text of an element without spaces around it; empty where it is absent."""
        return self.one.get(name, "").strip(_SPACES)

    def place(self, name: str = "", at: int = 0) -> Place:
        """Return where an element stands, or the part itself where there is none."""
        raise NotImplementedError


class TreeNode(Node):
    """A part that was met in a tree."""

    __slots__ = ("element",)

    def __init__(self, element: etree._Element) -> None:
        super().__init__()
        self.element = element

    def place(self, name: str = "", at: int = 0) -> Place:
        """Return where an element stands, or the part itself."""
        if not name:
            return spot(self.element)
        found = [one for one in self.element if one.tag == f"{{{NAMESPACE}}}{name}"]
        return spot(found[at] if at < len(found) else self.element)


class Plan:
    """What may stand in a part, by tag."""

    __slots__ = ("entries", "required")

    def __init__(self, part: Part) -> None:
        self.entries: dict[str, Entry] = {}
        self.required = 0
        for at, slot in enumerate(part.slots):
            bit = 1 << at
            self.required |= bit if slot.required else 0
            below = Plan(slot.part) if slot.part else None
            kind = _PART if below else _PAIR if slot.kind is Kind.NAMED else _LEAF
            self.entries[f"{{{NAMESPACE}}}{slot.element}"] = (
                at,
                bit,
                slot.element,
                slot.many,
                kind,
                _check(slot),
                below,
            )


def _check(slot: Slot) -> Callable[[str], str | None] | None:
    if slot.kind is Kind.ENUM and slot.values is not None:
        allowed = frozenset(value.value for value in slot.values)
        return lambda text: None if text in allowed else "schema.value"
    return _PLAIN.get(slot.kind)


@lru_cache(maxsize=1)
def plan() -> Plan:
    """Return the plan of an alert."""
    return Plan(ALERT)


class Walk:
    """One walk over one message.

    Parameters
    ----------
    found
        Where findings go.
    """

    __slots__ = ("found",)

    def __init__(self, found: Findings) -> None:
        self.found = found

    def tell(self, rule: str, place: Place, value: str = "") -> None:
        """Note that something breaks a rule."""
        self.found.add(Finding(rules()[rule], place, value))

    def break_(self, rule: Rule, place: Place, value: str) -> None:
        """Note that something breaks a rule of a profile."""
        self.found.add(Finding(rule, place, value))

    def _tell(self, rule: str, element: etree._Element, value: str = "") -> None:
        self.tell(rule, spot(element), value)

    def alert(self, root: etree._Element) -> TreeNode:
        """Check the whole message against the schema and return what stands in it."""
        if _has_attributes()(root):
            self._attributes(root)
        return self._part(root, plan(), is_alert=True)

    def _part(self, element: etree._Element, plan: Plan, *, is_alert: bool = False) -> TreeNode:
        node = TreeNode(element)
        one, get = node.one, plan.entries.get
        last, seen, ended = -1, 0, False
        text = element.text
        if text is not None and text.strip(_SPACES):
            self._tell("schema.text", element, text)
        for child in element:
            tail = child.tail
            if tail is not None and tail.strip(_SPACES):
                self._tell("schema.text", element, tail)
            entry = get(child.tag)
            if entry is None or ended:
                ended = self._other(child, entry, is_alert=is_alert) or ended
                continue
            at, bit, name, many, kind, check, below = entry
            if at <= last and not (many and at == last):
                self._misplaced(child, name, again=bool(seen & bit), many=many)
            last = at if at > last else last
            seen |= bit
            if kind == _LEAF:
                value = child.text or ""
                if len(child):
                    self._tell("schema.child", child[0], _local(child[0]))
                if check is not None and (broken := check(value)):
                    self._tell(broken, child, value)
                if many:
                    node.many.setdefault(name, []).append(value)
                elif name not in one:
                    one[name] = value
            elif kind == _PAIR:
                node.many.setdefault(name, []).append(self._pair(child))
            else:
                node.parts.setdefault(name, []).append(self._part(child, below))
        if plan.required & ~seen:
            self._missing(element, plan, seen)
        return node

    def _pair(self, element: etree._Element) -> tuple[str, str]:
        found = ["", ""]
        at = 0
        text = element.text
        if text is not None and text.strip(_SPACES):
            self._tell("schema.text", element, text)
        for child in element:
            tail = child.tail
            if tail is not None and tail.strip(_SPACES):
                self._tell("schema.text", element, tail)
            if len(child):
                self._tell("schema.child", child[0], _local(child[0]))
            if at < 2 and child.tag == _PAIR_TAGS[at]:
                found[at] = child.text or ""
                at += 1
            else:
                self._tell("schema.pair", child, _local(child))
        if at < 2:
            self._tell("schema.missing", element, ("valueName", "value")[at])
        return found[0], found[1]

    def _other(self, child: etree._Element, entry: Entry | None, *, is_alert: bool) -> bool:
        """Tell of what has no place; a signature ends the message and may stand."""
        if entry is not None:
            self._tell("schema.order", child, entry[2])
            return True
        if is_alert and str(child.tag).startswith(f"{{{DSIG}}}"):
            return True
        self._tell("schema.element", child, _local(child))
        return False

    def _misplaced(self, child: etree._Element, name: str, *, again: bool, many: bool) -> None:
        self._tell("schema.repeated" if again and not many else "schema.order", child, name)

    def _missing(self, element: etree._Element, plan: Plan, seen: int) -> None:
        for _, bit, name, *_rest in plan.entries.values():
            if plan.required & bit and not seen & bit:
                self._tell("schema.missing", element, name)

    def _attributes(self, root: etree._Element) -> None:
        for element in root.iter():
            if str(element.tag).startswith(f"{{{DSIG}}}"):
                continue
            if element.attrib and not _in_signature(element):
                for name, value in element.attrib.items():
                    if not may_stand(element, str(name), str(value)):
                        self._tell("schema.attribute", element, str(name).rpartition("}")[2])


_PAIR_TAGS = (f"{{{NAMESPACE}}}valueName", f"{{{NAMESPACE}}}value")


def _in_signature(element: etree._Element) -> bool:
    return any(str(one.tag).startswith(f"{{{DSIG}}}") for one in element.iterancestors())


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


@lru_cache(maxsize=1)
def _has_attributes() -> Callable[[Any], bool]:
    from lxml import etree

    search: Callable[[Any], bool] = etree.XPath("boolean(//@*)")
    return search
