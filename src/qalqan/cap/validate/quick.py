"""The quick way through the schema, for messages written as nearly all are.

A message without comments, CDATA, prefixes, signatures and character numbers is a regular
language. Here it is matched as one, block by block, which takes a third of the time of building a
tree. This way only ever says "schema-valid, and here is what stands in it": at the slightest
surprise it says nothing, and the tree decides. The tests hold both to the same findings.
"""

from __future__ import annotations

import re
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final

from qalqan.cap.attributes import SCHEMA_INSTANCE
from qalqan.cap.document import parse
from qalqan.cap.errors import XmlRefused
from qalqan.cap.model import NAMESPACE
from qalqan.cap.structure import ALERT, AREA, INFO, RESOURCE, Kind, Part, Slot
from qalqan.cap.validate.findings import Place
from qalqan.cap.validate.tree import Node

_BOM: Final = b"\xef\xbb\xbf"
_CONTROLS: Final = bytes(code for code in range(32) if code not in b"\t\n\r")
_HEAD = re.compile(
    r"\ufeff?(?:<\?xml [^<>]{1,120}\?>)?[ \t\n]*"
    r"(?:<\?xml-stylesheet [^<>?]{1,200}\?>[ \t\n]*)?"
    r"<(cap:)?alert(?:[ \t\n][^<>]{1,700})?>[ \t\n]*"
)
_DECLARED = re.compile(rb"""<\?xml [^>]*encoding\s*=\s*["']([A-Za-z0-9-]{1,20})["']""")
_BAD_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)")
_GAP: Final = r"[ \t\n]*+"
_TIME: Final = (
    r"(?!0000)[0-9]{4}-"
    r"(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)"
    r"|(?:0[13578]|1[02])-31)"
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][+-](?:0[0-9]|1[0-3]):[0-5][0-9]"
)
_TEXT: Final = "[^<]*+"
_BODIES: Final = {
    Kind.TIME: _TIME,
    Kind.LANGUAGE: r"(?:[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*+)?+",
    Kind.INTEGER: r"[+-]?+[0-9]++",
    Kind.DECIMAL: r"[+-]?+[0-9]++(?:\.[0-9]*+)?+",
}
_MAY_BE_EMPTY: Final = frozenset(Kind) - {Kind.ENUM, Kind.TIME, Kind.INTEGER, Kind.DECIMAL}
_ENCODINGS: Final = frozenset(("us-ascii", "iso-8859-1", "windows-1251", "koi8-r"))
_COMMON_START: Final = b'<?xml version="1.0" encoding="UTF-8"'
_LARGEST: Final = 200_000
_ENTITIES: Final = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))


_NOTHING: Final[dict[str, str]] = {}


class QuickNode(Node):
    """A part that was matched as text; it finds lines and paths when asked."""

    __slots__ = ("nth", "source", "start", "step", "up")

    def __init__(self, source: str, start: int, up: QuickNode | None, step: str, nth: int) -> None:
        self.one = _NOTHING
        self.many = {}
        self.parts = {}
        self.source = source
        self.start = start
        self.up = up
        self.step = step
        self.nth = nth

    @property
    def path(self) -> str:
        """The way to the part."""
        return f"{self.up.path if self.up else ''}/{self.step}[{self.nth}]"

    def place(self, name: str = "", at: int = 0) -> Place:
        """Return where an element stands, or the part itself."""
        return QuickPlace(self, name, at)


class QuickPlace:
    """A place that is looked up in the text when somebody asks."""

    __slots__ = ("at", "name", "node")

    def __init__(self, node: QuickNode, name: str, at: int) -> None:
        known = (
            name in node.one
            or at < len(node.many.get(name, ()))
            or at < len(node.parts.get(name, ()))
        )
        self.node = node
        self.name = name if known else ""
        self.at = at

    @property
    def line(self) -> int:
        """Line of the file, from 1."""
        source, where = self.node.source, self.node.start
        if self.name:
            for _ in range(self.at + 1):
                found = source.find(f"<{self.name}>", where + 1)
                where = found if found >= 0 else source.find(f"<{self.name}", where + 1)
        return source.count("\n", 0, where) + 1

    @property
    def xpath(self) -> str:
        """The way to the element."""
        path = self.node.path
        return f"{path}/{self.name}[{self.at + 1}]" if self.name else path


