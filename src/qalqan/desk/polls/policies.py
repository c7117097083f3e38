"""Who may see and change what the room of polls keeps."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from qalqan.desk.platform.policies import ADD, CHANGE, EXPORT, VIEW, Policy, Role, register
from qalqan.desk.platform.policies.registry import ACTION_NAMES
from qalqan.desk.polls.models import (
    Batch,
    DrawnCluster,
    FrameUnit,
    Margin,
    OutcomeCount,
    PaperSheet,
    Poll,
    PollEdition,
    PollQuestion,
    Questionnaire,
    QuestionnaireVersion,
    Response,
    SamplingFrame,
    Stratum,
    TrustFormula,
    WebToken,
)

PUBLISH = "publish"
"""Publishing the results of a poll."""
ACTION_NAMES.setdefault(PUBLISH, gettext_lazy("publish"))

_MAKERS = frozenset({Role.ANALYST, Role.DUTY_OFFICER})
"""Who designs polls and computes their results."""
_COLLECTORS = _MAKERS | {Role.GROUP_WORKER}
"""Who enters what was answered; group workers often do the asking."""
_READERS = _MAKERS | {Role.PRESS_OFFICER, Role.SECRETARY, Role.AUDITOR}


@register(
    Questionnaire, QuestionnaireVersion, PollQuestion, SamplingFrame, FrameUnit, Stratum,
    DrawnCluster, Margin, TrustFormula,
)  # fmt: skip
class DesignPolicy(Policy):
    """Those who make polls keep their designs; everyone at the desk who reads results sees them."""

    can = {VIEW: _READERS, ADD: _MAKERS, CHANGE: _MAKERS, EXPORT: _READERS}


@register(Poll)
class PollPolicy(Policy):
    """Collectors see the polls that they collect for."""

    can = {VIEW: _READERS | _COLLECTORS, ADD: _MAKERS, CHANGE: _MAKERS, EXPORT: _READERS}


@register(Batch, OutcomeCount, PaperSheet)
class CollectingPolicy(Policy):
    """Collectors enter answers and outcomes."""

    can = {VIEW: _READERS | _COLLECTORS, ADD: _COLLECTORS, CHANGE: _COLLECTORS}


@register(WebToken)
class TokenPolicy(Policy):
    """Links are made by those who make polls, and seen by nobody afterwards."""

    can = {ADD: _MAKERS}


@register(Response)
class ResponsePolicy(Policy):
    """Single sets of answers are shown to nobody; results are computed from all of them."""

    can = {ADD: _COLLECTORS}


@register(PollEdition)
class EditionPolicy(Policy):
    """Results are read at the desk; who may release counts may publish them."""

    can = {
        VIEW: _READERS, ADD: _MAKERS, EXPORT: _READERS, PUBLISH: _MAKERS | {Role.SECRETARY},
    }  # fmt: skip
