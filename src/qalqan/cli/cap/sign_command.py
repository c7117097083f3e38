"""``qalqan cap sign``: sign an alert."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from qalqan.cli.console import print_json, say
from qalqan.errors import InputError, Location

EXAMPLES = (
    "Example: qalqan cap sign alert.cap --key desk.key --certificate desk.pem --out signed.cap"
)
PASSWORD = "QALQAN_CAP_KEY_PASSWORD"  # noqa: S105 - the variable's name


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("sign", epilog=EXAMPLES)(sign_file)


def sign_file(
    file: Annotated[Path, typer.Argument(help="An unsigned CAP alert; - reads standard input.")],
    key: Annotated[Path, typer.Option(help="Private key, PEM (RSA from 2048 bits, or P-256).")],
    certificate: Annotated[Path, typer.Option(help="The key's certificate, PEM.")],
    out: Annotated[Path | None, typer.Option(help="Write here; by default, print.")] = None,
    at: Annotated[str | None, typer.Option(help="Signing time; by default, now.")] = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="XML-DSig alone, without XAdES' properties.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print what was done as JSON.")] = False,
) -> None:
    """Sign an alert: XAdES-BES, enveloped. Its own bytes stay as they are.

    What breaks a rule of CAP is named on standard error, and signed all the same. The password
    of an encrypted key is read from QALQAN_CAP_KEY_PASSWORD.
    """
    from qalqan.cap.sign import sign
    from qalqan.cap.trust import fingerprint
    from qalqan.cli.cap.files import moment_of, read_bytes, read_trust, write_bytes
    from qalqan.cli.desk import now

    if json and out is None:
        raise InputError("--json prints what was done, so the alert needs --out FILE")
    held = read_trust([certificate])[0]
    time = moment_of(at, "--at") or now()
    data = read_bytes(file)
    _warn(file, data)
    signed = sign(
        data,
        key=_key(key),
        certificate=held,
        signing_time=time,
        form="plain" if plain else "xades",
    )
    if out is None:
        sys.stdout.buffer.write(signed)
        return
    write_bytes(out, signed)
    if json:
        print_json(
            {
                "file": str(out),
                "signed_at": time.isoformat(),
                "certificate": fingerprint(held),
                "xades": not plain,
            }
        )
    else:
        say(str(out))


def _warn(file: Path, data: bytes) -> None:
    from qalqan.cap.validate import validate

    for finding in validate(data).errors:
        typer.echo(f"{file}:{finding.line}: [{finding.rule}] {finding.text_in('en')}", err=True)


def _key(path: Path) -> Any:
    from qalqan.cap.sign import load_key
    from qalqan.cli.cap.files import read_bytes

    password = os.environ.get(PASSWORD)
    try:
        return load_key(read_bytes(path), password=password.encode() if password else None)
    except ValueError as error:
        raise InputError(
            f"the key cannot be read: {error}", location=Location(str(path)), hint=PASSWORD
        ) from None
