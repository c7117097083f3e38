"""Who may see and grade sources."""

from qalqan.desk.platform.policies import (
    ADD,
    CHANGE,
    EVERY_ROLE,
    EXPORT,
    VIEW,
    Policy,
    Role,
    register,
)
from qalqan.desk.platform.sources.models import Source, SourceGrade

READERS = EVERY_ROLE - {Role.SITE_OWNER, Role.GROUP_WORKER, Role.SUPPORT_WORKER}
GRADERS = frozenset({Role.ANALYST, Role.DUTY_OFFICER})


@register(Source)
class SourcePolicy(Policy):
    """Those who weigh information see its sources; analysts and duty officers grade them."""

    can = {
        VIEW: READERS,
        EXPORT: READERS,
        ADD: GRADERS | {Role.ADMINISTRATOR},
        CHANGE: GRADERS,
    }


@register(SourceGrade)
class SourceGradePolicy(Policy):
    """A grade is given and read; nobody may change one."""

    can = {VIEW: READERS, EXPORT: READERS, ADD: GRADERS}
