"""Who may read the brief."""

from __future__ import annotations

from qalqan.desk.brief.models import BriefEdition
from qalqan.desk.platform.policies import ADD, EXPORT, VIEW, Policy, Role, register

# The brief quotes claims, counts incidents and lists overdue work, so it is for those who may
# read all three, and for nobody else.
_READERS = frozenset(
    {
        Role.DUTY_OFFICER,
        Role.ANALYST,
        Role.PRESS_OFFICER,
        Role.SECRETARY,
        Role.AUDITOR,
    }
)


@register(BriefEdition)
class BriefPolicy(Policy):
    """The state's desk reads the brief; analysts and duty officers may have it computed."""

    can = {
        VIEW: _READERS,
        ADD: frozenset({Role.DUTY_OFFICER, Role.ANALYST}),
        EXPORT: _READERS,
    }
