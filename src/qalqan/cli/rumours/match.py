"""``qalqan rumours match``: has this been answered before?"""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from qalqan.cli.commands.imports import readable
from qalqan.cli.console import Progress, print_json, progress, say
from qalqan.cli.rumours.quoted import quoted_rows
from qalqan.cli.rumours.tables import whole_file
from qalqan.errors import InputError, Location

if TYPE_CHECKING:
    from qalqan.science.rumours.match import AnsweredClaim, AnsweredIndex, Match

_BATCH = 64


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog="Example: qalqan rumours match --claims C.tsv --queries Q.tsv -k 5 --out RUN.tsv"
    )(match)


def match(
    claims: Annotated[Path, typer.Option(help="Answered claims: columns id, text[, title].")],
    queries: Annotated[Path, typer.Option(help="What people say now: columns id, text.")],
    out: Annotated[Path, typer.Option(help="Where to write query, claim, rank, score.")],
    k: Annotated[int, typer.Option("-k", help="Claims a query.", min=1)] = 5,
    deep: Annotated[
        bool,
        typer.Option(
            help="Give every claim a vector, also in files above 2,000 claims: finds claims in "
            "another language, takes minutes."
        ),
    ] = False,
    probability: Annotated[
        bool,
        typer.Option(
            help="Add a column with the calibrated probability, and a row with an empty claim "
            "for 'not answered before'."
        ),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Find for each text the answered claims it most probably repeats."""
    for path in (claims, queries):
        readable(path)
    from qalqan.science.rumours.match import AnsweredIndex

    with progress(quiet=json) as bars, whole_file(out) as written:
        known = _claims(claims, bars)
        bars("index", 0, len(known))
        index = AnsweredIndex(known, embed_all=True if deep else None)
        bars("index", len(known), len(known))
        columns = ("query", "claim", "rank", "score", *(("probability",) if probability else ()))
        written.write("\t".join(columns) + "\n")
        done = _run(index, queries, written, k=k, probability=probability, bars=bars)
    result = {"claims": len(known), "queries": done, "k": k, "out": str(out)}
    if json:
        print_json(result)
    else:
        say(", ".join(f"{key} {value}" for key, value in result.items()))


def _claims(path: Path, bars: Progress) -> list[AnsweredClaim]:
    from qalqan.science.rumours.match import AnsweredClaim

    found = []
    for at, (name, text, title) in quoted_rows(path, ("id", "text"), ("title",)):
        _check(path, at, name, text)
        found.append(AnsweredClaim(name, text, title))
        if not len(found) % 1000:
            bars("claims", len(found), 0)
    bars("claims", len(found), len(found))
    return found


def _check(path: Path, at: int, name: str, text: str) -> None:
    for field, value in (("id", name), ("text", text)):
        if not value.strip():
            raise InputError("this field is empty", location=Location(str(path), at, field))


def _run(
    index: AnsweredIndex,
    path: Path,
    written: TextIO,
    *,
    k: int,
    probability: bool,
    bars: Progress,
) -> int:
    total = sum(1 for _ in quoted_rows(path, ("id", "text")))
    seen: dict[str, int] = {}
    read = quoted_rows(path, ("id", "text"))
    while batch := list(islice(read, _BATCH)):
        for at, (name, text) in batch:
            _check(path, at, name, text)
            if name in seen:
                raise InputError(
                    f"query {name!r} stands on line {seen[name]} already",
                    location=Location(str(path), at, "id"),
                )
            seen[name] = at
            (found,) = index.match([text], k)
            written.writelines(_lines(name, found, probability=probability))
            bars("queries", len(seen), total)
    return len(seen)


def _lines(query: str, found: list[Match], *, probability: bool) -> list[str]:
    lines = []
    for rank, match in enumerate(found, start=1):
        if match.id is None and not probability:
            continue
        claim = "" if match.id is None else match.id
        tail = f"\t{match.probability:.6f}" if probability else ""
        lines.append(f"{query}\t{claim}\t{rank}\t{match.score:.9g}{tail}\n")
    return lines
