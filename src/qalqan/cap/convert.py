"""Elements to values, mending what can be mended without guessing; CAP 1.0 and 1.1 to 1.2."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from qalqan.cap.attributes import may_stand
from qalqan.cap.enums import Category, Certainty, Scope, Severity, Urgency
from qalqan.cap.errors import CapError
from qalqan.cap.model import DSIG, NAMESPACE, Alert, NamedValue
from qalqan.cap.structure import ALERT, Kind, Part, Slot
from qalqan.cap.values import CapTime, Circle, Polygon, Reference, instant, split_words
from qalqan.cap.write import LANGUAGE
from qalqan.errors import Location

if TYPE_CHECKING:
    from lxml import etree

    from qalqan.cap.read import Reason

VERSIONS = {
    "http://www.incident.com/cap/1.0": "1.0",
    "urn:oasis:names:tc:emergency:cap:1.1": "1.1",
    NAMESPACE: "1.2",
}
_SPACES = " \t\r\n"
_LOOSE_TIME = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?(?:\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII
)
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
# Python reads no longer number without being asked to.
_INTEGER = re.compile(r"[+-]?[0-9]{1,4000}")
_ASSUMED = {
    "category": Category.OTHER,
    "urgency": Urgency.UNKNOWN,
    "severity": Severity.UNKNOWN,
    "certainty": Certainty.UNKNOWN,
    "mimeType": "application/octet-stream",
    "event": "",
    "areaDesc": "",
    "resourceDesc": "",
}
_ALIASES = {"very likely": Certainty.LIKELY}


class Converter:
    """Makes one message of one element, and notes every mend.

    Parameters
    ----------
    root
        The alert element, of any CAP version.

    Raises
    ------
    CapError
        The element is no CAP message.
    """

    def __init__(self, root: etree._Element) -> None:
        namespace, _, name = str(root.tag).rpartition("}")
        self.namespace = namespace.removeprefix("{")
        if name != "alert" or self.namespace not in VERSIONS:
            raise CapError(
                f"the root element {root.tag} is no CAP alert",
                location=Location(line=root.sourceline, field="/" + name),
            )
        self.root = root
        self.version = VERSIONS[self.namespace]
        self.reasons: list[Reason] = []

    def alert(self) -> Alert:
        """Return the message."""
        if self.version != "1.2":
            self._note(self.root, f"converted from CAP {self.version}")
        found = self._part(self.root, ALERT)
        assert isinstance(found, Alert)  # noqa: S101 - narrows the type for the reader
        return found

    def _note(self, element: etree._Element, text: str) -> None:
        from qalqan.cap.read import Reason

        self.reasons.append(Reason(element.sourceline or 1, xpath(element), text))

    def _part(self, element: etree._Element, part: Part) -> Any:
        self._attributes(element)
        self._stray_text(element)
        found = self._sorted(element, part)
        values: dict[str, Any] = {}
        for slot in part.slots:
            children = found.get(slot.element, [])
            entries = [
                value
                for value in (self._value(child, slot) for child in children)
                if value is not None
            ]
            if slot.many:
                entries = entries or self._missing(element, slot)
                values[slot.field] = tuple(entries)
            else:
                for extra in children[1:]:
                    self._note(extra, f"a second {slot.element} was left out")
                values.update(self._single(element, slot, entries))
        if part is ALERT:
            values["signatures"] = tuple(self._signatures(element))
        return part.build(**values)

    def _single(self, element: etree._Element, slot: Slot, entries: list[Any]) -> dict[str, Any]:
        entries = entries or self._missing(element, slot)
        return {slot.field: entries[0]} if entries else {}

    def _missing(self, element: etree._Element, slot: Slot) -> list[Any]:
        if not slot.required:
            return []
        if slot.element == "scope" and self.version == "1.0":
            # CAP 1.0 alone lets the scope be absent, and was made for public warnings.
            self._note(element, "no scope; CAP 1.0 messages without one are public")
            return [Scope.PUBLIC]
        if slot.element not in _ASSUMED:
            raise CapError(
                f"{slot.element} is missing or cannot be read, and is never guessed",
                location=Location(line=element.sourceline, field=xpath(element)),
            )
        value = _ASSUMED[slot.element]
        self._note(element, f"no usable {slot.element}; {str(value)!r} stands for it")
        return [value]

    def _sorted(self, element: etree._Element, part: Part) -> dict[str, list[etree._Element]]:
        order = {slot.element: at for at, slot in enumerate(part.slots)}
        found: dict[str, list[etree._Element]] = {}
        latest = 0
        for child in element:
            namespace, _, name = str(child.tag).rpartition("}")
            if part is ALERT and namespace == f"{{{DSIG}":
                # A signature ends the message.
                latest = len(order)
                continue
            if namespace.removeprefix("{") != self.namespace or name not in order:
                self._note(child, f"{name} has no place here and was left out")
                continue
            if order[name] < latest:
                self._note(child, f"{name} stands too late; it was put in its place")
            latest = max(latest, order[name])
            found.setdefault(name, []).append(child)
        return found

    def _signatures(self, element: etree._Element) -> list[str]:
        from lxml import etree

        return [
            etree.tostring(child, method="c14n", exclusive=True, with_tail=False).decode("utf-8")
            for child in element
            if str(child.tag).startswith(f"{{{DSIG}}}")
        ]

    def _value(self, element: etree._Element, slot: Slot) -> Any:
        if slot.kind is Kind.PART and slot.part is not None:
            return self._part(element, slot.part)
        if slot.kind is Kind.NAMED:
            return self._named(element)
        self._attributes(element)
        if len(element):
            self._note(element[0], f"elements inside {slot.element} were left out")
        text = "".join(piece for piece in element.itertext(None))
        return _READERS[slot.kind](self, element, slot, text)

    def _attributes(self, element: etree._Element) -> None:
        for name, value in element.attrib.items():
            if not may_stand(element, str(name), str(value)):
                self._note(element, f"the attribute {name} was left out")

    def _stray_text(self, element: etree._Element) -> None:
        pieces = [element.text, *(child.tail for child in element)]
        if any(piece and piece.strip(_SPACES) for piece in pieces):
            self._note(element, "text between elements was left out")

    def _named(self, element: etree._Element) -> NamedValue | None:
        children = {str(child.tag).rpartition("}")[2]: child for child in element}
        if self.version == "1.0" and not children:
            name, _, value = (element.text or "").partition("=")
            return NamedValue(name.strip(_SPACES), value.strip(_SPACES))
        self._attributes(element)
        self._stray_text(element)
        if [str(child.tag) for child in element] != [
            f"{{{self.namespace}}}valueName",
            f"{{{self.namespace}}}value",
        ]:
            self._note(element, "a pair is one valueName and one value, in this order")
        if "valueName" not in children or "value" not in children:
            return None
        for child in children.values():
            self._attributes(child)
        return NamedValue(
            "".join(children["valueName"].itertext(None)), "".join(children["value"].itertext(None))
        )

    def text(self, element: etree._Element, slot: Slot, text: str) -> str:
        """Plain text stays as it is."""
        return text

    def time(self, element: etree._Element, slot: Slot, text: str) -> CapTime | None:
        """Read a time; the schema lets spaces stand around it."""
        trimmed = text.strip(_SPACES)
        if instant(trimmed) is not None:
            return CapTime(trimmed)
        loose = _LOOSE_TIME.fullmatch(trimmed)
        if loose:
            zone = "-00:00" if loose[3] == "Z" else loose[3]
            mended = f"{loose[1]}{loose[2] or ':00'}{zone}"
            if instant(mended) is not None:
                self._note(element, f"{trimmed!r} became {mended}")
                return CapTime(mended)
        self._note(element, f"{trimmed!r} is no time and was left out")
        return None

    def enum(self, element: etree._Element, slot: Slot, text: str) -> Any:
        """Read a value of a closed list; capitals and spaces are mended."""
        values = slot.values or ()
        for value in values:
            if text == value.value:
                return value
        loose = text.strip(_SPACES).casefold()
        for value in values:
            if loose == value.value.casefold():
                self._note(element, f"{text!r} became {value.value}")
                return value
        if slot.element == "certainty" and loose in _ALIASES:
            self._note(element, f"{text!r} became {_ALIASES[loose].value}")
            return _ALIASES[loose]
        self._note(element, f"{text!r} is no {slot.element} and was left out")
        return None

    def language(self, element: etree._Element, slot: Slot, text: str) -> str | None:
        """Read a language code."""
        code = text.strip(_SPACES)
        if LANGUAGE.fullmatch(code):
            return code
        # An element that is quite empty takes the schema's default; spaces do not.
        if text:
            self._left_out(element, slot, text)
        return None

    def _left_out(self, element: etree._Element, slot: Slot, text: str) -> None:
        self._note(element, f"{text!r} is no {slot.kind.value} and was left out")

    def integer(self, element: etree._Element, slot: Slot, text: str) -> int | None:
        """Read a whole number."""
        if _INTEGER.fullmatch(text.strip(_SPACES)):
            return int(text)
        self._left_out(element, slot, text)
        return None

    def decimal(self, element: etree._Element, slot: Slot, text: str) -> Decimal | None:
        """Read a decimal number."""
        if _DECIMAL.fullmatch(text.strip(_SPACES)):
            return Decimal(text.strip(_SPACES))
        self._left_out(element, slot, text)
        return None

    def uri(self, element: etree._Element, slot: Slot, text: str) -> str:
        """Read an address; the schema folds the spaces in it."""
        return " ".join(word for word in re.split(r"[ \t\r\n]+", text) if word)

    def words(self, element: etree._Element, slot: Slot, text: str) -> tuple[str, ...]:
        """Read a list of words."""
        return split_words(text)

    def references(self, element: etree._Element, slot: Slot, text: str) -> tuple[Reference, ...]:
        """Read references."""
        return tuple(Reference(word) for word in re.split(r"[ \t\r\n]+", text) if word)

    def polygon(self, element: etree._Element, slot: Slot, text: str) -> Polygon:
        """Keep a polygon."""
        return Polygon(text)

    def circle(self, element: etree._Element, slot: Slot, text: str) -> Circle:
        """Keep a circle."""
        return Circle(text)


_READERS = {
    Kind.TEXT: Converter.text,
    Kind.TIME: Converter.time,
    Kind.ENUM: Converter.enum,
    Kind.LANGUAGE: Converter.language,
    Kind.INTEGER: Converter.integer,
    Kind.DECIMAL: Converter.decimal,
    Kind.URI: Converter.uri,
    Kind.WORDS: Converter.words,
    Kind.REFERENCES: Converter.references,
    Kind.POLYGON: Converter.polygon,
    Kind.CIRCLE: Converter.circle,
}


def xpath(element: etree._Element) -> str:
    """Return the way to an element as people write it: ``/alert[1]/info[2]/area[1]``."""
    steps: list[str] = []
    while element is not None:
        parent = element.getparent()
        name = str(element.tag).rpartition("}")[2]
        if parent is None:
            steps.append(f"{name}[1]")
            break
        same = [child for child in parent if child.tag == element.tag]
        steps.append(f"{name}[{same.index(element) + 1}]")
        element = parent
    return "/" + "/".join(reversed(steps))
