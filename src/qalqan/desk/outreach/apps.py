"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OutreachConfig(AppConfig):
    """Activities, public meetings and field notes."""

    name = "qalqan.desk.outreach"
    label = "outreach"
    verbose_name = _("Outreach")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register who may see what."""
        from qalqan.desk.outreach import field_policies, policies, waiting  # noqa: F401
        from qalqan.desk.outreach.selectors import returned
        from qalqan.desk.platform.work import kinds

        waiting.register()
        returned.register()
        kinds.register("outreach.follow_up", _("Follow up an activity"))
