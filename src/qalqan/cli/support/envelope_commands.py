"""What a helping service does on its own machine: make a key, open an envelope."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from qalqan.cli.console import print_json, say
from qalqan.errors import ConflictError

_MAKE = "Example: qalqan support service-key --out clinic.pem"
_OPEN = "Example: qalqan support open-envelope envelope.txt --key clinic.pem"
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("service-key", epilog=_MAKE)(service_key)
    app.command("open-envelope", epilog=_OPEN)(open_envelope)


def service_key(
    out: Annotated[Path, typer.Option(help="File of the private key; it must not be there yet.")],
    json: AsJson = False,
) -> None:
    """Make a helping service's key; it never leaves this machine.

    The public key that is printed goes to the desk's administrator. With it browsers seal
    envelopes that only this private key opens.
    """
    from qalqan.desk.support.envelopes import new_service_key

    pem, public = new_service_key()
    try:
        handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ConflictError(f"{out} exists already") from None
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
    if json:
        print_json({"private": str(out), "public": public})
    else:
        say(public)


def open_envelope(
    envelope: Annotated[Path, typer.Argument(help="File that the desk gave out.", exists=True)],
    key: Annotated[Path, typer.Option(help="The service's private key.", exists=True)],
    json: AsJson = False,
) -> None:
    """Open an envelope with the service's private key, on the service's own machine."""
    from qalqan.desk.support.envelopes import open_envelope as opened

    text = opened(envelope.read_text(encoding="utf-8"), key.read_bytes())
    if json:
        print_json({"text": text})
    else:
        say(text)
