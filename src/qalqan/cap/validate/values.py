"""Checks of one value: each returns the id of the rule it breaks, or ``None``."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from qalqan.cap.values import instant

Check = Callable[[str], str | None]

_SPACES = " \t\r\n"
_NAME = re.compile(r"[^\s,<&]+")
_DATE_TIME = re.compile(
    r"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])"
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][+-](?:0[0-9]|1[0-3]):[0-5][0-9]"
)
_LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*")
_RFC3066 = re.compile(r"(?:[a-zA-Z]{2,3}|[iIxX]-[a-zA-Z0-9]{1,8})(?:-[a-zA-Z0-9]{1,8})*")
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_NUMBER = r"[+-]?+(?:[0-9]{1,9}+(?:\.[0-9]*+)?+|\.[0-9]++)"
_PAIRS = re.compile(rf"{_NUMBER},{_NUMBER}(?:[ \t\r\n]++{_NUMBER},{_NUMBER})*+")
_CIRCLE = re.compile(rf"({_NUMBER}),({_NUMBER})[ \t\r\n]+({_NUMBER})")
_URI = re.compile(r"(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=]++|%[0-9A-Fa-f]{2}|[^\x00-\xa0]++)*+")
_NO_SCHEME = re.compile(r"(?![A-Za-z][A-Za-z0-9+.\-]*:)[^:/?#]*:")
_AUTHORITY = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*://([^/?#]*)")
_HOST = re.compile(r"(?:[^@\[\]]*@)?(?:\[[0-9A-Fa-f:.]+\]|[^:@\[\]]*)(?::[0-9]*)?")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^#]")
_NEEDS_HOST = re.compile(r"(?:https?|ftp|wss?):(?!//[^/?#])", re.IGNORECASE)
_MIME = re.compile(
    r"(?:application|audio|example|font|haptics|image|message|model|multipart|text|video"
    r"|x-[!#$&^_.+0-9a-z\-]+)/[!#$&^_.+%'*`|~0-9a-z\-]+"
    r"(?:[ \t]*;[ \t]*[!#$&^_.+0-9a-z\-]+=(?:\"[^\"]*\"|[^\s;\"]+))*",
    re.IGNORECASE,
)
_BASE64 = re.compile(r"[A-Za-z0-9+/\s]*={0,2}\s*", re.ASCII)
_SHA1 = re.compile(r"[0-9a-fA-F]{40}|[A-Za-z0-9+/]{27}=")
_TRIPLE = re.compile(r"([^\s,<&]+),([^\s,<&]+),([^,]+)")
_TOKENS = re.compile(r"[^ \t\r\n]+")
_DOTTED = re.compile(r"(?:[A-Za-z]\.){2,20}+[A-Za-z]?")
_COMMON_LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})?")
_COMMON_ADDRESS = re.compile(
    r"https?://[A-Za-z0-9.\-]++(?::[0-9]++)?+(?:[/?#][A-Za-z0-9\-._~:/?#@!$&'()*+,;=]*+)?+"
)
_TIME_LENGTH = 25
_LEAST_PAIRS = 4


def date_time(text: str) -> str | None:
    """Schema: the pattern of CAP times, and a day that exists."""
    return None if moment(text.strip(_SPACES)) is not None else "schema.date-time"


def moment(text: str) -> datetime | None:
    """Return the moment of a CAP time, ``None`` where the text is no such time.

    The same as `qalqan.cap.values.instant`, by the quicker parser where that one may be asked.
    """
    if not _DATE_TIME.fullmatch(text):
        return instant(text)
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def language(text: str) -> str | None:
    """Schema: ``xs:language``; an empty element takes the default."""
    if not text or _LANGUAGE.fullmatch(text.strip(_SPACES)):
        return None
    return "schema.language"


def integer(text: str) -> str | None:
    """Schema: ``xs:integer``."""
    return None if _INTEGER.fullmatch(text.strip(_SPACES)) else "schema.integer"


def decimal(text: str) -> str | None:
    """Schema: ``xs:decimal``."""
    return None if _DECIMAL.fullmatch(text.strip(_SPACES)) else "schema.decimal"


def is_name(text: str) -> bool:
    """Whether identifier or sender is free of spaces, commas, ``<`` and ``&``."""
    return _NAME.fullmatch(text) is not None


def is_after(first: str, second: str) -> bool:
    """Whether one time is after another; what is no time is after nothing."""
    if len(first) == len(second) == _TIME_LENGTH and first[19:] == second[19:]:
        # With the same offset the letters are in the order of the times.
        return first > second
    early, late = moment(second.strip(_SPACES)), moment(first.strip(_SPACES))
    return early is not None and late is not None and late > early


def spoken(text: str) -> str | None:
    """Language codes as RFC 3066 assigns them; syntax is the schema's task."""
    if _COMMON_LANGUAGE.fullmatch(text):
        return None
    code = text.strip(_SPACES)
    if not code or _RFC3066.fullmatch(code) or not _LANGUAGE.fullmatch(code):
        return None
    return "spec.language"


