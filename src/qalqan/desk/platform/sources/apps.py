"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SourcesConfig(AppConfig):
    """Where a report comes from, and how far it is to be trusted."""

    name = "qalqan.desk.platform.sources"
    label = "sources"
    verbose_name = _("Sources")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the policies of this room."""
        from qalqan.desk.platform.sources import policies  # noqa: F401
