"""Others' feeds: Atom, RSS 2.0, or a CAP file alone; no network, nothing trusted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from html import unescape
from typing import TYPE_CHECKING, Final

from qalqan.cap.document import parse
from qalqan.cap.errors import CapError
from qalqan.cap.limits import LIMITS, Limits
from qalqan.cap.model import Alert
from qalqan.errors import Location

if TYPE_CHECKING:
    from lxml.etree import _Element

ATOM: Final = "http://www.w3.org/2005/Atom"
MOST_ENTRIES: Final = 1000
_LONGEST: Final = 500
_CAP: Final = re.compile(r"\{(urn:oasis:names:tc:emergency:cap:1\.[12]|"
                         r"http://www\.incident\.com/cap/1\.0)\}alert")  # fmt: skip
_TAG: Final = re.compile(r"<[^<>]{0,2000}>")
_BLANKS: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of somebody's feed; none of it is verified.

    Parameters
    ----------
    id, title, summary
        As the feed says, tags taken out, at most 500 signs.
    link
        Where its CAP file should lie, as written: it may be relative.
    updated
        When it changed; ``None`` where the feed says nothing that can be read.
    cap
        The CAP file, where the feed carries it within.
    """

    id: str
    title: str
    summary: str
    link: str
    updated: datetime | None
    cap: bytes | None

    def alert(self) -> Alert | None:
        """Return the alert carried within, read leniently.

        Raises
        ------
        CapError
            It cannot be understood.
        """
        from qalqan.cap.read import read_lenient

        return read_lenient(self.cap).alert if self.cap else None


@dataclass(frozen=True, slots=True)
class Feed:
    """Somebody's feed; ``left_out`` counts entries beyond the thousandth."""

    kind: str
    title: str
    updated: datetime | None
    entries: tuple[Entry, ...]
    left_out: int = 0


def read_feed(data: bytes, *, limits: Limits = LIMITS) -> Feed:
    """Read a feed.

    Parameters
    ----------
    data
        Atom, RSS 2.0, or one CAP file, which counts as a feed of one entry.

    Raises
    ------
    XmlRefused
        The bytes are no XML that may be opened.
    CapError
        It is none of the three.
    """
    root = parse(data, limits)
    if root.tag == f"{{{ATOM}}}feed":
        children = root.findall(f"{{{ATOM}}}entry")
        entries = tuple(_atom(entry) for entry in children[:MOST_ENTRIES])
        title, updated = _text(root, f"{{{ATOM}}}title"), _moment(root, f"{{{ATOM}}}updated")
        return Feed("atom", title, updated, entries, max(0, len(children) - MOST_ENTRIES))
    channel = root.find("channel") if root.tag == "rss" else None
    if channel is not None:
        children = channel.findall("item")
        entries = tuple(_rss(item) for item in children[:MOST_ENTRIES])
        title, updated = _text(channel, "title"), _moment(channel, "lastBuildDate", "pubDate")
        return Feed("rss", title, updated, entries, max(0, len(children) - MOST_ENTRIES))
    if _CAP.fullmatch(str(root.tag)):
        return Feed("cap", "", None, (_single(root, data),))
    raise CapError(
        "this is neither Atom nor RSS nor CAP", location=Location(line=1, field=str(root.tag)[:80])
    )


def _atom(entry: _Element) -> Entry:
    return Entry(
        id=_text(entry, f"{{{ATOM}}}id"),
        title=_text(entry, f"{{{ATOM}}}title"),
        summary=_text(entry, f"{{{ATOM}}}summary"),
        link=_atom_link(entry),
        updated=_moment(entry, f"{{{ATOM}}}updated", f"{{{ATOM}}}published"),
        cap=_within(entry),
    )


def _atom_link(entry: _Element) -> str:
    """Return the address of the CAP file: what says to be one, else the main link."""
    links = entry.findall(f"{{{ATOM}}}link")
    typed = [link for link in links if link.get("type", "").partition(";")[0] in (
        "application/cap+xml", "application/common-alerting-protocol+xml")]  # fmt: skip
    main = [link for link in links if link.get("rel", "alternate") == "alternate"]
    for link in (*typed, *main, *links):
        return str(link.get("href", "")).strip()[:2000]
    return ""


def _rss(item: _Element) -> Entry:
    return Entry(
        id=_text(item, "guid"),
        title=_text(item, "title"),
        summary=_text(item, "description"),
        link=(item.findtext("link") or "").strip()[:2000],
        updated=_moment(item, "pubDate", f"{{{ATOM}}}updated"),
        cap=_within(item),
    )


def _single(root: _Element, data: bytes) -> Entry:
    space = str(root.tag).partition("}")[0]
    return Entry(
        id=_text(root, f"{space}}}identifier"),
        title=_text(root, f"{space}}}info/{space}}}headline")
        or _text(root, f"{space}}}info/{space}}}event"),
        summary=_text(root, f"{space}}}info/{space}}}description"),
        link="",
        updated=_moment(root, f"{space}}}sent"),
        cap=data,
    )


def _within(entry: _Element) -> bytes | None:
    from lxml import etree

    for node in entry.iter():
        if isinstance(node.tag, str) and _CAP.fullmatch(node.tag):
            data: bytes = etree.tostring(node, with_tail=False, encoding="utf-8")
            return data
    return None


def _text(parent: _Element, path: str) -> str:
    found = parent.find(path)
    if found is None:
        return ""
    text = "".join(str(part) for part in found.itertext())
    return _BLANKS.sub(" ", _TAG.sub(" ", unescape(text))).strip()[:_LONGEST]


def _moment(parent: _Element, *paths: str) -> datetime | None:
    for path in paths:
        for moment in _moments((parent.findtext(path) or "").strip()):
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def _moments(text: str) -> Iterator[datetime]:
    try:
        yield datetime.fromisoformat(text)
    except ValueError:
        try:
            yield parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return
