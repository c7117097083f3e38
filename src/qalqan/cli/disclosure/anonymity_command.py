"""``qalqan disclosure anonymity``: records that too few others resemble."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from qalqan.cli.console import print_json, print_rows, say
from qalqan.errors import InputError

EXAMPLES = "Example: qalqan disclosure anonymity records.csv --by district,sex,age --k 5 --json"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=EXAMPLES)(anonymity)


def anonymity(
    data: Annotated[Path, typer.Argument(help="CSV, one record a row.")],
    by: Annotated[str, typer.Option(help="Columns that an outsider could know, with commas.")],
    k: Annotated[int, typer.Option(help="Least number of records that look alike.", min=2)] = 5,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Find combinations that fewer than k records share, and say what would help.

    Exit code 1 if there are any.
    """
    document = _found(data, [name.strip() for name in by.split(",") if name.strip()], k)
    if json:
        print_json(document)
    else:
        _show(document)
    if not document["safe"]:
        raise typer.Exit(1)


def _found(path: Path, columns: list[str], k: int) -> dict[str, Any]:
    from qalqan.cli.disclosure.sheet import read_sheet
    from qalqan.science.disclosure.anonymity import anonymity as look

    sheet = read_sheet(path)
    for name in columns:
        if name not in sheet.header:
            raise sheet.wrong(f"there is no column {name[:40]!r}", sheet.header_line, name)
    if not columns:
        raise InputError("--by names at least one column")
    places = [sheet.header.index(name) for name in columns]
    found = look([tuple(row[place] for place in places) for _, row in sheet.rows], columns, k)
    return {
        "safe": not found.small,
        "k": found.k,
        "wanted": k,
        "records": len(sheet.rows),
        "classes": found.classes,
        "small_classes": [
            {"values": dict(zip(columns, one.values, strict=True)), "records": one.records}
            for one in found.small
        ],
        "suggestions": {
            "leave_out_records": found.suppressed,
            "make_coarser": [
                {"column": step.column, "records_still_in_small_classes": step.remaining}
                for step in found.steps
            ],
        },
    }


def _show(document: dict[str, Any]) -> None:
    rows = [
        [" × ".join(one["values"].values()), str(one["records"])]
        for one in document["small_classes"][:50]
    ]
    if rows:
        print_rows("", ["combination", "records"], rows)
    say(f"smallest class: {document['k']} of {document['records']} records")
    if document["safe"]:
        return
    ways = document["suggestions"]
    say(f"leaving out {ways['leave_out_records']} records would be enough, or making coarser:")
    for step in ways["make_coarser"]:
        left = step["records_still_in_small_classes"]
        say(f"  {step['column']}: leaves {left} records in small classes")
