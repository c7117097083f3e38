"""Who may read messages and claims, and who may answer."""

from qalqan.desk.platform.policies import ADD, CHANGE, EXPORT, VIEW, Policy, Role, register
from qalqan.desk.rumours.models import (
    Answer,
    Claim,
    ClaimHour,
    ClaimLanguage,
    ClaimMatch,
    ClaimMerge,
    ClaimPlace,
    ClaimRank,
    MeasureEdition,
    MergeSuggestion,
    Message,
    SplitSuggestion,
    Tally,
    TipDay,
    WorkMinutes,
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


@register(ClaimHour, ClaimPlace, ClaimLanguage, TipDay, Tally, ClaimRank, ClaimMatch)
class RollUpPolicy(Policy):
    """Counts are seen by those who see the claims that they count."""

    can = {VIEW: _READERS}


@register(Answer)
class AnswerPolicy(Policy):
    """Answers are recorded by the press officer or the duty officer."""

    can = {VIEW: _READERS, ADD: frozenset({Role.PRESS_OFFICER, Role.DUTY_OFFICER})}


@register(ClaimMerge, MergeSuggestion)
class MergePolicy(Policy):
    """Who works on claims takes them together and apart again."""

    can = {VIEW: _READERS, ADD: _DESK, CHANGE: _DESK}


@register(SplitSuggestion)
class SplitPolicy(Policy):
    """A doubt shows a message, so it is for those who may read messages."""

    can = {VIEW: _DESK | {Role.AUDITOR}, CHANGE: _DESK}


@register(WorkMinutes)
class WorkMinutesPolicy(Policy):
    """What work is reckoned to take orders the queue: the duty officer and the analyst say it."""

    can = {VIEW: _READERS, CHANGE: frozenset({Role.DUTY_OFFICER, Role.ANALYST})}


@register(MeasureEdition)
class MeasurePolicy(Policy):
    """How long answers take is for the whole desk; the public sees a part of it."""

    can = {VIEW: _READERS}
