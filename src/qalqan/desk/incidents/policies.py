"""Who may see and change the ledger."""

from __future__ import annotations

from qalqan.desk.incidents.models import Incident, IncidentSource, Indicator
from qalqan.desk.platform.policies import ADD, CHANGE, EXPORT, VIEW, Policy, Role, register

_READERS = frozenset(
    {
        Role.DUTY_OFFICER,
        Role.ANALYST,
        Role.PRESS_OFFICER,
        Role.INSPECTOR,
        Role.SECRETARY,
        Role.AUDITOR,
    }
)
_WRITERS = frozenset({Role.DUTY_OFFICER, Role.ANALYST})
_EXPORTERS = frozenset({Role.DUTY_OFFICER, Role.ANALYST, Role.SECRETARY, Role.AUDITOR})


@register(Incident, IncidentSource, Indicator)
class LedgerPolicy(Policy):
    """The state's desk reads the ledger; groups, site owners and support workers do not."""

    can = {VIEW: _READERS, ADD: _WRITERS, CHANGE: _WRITERS, EXPORT: _EXPORTERS}
