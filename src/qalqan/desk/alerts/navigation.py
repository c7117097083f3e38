"""What warnings bring to the menu."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.ui.navigation import NavItem

ITEMS = [
    NavItem(_("Warnings"), "alerts:warnings", "act", "alerts.Alert", "read", key="l"),
    NavItem(_("Signals"), "alerts:signals", "act", "alerts.Signal"),
    NavItem(_("Targets"), "alerts:targets", "act", "alerts.Target"),
    NavItem(_("Exercises"), "alerts:drills", "act", "alerts.Drill"),
]