def polygon(text: str) -> str | None:
    """A closed ring of at least four pairs on the globe."""
    ring = text.strip(_SPACES)
    if not _PAIRS.fullmatch(ring):
        return "spec.polygon.form"
    numbers = list(map(float, ring.replace(",", " ").split()))
    latitudes, longitudes = numbers[::2], numbers[1::2]
    if max(latitudes) > 90 or min(latitudes) < -90:
        return "spec.polygon.range"
    if max(longitudes) > 180 or min(longitudes) < -180:
        return "spec.polygon.range"
    if len(latitudes) < _LEAST_PAIRS:
        return "spec.polygon.points"
    if numbers[:2] != numbers[-2:]:
        return "spec.polygon.closed"
    return None


def circle(text: str) -> str | None:
    """A pair, a space, and a radius that is not negative."""
    match = _CIRCLE.fullmatch(text.strip(_SPACES))
    if match is None:
        return "spec.circle.form"
    if abs(float(match[1])) > 90 or abs(float(match[2])) > 180:
        return "spec.circle.range"
    if float(match[3]) < 0:
        return "spec.circle.radius"
    return None


def is_common(text: str) -> bool:
    """Whether an address is of the common kind, which needs no closer look."""
    return _COMMON_ADDRESS.fullmatch(text) is not None


def is_uri(text: str) -> bool:
    """Whether only characters of addresses stand there; letters of any script may."""
    if _URI.fullmatch(text) is None or _NO_SCHEME.match(text):
        return False
    authority = _AUTHORITY.match(text)
    return authority is None or _HOST.fullmatch(authority[1]) is not None


def is_absolute(text: str) -> bool:
    """Whether an address names its scheme, and a host where the scheme needs one."""
    return _ABSOLUTE.match(text) is not None and _NEEDS_HOST.match(text) is None


def web(text: str) -> str | None:
    """A full, absolute address."""
    if is_common(text):
        return None
    address = text.strip(_SPACES)
    return None if address and is_uri(address) and is_absolute(address) else "spec.web"


def mime(text: str) -> str | None:
    """Content type and sub-type of RFC 2046."""
    return None if _MIME.fullmatch(text.strip(_SPACES)) else "spec.mime-type"


def base64(text: str) -> str | None:
    """Base-64 with whole groups of four."""
    if not _BASE64.fullmatch(text):
        return "spec.deref-uri"
    packed = "".join(text.split())
    return None if packed and len(packed) % 4 == 0 else "spec.deref-uri"


def digest(text: str) -> str | None:
    """A SHA-1: forty hexadecimal digits, or the same 160 bits in base-64."""
    return None if _SHA1.fullmatch(text.strip(_SPACES)) else "spec.digest.form"


def quotes(text: str) -> bool:
    """Whether quotes come in pairs."""
    return text.count('"') % 2 == 0


def tokens(text: str) -> list[str]:
    """Split at what XML calls white space, and at nothing else."""
    return _TOKENS.findall(text)


def reference(token: str) -> tuple[str, str, str] | None:
    """Split ``sender,identifier,sent``; ``None`` where it is no such triple."""
    match = _TRIPLE.fullmatch(token)
    if match is None or moment(match[3]) is None:
        return None
    return match[1], match[2], match[3]


def is_dotted(text: str) -> bool:
    """Whether an acronym is written with periods."""
    return "." in text and _DOTTED.fullmatch(text.strip(_SPACES)) is not None
