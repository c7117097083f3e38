"""RSS and Atom, read from a file or from bytes that were fetched; never from the network."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from qalqan.desk.intake.readers.build import build, rejected
from qalqan.desk.intake.readers.records import Record, Rejected

_ITEMS = frozenset({"item", "entry"})
_TITLES = ("title",)
_BODIES = ("description", "summary", "content", "encoded")
_TIMES = ("pubDate", "published", "date", "updated")
_NUMBERS = ("guid", "id", "link")
_MOST_WORDS = 2_000


def read_feed(path: Path, zone: tzinfo) -> Iterator[Record | Rejected]:
    """Read the items of a feed kept in a file."""
    with path.open("rb") as file:
        yield from read_feed_stream(file, path.name, zone)


def read_feed_stream(file: IO[bytes], name: str, zone: tzinfo) -> Iterator[Record | Rejected]:
    """Read the items of a feed; authors are not read.

    Parameters
    ----------
    file
        The bytes; a document type declaration is refused.
    name
        For errors.
    zone
        Of times without one.
    """
    from lxml import etree

    channel, seen = "", 0
    try:
        steps = etree.iterparse(
            file, events=("start", "end"), resolve_entities=False, no_network=True,
            load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        depth = 0
        for event, node in steps:
            tag = etree.QName(node).localname
            if event == "start":
                if depth == 0 and node.getroottree().docinfo.internalDTD is not None:
                    why = _("A document type declaration is not taken.")
                    yield rejected(name, node.sourceline, None, why)
                    return
                depth += 1
                continue
            depth -= 1
            if tag == "title" and depth <= 2 and not seen and not channel:
                parent = node.getparent()
                if parent is None or etree.QName(parent).localname not in _ITEMS:
                    channel = (node.text or "").strip()[:200]
            if tag in _ITEMS:
                seen += 1
                yield _record(node, channel, name, zone)
                node.clear()
                while node.getprevious() is not None:
                    del node.getparent()[0]
    except etree.XMLSyntaxError as error:
        line = error.lineno or None
        yield rejected(name, line, None, _("No well-formed XML: %(why)s.") % {"why": error.msg})
        return
    if not seen:
        yield rejected(name, None, None, _("The feed has no items."))


def _record(node: Any, channel: str, name: str, zone: tzinfo) -> Record | Rejected:
    from lxml import etree

    values: dict[str, str] = {}
    for child in node:
        tag = etree.QName(child).localname
        text = "".join(child.itertext()) if len(child) else child.text
        values.setdefault(tag, (text or child.get("href") or "").strip())
    title = plain(next((values[t] for t in _TITLES if values.get(t)), ""))
    body = plain(next((values[t] for t in _BODIES if values.get(t)), ""))
    text = title if not body or body == title else f"{title}\n{body}".strip()
    return build(
        name, node.sourceline, zone, {"time": "date", "text": "title"},
        next((values[t] for t in _TIMES if values.get(t)), ""), text, channel,
        next((values[t] for t in _NUMBERS if values.get(t)), ""),
    )  # fmt: skip


def plain(markup: str) -> str:
    """Take the words out of HTML.

    >>> plain("<p>Су <b>жоқ</b></p>")
    'Су жоқ'
    """
    if "<" not in markup and "&" not in markup:
        return " ".join(markup.split())
    from lxml import etree, html

    try:
        tree = html.fromstring(f"<div>{markup}</div>")
    except (etree.ParserError, ValueError):
        return ""
    for node in tree.xpath("//script|//style"):
        node.drop_tree()
    words = " ".join(tree.itertext()).split()
    return " ".join(words[:_MOST_WORDS])
