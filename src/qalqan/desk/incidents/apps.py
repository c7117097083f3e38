"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncidentsConfig(AppConfig):
    """The ledger of what happened."""

    name = "qalqan.desk.incidents"
    label = "incidents"
    verbose_name = _("Incidents")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register who may see what."""
        from qalqan.desk.incidents import policies, waiting  # noqa: F401
        from qalqan.desk.platform.work import kinds

        waiting.register()
        kinds.register("incidents.follow", _("Follow up an incident"))
        kinds.register("incidents.question", _("Answer an open question"))
