"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AlertsConfig(AppConfig):
    """Public warnings: written, approved, sent, withdrawn."""

    name = "qalqan.desk.alerts"
    label = "alerts"
    verbose_name = _("Alerts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register who may see what, and name the kinds of work that warnings cause."""
        from qalqan.desk.alerts import policies  # noqa: F401
        from qalqan.desk.platform.work import kinds

        kinds.register("alerts.review_break_glass", _("Look into a warning sent alone"))
