"""``qalqan cap validate``: what is wrong with these alerts, where, and how is it mended?"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qalqan.cli.console import say, say_json

if TYPE_CHECKING:
    from qalqan.cap.validate import Report

EXAMPLES = (
    "Examples: qalqan cap validate warning.cap · qalqan cap validate --profile qalqan --json *.cap"
)


class Language(StrEnum):
    """Language of the findings."""

    KK = "kk"
    RU = "ru"
    EN = "en"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("validate", epilog=EXAMPLES)(validate_files)


def validate_files(
    files: Annotated[list[Path], typer.Argument(help="CAP alerts; - reads standard input.")],
    profile: Annotated[
        str | None,
        typer.Option(help="Check also the rules of a profile: qalqan, google or ipaws."),
    ] = None,
    trust: Annotated[
        list[Path] | None,
        typer.Option(help="Ask for a signature by one of these certificates, PEM; repeatable."),
    ] = None,
    at: Annotated[
        str | None,
        typer.Option(help="Judge signatures at this time; by default at the time of signing."),
    ] = None,
    lang: Annotated[Language, typer.Option(help="Language of the findings.")] = Language.EN,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON line a file.")] = False,
) -> None:
    """Check alerts in layers: xml, schema, specification, profile, signature.

    Warnings leave an alert valid. A signature must hold by itself; who signed is asked only with
    --trust.

    Exit codes: 0 every alert is valid, 1 one is not, 2 a file cannot be read.
    """
    from qalqan.cap.validate import validate
    from qalqan.cli.cap.files import moment_of, read_trust

    store = read_trust(trust) if trust else None
    moment = moment_of(at, "--at")
    if profile is not None:
        from qalqan.cap.validate.profiles import load

        load(profile)
    worst = 0
    for file in files:
        try:
            data = _head(file)
        except OSError as error:
            worst = 2
            _say_unreadable(file, error.strerror or "cannot be read", json=json)
            continue
        report = validate(data, profile=profile, trust=store, at=moment)
        worst = max(worst, 0 if report.valid else 1)
        if json:
            say_json(_plain(file, report, lang.value))
        else:
            _say(file, report, lang.value)
    raise typer.Exit(worst)


def _head(file: Path) -> bytes:
    """Read what may be read of a file, and one byte more, so that too large ones are seen."""
    import sys

    from qalqan.cap.limits import LIMITS

    if str(file) == "-":
        return sys.stdin.buffer.read(LIMITS.size + 1)
    with file.open("rb", buffering=0) as opened:
        pieces = []
        left = LIMITS.size + 1
        while left > 0 and (piece := opened.read(left)):
            pieces.append(piece)
            left -= len(piece)
    return b"".join(pieces)


def _plain(file: Path, report: Report, language: str) -> dict[str, Any]:
    errors = [finding.as_dict(language) for finding in report.errors]
    return {"file": str(file), "valid": report.valid, "errors": errors}


def _say_unreadable(file: Path, text: str, *, json: bool) -> None:
    if not json:
        say(f"{file}: cannot be read: {text}")
        return
    error = {
        "layer": "xml",
        "rule": "file.unreadable",
        "severity": "error",
        "line": 0,
        "xpath": "",
        "text": f"The file cannot be read: {text}",
    }
    say_json({"file": str(file), "valid": False, "errors": [error]})


_HEADS = {
    "en": ("valid", "not valid"),
    "ru": ("верно", "с ошибками"),
    "kk": ("дұрыс", "қате бар"),
}


def _say(file: Path, report: Report, language: str) -> None:
    say(f"{file}: {_HEADS[language][0 if report.valid else 1]}")
    for finding in report.errors:
        say(
            f"  {finding.line}: {finding.severity.value} [{finding.rule}] {finding.xpath}\n"
            f"     {finding.text_in(language)}\n     → {finding.remedy_in(language)}"
        )
    if report.unsaid:
        say(f"  … {report.unsaid}")
