"""``qalqan cap feed``: read somebody's feed of alerts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qalqan.cli.console import print_json, say
from qalqan.errors import QalqanError

if TYPE_CHECKING:
    from qalqan.cap.feed import Entry

EXAMPLES = (
    "Examples: qalqan cap feed https://alerts.example/cap.atom · qalqan cap feed saved.rss --json"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("feed", epilog=EXAMPLES)(read_feed_of)


def read_feed_of(
    source: Annotated[str, typer.Argument(help="Address (http, https) or file; - for input.")],
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """List the entries of an Atom or RSS feed, and the alerts it carries within.

    An address must be public; at most 2 MiB are read, within 20 seconds, over at most three moves.

    Exit codes: 0 read, 1 an alert within cannot be understood, 2 the feed cannot be read.
    """
    from qalqan.cap.feed import read_feed

    base = source if source.startswith(("http://", "https://")) else ""
    feed = read_feed(_bytes(source, is_address=bool(base)))
    rows = [_row(entry, base) for entry in feed.entries]
    if json:
        updated = feed.updated.isoformat() if feed.updated else None
        head = {"kind": feed.kind, "title": feed.title, "updated": updated}
        print_json({**head, "left_out": feed.left_out, "entries": rows})
    else:
        for row in rows:
            say(f"{row['updated'] or '–'} {row['title'] or row['id']}")
            for name in ("link", "alert", "error"):
                if row[name]:
                    say(f"  {name}: {row[name]}")
        if feed.left_out:
            say(f"{feed.left_out} entries more are left out")
    raise typer.Exit(1 if any(row["error"] for row in rows) else 0)


def _bytes(source: str, *, is_address: bool) -> bytes:
    from qalqan.cli.cap.files import read_bytes

    if not is_address:
        return read_bytes(Path(source))
    from django.conf import settings

    if not settings.configured:
        # Fetching needs no desk; only its messages ask for a language.
        settings.configure(USE_I18N=False)
    from qalqan.desk.intake.fetch import fetch

    return fetch(source).body or b""


def _row(entry: Entry, base: str) -> dict[str, Any]:
    from urllib.parse import urljoin

    found: dict[str, Any] = {
        "id": entry.id,
        "title": entry.title,
        "updated": entry.updated.isoformat() if entry.updated else None,
        "link": urljoin(base, entry.link) if base and entry.link else entry.link,
        "alert": None,
        "status": None,
        "error": None,
    }
    try:
        alert = entry.alert()
    except QalqanError as error:
        found["error"] = str(error)
        return found
    if alert is not None:
        found["alert"] = alert.identifier
        found["status"] = str(alert.status)
    return found
