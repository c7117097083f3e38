"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupportConfig(AppConfig):
    """Voluntary help, sealed and erasable."""

    name = "qalqan.desk.support"
    label = "support"
    verbose_name = _("Support")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register who may see what."""
        from qalqan.desk.support import policies  # noqa: F401
