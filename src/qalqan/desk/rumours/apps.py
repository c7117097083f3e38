"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RumoursConfig(AppConfig):
    """Claims, their copies, and their answers."""

    name = "qalqan.desk.rumours"
    label = "rumours"
    verbose_name = _("Rumours")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the policies."""
        from qalqan.desk.platform.work import kinds
        from qalqan.desk.rumours import policies, waiting  # noqa: F401
        from qalqan.desk.rumours.selectors import returned

        waiting.register()
        returned.register()
        kinds.register("rumours.check", _("Check a rumour"))
        kinds.register("rumours.threat", _("Weigh a threat"))
