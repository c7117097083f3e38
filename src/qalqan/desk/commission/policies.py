"""Who may see and change what the room of the commission keeps."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q, QuerySet

from qalqan.desk.commission.models import (
    Account,
    AccountHarm,
    AccountText,
    AccountVersion,
    Agenda,
    Cause,
    Commission,
    Counter,
    Decision,
    DecisionStep,
    Evidence,
    FigureComment,
    FigureUnit,
    IndicatorDefinition,
    LockedFigure,
    Meeting,
    OpenItem,
    OpenMeeting,
    OpenRecommendation,
    PerformanceIndicator,
    PerformanceTarget,
    Presence,
    QuarterReport,
    Recommendation,
    RecommendationStep,
    ReportPaper,
    Review,
    Seat,
)
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
from qalqan.desk.platform.policies.roles import PUBLIC_ROLE, SYSTEM_ROLE

_SECRETARY = frozenset({Role.SECRETARY})
_STATE = frozenset(
    {Role.DUTY_OFFICER, Role.ANALYST, Role.PRESS_OFFICER, Role.INSPECTOR, Role.SECRETARY,
     Role.AUDITOR}
)  # fmt: skip
"""The state's desk reads the table whole."""
_OWING = _STATE - {Role.AUDITOR}
"""Who may show evidence, for what their own body owes."""


@register(Commission, Seat, Meeting, Presence, Agenda)
class TablePolicy(Policy):
    """The secretary keeps the table; the state's desk reads it."""

    can = {VIEW: _STATE, ADD: _SECRETARY, CHANGE: _SECRETARY}


@register(Counter)
class CounterPolicy(Policy):
    """Numbers are taken by the desk itself."""


@register(Decision)
class DecisionPolicy(Policy):
    """Everyone at the state's desk sees the decisions; the secretary changes them."""

    can = {VIEW: _STATE, ADD: _SECRETARY, CHANGE: _SECRETARY}


@register(DecisionStep)
class DecisionStepPolicy(Policy):
    """The history is for those who see the decision."""

    can = {VIEW: _STATE}


@register(Evidence)
class EvidencePolicy(Policy):
    """The body that owes a decision shows evidence; the secretary judges what others showed."""

    can = {VIEW: _STATE, ADD: _OWING, CHANGE: _SECRETARY}

    def allows(self, actor: Actor, action: str, subject: models.Model | None = None) -> bool:
        """Let a body show evidence only for what it owes itself."""
        if not super().allows(actor, action, subject):
            return False
        if action != ADD or not isinstance(subject, Decision) or actor.role == Role.SECRETARY:
            return True
        return actor.organisation_id is not None and subject.owner_id == actor.organisation_id


@register(Review, Cause)
class ReviewPolicy(Policy):
    """Analysts, the duty officer and the secretary write reviews; the state's desk reads them."""

    can = {
        VIEW: _STATE,
        ADD: frozenset({Role.ANALYST, Role.DUTY_OFFICER, Role.SECRETARY}),
        CHANGE: frozenset({Role.ANALYST, Role.DUTY_OFFICER, Role.SECRETARY}),
    }


@register(Recommendation)
class RecommendationPolicy(Policy):
    """The commission issues and closes recommendations; the addressee never closes its own."""

    can = {VIEW: _STATE, ADD: _SECRETARY, CHANGE: _SECRETARY}


@register(RecommendationStep)
class RecommendationStepPolicy(Policy):
    """The addressee answers; what was said stays."""

    can = {VIEW: _STATE, ADD: _OWING}

    def allows(self, actor: Actor, action: str, subject: models.Model | None = None) -> bool:
        """Let a body answer only what is addressed to it."""
        if not super().allows(actor, action, subject):
            return False
        if action != ADD or not isinstance(subject, Recommendation):
            return True
        if actor.role == Role.SECRETARY:
            return True
        return actor.organisation_id is not None and (subject.addressee_id == actor.organisation_id)

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Show every step to those who see the recommendation."""
        return rows


@register(Account, AccountVersion, AccountText, AccountHarm)
class AccountPolicy(Policy):
    """Who knows what happened writes the account; the duty officer or the secretary publishes.

    What was published is read by everyone through selectors that ask no actor.
    """

    can = {
        VIEW: _STATE,
        ADD: frozenset({Role.ANALYST, Role.DUTY_OFFICER, Role.PRESS_OFFICER, Role.SECRETARY}),
        CHANGE: frozenset({Role.DUTY_OFFICER, Role.SECRETARY}),
    }


@register(OpenMeeting, OpenItem, OpenRecommendation)
class OpeningPolicy(Policy):
    """The secretary opens meetings and recommendations to everyone."""

    can = {VIEW: _STATE, ADD: _SECRETARY, CHANGE: _SECRETARY}


_EVERYBODY = _STATE | {PUBLIC_ROLE}
READ = "read"
"""Reading at the desk, drafts and parts as well; everyone else views what is published."""
ACTION_NAMES.setdefault(READ, ACTION_NAMES[VIEW])


@register(PerformanceIndicator, IndicatorDefinition, PerformanceTarget)
class IndicatorPolicy(Policy):
    """What is measured and how is open to everyone; the secretary enters it."""

    can = {VIEW: _EVERYBODY, ADD: _SECRETARY, CHANGE: _SECRETARY}


@register(LockedFigure)
class FigurePolicy(Policy):
    """A locked figure is published; the secretary locks and corrects, nobody changes one."""

    can = {
        VIEW: _EVERYBODY,
        READ: _STATE,
        ADD: _SECRETARY,
        EXPORT: frozenset({Role.ANALYST, Role.DUTY_OFFICER, Role.SECRETARY, Role.AUDITOR}),
    }


@register(FigureUnit)
class FigureUnitPolicy(Policy):
    """Districts and bodies may be small: their parts are for the state's desk."""

    can = {VIEW: _STATE}


@register(FigureComment)
class FigureCommentPolicy(Policy):
    """The responsible body comments on its own figure, in words that everyone reads."""

    can = {VIEW: _EVERYBODY, ADD: _OWING}

    def allows(self, actor: Actor, action: str, subject: models.Model | None = None) -> bool:
        """Let only members of the responsible body comment."""
        if not super().allows(actor, action, subject):
            return False
        if actor.role == SYSTEM_ROLE or not isinstance(subject, PerformanceIndicator):
            return True
        return actor.organisation_id is not None and subject.responsible_id == actor.organisation_id


_PUBLISHED = Q(state="published")


@register(QuarterReport)
class ReportPolicy(Policy):
    """The secretary drafts a quarter's report, another person publishes it, everyone reads it."""

    can = {
        VIEW: _EVERYBODY,
        READ: _STATE,
        ADD: _SECRETARY,
        CHANGE: frozenset({Role.DUTY_OFFICER, Role.SECRETARY}),
    }

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Show drafts and what was discarded to the state's desk only."""
        found = super().visible(actor, rows)
        return found.filter(_PUBLISHED) if actor.role == PUBLIC_ROLE else found


@register(ReportPaper)
class PaperPolicy(Policy):
    """Signed papers exist of published reports only; they are for everyone."""

    can = {VIEW: _EVERYBODY}
