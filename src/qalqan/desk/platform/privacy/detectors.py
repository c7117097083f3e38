"""Find the traces: airlock-pii for numbers with check digits, our own patterns for the rest.

Measured on our labelled sentences, airlock-pii misses phone numbers without a country prefix,
e-mail addresses written around the @ sign, handles and coordinates; those are added here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airlock_pii import EntityType, detect

from qalqan.desk.platform.privacy.kinds import Kind

_AIRLOCK = {
    EntityType.IIN: Kind.IIN,
    EntityType.CARD: Kind.CARD,
    EntityType.KZ_IBAN: Kind.ACCOUNT,
    EntityType.PHONE: Kind.PHONE,
    EntityType.EMAIL: Kind.EMAIL,
}
_AIRLOCK_TYPES = frozenset(_AIRLOCK)

WORTH_A_LOOK = re.compile(
    r"[@＠]|\d[\d\W]{4,}\d|t\.me/|(?:vk|instagram|facebook|tiktok)\.com/"
    r"|собак[аи]|[(\[ ]at[)\] ]",
    re.IGNORECASE,
)
"""A text without any of this holds no trace; nearly all messages leave here."""

_PHONE_CUE = (
    r"(?:тел(?:ефон\w*|\.)?|номер\w*|нөмір\w*|звон\w+|сотк\w+|сотовый|ұялы|хабарлас\w*|қоңырау"
    r"|whats?\s?app|ватсап\w*|уатсап\w*|вацап\w*|вотсап\w*|phone|call|text|nomir\w*|nömir\w*"
    r"|habarlas\w*|telefon\w*|моб(?:\.|ильный)?|viber|вайбер\w*)"
)
_GAP = r"[\s:.,;№#\-–—()]*(?:\w+\s+){0,2}[\s:№#\-–—(]*"
_MOBILE = re.compile(
    r"(?<![\d.,/\-])(?:\+?\s?7|8)?[\s(\-–.]{0,2}7\d\d[\s)\-–.]{0,3}\d{3}[\s\-–.]{0,2}\d\d"
    r"[\s\-–.]{0,2}\d\d(?![\d]|[.,]\d)"
)
_LAND_LINE = re.compile(
    rf"\b{_PHONE_CUE}{_GAP}((?:\(?7\d{{2,4}}\)?[\s\-–]?)?\d{{2,3}}[\s\-–]?\d{{2}}[\s\-–]?\d{{2}})"
    r"(?![\d]|[.,]\d)",
    re.IGNORECASE,
)
_AREA_CODE = re.compile(r"(?<!\d)8?\s?\(?7[12]\d{2,3}\)\s?\d{2,3}[\s\-–]?\d{2}[\s\-–]?\d{2}(?!\d)")
_AT = r"\s?(?:@|＠|[(\[{]\s?(?:at|@|собака|ит)\s?[)\]}]|\s(?:at|собака)\s)\s?"
_DOT = r"\s?(?:\.|[(\[{]\s?(?:dot|точка|нүкте|\.)\s?[)\]}]|\s(?:dot|точка|нүкте)\s)\s?"
_EMAIL = re.compile(
    rf"(?<![\w.+-])[\w.+-]+{_AT}[\w-]+(?:{_DOT}[\w-]+)*{_DOT}(?:kz|ru|com|net|org|info|me|рф|қаз)\b",
    re.IGNORECASE,
)
_PLAIN_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE)
_HANDLE = re.compile(
    r"(?<![\w@./])@[A-Za-z_][\w.]{2,31}\b"
    r"|\b(?:https?://)?(?:www\.)?(?:t\.me|vk\.com|instagram\.com|facebook\.com|tiktok\.com)/"
    r"@?[\w.+]{3,}",
    re.IGNORECASE,
)
_COORDINATES = re.compile(
    r"(?<![\d.])[+-]?\d{1,2}[.,]\d{3,}\s*°?\s*[NSСЮ]?\s*[,;\s]\s*"
    r"[+-]?\d{1,3}[.,]\d{3,}\s*°?\s*[EWВЗ]?(?![\d.])"
    r"|\d{1,2}°\s?\d{1,2}['′]\s?\d{1,2}(?:[.,]\d+)?[\"″]?\s*[NSСЮ]?\s*[,;\s]\s*"
    r"\d{1,3}°\s?\d{1,2}['′]\s?\d{1,2}(?:[.,]\d+)?[\"″]?"
)
_SPACED_IIN = re.compile(
    r"\b(?:ИИН|ЖСН|IIN|JSN)\b[\s:№#\-–—]*((?:\d[\s\-]?){11}\d)(?!\d)", re.IGNORECASE
)
_SPACED_CARD = re.compile(r"(?<![\d])(?:\d{4}[\s\-.]){3}\d{4}(?!\d)")

_EDGE = " \t\n\r,;.-–"
Span = tuple[int, int, Kind]


def spans(text: str) -> Iterator[Span]:
    """Yield where something stands that gives a person away; stretches may overlap."""
    for start, end, kind in _rough_spans(text):
        stretch = text[start:end]
        yield (
            start + len(stretch) - len(stretch.lstrip(_EDGE)),
            end - len(stretch) + len(stretch.rstrip(_EDGE)),
            kind,
        )


def _rough_spans(text: str) -> Iterator[Span]:
    for pattern, kind in (
        (_PLAIN_EMAIL, Kind.EMAIL),
        (_EMAIL, Kind.EMAIL),
        (_COORDINATES, Kind.COORDINATES),
        (_MOBILE, Kind.PHONE),
        (_AREA_CODE, Kind.PHONE),
        (_SPACED_CARD, Kind.CARD),
        (_HANDLE, Kind.HANDLE),
    ):
        for match in pattern.finditer(text):
            yield match.start(), match.end(), kind
    for pattern, kind in ((_SPACED_IIN, Kind.IIN), (_LAND_LINE, Kind.PHONE)):
        for match in pattern.finditer(text):
            yield match.start(1), match.end(1), kind
    for entity in detect(text, types=_AIRLOCK_TYPES):
        yield entity.start, entity.end, _AIRLOCK[entity.type]
