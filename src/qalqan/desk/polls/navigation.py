"""What the room of polls brings to the menu."""

from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.ui.navigation import NavItem

ITEMS = [
    NavItem(_("Polls"), "polls:polls", "measure", "polls.Poll"),
    NavItem(_("Trust in official word"), "polls:trust", "measure", "polls.PollEdition"),
    NavItem(_("Questionnaires"), "polls:questionnaires", "measure", "polls.Questionnaire"),
    NavItem(_("Sampling frames"), "polls:frames", "measure", "polls.SamplingFrame"),
]
