"""What the brief brings to the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.ui.navigation import NavItem

ITEMS = [
    NavItem(_("Today"), "brief:today", "today", key="t"),
    NavItem(_("Earlier briefs"), "brief:archive", "today", "brief.BriefEdition"),
]
