"""Who may see and change the ledger."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from qalqan.desk.incidents.models import (
    Analysis,
    AnalysisVersion,
    Dispute,
    EvidenceItem,
    Holding,
    Hypothesis,
    HypothesisRelation,
    Incident,
    IncidentVersion,
    Indicator,
    Mark,
    OpenQuestion,
    Reading,
    Report,
    SeriesSuggestion,
    SoughtEvidence,
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
from qalqan.desk.platform.policies.roles import SYSTEM_ROLE

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
_JUDGES = frozenset({Role.ANALYST})
_WEIGHING = _WRITERS | {Role.SECRETARY, Role.AUDITOR}


@register(Incident, Indicator)
class LedgerPolicy(Policy):
    """The state's desk reads the ledger; groups, site owners and support workers do not."""

    can = {VIEW: _READERS, ADD: _WRITERS, CHANGE: _WRITERS, EXPORT: _EXPORTERS}


@register(IncidentVersion)
class VersionPolicy(Policy):
    """What was held is read by whoever reads what is held; it is written by acts only."""

    can = {VIEW: _READERS, EXPORT: _EXPORTERS}


@register(Report, Dispute)
class ReportPolicy(Policy):
    """Duty officers and analysts record what sources say, dispute it, and retract it."""

    can = {VIEW: _READERS, ADD: _WRITERS, CHANGE: _WRITERS}


@register(Holding)
class HoldingPolicy(Policy):
    """Analysts judge: they hold values, correct incidents, merge and split them."""

    can = {VIEW: _READERS, ADD: _JUDGES, CHANGE: _JUDGES}


@register(Analysis, AnalysisVersion, EvidenceItem, Hypothesis, HypothesisRelation, SoughtEvidence)
class AnalysisPolicy(Policy):
    """Who weighs hypotheses, and who reads what was weighed: not the press, not inspectors."""

    can = {VIEW: _WEIGHING, ADD: _WRITERS, CHANGE: _WRITERS}


@register(Reading)
class ReadingPolicy(Policy):
    """Marks are their analyst's own; all others learn what everybody's give together."""

    can = {VIEW: _WRITERS, ADD: _WRITERS, CHANGE: _WRITERS}

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the actor's own readings."""
        if actor.role == SYSTEM_ROLE:
            return rows
        return rows.filter(by=actor)


@register(Mark)
class MarkPolicy(ReadingPolicy):
    """Marks are as private as the reading they belong to."""

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the marks of the actor's own readings."""
        if actor.role == SYSTEM_ROLE:
            return rows
        return rows.filter(reading__by=actor)


@register(OpenQuestion)
class QuestionPolicy(Policy):
    """Whoever reads the ledger reads what is not known; the secretary asks, too."""

    can = {
        VIEW: _READERS,
        ADD: _WRITERS | {Role.SECRETARY},
        CHANGE: _WRITERS | {Role.SECRETARY},
    }


@register(SeriesSuggestion)
class SeriesPolicy(Policy):
    """Suggestions are not facts: only those who weigh them see them."""

    can = {VIEW: _WEIGHING, CHANGE: _WRITERS}
