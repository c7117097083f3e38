"""Menu items of the room."""

from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.ui.navigation import NavItem

ITEMS = [
    NavItem(
        label=_("Accounts"), url_name="accounts:users", group="administer", model="accounts.User"
    ),
    NavItem(
        label=_("Organisations"),
        url_name="accounts:organisations",
        group="administer",
        model="accounts.Organisation",
        action="add",
    ),
]
