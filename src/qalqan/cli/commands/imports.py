"""Take files into the desk."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated, Any

import typer

from qalqan.cli.console import print_json, progress, say
from qalqan.cli.desk import now, open_desk
from qalqan.errors import InputError, Location

File = Annotated[Path, typer.Argument(help="File to read.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
KeepGood = Annotated[
    bool, typer.Option(help="Store the good rows and write the bad ones to a rejects file.")
]
Rejects = Annotated[
    Path | None, typer.Option(help="Where rejected rows go [default: FILE.rejects.csv].")
]

import_app = typer.Typer(help="Take a file into the desk.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    add = import_app.command
    add("messages", epilog="Example: qalqan import messages posts.csv --source 'City forum'")(
        messages
    )
    add("incidents", epilog="Example: qalqan import incidents ledger.csv --keep-good")(incidents)
    add("areas", epilog="Example: qalqan import areas districts.geojson --code KATO")(areas)
    add("settlements", epilog="Example: qalqan import settlements settlements.csv")(settlements)
    add("population", epilog="Example: qalqan import population population.csv")(population)
    add("sites", epilog="Example: qalqan import sites sites.xlsx --keep-good")(sites)
    add("bodies", epilog="Example: qalqan import bodies bodies.xlsx --keep-good")(bodies)
    add("matrix", epilog="Example: qalqan import matrix matrix.csv --keep-good")(matrix)
    add("activities", epilog="Example: qalqan import activities events.xlsx --keep-good")(
        activities
    )
    app.add_typer(import_app, name="import")


def readable(path: Path) -> Path:
    """Refuse a path that is not a readable file.

    Raises
    ------
    InputError
        The file is missing, a folder, or empty.
    """
    if not path.exists():
        raise InputError("there is no such file", location=Location(str(path)))
    if not path.is_file():
        raise InputError("this is not a file", location=Location(str(path)))
    if path.stat().st_size == 0:
        raise InputError("the file is empty", location=Location(str(path)))
    return path


def show(report: Any, *, json: bool) -> None:
    """Print what an import did."""
    data = dataclasses.asdict(report)
    if json:
        print_json(data)
    else:
        told = {key: value for key, value in data.items() if value not in (None, "", (), [])}
        say(", ".join(f"{key} {value}" for key, value in told.items()))


def _rejects(path: Path, rejects: Path | None, *, keep_good: bool) -> Path | None:
    return (rejects or path.with_name(f"{path.name}.rejects.csv")) if keep_good else None


def messages(
    file: File,
    source: Annotated[str | None, typer.Option(help="Name of the channel, if not in it.")] = None,
    format: Annotated[
        str | None, typer.Option(help="csv, jsonl, telegram or feed [default: by content].")
    ] = None,
    keep_good: KeepGood = False,
    rejects: Rejects = None,
    json: Json = False,
) -> None:
    """Messages: CSV, JSONL, Telegram export, RSS or Atom. Authors are dropped unread."""
    readable(file)
    open_desk()
    from qalqan.desk.intake.services import import_messages
    from qalqan.desk.platform.policies import SystemActor

    with progress(quiet=json) as bars:
        report = import_messages(
            actor=SystemActor("cli"),
            path=file,
            format=format,
            source_name=source,
            now=now(),
            keep_good=keep_good,
            rejects=_rejects(file, rejects, keep_good=keep_good),
            progress=lambda done, total: bars("messages", done, total or 0),
        )
    show(report, json=json)


def incidents(
    file: File,
    layout: Annotated[
        str | None,
        typer.Option(help="qalqan, ucdp-ged, gtd or acled [default: by the header]."),
    ] = None,
    map: Annotated[
        Path | None, typer.Option(help="Your own map of the columns: TOML or JSON.")
    ] = None,
    keep_good: KeepGood = False,
    rejects: Rejects = None,
    json: Json = False,
) -> None:
    """Incidents: CSV (own columns, UCDP, GTD, ACLED or your map), GeoJSON, STIX 2.1 bundle."""
    readable(file)
    open_desk()
    from qalqan.desk.incidents.services import import_incidents
    from qalqan.desk.platform.policies import SystemActor

    with progress(quiet=json) as bars:
        report = import_incidents(
            actor=SystemActor("cli"),
            path=file,
            now=now(),
            keep_good=keep_good,
            rejects=_rejects(file, rejects, keep_good=keep_good),
            progress=lambda done: bars("incidents", done, 0),
            layout=layout,
            column_map=map,
        )
    show(report, json=json)


def areas(
    file: File,
    code: Annotated[str, typer.Option(help="Property that holds the code [default: found].")] = "",
    name: Annotated[str, typer.Option(help="Property that holds the name [default: found].")] = "",
    kind: Annotated[str, typer.Option(help="district or province.")] = "district",
    approximate: Annotated[bool, typer.Option(help="Label the boundaries approximate.")] = False,
    json: Json = False,
) -> None:
    """Boundaries: any GeoJSON whose features have a code and a name."""
    readable(file)
    open_desk()
    from qalqan.desk.platform.places.services import FieldNames, import_areas
    from qalqan.desk.platform.policies import SystemActor

    report = import_areas(
        actor=SystemActor("cli"),
        path=file,
        now=now(),
        kind=kind,
        fields=FieldNames(code=code, name=name),
        approximate=approximate,
    )
    show(report, json=json)


def settlements(file: File, json: Json = False) -> None:
    """Settlements: CSV with name, latitude, longitude and what else is known."""
    readable(file)
    open_desk()
    from qalqan.desk.platform.places.services import import_settlements
    from qalqan.desk.platform.policies import SystemActor

    show(import_settlements(actor=SystemActor("cli"), path=file, now=now()), json=json)


def population(file: File, json: Json = False) -> None:
    """Population by place and year: CSV with code, year and count."""
    readable(file)
    open_desk()
    from qalqan.desk.platform.places.services import import_population
    from qalqan.desk.platform.policies import SystemActor

    show(import_population(actor=SystemActor("cli"), path=file, now=now()), json=json)


def sites(
    file: File,
    keep_good: KeepGood = False,
    rejects: Rejects = None,
    allow_doubles: Annotated[
        bool, typer.Option(help="Take rows that are like a site of the register.")
    ] = False,
    json: Json = False,
) -> None:
    """Sites to protect: CSV or XLSX; a row with the number of a site corrects that site."""
    readable(file)
    open_desk()
    from qalqan.desk.platform.policies import SystemActor
    from qalqan.desk.protection.services.importing import import_sites

    with progress(quiet=json) as bars:
        report = import_sites(
            actor=SystemActor("cli"),
            path=file,
            now=now(),
            keep_good=keep_good,
            rejects=_rejects(file, rejects, keep_good=keep_good),
            allow_doubles=allow_doubles,
            progress=lambda done: bars("sites", done, 0),
        )
    show(report, json=json)


def bodies(
    file: File,
    keep_good: KeepGood = False,
    rejects: Rejects = None,
    allow_doubles: Annotated[
        bool, typer.Option(help="Take rows that are like a body of the directory.")
    ] = False,
    json: Json = False,
) -> None:
    """State bodies and groups: CSV or XLSX; a row with the number of a body corrects it."""
    readable(file)
    open_desk()
    from qalqan.desk.agencies.services.importing import import_bodies
    from qalqan.desk.platform.policies import SystemActor

    with progress(quiet=json) as bars:
        report = import_bodies(
            actor=SystemActor("cli"),
            path=file,
            now=now(),
            keep_good=keep_good,
            rejects=_rejects(file, rejects, keep_good=keep_good),
            allow_doubles=allow_doubles,
            progress=lambda done: bars("bodies", done, 0),
        )
    show(report, json=json)


def matrix(
    file: File,
    keep_good: KeepGood = False,
    rejects: Rejects = None,
    json: Json = False,
) -> None:
    """Who answers for what where: CSV or XLSX with matter, area, body, part, since."""
    readable(file)
    open_desk()
    from qalqan.desk.agencies.services.part_importing import import_parts
    from qalqan.desk.platform.policies import SystemActor

    with progress(quiet=json) as bars:
        report = import_parts(
            actor=SystemActor("cli"),
            path=file,
            now=now(),
            keep_good=keep_good,
            rejects=_rejects(file, rejects, keep_good=keep_good),
            progress=lambda done: bars("parts", done, 0),
        )
    show(report, json=json)


def activities(
    file: File,
    body: Annotated[
        str | None, typer.Option(help="Number of the body that holds what names none.")
    ] = None,
    keep_good: KeepGood = False,
    rejects: Rejects = None,
    json: Json = False,
) -> None:
    """Activities: CSV or XLSX, or submissions of an ODK form (CSV, XLSX, XML)."""
    readable(file)
    open_desk()
    from qalqan.desk.outreach.services.importing import How, import_activities
    from qalqan.desk.platform.policies import SystemActor

    with progress(quiet=json) as bars:
        report = import_activities(
            actor=SystemActor("cli"),
            path=file,
            now=now(),
            how=How(
                keep_good=keep_good,
                rejects=_rejects(file, rejects, keep_good=keep_good),
                body_id=_body(body),
            ),
            progress=lambda done: bars("activities", done, 0),
        )
    show(report, json=json)


def _body(number: str | None) -> int | None:
    if number is None:
        return None
    from qalqan.desk.agencies import selectors
    from qalqan.desk.platform.policies import SystemActor

    rows = selectors.bodies(SystemActor("cli"))
    found = rows.filter(number=int(number)).first() if number.isdecimal() else None
    if found is None:
        raise InputError(f"no body has the number {number}", location=Location(field="--body"))
    return int(found.pk)
