"""Application configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Who works at the desk, in which role, for which body."""

    name = "qalqan.desk.platform.accounts"
    label = "accounts"
    verbose_name = _("Accounts")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the policies, and listen to what happens in allauth's pages."""
        from qalqan.desk.platform.accounts import policies, signals  # noqa: F401
