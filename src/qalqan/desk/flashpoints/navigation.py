"""What flash-points bring to the menu."""

from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.ui.navigation import NavItem

ITEMS = [
    NavItem(_("Flash-points"), "flashpoints:overview", "understand", "flashpoints.Finding", key="f")
]
