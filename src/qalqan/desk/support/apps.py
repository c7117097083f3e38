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
        """Register who may see what, and what a reminder is called."""
        from qalqan.desk.platform.work import kinds
        from qalqan.desk.support import policies, waiting  # noqa: F401

        waiting.register()
        kinds.register("support.review", _("Look through one's own list"))
