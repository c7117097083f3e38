"""The signed monthly return: made, handed out, taken in, checked."""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from qalqan.cli.console import print_json, print_rows, say
from qalqan.cli.desk import now, open_desk
from qalqan.errors import InputError, Location

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
Files = Annotated[list[Path], typer.Argument(help="Signed returns of provinces.")]
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])\Z")
_LARGEST = 4 * 1024 * 1024

return_app = typer.Typer(help="The signed monthly return, counts only.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    return_app.command(
        "export", epilog="Example: qalqan agencies return export 2026-10 --out october.json"
    )(export)
    return_app.command(
        "import", epilog="Example: qalqan agencies return import returns/*.json --json"
    )(import_)
    return_app.command("verify", epilog="Example: qalqan agencies return verify october.json")(
        verify
    )
    app.add_typer(return_app, name="return")


def _month(text: str) -> date:
    if not _MONTH.match(text):
        raise InputError("a month is written 2026-10", location=Location(field="MONTH"))
    return date.fromisoformat(f"{text}-01")


def export(
    month: Annotated[str, typer.Argument(help="The month, e.g. 2026-10.")],
    province: Annotated[
        str, typer.Option(help="Code or name of the province [default: that of the districts].")
    ] = "",
    out: Annotated[
        Path | None, typer.Option(help="Where the file goes [default: return-CODE-MONTH-N.json].")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Write the edition that stands, without counting anew.")
    ] = False,
    json: Json = False,
) -> None:
    """Count a month, protect the counts, sign them, and write the file."""
    day = _month(month)
    open_desk()
    from qalqan.desk.agencies.selectors import nation
    from qalqan.desk.agencies.services import monthly
    from qalqan.desk.platform.policies import SystemActor

    actor = SystemActor("cli")
    of = nation.province_for(actor, province) if province else monthly.own_province()
    if of is None:
        raise InputError("there is no such province", location=Location(field="--province"))
    row: Any
    if again:
        rows = nation.all_returns(actor, origin="made").filter(
            province=of, month=day, replaced_at__isnull=True
        )
        found = rows.first()
        if found is None:
            raise InputError("this month was not returned yet", location=Location(field="MONTH"))
        row = nation.return_for(actor, found.pk)
    else:
        row = monthly.make_return(actor=actor, province=of, month=day, now=now())
    data = monthly.export_return(actor=actor, row=row, now=now())
    path = out or Path(f"return-{of.kato or of.pk}-{month}-{row.edition}.json")
    _write(path, data)
    told = {"file": str(path), "province": of.kato, "month": month, "edition": row.edition,
            "digest": row.digest, "key": row.key_id}  # fmt: skip
    if json:
        print_json(told)
    else:
        say(f"{path}: {of.name_en}, {month}, edition {row.edition}; signed with {row.key_id[:16]}")


def _write(path: Path, data: bytes) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        partial.write_bytes(data)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise InputError("there is no such file", location=Location(str(path)))
    if path.stat().st_size > _LARGEST:
        raise InputError("the file is larger than a return can be", location=Location(str(path)))
    return path.read_bytes()


def import_(files: Files, json: Json = False) -> None:
    """Take returns in: all files or none; the same one twice changes nothing."""
    contents = [(path.name, _read(path)) for path in files]
    open_desk()
    from qalqan.desk.agencies.services import monthly
    from qalqan.desk.platform.policies import SystemActor

    taken = monthly.import_returns(actor=SystemActor("cli"), files=contents, now=now())
    told = [
        {"file": name, "outcome": one.outcome, "province": one.row.province.kato,
         "month": f"{one.row.month:%Y-%m}", "edition": one.row.edition}
        for (name, _data), one in zip(contents, taken, strict=True)
    ]  # fmt: skip
    if json:
        print_json(told)
    else:
        columns = ["file", "outcome", "province", "month", "edition"]
        print_rows("", columns, [[str(row[column]) for column in columns] for row in told])


def verify(
    file: Annotated[Path, typer.Argument(help="A signed return.")],
    key: Annotated[
        Path | None,
        typer.Option(help="Check against this public key (PEM) instead of the desk's."),
    ] = None,
    json: Json = False,
) -> None:
    """Check that a return is what its province signed; nothing is stored."""
    data = _read(file)
    open_desk()
    from qalqan.desk.agencies import return_document
    from qalqan.desk.agencies.services import monthly

    if key is not None:
        signed = return_document.read(data, file=file.name)
        return_document.check(
            signed, return_document.load_public_key(_read(key), file=key.name), file=file.name
        )
    else:
        signed, _key = monthly.verify(data=data, file=file.name)
    told: dict[str, Any] = {
        "valid": True, "province": signed.document.province_code,
        "month": f"{signed.document.month:%Y-%m}", "edition": signed.document.edition,
        "digest": signed.digest, "key": signed.key_id,
    }  # fmt: skip
    if json:
        print_json(told)
    else:
        say(f"{file}: signed by {told['province']}, {told['month']}, edition {told['edition']}")
