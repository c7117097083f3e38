"""Who may publish counts, and see what was published and refused."""

from qalqan.desk.platform.policies import ADD, VIEW, Policy, Role, register
from qalqan.desk.platform.releases.models import Release, ReleasedTable, Series

READERS = frozenset(
    {Role.ANALYST, Role.DUTY_OFFICER, Role.SECRETARY, Role.AUDITOR, Role.ADMINISTRATOR}
)
RELEASERS = frozenset({Role.ANALYST, Role.DUTY_OFFICER, Role.SECRETARY})


@register(Series, Release, ReleasedTable)
class ReleasePolicy(Policy):
    """Those who answer for figures publish them; the record keeps what was refused."""

    can = {VIEW: READERS, ADD: RELEASERS}