class _Block:
    """One part as a pattern: its leaves in order, up to where further parts begin."""

    __slots__ = ("element", "empty", "match", "names", "pick", "several")

    def __init__(self, part: Part) -> None:
        slots = [slot for slot in part.slots if slot.part is None]
        start = "" if part is ALERT else f"<{part.element}>{_GAP}"
        # A part without parts is matched with its end tag and the gap behind it.
        end = f"</{part.element}>{_GAP}" if len(slots) == len(part.slots) else ""
        self.element = part.element
        self.match = re.compile(start + "".join(map(_pattern, slots)) + end).match
        single = [at for at, slot in enumerate(slots) if not slot.many]
        self.names = [slots[at].element for at in single]
        # Every leaf has two groups: its text, and the slash of an empty element.
        self.pick = itemgetter(*(2 * at for at in single))
        self.empty = itemgetter(*(2 * at + 1 for at in single))
        self.several = [
            (2 * at, slot.element, re.compile(_repeated(slot)).findall)
            for at, slot in enumerate(slots)
            if slot.many
        ]


_PAIR: Final = rf"<valueName(?:>({_TEXT})</valueName>|/>){_GAP}<value(?:>({_TEXT})</value>|/>)"


def _body(slot: Slot) -> str:
    if slot.values is not None:
        return "(?:" + "|".join(value.value for value in slot.values) + ")"
    return _BODIES.get(slot.kind, _TEXT)


def _repeated(slot: Slot) -> str:
    return _PAIR if slot.kind is Kind.NAMED else f"<{slot.element}>({_TEXT})<"


def _pattern(slot: Slot) -> str:
    name = slot.element
    if slot.kind is Kind.NAMED:
        pair = _PAIR.replace(f"({_TEXT})", _TEXT)
        return f"((?:<{name}>{_GAP}{pair}{_GAP}</{name}>{_GAP})*+)()"
    if slot.many:
        often = "++" if slot.required else "*+"
        return f"((?:<{name}>{_body(slot)}</{name}>{_GAP}){often})()"
    none = r"([ \t\n]*+/)>" if slot.kind in _MAY_BE_EMPTY else "(?!)()"
    leaf = f"<{name}(?:>({_body(slot)})</{name}>|{none}){_GAP}"
    return leaf if slot.required else f"(?:{leaf})?+"


@lru_cache(maxsize=1)
def _blocks() -> tuple[_Block, _Block, _Block, _Block]:
    return _Block(ALERT), _Block(INFO), _Block(RESOURCE), _Block(AREA)


def schema_valid(data: bytes) -> QuickNode | None:
    """Return what stands in a message, or ``None`` where the tree must decide.

    Parameters
    ----------
    data
        The file as it came.

    Examples
    --------
    >>> schema_valid(b"<alert/>") is None
    True
    """
    text = _plain(data)
    if text is None:
        return None
    empties = "/>" in text
    head = _HEAD.match(text)
    if head is None or not _is_root(head[0]):
        return None
    where = head.end()
    if head[1]:
        # Within a line nothing moves: lines are all that is asked of places.
        body = text[where:].replace("<cap:", "<").replace("</cap:", "</")
        if body.count("<") != text.count("<cap:", where) + text.count("</cap:", where):
            return None
        text = text[:where].replace("cap:alert", "alert") + body
        where = len(text) - len(body)
    return _Reader(text, empties=empties).alert(where)


