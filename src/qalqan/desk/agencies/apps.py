"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgenciesConfig(AppConfig):
    """State bodies and civil groups, and who leads in which matter."""

    name = "qalqan.desk.agencies"
    label = "agencies"
    verbose_name = _("Agencies")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register who may see what, the kinds of work, and the matters no other room names."""
        from qalqan.desk.agencies import matters, policies, waiting  # noqa: F401
        from qalqan.desk.platform.work import kinds

        waiting.register()
        kinds.register("agencies.see_to", _("See to a matter"))
        kinds.register("agencies.answer", _("Answer an offered matter"))
        kinds.register("agencies.find_body", _("Find a body for a matter"))

        matters.register("agencies.tension", _("Tension in a place"))
        matters.register("agencies.youth", _("Work with young people"))
        matters.register("agencies.digital", _("Threats on the internet"))
        matters.register("agencies.emergency", _("Emergencies and rescue"))
        matters.register("agencies.help", _("Help to families"))
