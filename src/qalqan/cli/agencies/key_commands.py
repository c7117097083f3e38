"""Keys of returns: this desk's own, and those of provinces."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from qalqan.cli.console import print_json, print_rows, say
from qalqan.cli.desk import now, open_desk
from qalqan.errors import InputError, Location

Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]

key_app = typer.Typer(help="Whose signatures on returns count.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    key_app.command("show", epilog="Example: qalqan agencies key show > aktobe.pem")(show)
    key_app.command(
        "trust", epilog="Example: qalqan agencies key trust aktobe.pem --province 150000000"
    )(trust)
    key_app.command("list", epilog="Example: qalqan agencies key list --json")(list_keys)
    key_app.command("revoke", epilog="Example: qalqan agencies key revoke 3f9a21")(revoke)
    app.add_typer(key_app, name="key")


def show(json: Json = False) -> None:
    """Print this desk's public key; carry it to the national desk by a way you trust."""
    open_desk()
    from qalqan.desk.agencies.services import keys

    if json:
        print_json({"key": keys.own_key_id(), "pem": keys.own_public_pem()})
    else:
        say(keys.own_public_pem().strip())


def trust(
    file: Annotated[Path, typer.Argument(help="Public key of the province (PEM).")],
    province: Annotated[str, typer.Option(help="Code or name of the province.")],
    json: Json = False,
) -> None:
    """Believe what is signed with a key for a province."""
    if not file.is_file():
        raise InputError("there is no such file", location=Location(str(file)))
    open_desk()
    from qalqan.desk.agencies.selectors import nation
    from qalqan.desk.agencies.services import keys
    from qalqan.desk.platform.policies import SystemActor

    actor = SystemActor("cli")
    of = nation.province_for(actor, province)
    if of is None:
        raise InputError("there is no such province", location=Location(field="--province"))
    row = keys.trust_key(
        actor=actor, province=of, pem=file.read_bytes()[:4096], now=now(), file=file.name
    )
    if json:
        print_json({"key": row.key_id, "province": of.kato})
    else:
        say(f"trusted for {of.name_en}: {row.key_id}")


def list_keys(json: Json = False) -> None:
    """List the keys of provinces."""
    open_desk()
    from qalqan.desk.agencies.selectors import nation
    from qalqan.desk.platform.policies import SystemActor

    rows = [
        {"province": row.province.kato, "key": row.key_id,
         "trusted": row.trusted_at.isoformat(), "revoked": row.revoked_at is not None}
        for row in nation.keys(SystemActor("cli"))
    ]  # fmt: skip
    if json:
        print_json(rows)
    else:
        columns = ["province", "key", "trusted", "revoked"]
        print_rows("", columns, [[str(row[column]) for column in columns] for row in rows])


def revoke(
    key: Annotated[str, typer.Argument(help="Beginning of the key's name, at least 6 signs.")],
) -> None:
    """Believe a key no longer."""
    open_desk()
    from qalqan.desk.agencies.selectors import nation
    from qalqan.desk.agencies.services import keys
    from qalqan.desk.platform.policies import SystemActor

    actor = SystemActor("cli")
    found = [row for row in nation.keys(actor) if row.key_id.startswith(key)]
    if len(key) < 6 or len(found) != 1:
        raise InputError("no key, or more than one, begins so", location=Location(field="KEY"))
    row = keys.revoke_key(actor=actor, key=found[0], now=now())
    say(f"not trusted any more: {row.key_id}")
