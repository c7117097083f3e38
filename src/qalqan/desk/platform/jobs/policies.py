"""Who may see what the worker does."""

from qalqan.desk.platform.jobs.models import Schedule
from qalqan.desk.platform.policies import CHANGE, VIEW, Policy, Role, register


@register(Schedule)
class SchedulePolicy(Policy):
    """The administrator keeps the worker going, the auditor sees whether it does."""

    can = {
        VIEW: frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
        CHANGE: frozenset({Role.ADMINISTRATOR}),
    }
