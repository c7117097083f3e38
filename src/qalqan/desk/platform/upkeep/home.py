"""Create and open the desk's folder: keys, database, files."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

SECRET_KEY_FILE = Path("keys", "secret_key")
SQLITE = "qalqan.desk.settings.sqlite"
POSTGRES = "qalqan.desk.settings.postgres"


def settings_module() -> str:
    """Return the settings that the environment asks for: PostgreSQL where a host is given."""
    return POSTGRES if os.environ.get("QALQAN_DB_HOST") else SQLITE


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read; an existing one is left alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)


def create_keys(home: Path) -> None:
    """Write the secrets of a new desk; those that exist are kept."""
    home.mkdir(parents=True, exist_ok=True)
    write_private(home / SECRET_KEY_FILE, secrets.token_urlsafe(64))


def exists(home: Path) -> bool:
    """Tell whether a desk was created in the folder."""
    return (home / SECRET_KEY_FILE).is_file()
