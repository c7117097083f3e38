"""``qalqan cap verify``: verify signatures against pinned certificates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qalqan.cli.console import say, say_json
from qalqan.errors import QalqanError

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.x509 import Certificate

EXAMPLES = (
    "Examples: qalqan cap verify --trust signers.pem signed.cap · "
    "qalqan cap verify --trust signers.pem --at 2026-11-22T07:30:00+05:00 --json *.cap"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify", epilog=EXAMPLES)(verify_files)


def verify_files(
    files: Annotated[list[Path], typer.Argument(help="CAP alerts; - reads standard input.")],
    trust: Annotated[
        list[Path], typer.Option(help="Certificates of the signers one trusts, PEM; repeatable.")
    ],
    at: Annotated[
        str | None,
        typer.Option(help="Judge at this time; by default at the time of signing."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON line a file.")] = False,
) -> None:
    """Verify the signature of each alert against pinned certificates.

    Certificates are pinned one by one: no authority vouches for another one. Without --at the
    signer's own word is taken for when it was signed; for what has just arrived, give the present.

    Exit codes: 0 every signature holds, 1 one does not, 2 a file cannot be read.
    """
    from qalqan.cli.cap.files import moment_of, read_trust

    store, moment = read_trust(trust), moment_of(at, "--at")
    worst = 0
    for file in files:
        result, code = _verified(file, store, moment)
        worst = max(worst, code)
        if json:
            say_json(result)
        else:
            say(_line(result))
    raise typer.Exit(worst)


def _verified(
    file: Path, trust: list[Certificate], at: datetime | None
) -> tuple[dict[str, Any], int]:
    from qalqan.cap.refusals import SignatureError
    from qalqan.cap.trust import fingerprint, subject
    from qalqan.cap.verify import verify
    from qalqan.cli.cap.files import read_bytes

    try:
        found = verify(read_bytes(file), trust=trust, at=at)
        identifier = found.alert.identifier
    except SignatureError as error:
        return {
            "file": str(file),
            "valid": False,
            "reason": str(error.reason),
            "text": str(error.message),
            "detail": error.detail or None,
        }, 1
    except QalqanError as error:
        text = str(error.message)
        return {"file": str(file), "valid": False, "reason": "unreadable", "text": text}, 2
    return {
        "file": str(file),
        "valid": True,
        "identifier": identifier,
        "signed_at": found.signed_at.isoformat(),
        "signer": subject(found.certificate),
        "certificate": fingerprint(found.certificate),
        "xades": found.is_xades,
        "reindented": found.is_reindented,
    }, 0


def _line(result: dict[str, Any]) -> str:
    if result["valid"]:
        return f"{result['file']}: holds, signed {result['signed_at']} by {result['signer']}"
    detail = f" ({result['detail']})" if result.get("detail") else ""
    return f"{result['file']}: {result['text']}{detail}"
