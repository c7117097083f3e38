"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkConfig(AppConfig):
    """What people owe: deadlines, reminders, escalation, hand-over."""

    name = "qalqan.desk.platform.work"
    label = "work"
    verbose_name = _("Work")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register who may see what, and name the kind of work that no room has."""
        from qalqan.desk.platform.work import kinds, policies  # noqa: F401
        from qalqan.desk.platform.work.selectors import worklist

        worklist.register()
        kinds.register("work.other", _("Other work"))
