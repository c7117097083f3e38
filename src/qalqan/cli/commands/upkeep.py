"""Look after the desk: doctor, migrate, backup, restore, audit."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from qalqan.cli.console import print_json, print_rows, progress, say
from qalqan.cli.desk import home, now, open_desk
from qalqan.errors import SettingsError

PASSPHRASE = "QALQAN_BACKUP_PASSPHRASE"  # noqa: S105 - the name of a variable
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
PassphraseFile = Annotated[
    Path | None, typer.Option(help=f"File with the passphrase; else ${PASSPHRASE}, else asked.")
]

audit_app = typer.Typer(help="The record of every act.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(epilog="Example: QALQAN_HOME=/srv/qalqan qalqan init")(init)
    app.command(epilog="Example: qalqan doctor --json")(doctor)
    app.command("migrate", epilog="Example: qalqan migrate")(apply_migrations)
    app.command(epilog="Example: qalqan backup saved/monday.vault")(backup)
    app.command(epilog="Example: QALQAN_HOME=new-desk qalqan restore saved/monday.vault")(restore)
    audit_app.command("verify", epilog="Example: qalqan audit verify --json")(verify)
    app.add_typer(audit_app, name="audit")


def init() -> None:
    """Create an empty desk: keys, database, key for sealing the audit. Safe to repeat."""
    folder = open_desk(create=True)
    say(f"the desk is in {folder}")
    say("next: qalqan users add NAME --role administrator --organisation 'YOUR BODY'")
    say("      qalqan import areas DISTRICTS.geojson, qalqan serve")


def doctor(json: Json = False) -> None:
    """Check database, clock, disk, fonts, keys, translations and pending migrations."""
    folder = open_desk()
    from qalqan.desk.platform.upkeep.doctor import BAD, examine

    checks = list(examine(home=folder, now=now()))
    if json:
        print_json({"checks": [check.as_dict() for check in checks]})
    else:
        rows = [[check.name, check.state, check.seen, check.remedy] for check in checks]
        print_rows("", ["what", "state", "seen", "what to do"], rows)
    raise typer.Exit(1 if any(check.state == BAD for check in checks) else 0)


def apply_migrations() -> None:
    """Bring the database up to date with this version of the desk."""
    open_desk()
    from qalqan.desk.platform.upkeep.schema import bring_up_to_date

    say(f"{bring_up_to_date()} migrations applied")


def _passphrase(file: Path | None, *, twice: bool) -> str:
    if file is not None:
        return file.read_text(encoding="utf-8").strip()
    if text := os.environ.get(PASSPHRASE):
        return text
    if not sys.stdin.isatty():
        raise SettingsError("no passphrase", hint=f"set {PASSPHRASE} or use --passphrase-file")
    text = getpass.getpass("Passphrase: ")
    if twice and getpass.getpass("Again: ") != text:
        raise SettingsError("the two passphrases differ")
    return text


def backup(
    target: Annotated[Path, typer.Argument(help="File to write.")],
    passphrase_file: PassphraseFile = None,
    json: Json = False,
) -> None:
    """Write database, keys and files into one encrypted file, and verify it."""
    folder = open_desk()
    from qalqan.desk.platform.upkeep.backup import create_backup

    secret = _passphrase(passphrase_file, twice=True)
    with progress(quiet=json) as report:
        result = create_backup(folder, target, passphrase=secret, now=now(), progress=report)
    if json:
        print_json(result.as_dict())
    else:
        say(f"{result.path}: {result.files} files, {result.size:,} bytes, verified")


def restore(
    source: Annotated[Path, typer.Argument(help="Backup to bring back.", exists=True)],
    passphrase_file: PassphraseFile = None,
    json: Json = False,
) -> None:
    """Bring a backup back into an empty folder (QALQAN_HOME); all of it or nothing."""
    # The settings want a key before the real one is back.
    os.environ.setdefault("QALQAN_SECRET_KEY", "restore-only-" + os.urandom(24).hex())
    open_desk()
    from qalqan.desk.platform.upkeep.backup import restore_backup

    secret = _passphrase(passphrase_file, twice=False)
    with progress(quiet=json) as report:
        result = restore_backup(source, home(), passphrase=secret, progress=report)
    if json:
        print_json(result.as_dict())
    else:
        say(f"{home()}: {result.files} files of {result.created_at} restored and verified")


def verify(json: Json = False) -> None:
    """Walk the audit chain from its start and name the first broken entry."""
    open_desk()
    from qalqan.desk.platform.audit.services import verify as verify_chain

    with progress(quiet=json) as report:
        result = verify_chain(progress=lambda done, total: report("audit chain", done, total))
    if json:
        print_json(
            {
                "ok": result.ok,
                "entries": result.entries,
                "first_broken": result.first_broken,
                "reason": str(result.reason or ""),
            }
        )
    elif result.ok:
        say(f"{result.entries:,} entries, the chain is whole")
    else:
        say(f"broken at entry {result.first_broken}: {result.reason}")
    raise typer.Exit(0 if result.ok else 6)
