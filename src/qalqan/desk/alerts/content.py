"""What a writer fills in for a warning, as plain values that go into a draft and come back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from qalqan.cap.feed.model import NOT_REAL
from qalqan.cap.model import Status

LANGUAGES = ("kk", "ru", "en")
"""The languages of every warning, in the order in which they are shown."""
PARTS = ("event", "headline", "description", "instruction", "spoken")
LIMITS = {"event": 80, "headline": 140, "description": 2000, "instruction": 2000, "spoken": 600}
"""The most characters of each part; a headline must fit into a short message with its mark."""

MARKS: Mapping[str, Mapping[str, str]] = {
    "Exercise": NOT_REAL[Status.EXERCISE],
    "Test": NOT_REAL[Status.TEST],
}
"""The word that stands before everything people read or hear where nothing has happened; the
feeds look for the same."""

SENTENCES: Mapping[str, Mapping[str, str]] = {
    "Exercise": {
        "kk": "Бұл — оқу-жаттығу. Ештеңе болған жоқ, ештеңе істеудің қажеті жоқ.",
        "ru": "Это учение. Ничего не случилось, ничего делать не нужно.",
        "en": "This is an exercise. Nothing has happened; there is nothing to do.",
    },
    "Test": {
        "kk": "Бұл — хабарлау жүйесін тексеру. Ештеңе болған жоқ.",
        "ru": "Это проверка системы оповещения. Ничего не случилось.",
        "en": "This is a test of the warning system. Nothing has happened.",
    },
}


@dataclass(frozen=True, slots=True)
class Said:
    """What a warning says in one language; ``spoken`` is what loudspeakers say."""

    event: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    spoken: str = ""

    @property
    def aloud(self) -> str:
        """What loudspeakers say: their own text, or the headline and what to do."""
        if self.spoken:
            return self.spoken
        parts = [part for part in (self.headline, self.instruction) if part]
        return " ".join(part if part[-1] in ".!?…" else f"{part}." for part in parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A warning as filled in.

    Parameters
    ----------
    said
        By language.
    minutes
        How long it holds, counted from its being handed over.
    place_ids
        Districts and settlements.
    polygons, circles
        As CAP writes them: ``lat,lon lat,lon …`` and ``lat,lon radius-km``.
    reach
        Name of a "who hears it" area that was chosen; its outline stands among the polygons.
    siren
        The signal that is wanted from sirens: ``none``, ``attention`` or ``all_clear``.
    note
        Name of the exercise or test.
    """

    category: str = "Safety"
    event_code: str = ""
    severity: str = "Severe"
    urgency: str = "Immediate"
    certainty: str = "Likely"
    response_types: tuple[str, ...] = ()
    minutes: int = 120
    said: Mapping[str, Said] = field(default_factory=dict)
    place_ids: tuple[int, ...] = ()
    polygons: tuple[str, ...] = ()
    circles: tuple[str, ...] = ()
    reach: str = ""
    siren: str = "none"
    note: str = ""
    contact: str = "112"

    def as_json(self) -> dict[str, Any]:
        """Return it as what a draft keeps."""
        plain = {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}
        return {**plain, "said": {code: asdict(self.said[code]) for code in self.said}}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Content:
        """Read what a draft or a template keeps; what is missing has its default."""
        known = {name: kept[name] for name in cls.__dataclass_fields__ if name in kept}
        for name in ("response_types", "place_ids", "polygons", "circles"):
            known[name] = tuple(known.get(name, ()))
        said = {
            code: Said(**{part: str(words.get(part, "")) for part in PARTS})
            for code, words in known.get("said", {}).items()
            if code in LANGUAGES
        }
        return cls(**{**known, "said": said})

    def in_language(self, code: str) -> Said:
        """Return what is said in one language; empty where nothing is yet."""
        return self.said.get(code, Said())


def marked(said: Said, *, status: str, language: str) -> Said:
    """Return what people read, marked where nothing has happened, so that nobody can mistake it.

    The mark stands first in every part, and the spoken text ends with it, too.

    >>> marked(Said(headline="Leave"), status="Exercise", language="en").headline
    'EXERCISE. Leave'
    >>> marked(Said(headline="Leave"), status="Actual", language="en").headline
    'Leave'
    """
    if status not in MARKS:
        return said
    mark, sentence = MARKS[status][language], SENTENCES[status][language]
    parts = {
        part: f"{mark}. {text}"
        for part in ("event", "headline")
        if (text := _unmarked(getattr(said, part), mark))
    }
    for part in ("description", "instruction"):
        text = _unmarked(getattr(said, part), mark)
        parts[part] = f"{mark}. {sentence} {text}".strip()
    aloud = _unmarked(said.aloud, mark)
    parts["spoken"] = f"{mark}. {sentence} {aloud} {mark}. {sentence}"
    return replace(said, **parts)


def _unmarked(text: str, mark: str) -> str:
    return text.removeprefix(f"{mark}.").strip()


def bears_mark(text: str, *, status: str, language: str) -> bool:
    """Tell whether a text says that nothing has happened; always true of actual warnings."""
    return status not in MARKS or text.startswith(f"{MARKS[status][language]}.")
