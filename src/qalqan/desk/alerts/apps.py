"""Application configuration."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class AlertsConfig(AppConfig):
    """Public warnings: written, approved, sent, withdrawn."""

    name = "qalqan.desk.alerts"
    label = "alerts"
    verbose_name = _("Alerts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register who may see what and the kinds of work; keep approved messages fixed."""
        from qalqan.desk.alerts import policies, waiting  # noqa: F401
        from qalqan.desk.alerts.selectors import returned
        from qalqan.desk.platform.work import kinds

        waiting.register()
        returned.register()
        kinds.register("alerts.review_break_glass", _("Look into a warning sent alone"))
        post_migrate.connect(_restore_trigger, sender=self)


def _restore_trigger(*, using: str, **_kwargs: Any) -> None:
    # SQLite changes a table by building a new one, which silently drops the trigger.
    from django.db import connections

    from qalqan.desk.alerts import triggers

    connection = connections[using]
    if triggers.TABLE in connection.introspection.table_names():
        triggers.install(connection)
