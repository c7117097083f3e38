"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProtectionConfig(AppConfig):
    """Sites, inspections, notices and equipment."""

    name = "qalqan.desk.protection"
    label = "protection"
    verbose_name = _("Protection")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register who may see what."""
        from qalqan.desk.platform.places import hearing
        from qalqan.desk.platform.work import kinds
        from qalqan.desk.protection import policies, signals, waiting  # noqa: F401
        from qalqan.desk.protection.listening import reaches
        from qalqan.desk.protection.selectors import returned

        waiting.register()
        returned.register()
        hearing.register(reaches)

        kinds.register("protection.mend", _("Mend what a notice names"))
        kinds.register("protection.check_proof", _("Check a proof"))
