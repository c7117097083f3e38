"""``qalqan rumours pairs``: do two texts say the same?"""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from qalqan.cli.commands.imports import readable
from qalqan.cli.console import print_json, progress, say
from qalqan.cli.rumours.tables import rows, whole_file

_BATCH = 256


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: qalqan rumours pairs IN.tsv --out OUT.tsv")(pairs)


def pairs(
    file: Annotated[Path, typer.Argument(help="Tab-separated, columns id, a, b.")],
    out: Annotated[Path, typer.Option(help="Where to write id, probability.")],
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Say for each pair of texts how probable it is that both say the same."""
    readable(file)
    from qalqan.science.rumours.merge import judge_pairs

    done = 0
    with progress(quiet=json) as bars, whole_file(out) as written:
        written.write("id\tprobability\n")
        read = rows(file, ("id", "a", "b"))
        while batch := list(islice(read, _BATCH)):
            judged = judge_pairs(
                [row[1] for _, row in batch], [row[2] for _, row in batch], embedder=None
            )
            for (_, row), judgement in zip(batch, judged, strict=True):
                written.write(f"{row[0]}\t{judgement.probability:.6f}\n")
            done += len(batch)
            bars("pairs", done, 0)
    if json:
        print_json({"pairs": done, "out": str(out)})
    else:
        say(f"pairs {done}, out {out}")
