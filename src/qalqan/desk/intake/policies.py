"""Who may bring messages in, and who may open the doors for programs."""

from qalqan.desk.intake.models import ApiToken, Feed, ImportRun, Waiting
from qalqan.desk.platform.policies import ADD, CHANGE, VIEW, Policy, Role, register

_TAKERS = frozenset({Role.DUTY_OFFICER, Role.ANALYST})


@register(ImportRun)
class ImportRunPolicy(Policy):
    """Files are brought in by the duty officer and the analyst."""

    can = {
        VIEW: _TAKERS | {Role.ADMINISTRATOR, Role.AUDITOR},
        ADD: _TAKERS,
        CHANGE: _TAKERS,
    }


@register(Feed)
class FeedPolicy(Policy):
    """Feeds are chosen by those who read what comes of them."""

    can = {
        VIEW: _TAKERS | {Role.ADMINISTRATOR, Role.AUDITOR},
        ADD: _TAKERS | {Role.ADMINISTRATOR},
        CHANGE: _TAKERS | {Role.ADMINISTRATOR},
    }


@register(ApiToken)
class ApiTokenPolicy(Policy):
    """Only the administrator gives keys to programs; the auditor sees which there are."""

    can = {
        VIEW: frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
        ADD: frozenset({Role.ADMINISTRATOR}),
        CHANGE: frozenset({Role.ADMINISTRATOR}),
    }


@register(Waiting)
class WaitingPolicy(Policy):
    """What waits is seen by those who will see it stored."""

    can = {VIEW: _TAKERS}
