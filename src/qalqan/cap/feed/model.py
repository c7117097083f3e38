"""What a feed is made of before it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from qalqan.cap.model import Alert, Info, Status

#: Put before every title that is no real warning, so that no reader takes it for one.
NOT_REAL: Final = {
    Status.EXERCISE: {"kk": "ОҚУ-ЖАТТЫҒУ", "ru": "УЧЕНИЕ", "en": "EXERCISE"},
    Status.TEST: {"kk": "СЫНАҚ", "ru": "ПРОВЕРКА СВЯЗИ", "en": "TEST"},
    Status.SYSTEM: {"kk": "ЖҮЙЕ", "ru": "СИСТЕМА", "en": "SYSTEM"},
    Status.DRAFT: {"kk": "ЖОБА", "ru": "ЧЕРНОВИК", "en": "DRAFT"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One alert of a feed.

    Parameters
    ----------
    alert
        The message.
    cap_url
        Where its CAP file lies, whole address.
    page_url
        Where people read it; empty if nowhere.
    is_over
        Whether it was cancelled or superseded, or has expired.
    """

    alert: Alert
    cap_url: str
    page_url: str = ""
    is_over: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A feed's own particulars.

    Parameters
    ----------
    url
        The feed's own address; also its Atom id.
    page_url
        Where people read the same.
    title, publisher
        In the language of the feed; the publisher is an office.
    language
        ``kk``, ``ru`` or ``en``: the block of each alert that is shown.
    updated
        When the feed last changed, aware.
    status
        The one status of all its alerts: exercises and tests have feeds of their own.
    """

    url: str
    page_url: str
    title: str
    publisher: str
    language: str
    updated: datetime
    status: Status = Status.ACTUAL


def require_one_status(channel: Channel, items: Sequence[Item]) -> None:
    """Refuse to mix real warnings with others.

    Raises
    ------
    ValueError
        An alert has another status than the feed, or is not public.
    """
    for item in items:
        if item.alert.status != channel.status:
            raise ValueError(f"{item.alert.identifier} is {item.alert.status}, not a feed's own")
        if item.alert.scope != "Public":
            raise ValueError(f"{item.alert.identifier} is not public")


def block_in(alert: Alert, language: str) -> Info | None:
    """Return the block in a language, else the first one."""
    wanted = language.lower().partition("-")[0]
    for info in alert.infos:
        if info.spoken_language.lower().partition("-")[0] == wanted:
            return info
    return alert.infos[0] if alert.infos else None


def title_of(alert: Alert, language: str) -> str:
    """Return what stands over an alert, what is no real warning marked as such."""
    info = block_in(alert, language)
    text = (info.headline or info.event) if info else alert.note or alert.identifier
    marks = NOT_REAL.get(alert.status)
    if marks is None:
        return text
    mark = marks.get(language.partition("-")[0], marks["en"])
    return text if text.startswith(mark) else f"{mark}: {text}"
