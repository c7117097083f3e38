"""Who may see flash-points and order a scan."""

from __future__ import annotations

from qalqan.desk.flashpoints.models import Finding, FindingArea, ScanRun
from qalqan.desk.platform.policies import ADD, EXPORT, VIEW, Policy, Role, register

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


@register(ScanRun, Finding, FindingArea)
class FlashpointPolicy(Policy):
    """The state's desk reads findings; only analysts and duty officers order a scan."""

    can = {
        VIEW: _READERS,
        ADD: frozenset({Role.DUTY_OFFICER, Role.ANALYST}),
        EXPORT: frozenset({Role.DUTY_OFFICER, Role.ANALYST, Role.SECRETARY, Role.AUDITOR}),
    }
