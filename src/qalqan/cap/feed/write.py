"""Atom, RSS and JSON feeds, the same input giving the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape
from typing import Any, Final

from qalqan.cap.feed.model import Channel, Item, block_in, require_one_status, title_of
from qalqan.cap.feed.plain import as_plain
from qalqan.cap.model import NAMESPACE, Alert

_CAP_TYPE: Final = "application/cap+xml"
_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_atom(channel: Channel, items: Sequence[Item]) -> bytes:
    """Return an Atom feed (RFC 4287), newest first, each entry linking its CAP file.

    What hubs filter by (status, msgType, event, times, urgency, severity, certainty, area) stands
    in each entry as elements of CAP's namespace, as national weather services do it.

    Raises
    ------
    ValueError
        Alerts of another status than the feed's, or alerts that are not public.
    """
    require_one_status(channel, items)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:cap="{NAMESPACE}"'
        f' xml:lang="{_safe(channel.language)}">',
        f"  <id>{_safe(channel.url)}</id>",
        f"  <title>{_safe(channel.title)}</title>",
        f"  <updated>{channel.updated.isoformat(timespec='seconds')}</updated>",
        f"  <author><name>{_safe(channel.publisher)}</name></author>",
        f'  <link rel="self" type="application/atom+xml" href="{_safe(channel.url)}"/>',
        f'  <link rel="alternate" type="text/html" href="{_safe(channel.page_url)}"/>',
        "  <generator>Qalqan</generator>",
    ]
    for item in _newest_first(items):
        lines.extend(_atom_entry(channel, item))
    return "\n".join([*lines, "</feed>", ""]).encode()


def _atom_entry(channel: Channel, item: Item) -> Iterable[str]:
    alert = item.alert
    info = block_in(alert, channel.language)
    yield "  <entry>"
    yield f"    <id>{_safe(item.cap_url)}</id>"
    yield f"    <title>{_safe(title_of(alert, channel.language))}</title>"
    yield f"    <updated>{alert.sent}</updated>"
    yield f"    <published>{alert.sent}</published>"
    yield f'    <link rel="related" type="{_CAP_TYPE}" href="{_safe(item.cap_url)}"/>'
    if item.page_url:
        yield f'    <link rel="alternate" type="text/html" href="{_safe(item.page_url)}"/>'
    if info and info.description:
        yield f"    <summary>{_safe(info.description)}</summary>"
    for name, value in _elements(alert, channel.language):
        yield f"    <cap:{name}>{_safe(value)}</cap:{name}>"
    yield "  </entry>"


def write_rss(channel: Channel, items: Sequence[Item]) -> bytes:
    """Return an RSS 2.0 feed, newest first, each item's link leading to its CAP file.

    Raises
    ------
    ValueError
        As `write_atom`.
    """
    require_one_status(channel, items)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:cap="{NAMESPACE}">',
        "  <channel>",
        f"    <title>{_safe(channel.title)}</title>",
        f"    <link>{_safe(channel.page_url)}</link>",
        f"    <description>{_safe(channel.publisher)}</description>",
        f"    <language>{_safe(channel.language)}</language>",
        f"    <pubDate>{format_datetime(channel.updated)}</pubDate>",
        f'    <atom:link rel="self" type="application/rss+xml" href="{_safe(channel.url)}"/>',
    ]
    for item in _newest_first(items):
        lines.extend(_rss_item(channel, item))
    return "\n".join([*lines, "  </channel>", "</rss>", ""]).encode()


def _rss_item(channel: Channel, item: Item) -> Iterable[str]:
    alert = item.alert
    info = block_in(alert, channel.language)
    yield "    <item>"
    yield f"      <title>{_safe(title_of(alert, channel.language))}</title>"
    yield f"      <link>{_safe(item.cap_url)}</link>"
    yield f'      <guid isPermaLink="false">{_safe(str(alert.reference))}</guid>'
    yield f"      <pubDate>{format_datetime(alert.sent.moment)}</pubDate>"
    for category in info.categories if info else ():
        yield f"      <category>{category}</category>"
    if info and info.description:
        yield f"      <description>{_safe(info.description)}</description>"
    for name, value in _elements(alert, channel.language):
        yield f"      <cap:{name}>{_safe(value)}</cap:{name}>"
    yield "    </item>"


def write_json(channel: Channel, items: Sequence[Item]) -> bytes:
    """Return a JSON feed: each alert whole, with the specification's names.

    Raises
    ------
    ValueError
        As `write_atom`.
    """
    require_one_status(channel, items)
    data: dict[str, Any] = {
        "id": channel.url,
        "title": channel.title,
        "publisher": channel.publisher,
        "language": channel.language,
        "status": str(channel.status),
        "updated": channel.updated.isoformat(timespec="seconds"),
        "alerts": [
            {
                "title": title_of(item.alert, channel.language),
                "cap": item.cap_url,
                "page": item.page_url or None,
                "over": item.is_over,
                "alert": as_plain(item.alert),
            }
            for item in _newest_first(items)
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def _elements(alert: Alert, language: str) -> Iterable[tuple[str, str]]:
    info = block_in(alert, language)
    yield "identifier", alert.identifier
    yield "sender", alert.sender
    yield "sent", str(alert.sent)
    yield "status", alert.status
    yield "msgType", alert.msg_type
    if info is None:
        return
    yield "event", info.event
    yield "urgency", info.urgency
    yield "severity", info.severity
    yield "certainty", info.certainty
    for name in ("effective", "onset", "expires"):
        if value := getattr(info, name):
            yield name, str(value)
    for area in info.areas:
        yield "areaDesc", area.area_desc
        for shape in area.polygons:
            yield "polygon", str(shape)


def _newest_first(items: Sequence[Item]) -> list[Item]:
    def order(item: Item) -> tuple[datetime, str]:
        return item.alert.sent.moment, item.alert.identifier

    return sorted(items, key=order, reverse=True)


def _safe(text: str) -> str:
    """Return text for XML: signs it cannot hold are left out, the rest is escaped."""
    return escape(_FORBIDDEN.sub("", str(text)))
