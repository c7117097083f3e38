"""Files kept sealed outside the web root; whoever reads one asks the policy and logs it first."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from qalqan.desk.platform.privacy.sealing import seal_bytes, unseal_bytes
from qalqan.errors import IntegrityError

_ORPHAN_AFTER = timedelta(days=1)


def path_of(folder: str, key: str) -> Path:
    """Return where a file stands."""
    return Path(settings.MEDIA_ROOT) / folder / key[:2] / key


def keep(data: bytes, *, folder: str, purpose: str) -> str:
    """Seal bytes into a folder; return the key that names them.

    Parameters
    ----------
    purpose
        What they are for; the key is added to it, so that no file passes for another.
    """
    key = secrets.token_hex(16)
    _write(path_of(folder, key), seal_bytes(data, purpose=f"{purpose}:{key}"))
    return key


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    partial = path.with_name(f".{path.name}.partial")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def content(key: str, *, folder: str, purpose: str, sha256: str) -> bytes:
    """Return the bytes of a kept file.

    Raises
    ------
    IntegrityError
        The file is gone from the store, or is not what was stored.
    """
    try:
        sealed = path_of(folder, key).read_bytes()
    except FileNotFoundError:
        raise IntegrityError(_("The file is not in the store.")) from None
    data = unseal_bytes(sealed, purpose=f"{purpose}:{key}")
    if hashlib.sha256(data).hexdigest() != sha256:
        raise IntegrityError(_("The file in the store is not what was stored."))
    return data


def sweep(
    folder: str, *, known: Callable[[Collection[str]], Collection[str]], now: datetime
) -> int:
    """Delete files that no row names, left by acts that did not come to their end.

    Parameters
    ----------
    known
        Told keys, returns those that a row names.

    Returns
    -------
    int
        How many were deleted.
    """
    removed = 0
    top = Path(settings.MEDIA_ROOT) / folder
    for sub in sorted(top.iterdir()) if top.is_dir() else ():
        keys = {path.name: path for path in sub.iterdir() if path.is_file()}
        for key in keys.keys() - set(known(keys)):
            age = now.timestamp() - keys[key].stat().st_mtime
            if age > _ORPHAN_AFTER.total_seconds():
                keys[key].unlink(missing_ok=True)
                removed += 1
    return removed
