"""``qalqan verify``: does a published report agree with itself, its data and the audit chain?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qalqan.cli.console import print_json, say

if TYPE_CHECKING:
    from qalqan.verify.checking import File, Outcome

EXAMPLES = (
    "Examples: qalqan verify 2026-Q3-v1-kk.pdf · "
    "qalqan verify 2026-Q3-v1-kk.pdf --data 2026-Q3-v1.json --chain 2026-Q3-v1.chain.json "
    "--certificate reports.pem --before 2026-Q2-v1-kk.pdf"
)
_MARKS = {"agrees": "agrees", "differs": "DIFFERS", "not checked": "not checked"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify", epilog=EXAMPLES)(verify)


def verify(
    report: Annotated[Path, typer.Argument(help="A report's PDF.")],
    data: Annotated[
        Path | None, typer.Option(help="The report's data file from elsewhere, JSON or CSV.")
    ] = None,
    chain: Annotated[
        list[Path] | None,
        typer.Option(help="The report's chain file; repeat it for those of earlier reports."),
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option(help="The certificate that you trust, PEM or DER.")
    ] = None,
    fingerprint: Annotated[
        str | None, typer.Option(help="Its SHA-256, as it is published; instead of the file.")
    ] = None,
    before: Annotated[
        Path | None, typer.Option(help="An earlier report's PDF; the chain must continue it.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Check that a report, its data and the audit chain agree; without network or database.

    What was not handed in is told as not checked. Without --certificate or --fingerprint anybody
    may have signed: the certificate's fingerprint is shown, to be compared with one that you
    got elsewhere.

    Exit codes: 0 all that was checked agrees, 1 something differs, 2 a file is no report.
    """
    from qalqan.verify.limits import limited

    with limited():
        outcome = _checked(report, data, chain or [], certificate, fingerprint, before)
    if json:
        print_json(outcome.as_dict())
    else:
        _tell(outcome)
    raise typer.Exit(0 if outcome.agrees else 1)


def _checked(
    report: Path, data: Path | None, chain: list[Path], certificate: Path | None,
    fingerprint: str | None, before: Path | None,
) -> Outcome:  # fmt: skip
    from qalqan.verify.checking import check
    from qalqan.verify.refusals import BadReportError
    from qalqan.verify.signature import fingerprint_from, fingerprint_of

    trusted = fingerprint_from(fingerprint) if fingerprint is not None else None
    if certificate is not None:
        given = _file(certificate, 1 << 20)
        of_file = fingerprint_of(given.data, file=given.name)
        if trusted not in (None, of_file):
            raise BadReportError(
                "the certificate and the fingerprint do not belong together", field="--fingerprint"
            )
        trusted = of_file
    return check(
        _file(report, 50 << 20),
        data=_file(data, 50 << 20) if data else None,
        chains=[_file(one, 200 << 20) for one in chain],
        fingerprint=trusted,
        before=_file(before, 50 << 20) if before else None,
    )


def _file(path: Path, most: int) -> File:
    from qalqan.cli.cap.files import read_bytes
    from qalqan.verify.checking import File

    return File(str(path), read_bytes(path, most=most))


def _tell(outcome: Outcome) -> None:
    from qalqan.verify.refusals import readable

    report = outcome.report
    sample = ", SAMPLE DATA" if report["is_sample"] else ""
    about = f"{report['code']}, {report['from']} to {report['until']}, {report['publisher']}"
    say(readable(f"{outcome.file}: {about}{sample}"))
    for one in outcome.checks:
        say(f"{_MARKS[one.state]:<12} {one.code}: {readable(one.text)}")
        for finding in one.findings:
            say(f"{'':<12} - {readable(finding)}")
    checked = sum(one.state == "agrees" for one in outcome.checks)
    left = sum(one.state == "not checked" for one in outcome.checks)
    if outcome.agrees:
        say(f"agrees: {checked} checks; not checked: {left}")
    else:
        say("does not agree; do not rely on this file")
