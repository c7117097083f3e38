"""Open the desk for a command."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from qalqan.errors import ConflictError, SettingsError


def home() -> Path:
    """Return the desk's folder: ``QALQAN_HOME``, else ``var`` here."""
    return Path(os.environ.get("QALQAN_HOME", "var")).resolve()


def now() -> datetime:
    """Read the machine's clock to the second, once a command."""
    return datetime.now(UTC).replace(microsecond=0)


def open_desk(*, create: bool = False) -> Path:
    """Set Django up for the desk in ``home()``.

    Parameters
    ----------
    create
        Make the keys and bring the database up to date first.

    Raises
    ------
    SettingsError
        There is no desk, and it was not asked to create one.
    """
    from qalqan.desk.platform.upkeep import home as desk_home

    folder = home()
    if create:
        desk_home.create_keys(folder)
    elif not desk_home.exists(folder) and not os.environ.get("QALQAN_SECRET_KEY"):
        raise SettingsError(
            f"there is no desk in {folder}",
            hint="run `qalqan init` or `qalqan demo`, or set QALQAN_HOME",
        )
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", desk_home.settings_module())
    import django

    django.setup()
    if create:
        from qalqan.desk.platform.audit.services import create_seal_key
        from qalqan.desk.platform.upkeep.schema import bring_up_to_date

        bring_up_to_date()
        with suppress(ConflictError):
            create_seal_key()
    return folder
