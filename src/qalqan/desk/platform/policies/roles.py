"""The roles of the desk."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person does at the desk; each account has exactly one role."""

    DUTY_OFFICER = "duty_officer", _("Duty officer")
    ANALYST = "analyst", _("Analyst")
    PRESS_OFFICER = "press_officer", _("Press officer")
    INSPECTOR = "inspector", _("Inspector")
    SITE_OWNER = "site_owner", _("Site owner")
    GROUP_WORKER = "group_worker", _("Group worker")
    SUPPORT_WORKER = "support_worker", _("Support worker")
    SECRETARY = "secretary", _("Commission secretary")
    AUDITOR = "auditor", _("Auditor")
    ADMINISTRATOR = "administrator", _("Administrator")


EVERY_ROLE = frozenset(Role.values)
"""All staff roles; a policy that names it says so on purpose."""

SYSTEM_ROLE = "system"
"""The desk acting by itself: the worker and the command line."""

PUBLIC_ROLE = "public"
"""Somebody who is not signed in."""
