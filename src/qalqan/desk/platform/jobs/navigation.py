"""What the worker's room brings to the menu."""

from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.ui.navigation import NavItem

ITEMS = [NavItem(_("Background work"), "jobs:overview", "administer", "jobs.Schedule")]
