"""Feeds of alerts: Atom, RSS, JSON and GeoJSON written as alert hubs expect, Atom and RSS read."""

from qalqan.cap.feed.model import Channel, Item
from qalqan.cap.feed.plain import as_plain
from qalqan.cap.feed.read import Entry, Feed, read_feed
from qalqan.cap.feed.shapes import write_geojson
from qalqan.cap.feed.write import write_atom, write_json, write_rss

__all__ = [
    "Channel",
    "Entry",
    "Feed",
    "Item",
    "as_plain",
    "read_feed",
    "write_atom",
    "write_geojson",
    "write_json",
    "write_rss",
]
