"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UpkeepConfig(AppConfig):
    """Keeping the desk itself in order."""

    name = "qalqan.desk.platform.upkeep"
    label = "upkeep"
    verbose_name = _("Upkeep")
