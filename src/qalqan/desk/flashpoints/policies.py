"""Who may see flash-points, order a scan, review and decide."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from qalqan.desk.flashpoints.forecast_models import ForecastRun
from qalqan.desk.flashpoints.models import (
    Finding,
    FindingArea,
    FlashPoint,
    FlashPointStep,
    ScanRun,
    WhatIf,
)
from qalqan.desk.platform.policies import ADD, EXPORT, VIEW, Policy, Role, register
from qalqan.desk.platform.policies.registry import ACTION_NAMES

REVIEW = "review"
DECIDE = "decide"
ACTION_NAMES[REVIEW] = _("review")
ACTION_NAMES[DECIDE] = _("decide on")

_WEIGH = frozenset({Role.DUTY_OFFICER, Role.ANALYST})
_DECIDE = frozenset({Role.DUTY_OFFICER, Role.SECRETARY})

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


@register(ScanRun, Finding, FindingArea, ForecastRun)
class FlashpointPolicy(Policy):
    """The state's desk reads findings; only analysts and duty officers order a scan or forecast."""

    can = {
        VIEW: _READERS,
        ADD: frozenset({Role.DUTY_OFFICER, Role.ANALYST}),
        EXPORT: frozenset({Role.DUTY_OFFICER, Role.ANALYST, Role.SECRETARY, Role.AUDITOR}),
    }


@register(FlashPoint, FlashPointStep)
class LifePolicy(Policy):
    """Analysts and duty officers say what it is; secretary and duty officer what is done."""

    can = {VIEW: _READERS, REVIEW: _WEIGH, DECIDE: _DECIDE, EXPORT: FlashpointPolicy.can[EXPORT]}


@register(WhatIf)
class WhatIfPolicy(Policy):
    """What-if scans are for those who order scans; the auditor sees what was tried."""

    can = {VIEW: _WEIGH | {Role.AUDITOR}, ADD: _WEIGH}
