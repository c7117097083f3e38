"""``qalqan cap chain``: what stands of a set of alerts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qalqan.cli.console import print_json, say

if TYPE_CHECKING:
    from datetime import datetime

    from qalqan.cap.chain import Chain

EXAMPLES = (
    "Examples: qalqan cap chain *.cap · "
    "qalqan cap chain *.cap --at 2026-11-22T07:30:00+05:00 --json"
)
FAULTS = {
    "no_reference": "names no earlier message, and must",
    "bad_reference": "its reference cannot be read:",
    "unknown_reference": "names a message that is not here:",
    "other_time": "names a message of that identifier sent at another time:",
    "partial": "leaves out a message that is in force:",
    "foreign_sender": "would replace a message of another sender:",
    "other_status": "would replace a message of another status:",
    "earlier": "was sent earlier than what it replaces:",
    "cycle": "stands in a circle of references with",
    "alert_refers": "is an Alert and replaces nothing, yet names",
    "identifier_reused": "has the name of another message:",
}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("chain", epilog=EXAMPLES)(chain_files)


def chain_files(
    files: Annotated[list[Path], typer.Argument(help="CAP alerts, in whatever order.")],
    at: Annotated[str | None, typer.Option(help="As of this time; by default, now.")] = None,
    any_sender: Annotated[
        bool, typer.Option("--any-sender", help="Let senders replace each other's messages.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Tell what is in force, superseded, cancelled or expired, and what is wrong between messages.

    Exit codes: 0 nothing is wrong, 1 something is, 2 a file cannot be read.
    """
    from qalqan.cap.chain import Chain
    from qalqan.cli.cap.files import moment_of
    from qalqan.cli.desk import now

    moment = moment_of(at, "--at") or now()
    chain = Chain(may_replace=lambda new, old: True) if any_sender else Chain()
    names = _read_all(chain, files)
    rows = [_row(chain, key, names[key], moment) for key in sorted(names, key=lambda k: k.sent)]
    problems = [
        {
            "fault": str(problem.fault),
            "message": str(problem.message),
            "about": problem.about,
            "has_effect": problem.has_effect,
        }
        for problem in chain.problems()
    ]
    if json:
        print_json({"at": moment.isoformat(), "messages": rows, "problems": problems})
    else:
        for row in rows:
            kind = f"{row['status']} {row['type']}"
            say(f"{row['state']:<11} {kind:<16} {row['sent']} {row['identifier']} ({row['file']})")
        for problem in problems:
            say(f"{problem['message']} {FAULTS[str(problem['fault'])]} {problem['about']}".strip())
    raise typer.Exit(1 if problems else 0)


def _read_all(chain: Chain, files: list[Path]) -> dict[Any, str]:
    from qalqan.cap.chain import key_of
    from qalqan.cap.read import read_lenient
    from qalqan.cli.cap.files import read_bytes
    from qalqan.errors import Location, QalqanError

    names: dict[Any, str] = {}
    for file in files:
        try:
            alert = read_lenient(read_bytes(file)).alert
        except QalqanError as error:
            found = error.location or Location()
            error.location = Location(str(file), found.line, found.field)
            raise
        chain.add(alert)
        names.setdefault(key_of(alert), str(file))
    return names


def _row(chain: Chain, key: Any, file: str, at: datetime) -> dict[str, Any]:
    standing = chain.standing(key, at)
    return {
        "file": file,
        "identifier": key.identifier,
        "sender": key.sender,
        "sent": str(standing.alert.sent),
        "status": str(standing.alert.status),
        "type": str(standing.alert.msg_type),
        "state": str(standing.state),
        "by": str(standing.by) if standing.by else None,
        "acknowledged": [str(k) for k in standing.acknowledged],
        "rejected": [str(k) for k in standing.rejected],
    }
