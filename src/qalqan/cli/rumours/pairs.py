"""``qalqan rumours pairs``: do two texts say the same?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qalqan.cli.commands.imports import readable
from qalqan.cli.console import messages, print_json, progress, say
from qalqan.cli.rumours.quoted import quoted_rows
from qalqan.cli.rumours.tables import whole_file
from qalqan.errors import InputError, Location

if TYPE_CHECKING:
    from qalqan.science.rumours.merge import Embedder, MergeModel

_BATCH = 256
_ALL_RUSSIAN = 0.95
_MODELS = ("auto", "claims", "news")

Row = tuple[int, list[str]]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: qalqan rumours pairs IN.tsv --out OUT.tsv")(pairs)


def pairs(
    file: Annotated[Path, typer.Argument(help="Tab-separated, columns id, a, b.")],
    out: Annotated[Path, typer.Option(help="Where to write id, probability.")],
    model: Annotated[
        str,
        typer.Option(
            help="claims: strict, four spellings. news: Russian headlines, loose paraphrases "
            "count. auto: news if the first 256 pairs are Russian, else claims. Or a file."
        ),
    ] = "auto",
    embedder: Annotated[
        str,
        typer.Option(
            help="A sentence-transformers folder or an OpenAI-compatible address "
            "[default: the bundled model]."
        ),
    ] = "",
    embedder_model: Annotated[str, typer.Option(help="Model name at the address.")] = "default",
    decisions: Annotated[
        bool, typer.Option(help="Also write decision (merge, suggest, apart) and conflicts.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Say for each pair of texts how probable it is that both say the same."""
    readable(file)
    read = quoted_rows(file, ("id", "a", "b"))
    first = list(islice(read, _BATCH))
    judge, name = _model(model, first)
    used = _embedder(embedder, embedder_model)
    if used is not None and used.name != judge.embedder:
        messages().print(
            f"the model was trained with {judge.embedder}; its probabilities are not calibrated "
            f"for {used.name}",
            style="yellow",
        )
    done = 0
    with progress(quiet=json) as bars, whole_file(out) as written:
        written.write("id\tprobability" + ("\tdecision\tconflicts" if decisions else "") + "\n")
        for batch in _batches(chain(first, read)):
            judged = judge.judge(
                [row[1] for _, row in batch], [row[2] for _, row in batch], embedder=used
            )
            for (_, row), judgement in zip(batch, judged, strict=True):
                more = f"\t{judgement.decision}\t{','.join(judgement.conflicts)}"
                tail = more if decisions else ""
                written.write(f"{row[0]}\t{judgement.probability:.6f}{tail}\n")
            done += len(batch)
            bars("pairs", done, 0)
    if json:
        print_json({"pairs": done, "model": name, "out": str(out)})
    else:
        say(f"pairs {done}, model {name}, out {out}")


def _batches(read: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(read, _BATCH)):
        yield batch


def _model(wanted: str, first: list[Row]) -> tuple[MergeModel, str]:
    """Return the model asked for, and its name."""
    from qalqan.science.rumours.merge import MergeModel
    from qalqan.science.text.language import detect_many

    if wanted == "auto":
        found = detect_many([text for _, row in first for text in row[1:]])
        share = found.count("ru") / max(1, len(found))
        wanted = "news" if share >= _ALL_RUSSIAN else "claims"
    if wanted in _MODELS:
        return MergeModel.load(name=wanted), wanted
    path = readable(Path(wanted))
    try:
        return MergeModel.load(path), path.name
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"this is no model: {error}", location=Location(str(path))) from error


def _embedder(where: str, model: str) -> Embedder | None:
    if not where:
        return None
    from qalqan.runners.embedders import open_embedder

    return open_embedder(where, model=model)
