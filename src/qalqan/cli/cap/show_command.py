"""``qalqan cap show``: an alert as people read it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qalqan.cli.console import say, say_json

if TYPE_CHECKING:
    from qalqan.cap.model import Alert, Area, Info

EXAMPLES = "Examples: qalqan cap show warning.cap · qalqan cap show --json warning.cap"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("show", epilog=EXAMPLES)(show)


def show(
    files: Annotated[list[Path], typer.Argument(help="CAP alerts; - reads standard input.")],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON line a file.")] = False,
) -> None:
    """Show what alerts say, as far as they can be understood; CAP 1.0 and 1.1 too.

    Exit codes: 0 done, 2 a file cannot be read or is no CAP alert.
    """
    from qalqan.cap.plain import as_dict
    from qalqan.cap.read import read_lenient
    from qalqan.cli.cap.files import read_bytes

    for file in files:
        reading = read_lenient(read_bytes(file))
        if json:
            line: dict[str, Any] = {
                "file": str(file),
                "version": reading.version,
                "alert": as_dict(reading.alert),
                "reasons": [
                    {"line": one.line, "xpath": one.xpath, "text": one.text}
                    for one in reading.reasons
                ],
            }
            say_json(line)
            continue
        for text in _alert(reading.alert):
            say(text)
        for reason in reading.reasons:
            say(f"! {file}:{reason.line}: {reason.text}")


def _alert(alert: Alert) -> Iterator[str]:
    # An exercise must never be taken for the real thing, so that word comes first.
    yield f"{alert.status.value.upper()} · {alert.msg_type.value} · {alert.scope.value}"
    yield f"{alert.identifier} · {alert.sender} · {alert.sent}"
    for name, value in (("source", alert.source), ("note", alert.note)):
        if value:
            yield f"{name}: {value}"
    for reference in alert.references:
        yield f"about: {reference}"
    for info in alert.infos:
        yield ""
        yield from _info(info)


def _info(info: Info) -> Iterator[str]:
    yield f"[{info.spoken_language}] {info.headline or info.event}"
    kinds = ", ".join(one.value for one in info.categories)
    doing = ", ".join(one.value for one in info.response_types)
    yield f"  {info.event} · {kinds}" + (f" · {doing}" if doing else "")
    yield f"  {info.urgency.value} · {info.severity.value} · {info.certainty.value}"
    times = (("from", info.onset or info.effective), ("until", info.expires))
    if any(value for _, value in times):
        yield "  " + " · ".join(f"{name} {value}" for name, value in times if value)
    for text in (info.description, info.instruction, info.sender_name, info.contact, info.web):
        if text:
            yield f"  {text.strip()}"
    for area in info.areas:
        yield f"  where: {area.area_desc}{_shapes(area)}"
    for resource in info.resources:
        yield f"  file: {resource.resource_desc} ({resource.mime_type}) {resource.uri or ''}"


def _shapes(area: Area) -> str:
    counts = (
        ("polygons", len(area.polygons)),
        ("circles", len(area.circles)),
        ("codes", len(area.geocodes)),
    )
    told = ", ".join(f"{count} {name}" for name, count in counts if count)
    return f" ({told})" if told else ""
