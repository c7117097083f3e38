"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommissionConfig(AppConfig):
    """Meetings, decisions, lessons and indicators."""

    name = "qalqan.desk.commission"
    label = "commission"
    verbose_name = _("Commission")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register who may see what."""
        from qalqan.desk.commission import policies, waiting  # noqa: F401
        from qalqan.desk.platform.work import kinds

        waiting.register()
        kinds.register("commission.carry_out", _("Carry out a decision"))
        kinds.register("commission.judge_evidence", _("Judge evidence"))
        kinds.register("commission.answer_recommendation", _("Respond to a recommendation"))
        kinds.register("commission.lock_month", _("Lock the figures of a month"))
        kinds.register("commission.publish_report", _("Publish the quarter's report"))
