"""Back the desk up into one encrypted file, and bring it back verified."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

from django.db import connection
from django.utils.translation import gettext as _

from qalqan.desk.platform.upkeep.vault import OpeningReader, SealingWriter
from qalqan.errors import ConflictError, IntegrityError, SettingsError

MANIFEST = "manifest.json"
SQLITE_NAME = "qalqan.sqlite3"
DUMP_NAME = "database.dump"
FOLDERS = ("keys", "files")
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup or a restore did: file, bytes, files inside, when the backup was made."""

    path: str
    size: int
    files: int
    created_at: str

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "path": self.path,
            "size": self.size,
            "files": self.files,
            "created_at": self.created_at,
        }


def _silent(stage: str, done: int, total: int) -> None:
    """Report nothing."""


def create_backup(
    home: Path, target: Path, *, passphrase: str, now: datetime, progress: Progress = _silent
) -> BackupReport:
    """Write a consistent copy of database, keys and files, encrypted; read it back to verify.

    Parameters
    ----------
    home
        The desk's folder.
    target
        The file to write; it appears only when it is whole and verified.
    passphrase
        What opens the backup; at least 12 characters.
    now
        Recorded as the time of the backup.
    progress
        Called with stage, bytes done and bytes in all.

    Raises
    ------
    SettingsError
        The passphrase is too short, or PostgreSQL's tools are missing.
    ConflictError
        The target exists.
    """
    if len(passphrase) < 12:
        raise SettingsError(_("The passphrase needs at least 12 characters."))
    if target.exists():
        raise ConflictError(_("%(file)s exists already.") % {"file": target})
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as scratch:
        database = _copy_database(Path(scratch))
        members = [(database.name, database), *_kept(_files_of(home), Path(scratch, "kept"))]
        manifest = _manifest(members, now)
        partial = Path(scratch, "partial")
        with partial.open("wb") as sink:
            _write_archive(sink, members, manifest, passphrase, progress)
            sink.flush()
            os.fsync(sink.fileno())
        verify_backup(partial, passphrase=passphrase, progress=progress)
        os.replace(partial, target)
    return BackupReport(str(target), target.stat().st_size, len(members), manifest["created_at"])


def _copy_database(scratch: Path) -> Path:
    if connection.vendor == "sqlite":
        copy = scratch / SQLITE_NAME
        source = sqlite3.connect(connection.settings_dict["NAME"])
        sink = sqlite3.connect(copy)
        try:
            source.backup(sink)
        finally:
            sink.close()
            source.close()
        return copy
    copy = scratch / DUMP_NAME
    _postgres_tool("pg_dump", "--format=custom", f"--file={copy}")
    return copy


def _postgres_tool(tool: str, *arguments: str) -> None:
    settings = connection.settings_dict
    program = shutil.which(tool)
    if program is None:
        raise SettingsError(
            _("%(tool)s is missing; install PostgreSQL's client tools.") % {"tool": tool}
        )
    environment = {
        **os.environ,
        "PGHOST": str(settings["HOST"]),
        "PGPORT": str(settings["PORT"]),
        "PGUSER": str(settings["USER"]),
        "PGPASSWORD": str(settings["PASSWORD"]),
        "PGDATABASE": str(settings["NAME"]),
    }
    result = subprocess.run(  # noqa: S603 - a fixed program found on PATH, no shell
        [program, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise SettingsError(f"{tool}: {result.stderr.strip().splitlines()[-1]}")


def _files_of(home: Path) -> list[tuple[str, Path]]:
    return [
        (str(path.relative_to(home)), path)
        for folder in FOLDERS
        for path in sorted((home / folder).rglob("*"))
        if path.is_file() and not path.is_symlink()
    ]


def _kept(files: list[tuple[str, Path]], folder: Path) -> list[tuple[str, Path]]:
    """Copy files aside, since a running desk removes its uploads when they are taken in."""
    kept = []
    for name, path in files:
        copy = folder / name
        copy.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with suppress(FileNotFoundError):
            shutil.copy2(path, copy)
            kept.append((name, copy))
    return kept


def _manifest(members: list[tuple[str, Path]], now: datetime) -> dict[str, Any]:
    return {
        "format": 1,
        "created_at": now.isoformat(),
        "database": connection.vendor,
        "files": {name: _digest(path) for name, path in members},
    }


def _digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _write_archive(
    sink: io.BufferedWriter,
    members: list[tuple[str, Path]],
    manifest: dict[str, Any],
    passphrase: str,
    progress: Progress,
) -> None:
    total = sum(path.stat().st_size for _name, path in members)
    done = 0
    with (
        SealingWriter(sink, passphrase) as sealed,
        tarfile.open(fileobj=cast("IO[bytes]", sealed), mode="w|gz") as archive,
    ):
        text = json.dumps(manifest).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text))
        for name, path in members:
            archive.add(path, arcname=name, recursive=False)
            done += path.stat().st_size
            progress("write", done, total)


