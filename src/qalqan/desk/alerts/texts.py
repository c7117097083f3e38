"""Texts of warnings: what may stand in them, and what a cancelling says."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import replace

from qalqan.desk.alerts.content import LANGUAGES, LIMITS, Content, Said

OVER = "over"
MISTAKE = "mistake"

_CANCELLED = {"kk": "Күші жойылды", "ru": "Отменено", "en": "Cancelled"}
_WHY: Mapping[str, Mapping[str, str]] = {
    OVER: {
        "kk": "Қауіп өтті. Бұрын берілген ескертудің күші жойылды.",
        "ru": "Опасность миновала. Ранее переданное предупреждение отменено.",
        "en": "The danger is over. The earlier warning is cancelled.",
    },
    MISTAKE: {
        "kk": "Ескерту қате берілді. Қауіп жоқ.",
        "ru": "Предупреждение было передано по ошибке. Опасности нет.",
        "en": "The warning was sent by mistake. There is no danger.",
    },
}
_TO_DO = {
    "kk": "Ештеңе істеудің қажеті жоқ.",
    "ru": "Ничего делать не нужно.",
    "en": "There is nothing to do.",
}
_BREAKS = str.maketrans(dict.fromkeys("\v\f\x85\u2028\u2029", "\n"))
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Cn", "Co"})


def printable(text: str) -> str:
    """Return a text without signs that no message may hold or that turn what is read around.

    >>> printable(" a\\u202eb\\r\\nc ")
    'ab\\nc'
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").translate(_BREAKS)
    kept = (s for s in lines if s == "\n" or unicodedata.category(s) not in _UNSEEN)
    return "".join(kept).strip()


def cancelling(content: Content, *, why: str, minutes: int) -> Content:
    """Return what cancels a warning: the same area, the same severity, nothing more to do.

    Parameters
    ----------
    why
        ``over`` or ``mistake``.
    minutes
        How long the cancelling holds: as long as any message that it cancels, or longer.
    """
    said = {}
    for code in LANGUAGES:
        words = content.in_language(code)
        headline = f"{_CANCELLED[code]}: {words.headline}"[: LIMITS["headline"]]
        said[code] = Said(
            event=words.event,
            headline=headline,
            description=_WHY[why][code],
            instruction=_TO_DO[code],
            spoken=f"{headline}. {_WHY[why][code]} {_TO_DO[code]}"[: LIMITS["spoken"]],
        )
    return replace(
        content,
        said=said,
        urgency="Past",
        certainty="Observed" if why == OVER else "Unlikely",
        response_types=("AllClear",),
        siren="all_clear" if content.siren == "attention" else "none",
        minutes=minutes,
    )
