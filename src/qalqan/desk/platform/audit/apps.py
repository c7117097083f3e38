"""Application configuration."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """The append-only, hash-chained record of every act."""

    name = "qalqan.desk.platform.audit"
    label = "audit"
    verbose_name = _("Audit")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the policies, and see to the triggers after every migration."""
        from qalqan.desk.platform.audit import policies  # noqa: F401

        post_migrate.connect(_restore_triggers, sender=self)


def _restore_triggers(*, using: str, **_kwargs: Any) -> None:
    # SQLite changes a table by building a new one, which silently drops the triggers.
    from django.db import connections

    from qalqan.desk.platform.audit import triggers

    connection = connections[using]
    if "audit_auditentry" in connection.introspection.table_names():
        triggers.install(connection)
