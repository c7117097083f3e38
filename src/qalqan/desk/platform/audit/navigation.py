"""Menu items of the room."""

from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.ui.navigation import NavItem

ITEMS = [
    NavItem(
        label=_("Record of acts"),
        url_name="audit:entries",
        group="administer",
        model="audit.AuditEntry",
        key="a",
    ),
    NavItem(
        label=_("Is the record whole?"),
        url_name="audit:state",
        group="administer",
        model="audit.AuditSeal",
    ),
]
