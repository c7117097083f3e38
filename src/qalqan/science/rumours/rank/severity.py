"""Severity by words: a suggestion, with the words that led to it. A person decides."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from qalqan.science.rumours.rank.words import RULES
from qalqan.science.text.language import detect
from qalqan.science.text.normalise import normalise
from qalqan.science.text.translit import latin_to_cyrillic

_WINDOW = 6
"""Words within which the parts of a rule must meet."""


class Severity(StrEnum):
    """What a false claim of this kind can do; the worst first."""

    THREAT_TO_LIFE = "threat_to_life"
    VIOLENCE = "violence"
    PANIC = "panic"
    SERVICES = "services"
    OTHER = "other"


SEVERITIES = tuple(Severity)


@dataclass(frozen=True, slots=True)
class Trigger:
    """Words of the text that speak for a class.

    Parameters
    ----------
    severity : Severity
        The class.
    kind : str
        ``"responsibility"``, ``"threat"``, ``"danger"``, ``"call"``, ``"panic"`` or
        ``"services"``.
    words : str
        The words as they stand in the normalised text.
    """

    severity: Severity
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class SeveritySuggestion:
    """The class that the words suggest.

    Parameters
    ----------
    severity : Severity
        The worst class that any words speak for; ``other`` where none do.
    triggers : tuple of Trigger
        All words found, the worst class first.
    """

    severity: Severity
    triggers: tuple[Trigger, ...]

    @property
    def names_a_doer(self) -> bool:
        """Whether words say that somebody threatens, or takes responsibility.

        Such a claim goes round the queue. A danger that is only reported ("shots were heard") has
        the same severity, but waits for its place.
        """
        return any(trigger.kind in ("responsibility", "threat") for trigger in self.triggers)


_CLASS_OF = {
    "threat": Severity.THREAT_TO_LIFE,
    "responsibility": Severity.THREAT_TO_LIFE,
    "danger": Severity.THREAT_TO_LIFE,
    "call": Severity.VIOLENCE,
    "panic": Severity.PANIC,
    "services": Severity.SERVICES,
}


@dataclass(frozen=True, slots=True)
class _Rule:
    """A line of the lexicon: parts that must meet, words that must not be near."""

    kind: str
    parts: tuple[tuple[str, ...], ...]
    without: tuple[str, ...]


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    """Read the lexicon: ``|`` parts alternatives, ``=`` asks the whole word, ``!`` forbids."""
    found = []
    for kind, block in RULES.items():
        for line in block.strip().splitlines():
            needed, _mark, without = line.partition(" !")
            parts = tuple(tuple(part.split("|")) for part in needed.split())
            found.append(_Rule(kind, parts, tuple(without.split("|")) if without else ()))
    return tuple(found)


def _fits(word: str, part: tuple[str, ...]) -> bool:
    return any(word == p[1:] if p[0] == "=" else word.startswith(p) for p in part)


def _find(words: list[str], rule: _Rule) -> str:
    """Return the words that meet all parts of a rule within the window, in any order."""
    for at, word in enumerate(words):
        if not _fits(word, rule.parts[0]):
            continue
        near = range(max(0, at - _WINDOW), min(len(words), at + _WINDOW + 1))
        if rule.without and any(_fits(words[i], rule.without) for i in near):
            continue
        places = [at]
        for part in rule.parts[1:]:
            hit = next((i for i in near if i not in places and _fits(words[i], part)), None)
            if hit is None:
                break
            places.append(hit)
        else:
            return " ".join(words[i] for i in sorted(places))
    return ""


def suggest_severity(text: str) -> SeveritySuggestion:
    """Suggest how severe a claim is from its words, in Kazakh (both scripts), Russian, English.

    Parameters
    ----------
    text : str
        What the claim says.

    Returns
    -------
    SeveritySuggestion
        The worst class with words for it, and those words.

    Notes
    -----
    Words are compared by their beginnings after normalisation. Denials are not understood ("there
    will be no blast" suggests a threat): for a suggestion it is better to ask once too often.

    Examples
    --------
    >>> found = suggest_severity("Ответственность за взрыв взяла группа «Х»")
    >>> found.severity.value, found.triggers[0].words
    ('threat_to_life', 'ответственность взяла')
    >>> suggest_severity("Ертең қалада су болмайды").severity.value
    'services'
    >>> suggest_severity("Концерт перенесли").severity.value
    'other'
    """
    plain = normalise(text)
    if detect(text) == "kk-Latn":
        plain = f"{plain} {normalise(latin_to_cyrillic(text))}"
    words = plain.split()
    # Most rules have a part that no word begins with; a look-up tells that sooner than a search.
    heads = {word[:end] for word in words for end in range(1, len(word) + 1)}
    triggers = []
    for rule in _rules():
        if any(all(p.removeprefix("=") not in heads for p in part) for part in rule.parts):
            continue
        hit = _find(words, rule)
        if hit:
            triggers.append(Trigger(_CLASS_OF[rule.kind], rule.kind, hit))
    order = {severity: at for at, severity in enumerate(SEVERITIES)}
    unique = sorted(dict.fromkeys(triggers), key=lambda t: order[t.severity])
    severity = unique[0].severity if unique else Severity.OTHER
    return SeveritySuggestion(severity, tuple(unique))
