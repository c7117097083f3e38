"""What work brings to the menu."""

from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.ui.navigation import NavItem

ITEMS = [NavItem(_("Work"), "work:items", "act", "work.WorkItem", key="w")]
