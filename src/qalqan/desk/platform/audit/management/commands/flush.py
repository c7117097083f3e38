"""Emptying the database is refused, except for the databases that tests make."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.flush import Command as DjangoFlush
from django.db import connections

from qalqan.desk.platform.audit import triggers


class Command(DjangoFlush):
    """Django's ``flush``, which would erase the audit; only test settings allow it."""

    help = "Empties a test database; refused on a real desk, whose audit is append-only."

    def handle(self, **options: Any) -> None:
        """Lift the triggers for the time of the flush, and put them back."""
        if not getattr(settings, "AUDIT_MAY_BE_FLUSHED", False):
            raise CommandError("The audit is append-only: this database cannot be emptied.")
        connection = connections[options["database"]]
        triggers.remove(connection)
        try:
            super().handle(**options)
        finally:
            triggers.install(connection)
