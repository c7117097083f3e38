"""What this room adds to the menu."""

from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.ui.navigation import NavItem

ITEMS = [NavItem(_("Releases of counts"), "releases:releases", "publish", "releases.Release")]
