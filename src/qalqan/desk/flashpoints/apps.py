"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FlashpointsConfig(AppConfig):
    """Where and when more happens than expected."""

    name = "qalqan.desk.flashpoints"
    label = "flashpoints"
    verbose_name = _("Flash-points")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register who may see what."""
        from qalqan.desk.flashpoints import policies, waiting  # noqa: F401
        from qalqan.desk.flashpoints.need import register_needs
        from qalqan.desk.platform.work import kinds

        waiting.register()
        register_needs()
        kinds.register("flashpoints.look", _("Look into a flash-point"))
        kinds.register("flashpoints.act", _("Act on a flash-point"))
