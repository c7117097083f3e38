"""``qalqan support check-certificate``: check a certificate of erasure anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qalqan.cli.console import print_json, say

EXAMPLE = "Example: qalqan support check-certificate certificate.txt --key 5f0c…"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check-certificate", epilog=EXAMPLE)(check_certificate)


def check_certificate(
    certificate: Annotated[
        Path, typer.Argument(help="File with the signed text of the certificate.", exists=True)
    ],
    key: Annotated[str, typer.Option(help="Public key of the desk, in hexadecimal digits.")],
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Check that a desk signed a certificate; needs no desk. Exit code 6: it did not."""
    from qalqan.desk.support.certificates import check

    found = check(certificate.read_text(encoding="utf-8"), key=key)
    result = {
        "number": found.number, "mark": found.mark, "on": found.on.isoformat(),
        "destroyed": found.done, "copies": found.folders,
    }  # fmt: skip
    if json:
        print_json(result)
    else:
        for name, value in result.items():
            say(f"{name}: {value}")
