"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BriefConfig(AppConfig):
    """The morning brief."""

    name = "qalqan.desk.brief"
    label = "brief"
    verbose_name = _("Morning brief")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Say who may read it."""
        from qalqan.desk.brief import policies  # noqa: F401
