"""Who may read messages and claims, and who may answer."""

from qalqan.desk.platform.policies import ADD, CHANGE, EXPORT, VIEW, Policy, Role, register
from qalqan.desk.rumours.models import (
    Answer,
    Claim,
    ClaimHour,
    ClaimLanguage,
    ClaimPlace,
    Message,
    Tally,
    TipDay,
)

_DESK = frozenset({Role.DUTY_OFFICER, Role.ANALYST, Role.PRESS_OFFICER})
_READERS = _DESK | {Role.SECRETARY, Role.AUDITOR, Role.ADMINISTRATOR}


@register(Message)
class MessagePolicy(Policy):
    """Single messages are for those who weigh and answer them, and for the auditor."""

    can = {VIEW: _DESK | {Role.AUDITOR}, ADD: frozenset({Role.DUTY_OFFICER, Role.ANALYST})}


@register(Claim)
class ClaimPolicy(Policy):
    """Claims are what the desk and the commission speak about."""

    can = {VIEW: _READERS, CHANGE: _DESK, EXPORT: _DESK}


@register(ClaimHour, ClaimPlace, ClaimLanguage, TipDay, Tally)
class RollUpPolicy(Policy):
    """Counts are seen by those who see the claims that they count."""

    can = {VIEW: _READERS}


@register(Answer)
class AnswerPolicy(Policy):
    """Answers are recorded by the press officer or the duty officer."""

    can = {VIEW: _READERS, ADD: frozenset({Role.PRESS_OFFICER, Role.DUTY_OFFICER})}
