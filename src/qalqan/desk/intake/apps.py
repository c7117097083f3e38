"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    """Messages on their way into the desk."""

    name = "qalqan.desk.intake"
    label = "intake"
    verbose_name = _("Intake")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the policies."""
        from qalqan.desk.intake import policies  # noqa: F401
