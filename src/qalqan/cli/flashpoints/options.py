"""Options that several commands share; nothing heavy is imported here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

EventsFile = Annotated[Path, typer.Option(help="Events: a date or number, and a place if need be.")]
DateColumn = Annotated[str, typer.Option(help="Column of the moment [found by its name].")]
XColumn = Annotated[str, typer.Option(help="Column of x or the longitude.")]
YColumn = Annotated[str, typer.Option(help="Column of y or the latitude.")]
Start = Annotated[str, typer.Option(help="Beginning of the study [the first event].")]
End = Annotated[str, typer.Option(help="End of the study, inside [the last event].")]
JsonFile = Annotated[
    Path | None, typer.Option("--json", help="Write the result as JSON (- to print).")
]
