"""Whether a message may leave: valid CAP, our own profile, marked where nothing has happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from qalqan.desk.alerts.build import SPOKEN
from qalqan.desk.alerts.content import LANGUAGES, Content, bears_mark
from qalqan.errors import InputError, Location
from qalqan.science.text.plain_words import check_plain_words
from qalqan.science.text.speaking import SYLLABLES_A_SECOND, spoken_seconds

if TYPE_CHECKING:
    from qalqan.cap.model import Alert as Message

PROFILE = "qalqan"
LONG_SPOKEN_SECONDS = 45.0
"""A loudspeaker text past this is warned of: people listen to the beginning."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a message, in the reader's language."""

    rule: str
    is_error: bool
    text: str
    remedy: str


def to_bytes(message: Message) -> bytes:
    """Return a message as the bytes that are shown and signed."""
    from qalqan.cap.write import write

    return write(message)


def faults(data: bytes) -> list[Fault]:
    """Return what the validator of CAP says of a message under the desk's own profile."""
    from qalqan.cap.validate import validate

    language = (get_language() or "kk")[:2]
    return [
        Fault(
            found.rule,
            str(found.severity) == "error",
            found.text_in(language),
            found.remedy_in(language),
        )
        for found in validate(data, profile=PROFILE).errors
    ]


def require_valid(data: bytes, *, status: str) -> None:
    """Refuse a message that is not valid, or that could be mistaken for an actual warning.

    Raises
    ------
    InputError
        The first thing that is wrong.
    """
    from qalqan.cap.read import read

    wrong = [fault for fault in faults(data) if fault.is_error]
    if wrong:
        raise InputError(
            wrong[0].text, location=Location(field=wrong[0].rule), hint=wrong[0].remedy or None
        )
    message = read(data)
    if {info.language for info in message.infos} != set(LANGUAGES):
        raise InputError(_("A warning is given in all three languages."))
    if str(message.status) != status or not is_marked(message):
        raise InputError(_("An exercise or a test must say so in every text."))


def is_marked(message: Message) -> bool:
    """Tell whether every text says that nothing has happened; always true of actual warnings."""
    status = str(message.status)
    return all(
        bears_mark(text, status=status, language=info.language or "")
        for info in message.infos
        for text in (
            info.event,
            info.headline or "",
            info.description or "",
            *(p.value for p in info.parameters if p.name == SPOKEN),
        )
    )


def plain_words(content: Content) -> list[dict[str, str]]:
    """Return what the plain-words check warns of: language, part, concern, words."""
    found = []
    for code in LANGUAGES:
        said = content.in_language(code)
        both = f"{said.description}\n{said.instruction}"
        for one in check_plain_words(said.headline, both, code):
            found.append(
                {"language": code, "part": one.part, "concern": one.concern.value,
                 "words": one.surface[:200]}
            )  # fmt: skip
    return found


@dataclass(frozen=True, slots=True)
class SpokenLength:
    """How long a loudspeaker needs for one language, at a stated rate."""

    language: str
    seconds: float
    is_long: bool
    rate: float = SYLLABLES_A_SECOND


def spoken_lengths(content: Content, *, status: str) -> list[SpokenLength]:
    """Return how long the spoken texts take, marks included."""
    from qalqan.desk.alerts.content import marked

    lengths = []
    for code in LANGUAGES:
        said = marked(content.in_language(code), status=status, language=code)
        seconds = spoken_seconds(said.aloud, code)
        lengths.append(SpokenLength(code, seconds, seconds > LONG_SPOKEN_SECONDS))
    return lengths
