"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReleasesConfig(AppConfig):
    """Counts that leave the desk."""

    name = "qalqan.desk.platform.releases"
    label = "releases"
    verbose_name = _("Releases of counts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register who may see what."""
        from qalqan.desk.platform.releases import policies, waiting  # noqa: F401

        waiting.register()
