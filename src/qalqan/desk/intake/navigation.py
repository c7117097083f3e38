"""What intake brings to the menu."""

from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import ADD
from qalqan.desk.platform.ui.navigation import NavItem

ITEMS = [
    NavItem(_("Imports"), "intake:runs", "take_in", "intake.ImportRun"),
    NavItem(_("Bring in a file"), "intake:upload", "take_in", "intake.ImportRun", ADD, "u"),
    NavItem(_("Rumours heard"), "intake:heard", "take_in", "intake.ImportRun", ADD),
    NavItem(_("Feeds"), "intake:feeds", "take_in", "intake.Feed"),
    NavItem(_("API tokens"), "intake:tokens", "administer", "intake.ApiToken"),
]
