"""A room that cannot be read is named in the brief; the brief appears all the same."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

from django.db import transaction

from qalqan.desk.brief.content import Missing
from qalqan.errors import RefusedError

Found = TypeVar("Found")
_log = logging.getLogger(__name__)


class Rooms:
    """Reads room after room, and keeps the names of those that failed."""

    def __init__(self) -> None:
        self.missing: list[Missing] = []

    def read(self, room: str, reading: Callable[[], Found], instead: Found) -> Found:
        """Return what a room says, or ``instead`` where it fails; the failure is kept and logged.

        Parameters
        ----------
        room
            Its code.
        reading
            Called once, in a savepoint of its own: a fault in one room must not spoil the
            transaction of the others.
        instead
            What stands for a room of which nothing is known.
        """
        try:
            with transaction.atomic():
                return reading()
        except RefusedError:
            raise
        except Exception as error:  # noqa: BLE001 -- whatever it is, the other rooms must be read
            _log.exception("the brief goes without %s", room)
            # The kind of the error only: its words may quote data.
            self.missing.append(Missing(room, type(error).__name__))
            return instead
