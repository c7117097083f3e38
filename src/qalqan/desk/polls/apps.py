"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PollsConfig(AppConfig):
    """Designed polls, their answers and their estimates."""

    name = "qalqan.desk.polls"
    label = "polls"
    verbose_name = _("Polls")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register who may see what."""
        from qalqan.desk.polls import policies, waiting  # noqa: F401

        waiting.register()