def verify_backup(path: Path, *, passphrase: str, progress: Progress = _silent) -> dict[str, Any]:
    """Read a backup from end to end and compare every file with the manifest.

    Raises
    ------
    IntegrityError
        The file is damaged, cut, or not what the manifest says.
    """
    with tempfile.TemporaryDirectory(prefix=".verify-", dir=path.parent) as scratch:
        return _unpack(path, Path(scratch), passphrase=passphrase, progress=progress)


def _unpack(
    path: Path, folder: Path, *, passphrase: str, progress: Progress = _silent
) -> dict[str, Any]:
    size = path.stat().st_size
    try:
        with (
            path.open("rb") as source,
            OpeningReader(source, passphrase) as opened,
            tarfile.open(fileobj=cast("IO[bytes]", opened), mode="r|gz") as archive,
        ):
            for member in archive:
                archive.extract(member, folder, filter="data")
                progress("read", min(source.tell(), size), size)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise IntegrityError(_("The backup is damaged: %(error)s") % {"error": error}) from error
    return _check_against_manifest(folder)


def _check_against_manifest(folder: Path) -> dict[str, Any]:
    file = folder / MANIFEST
    if not file.is_file():
        raise IntegrityError(_("The backup has no manifest."))
    manifest: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    file.unlink()
    for name, digest in manifest["files"].items():
        if not (folder / name).is_file() or _digest(folder / name) != digest:
            raise IntegrityError(
                _("%(file)s in the backup is not what was saved.") % {"file": name}
            )
    copy = folder / SQLITE_NAME
    if copy.is_file():
        database = sqlite3.connect(f"file:{copy}?mode=ro", uri=True)
        try:
            verdict = database.execute("PRAGMA integrity_check").fetchone()[0]
        finally:
            database.close()
        if verdict != "ok":
            raise IntegrityError(_("The database in the backup is damaged: %s") % verdict)
    return manifest


def restore_backup(
    path: Path, home: Path, *, passphrase: str, progress: Progress = _silent
) -> BackupReport:
    """Bring a backup back into a home that holds no desk; all of it or nothing.

    Raises
    ------
    ConflictError
        The home holds a desk already.
    IntegrityError
        The backup does not verify.
    """
    if (home / SQLITE_NAME).exists() or (home / "keys").exists():
        raise ConflictError(
            _("%(folder)s holds a desk already.") % {"folder": home},
            hint=_("move it away, or restore into another folder with QALQAN_HOME"),
        )
    if connection.vendor == "postgresql" and connection.introspection.table_names():
        raise ConflictError(
            _("%(folder)s holds a desk already.") % {"folder": connection.settings_dict["NAME"]},
            hint="QALQAN_DB_NAME",
        )
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=home) as scratch:
        folder = Path(scratch)
        manifest = _unpack(path, folder, passphrase=passphrase, progress=progress)
        if manifest["database"] != connection.vendor:
            raise ConflictError(f"{manifest['database']} → {connection.vendor}")
        if (folder / DUMP_NAME).is_file():
            _postgres_tool(
                "pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction",
                f"--dbname={connection.settings_dict['NAME']}", str(folder / DUMP_NAME),
            )  # fmt: skip
            (folder / DUMP_NAME).unlink()
        # The keys go last: until they are there, the home holds no desk.
        for name in ("files", SQLITE_NAME, "keys"):
            if (folder / name).exists():
                os.replace(folder / name, home / name)
    return BackupReport(
        str(path), path.stat().st_size, len(manifest["files"]), manifest["created_at"]
    )