def _plain(data: bytes) -> str | None:
    """Return the text where it holds nothing that only a parser understands."""
    start = data.find(b"alert", 0, 700)
    if len(data) > _LARGEST or start < 0:
        return None
    # Looking for one byte costs a tenth of looking for two, so the rare byte is asked for first.
    body = data[start:]
    if b"!" in data and (b"!" in data[:start] or b"<!" in body):
        return None
    if (b"?" in body and b"<?" in body) or (b"]" in body and b"]]>" in body):
        return None
    if (b"#" in body and b"&#" in body) or (b"\xef" in body and _has_noncharacter(body)):
        return None
    if len(data.translate(None, _CONTROLS)) != len(data):
        return None
    encoding = _encoding(data)
    if encoding is None:
        return None
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    if b"\r" in data:
        text = text.replace("\r\n", "\n")
        if "\r" in text:
            return None
    if b"&" in body and _BAD_ENTITY.search(text):
        return None
    return text


def _encoding(data: bytes) -> str | None:
    if data.startswith(_COMMON_START):
        return "utf-8"
    marked = data.startswith(_BOM)
    declared = _DECLARED.match(data, 3 if marked else 0)
    name = declared[1].decode().lower() if declared else "utf-8"
    if name == "utf-8":
        return name
    return name if name in _ENCODINGS and not marked and b"encoding" in data[:80] else None


def _has_noncharacter(body: bytes) -> bool:
    return b"\xef\xbf\xbe" in body or b"\xef\xbf\xbf" in body


@lru_cache(maxsize=256)
def _is_root(head: str) -> bool:
    """Whether a parser takes this head for the start of a CAP 1.2 message without attributes."""
    try:
        close = "</cap:alert>" if "<cap:alert" in head else "</alert>"
        root = parse(f"{head}{close}".encode())
    except XmlRefused:
        return False
    allowed = all(str(name) == f"{{{SCHEMA_INSTANCE}}}schemaLocation" for name in root.attrib)
    return allowed and root.tag == f"{{{NAMESPACE}}}alert"


class _Reader:
    """Reads block after block; every method gives ``None`` at a surprise."""

    __slots__ = ("empties", "escaped", "text", "where")

    def __init__(self, text: str, *, empties: bool) -> None:
        self.text = text
        self.escaped = "&" in text
        self.empties = empties
        self.where = 0

    def alert(self, where: int) -> QuickNode | None:
        """Read the message after its start tag."""
        head, info, resource, area = _blocks()
        start = self.text.find("<alert")
        self.where = where
        alert = self._node(head, None, 1)
        if alert is None:
            return None
        alert.start = start
        infos: list[Node] = []
        while (node := self._node(info, alert, len(infos) + 1)) is not None:
            self._parts(node, resource)
            self._parts(node, area)
            end = _INFO_END(self.text, self.where)
            if end is None:
                return None
            self.where = end.end()
            infos.append(node)
        if infos:
            alert.parts["info"] = infos
        end = _ALERT_END(self.text, self.where)
        return alert if end is not None and end.end() == len(self.text) else None

    def _parts(self, node: QuickNode, block: _Block) -> None:
        parts: list[Node] = []
        while (part := self._node(block, node, len(parts) + 1)) is not None:
            parts.append(part)
        if parts:
            node.parts[block.element] = parts

    def _node(self, block: _Block, up: QuickNode | None, nth: int) -> QuickNode | None:
        start = self.where
        match = block.match(self.text, start)
        if match is None:
            return None
        self.where = match.end()
        node = QuickNode(self.text, start, up, block.element, nth)
        groups = match.groups()
        found = {
            name: value
            for name, value in zip(block.names, block.pick(groups), strict=True)
            if value is not None
        }
        if self.escaped:
            found = {name: _unescaped(value) for name, value in found.items()}
        node.one = found
        if self.empties:
            for name, slash in zip(block.names, block.empty(groups), strict=True):
                if slash:
                    node.one[name] = ""
        for at, name, find in block.several:
            if groups[at]:
                values = find(groups[at])
                if self.escaped and "&" in groups[at]:
                    values = [_unescaped_all(value) for value in values]
                node.many[name] = values
        return node


_INFO_END = re.compile(f"</info>{_GAP}").match
_ALERT_END = re.compile(f"</alert>{_GAP}").match


def _unescaped(value: str) -> str:
    if "&" not in value:
        return value
    for entity, character in _ENTITIES:
        value = value.replace(entity, character)
    return value


def _unescaped_all(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_unescaped(one) for one in value)
    return _unescaped(value)
