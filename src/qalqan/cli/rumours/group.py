"""``qalqan rumours group``: which messages say the same in nearly the same words?"""

from __future__ import annotations

import json as _json
from collections.abc import Iterator
from enum import StrEnum
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from qalqan.cli.commands.imports import readable
from qalqan.cli.console import Progress, print_json, progress, say
from qalqan.cli.rumours.lines import Line, read_messages, rejects_file
from qalqan.cli.rumours.tables import whole_file
from qalqan.errors import InputError, Location

if TYPE_CHECKING:
    from qalqan.science.rumours.group import ClaimIndex

_BATCH = 4096


class Engine(StrEnum):
    """Where the work is done."""

    LOCAL = "local"
    SPARK = "spark"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: qalqan rumours group IN.jsonl --out OUT.jsonl")(group)


def group(
    file: Annotated[Path, typer.Argument(help='Lines {"id", "time", "text"} in order of time.')],
    out: Annotated[Path, typer.Option(help='Where to write lines {"id", "claim"}.')],
    engine: Annotated[
        Engine, typer.Option(help="local, or spark (needs the extra and Java 17; any order).")
    ] = Engine.LOCAL,
    keep_good: Annotated[
        bool, typer.Option(help="Group the good lines and write the bad ones to a rejects file.")
    ] = False,
    rejects: Annotated[
        Path | None, typer.Option(help="Where rejected lines go [default: FILE.rejects.csv].")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Give every message the number of its claim, counted from 1 by first appearance."""
    readable(file)
    target = (rejects or file.with_name(f"{file.name}.rejects.csv")) if keep_good else None
    for path in (out, target):
        if path is not None and path.resolve() == file.resolve():
            raise InputError("this would overwrite the input", location=Location(str(path)))
    run = _on_spark if engine is Engine.SPARK else _here
    with (
        progress(quiet=json) as bars,
        whole_file(out) as written,
        rejects_file(target) as bad,
    ):
        lines = bad.good(read_messages(file, in_order=engine is Engine.LOCAL))
        messages, claims = run(lines, written, bars)
    report = {"messages": messages, "claims": claims, "rejected": bad.count, "out": str(out)}
    if bad.count:
        report["rejects"] = str(target)
    if json:
        print_json(report)
    else:
        say(", ".join(f"{key} {value}" for key, value in report.items()))


def _name(name: str | int) -> str:
    return _json.dumps(name, ensure_ascii=False)


def _write(out: TextIO, name: str | int, claim: int) -> None:
    out.write(f'{{"id": {_name(name)}, "claim": {claim}}}\n')


def _here(lines: Iterator[Line], out: TextIO, bars: Progress) -> tuple[int, int]:
    """Group in this process; messages are forgotten as soon as they have their number.

    Messages of the same time are taken by id, so that the claims do not depend on their order in
    the file; they are written in the order of the file.
    """
    from qalqan.science.rumours.group import ClaimIndex

    index, done = ClaimIndex(copies=True), 0
    at_once: list[Line] = []
    for _, same in groupby(lines, key=lambda line: line.time):
        at_once.extend(sorted(same, key=lambda line: _name(line.id)))
        if len(at_once) >= _BATCH:
            done += _flush(index, at_once, out)
            bars("messages", done, 0)
    done += _flush(index, at_once, out)
    return done, index.n_claims


def _flush(index: ClaimIndex, lines: list[Line], out: TextIO) -> int:
    """Give claims to the lines in hand and write them; return how many there were."""
    count = len(lines)
    claims = index.add_many([line.text for line in lines]).tolist()
    in_file = sorted(zip(lines, claims, strict=True), key=lambda pair: pair[0].number)
    for line, claim in in_file:
        _write(out, line.id, claim + 1)
    lines.clear()
    return count


def _on_spark(lines: Iterator[Line], out: TextIO, bars: Progress) -> tuple[int, int]:
    """Group on Spark; the lines are written out in order of time."""
    from qalqan.runners.spark import group_lines

    highest = done = 0
    for name, claim in group_lines(((line.id, line.time, line.text) for line in lines), bars):
        _write(out, name, claim)
        highest = max(highest, claim)
        done += 1
    return done, highest
