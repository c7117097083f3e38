"""A message as people will meet it: on a phone, from a loudspeaker, on the web, read aloud."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from qalqan.cap.model import Info
from qalqan.cap.read import read
from qalqan.desk.alerts import geometry
from qalqan.desk.alerts.build import SIREN, SPOKEN
from qalqan.desk.alerts.selectors.published import rings_of
from qalqan.desk.alerts.siren import signal_for
from qalqan.desk.platform.ui.formatting import format_date
from qalqan.science.text.speaking import SYLLABLES_A_SECOND, spoken_seconds

NAMES = {"kk": gettext_lazy("Kazakh"), "ru": gettext_lazy("Russian"), "en": gettext_lazy("English")}
SHORT = 160
"""Characters of a short message; Kazakh and Russian letters need three such parts of 70."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a message is in one language.

    Parameters
    ----------
    phone
        The lines of a phone's notice.
    short
        The short message; ``short_parts`` of 70 letters, or 160 Latin ones, carry it.
    spoken, seconds, rate
        What loudspeakers say, how long it takes at how many syllables a second.
    signal_words
        Which signal a siren gives that accepts no real signal in an exercise.
    reader
        What a screen reader says, in its order.
    """

    language: str
    name: Any
    info: Info
    phone: tuple[str, ...]
    short: str
    short_parts: int
    spoken: str
    seconds: float
    rate: float
    signal_words: str
    areas: tuple[str, ...]
    expires: str
    reader: tuple[str, ...]


def previews(data: bytes) -> list[Preview]:
    """Return how the bytes of a message come across, by language; nothing else is asked."""
    message = read(data)
    return [_of(info, str(message.status)) for info in message.infos]


def outline(data: bytes) -> dict[str, object] | None:
    """Return the area of a message as a GeoJSON geometry."""
    return geometry.geojson_of(rings_of(read(data).infos[0].areas))


def _of(info: Info, status: str) -> Preview:
    code = info.language or "en"
    values = {one.name: one.value for one in info.parameters}
    spoken = values.get(SPOKEN, "")
    headline, areas = info.headline or info.event, tuple(area.area_desc for area in info.areas)
    ends = info.expires.moment if info.expires else None
    until = _until(ends, code)
    wanted = values.get(SIREN, "none")
    signal = signal_for(status=status, wanted=wanted, accepts_real_signal=False)
    first_line = (info.instruction or "").split("\n")[0]
    short = f"{headline}. {first_line}"[: SHORT * 2].strip()
    return Preview(
        language=code, name=NAMES[code], info=info, phone=(headline, first_line, until),
        short=short, short_parts=parts_of(short), spoken=spoken,
        seconds=spoken_seconds(spoken, code), rate=SYLLABLES_A_SECOND,
        signal_words=signal_words(signal),
        areas=areas, expires=until, reader=_reader(info, headline, areas, until, code),
    )  # fmt: skip


def signal_words(signal: str) -> str:
    """Return what a signal is called in the reader's language."""
    return {
        "attention": _("Attention signal, then speech"),
        "all_clear": _("All-clear signal, then speech"),
    }.get(signal, _("No signal, speech only"))


def _until(ends: datetime | None, code: str) -> str:
    with override(code):
        return _("Holds until %(when)s") % {"when": format_date(ends)} if ends else ""


def _reader(
    info: Info, headline: str, areas: tuple[str, ...], until: str, code: str
) -> tuple[str, ...]:
    """Return the lines in the order in which the public page has them."""
    with override(code):
        lines = (
            _("Heading: %(text)s") % {"text": headline},
            info.instruction or "",
            info.description or "",
            _("Where: %(areas)s") % {"areas": ", ".join(areas)},
            until,
            info.sender_name or "",
        )
    return tuple(line for line in lines if line)


def parts_of(text: str) -> int:
    """Return how many short messages carry a text (3GPP TS 23.038).

    >>> parts_of("a" * 160), parts_of("a" * 161), parts_of("ә" * 70), parts_of("ә" * 71)
    (1, 2, 1, 2)
    """
    # The basic alphabet has a few signs more than ASCII, and some of ASCII's count twice.
    if text.isascii():
        twice = sum(sign in "^{}\\[~]|" for sign in text)
        length, one, each = len(text) + twice, 160, 153
    else:
        length, one, each = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if length <= one else -(-length // each)
