"""What the sealed room brings to the menu; to the search it brings nothing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.ui.navigation import NavItem

ITEMS = [
    NavItem(_("Support"), "support:home", "act", "support.Case"),
    NavItem(_("Helping services"), "support:services", "act", "support.Service"),
]
