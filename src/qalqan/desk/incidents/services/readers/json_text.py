"""Read a JSON file whose rows stand in one list, and tell on which line each of them begins."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from qalqan.desk.platform.sources.tables import open_text
from qalqan.errors import InputError, Location

LARGEST_FILE = 256 * 2**20
_LISTS = ("features", "objects")
_SPACE = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True, slots=True)
class Element:
    """One entry of a list: its value, and where it stands in the text."""

    value: Any
    start: int
    end: int
    line: int


class _TwiceError(ValueError):
    """A key stands twice in one object."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        raise _TwiceError(next(name for name in names if names.count(name) > 1))
    return found


def _no_number(word: str) -> Any:
    raise ValueError(_("“%(text)s” is not a number of JSON") % {"text": word})


class JsonText:
    """The text of a file that holds one JSON object.

    Parameters
    ----------
    path
        The file, in UTF-8 or UTF-16.

    Raises
    ------
    InputError
        The file is absent, empty, too large, not text, not one JSON object, nested too deep, or
        names a key twice in one object.

    Attributes
    ----------
    members
        What the object holds, but for its long lists.
    lists
        The entries of the lists of features and objects.
    """

    def __init__(self, path: Path) -> None:
        self.file = path.name
        with open_text(path) as stream:
            if path.stat().st_size > LARGEST_FILE:
                raise InputError(
                    _("The file is larger than %(most)s MB.") % {"most": LARGEST_FILE // 2**20},
                    location=Location(self.file),
                )
            self.text = stream.read()
        self._decoder = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_number)
        self._counted = (0, 1)
        self.members: dict[str, Any] = {}
        self.lists: dict[str, list[Element]] = {}
        self._members()

    def line_of(self, position: int) -> int:
        """Return the line, from 1, on which a character stands."""
        done, line = self._counted
        if position < done:
            done, line = 0, 1
        line += self.text.count("\n", done, position)
        self._counted = (position, line)
        return line

    def line_of_key(self, element: Element, key: str | None) -> int:
        """Return the line of a key in an element, or of the element where it is not there."""
        found = -1
        if key:
            found = self.text.find(json.dumps(key, ensure_ascii=False), element.start, element.end)
        return self.line_of(found) if found >= 0 else element.line

    def _members(self) -> None:
        """Read the members of the object, and apart the entries of its long lists."""
        found = self.members
        at = self._expect(0, "{")
        if self._peek(at) == "}":
            return
        while True:
            key, at = self._value(at)
            if not isinstance(key, str):
                raise self._error(at, _("a name in quotation marks is expected here"))
            at = self._expect(at, ":")
            if key in found or key in self.lists:
                raise self._error(at, _("this stands twice in one object"), key)
            if key in _LISTS and self._peek(at) == "[":
                self.lists[key], at = self._entries(at)
            else:
                found[key], at = self._value(at)
            if self._peek(at) == "}":
                break
            at = self._expect(at, ",")
        end = self._skip(self._expect(at, "}"))
        if end < len(self.text):
            raise self._error(end, _("something follows the end of the object"))

    def _entries(self, at: int) -> tuple[list[Element], int]:
        entries: list[Element] = []
        at = self._expect(at, "[")
        if self._peek(at) == "]":
            return entries, self._expect(at, "]")
        while True:
            start = self._skip(at)
            value, at = self._value(start)
            entries.append(Element(value, start, at, self.line_of(start)))
            if self._peek(at) == "]":
                return entries, self._expect(at, "]")
            at = self._expect(at, ",")

    def _value(self, at: int) -> tuple[Any, int]:
        start = self._skip(at)
        try:
            return self._decoder.raw_decode(self.text, start)
        except json.JSONDecodeError as error:
            raise self._error(
                error.pos, _("this is not JSON: %(why)s") % {"why": error.msg}
            ) from None
        except _TwiceError as error:
            raise self._error(start, _("this stands twice in one object"), str(error)) from None
        except RecursionError:
            raise self._error(start, _("it is nested too deep")) from None
        except ValueError as error:
            raise self._error(start, str(error)[:120]) from None

    def _skip(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def _peek(self, at: int) -> str:
        at = self._skip(at)
        return self.text[at : at + 1]

    def _expect(self, at: int, sign: str) -> int:
        at = self._skip(at)
        if self.text[at : at + 1] != sign:
            raise self._error(at, _("“%(sign)s” is expected here") % {"sign": sign})
        return at + 1

    def _error(self, at: int, reason: str, field: str | None = None) -> InputError:
        return InputError(reason, location=Location(self.file, self.line_of(at), field))
