"""Who may read messages and claims, and who may answer."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from qalqan.desk.platform.policies import (
    ADD,
    CHANGE,
    EXPORT,
    VIEW,
    Actor,
    Policy,
    Role,
    register,
)
from qalqan.desk.platform.policies.registry import ACTION_NAMES
from qalqan.desk.platform.policies.roles import PUBLIC_ROLE
from qalqan.desk.rumours.models import (
    Answer,
    AnswerVersion,
    Claim,
    ClaimHour,
    ClaimLanguage,
    ClaimMatch,
    ClaimMerge,
    ClaimPlace,
    ClaimRank,
    Delivery,
    Evidence,
    MailSubscription,
    MeasureEdition,
    MergeSuggestion,
    Message,
    Publication,
    SplitSuggestion,
    Tally,
    TipDay,
    TipReference,
    Verdict,
    Webhook,
    WorkMinutes,
)

APPROVE = "approve"
ACTION_NAMES.setdefault(APPROVE, gettext_lazy("approve"))
READ = "read"
"""Reading answers at the desk, drafts and all; the public only views what was published."""
ACTION_NAMES.setdefault(READ, gettext_lazy("see"))

_DESK = frozenset({Role.DUTY_OFFICER, Role.ANALYST, Role.PRESS_OFFICER})
_READERS = _DESK | {Role.SECRETARY, Role.AUDITOR, Role.ADMINISTRATOR}
_WRITERS = frozenset({Role.PRESS_OFFICER, Role.DUTY_OFFICER})
_OVERSEERS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


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


@register(Evidence, Verdict)
class EvidencePolicy(Policy):
    """Evidence and verdicts are what the answer rests on; who reads claims reads them."""

    can = {VIEW: _READERS, ADD: _DESK, CHANGE: _DESK}


@register(Answer)
class AnswerPolicy(Policy):
    """The press officer and the duty officer write; they or the secretary approve.

    Nobody approves what they wrote: the service asks, and the database refuses.
    """

    can = {
        VIEW: _READERS | {PUBLIC_ROLE},
        READ: _READERS,
        ADD: _WRITERS,
        CHANGE: _WRITERS,
        APPROVE: _WRITERS | {Role.SECRETARY},
    }

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Show the public what was published by this desk, and what was withdrawn."""
        if actor.role != PUBLIC_ROLE:
            return rows
        return rows.filter(published_at__isnull=False, is_from_elsewhere=False)


@register(AnswerVersion)
class AnswerVersionPolicy(Policy):
    """The public reads the versions that were approved; the desk all of them."""

    can = {VIEW: _READERS | {PUBLIC_ROLE}, ADD: _WRITERS}

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Show the public what was approved."""
        if actor.role != PUBLIC_ROLE:
            return rows
        return rows.filter(approved_at__isnull=False, is_from_elsewhere=False)


@register(Publication)
class PublicationPolicy(Policy):
    """That something was published is known to everyone."""

    can = {VIEW: _READERS | {PUBLIC_ROLE}}


@register(Webhook)
class WebhookPolicy(Policy):
    """The administrator says which programs are told; the press officer sees it."""

    can = {
        VIEW: _OVERSEERS | {Role.PRESS_OFFICER},
        ADD: frozenset({Role.ADMINISTRATOR}),
        CHANGE: frozenset({Role.ADMINISTRATOR}),
    }


@register(Delivery)
class DeliveryPolicy(Policy):
    """The log of deliveries tells what reached whom, without addresses of readers."""

    can = {VIEW: _OVERSEERS | {Role.PRESS_OFFICER}}


@register(MailSubscription)
class MailSubscriptionPolicy(Policy):
    """Nobody at the desk reads who subscribed; a reader enters and leaves by themselves."""

    can = {ADD: frozenset({PUBLIC_ROLE}), CHANGE: frozenset({PUBLIC_ROLE})}


@register(TipReference)
class TipReferencePolicy(Policy):
    """A number is made for whoever reports, and read by whoever has it."""

    can = {VIEW: frozenset({PUBLIC_ROLE}), ADD: frozenset({PUBLIC_ROLE})}


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
