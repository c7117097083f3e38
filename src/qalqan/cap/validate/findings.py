"""What a check found: which rule, where, and in words of three languages."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import Any, Final, Protocol


class Layer(StrEnum):
    """The layers of a check, each built on those before."""

    XML = "xml"
    SCHEMA = "schema"
    SPECIFICATION = "specification"
    PROFILE = "profile"
    SIGNATURE = "signature"


class Weight(StrEnum):
    """What a finding means for the message: an error makes it invalid, the others do not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


LANGUAGES: Final = ("kk", "ru", "en")
_LAYERS = {layer: at for at, layer in enumerate(Layer)}
_WEIGHTS = {weight: at for at, weight in enumerate(Weight)}
_LONGEST_VALUE = 80


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its layer, what breaking it means, and where it is written.

    Attributes
    ----------
    clause
        Part of the specification or of the profile's document.
    text, remedy
        What is wrong and how to mend it, by language; ``{value}`` is what was found.
    """

    id: str
    layer: Layer
    severity: Weight
    clause: str
    text: dict[str, str]
    remedy: dict[str, str]
    rank: int = field(init=False, repr=False)

    def __post_init__(self) -> None:
        rank = len(_LAYERS) * _WEIGHTS[self.severity] + _LAYERS[self.layer]
        object.__setattr__(self, "rank", rank)


class Place(Protocol):
    """Where something stands."""

    @property
    def line(self) -> int:
        """Line of the file, from 1."""

    @property
    def xpath(self) -> str:
        """The way to the element."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that is known at once."""

    line: int
    xpath: str


@dataclass(slots=True)
class Finding:
    """One broken rule at one place.

    Attributes
    ----------
    broken
        The rule.
    place
        Where; looked up only when asked, as most findings are only counted.
    found
        What stands there.
    """

    broken: Rule = field(repr=False)
    place: Place
    found: str = ""

    @property
    def line(self) -> int:
        """Line of the file, from 1."""
        return self.place.line

    @property
    def xpath(self) -> str:
        """The element, such as ``/alert[1]/info[2]/area[1]/polygon[1]``."""
        return self.place.xpath

    @property
    def value(self) -> str:
        """What stands there, shortened to one line."""
        line = " ".join(self.found[: 2 * _LONGEST_VALUE].split())
        return line if len(line) <= _LONGEST_VALUE else line[: _LONGEST_VALUE - 1] + "…"

    @property
    def rule(self) -> str:
        """Id of the broken rule."""
        return self.broken.id

    @property
    def layer(self) -> Layer:
        """The layer it belongs to."""
        return self.broken.layer

    @property
    def severity(self) -> Weight:
        """What it means for the message."""
        return self.broken.severity

    @property
    def text(self) -> str:
        """What is wrong, in English."""
        return self.text_in("en")

    @property
    def remedy(self) -> str:
        """How to mend it, in English."""
        return self.remedy_in("en")

    def text_in(self, language: str) -> str:
        """Return what is wrong in ``kk``, ``ru`` or ``en``."""
        return self.broken.text[language].replace("{value}", self.value)

    def remedy_in(self, language: str) -> str:
        """Return how to mend it in ``kk``, ``ru`` or ``en``."""
        return self.broken.remedy[language].replace("{value}", self.value)

    def as_dict(self, language: str = "en") -> dict[str, Any]:
        """Return the finding as plain data."""
        return {
            "layer": self.layer.value,
            "rule": self.rule,
            "severity": self.severity.value,
            "line": self.line,
            "xpath": self.xpath,
            "text": self.text_in(language),
        }


@dataclass(frozen=True, slots=True)
class Report:
    """All that was found in one file.

    Attributes
    ----------
    valid
        Whether there is no error; warnings do not count.
    errors
        All findings, errors first, then by layer, then as met.
    unsaid
        Findings beyond the bound, only counted.
    """

    valid: bool
    errors: tuple[Finding, ...] = ()
    unsaid: int = 0

    @property
    def failed(self) -> Layer | None:
        """The first layer with an error."""
        return self.errors[0].layer if not self.valid and self.errors else None


class Findings:
    """Collects findings, up to a bound, and makes the report."""

    __slots__ = ("_bad", "_found", "_most", "_unsaid")

    def __init__(self, most: int) -> None:
        self._found: list[Finding] = []
        self._most = most
        self._unsaid = 0
        self._bad = False

    def add(self, finding: Finding) -> None:
        """Note a finding."""
        self._bad = self._bad or finding.broken.severity is Weight.ERROR
        if len(self._found) < self._most:
            self._found.append(finding)
        else:
            self._unsaid += 1

    def report(self) -> Report:
        """Return all findings in order."""
        if not self._found:
            return _CLEAN
        found = self._found
        if len(found) > 1:
            found = sorted(found, key=_rank)
        return Report(not self._bad, tuple(found), self._unsaid)


def _rank(finding: Finding) -> int:
    return finding.broken.rank


_CLEAN = Report(valid=True)


@lru_cache(maxsize=1)
def rules() -> dict[str, Rule]:
    """Return the rules of the layers below the profiles, by id."""
    text = (resources.files("qalqan.cap.validate") / "rules.json").read_text(encoding="utf-8")
    return {name: rule_of(name, entry) for name, entry in json.loads(text).items()}


def rule_of(name: str, entry: dict[str, Any]) -> Rule:
    """Make a rule of its entry in a file of rules."""
    return Rule(
        id=name,
        layer=Layer(entry["layer"]),
        severity=Weight(entry["severity"]),
        clause=entry["clause"],
        text=entry["text"],
        remedy=entry["remedy"],
    )
