"""``qalqan cap convert``: older or careless alerts as clean CAP 1.2."""

from __future__ import annotations

import json as json_text
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from qalqan.cli.console import print_json, say
from qalqan.errors import InputError, Location

EXAMPLES = "Examples: qalqan cap convert old.cap --out new.cap · qalqan cap convert a.cap --to json"


class Form(StrEnum):
    """What is written."""

    XML = "xml"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("convert", epilog=EXAMPLES)(convert)


def convert(
    file: Annotated[Path, typer.Argument(help="A CAP alert, 1.0 to 1.2; - reads standard input.")],
    out: Annotated[
        Path | None, typer.Option(help="Where to write [default: standard output].")
    ] = None,
    to: Annotated[Form, typer.Option(help="CAP 1.2 as XML, or plain JSON.")] = Form.XML,
    strict: Annotated[
        bool, typer.Option(help="Write nothing if anything had to be mended or left out.")
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print what was mended as JSON; needs --out.")
    ] = False,
) -> None:
    """Write an alert as canonical CAP 1.2 and tell every mend.

    A signature does not outlive this: the new file is to be signed again.

    Exit codes: 0 written, 2 it cannot be read, is no CAP alert, or --strict found something.
    """
    from qalqan.cap.plain import as_dict
    from qalqan.cap.read import read_lenient
    from qalqan.cap.write import write
    from qalqan.cli.cap.files import read_bytes, write_bytes
    from qalqan.cli.console import messages

    if json and out is None:
        raise InputError("--json needs --out, as standard output has the alert")
    reading = read_lenient(read_bytes(file))
    if strict and reading.reasons:
        first = reading.reasons[0]
        raise InputError(first.text, location=Location(str(file), first.line, first.xpath))
    if to is Form.XML:
        data = write(reading.alert)
    else:
        data = f"{json_text.dumps(as_dict(reading.alert), ensure_ascii=False, indent=2)}\n".encode()
    if out is None:
        say(data.decode("utf-8").rstrip("\n"))
    else:
        write_bytes(out, data)
    mends = [{"line": one.line, "xpath": one.xpath, "text": one.text} for one in reading.reasons]
    if json:
        print_json({"file": str(file), "out": str(out), "from": reading.version, "mended": mends})
        return
    for reason in reading.reasons:
        place = f"{file}:{reason.line}: {reason.xpath}: {reason.text}"
        messages().print(place, style="yellow", markup=False, soft_wrap=True)
