"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    """Country, province, district, settlement, and the names people use for them."""

    name = "qalqan.desk.platform.places"
    label = "places"
    verbose_name = _("Places")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the policies of this room."""
        from qalqan.desk.platform.places import policies  # noqa: F401
