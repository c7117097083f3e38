"""The morning brief."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from qalqan.cli.commands.imports import readable
from qalqan.cli.console import print_json, progress, say
from qalqan.cli.desk import home, now, open_desk
from qalqan.errors import InputError

EXAMPLES = (
    "Examples: qalqan brief · qalqan brief --messages posts.jsonl --incidents ledger.csv "
    "--areas districts.geojson --out today"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(brief)


def brief(
    messages: Annotated[Path | None, typer.Option(help="Messages (CSV, JSONL, …).")] = None,
    incidents: Annotated[Path | None, typer.Option(help="Incidents (CSV).")] = None,
    areas: Annotated[Path | None, typer.Option(help="Boundaries (GeoJSON).")] = None,
    population: Annotated[Path | None, typer.Option(help="Population (CSV).")] = None,
    sites: Annotated[Path | None, typer.Option(help="Sites to protect (CSV).")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write to.")] = None,
    as_of: Annotated[
        datetime | None, typer.Option(help="Moment of the brief (UTC) [default: now].")
    ] = None,
    language: Annotated[str, typer.Option(help="kk, ru or en.")] = "kk",
    seed: Annotated[int, typer.Option(help="Seed of the Monte Carlo tests.")] = 0,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Compute the brief, from the desk or straight from raw files, and write it out.

    With files, no desk is needed and none is changed. Writes brief.html, brief.pdf, brief.json
    and brief.txt, the text for reading aloud in two minutes.
    """
    from datetime import UTC

    moment = as_of.replace(tzinfo=UTC) if as_of else None
    files = [path for path in (messages, incidents, areas, population, sites) if path]
    if files:
        if not (messages or incidents) or not areas:
            raise InputError("raw files need --areas and --messages or --incidents")
        for path in files:
            readable(path)
        from qalqan.cli.raw import brief_from_files

        with progress(quiet=json) as bars:
            written = list(brief_from_files(
                messages=messages, incidents=incidents, areas=areas, population=population,
                sites=sites, out=out or Path("brief"), as_of=moment, language=language,
                seed=seed, now=now(), progress=bars,
            ))  # fmt: skip
    else:
        written = _from_desk(out, moment, language, seed, quiet=json)
    if json:
        print_json({"written": [str(path) for path in written]})
    else:
        for path in written:
            say(str(path))


def _from_desk(
    out: Path | None, as_of: datetime | None, language: str, seed: int, *, quiet: bool
) -> list[Path]:
    open_desk()
    from qalqan.desk.brief.services import compute_brief, write_files
    from qalqan.desk.platform.policies import SystemActor

    with progress(quiet=quiet) as bars:
        edition = compute_brief(
            actor=SystemActor("cli"),
            now=now(),
            as_of=as_of,
            as_of_rule="given" if as_of else "now",
            seed=seed,
            progress=bars,
        )
    return list(write_files(edition, out or home() / "brief", language=language))
