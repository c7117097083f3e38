"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicConfig(AppConfig):
    """What everyone may read."""

    name = "qalqan.desk.public"
    label = "public"
    verbose_name = _("Public")
    default_auto_field = "django.db.models.BigAutoField"
