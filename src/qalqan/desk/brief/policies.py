"""Who may read the brief, and who looks at what readers said of it."""

from __future__ import annotations

from typing import Any

from django.db import models

from qalqan.desk.brief.models import BriefEdition, KindReview, LineVote, Look, VoteSum
from qalqan.desk.platform.policies import ADD, EXPORT, VIEW, Actor, Policy, Role, register
from qalqan.desk.platform.policies.roles import SYSTEM_ROLE

# One edition holds what all of them may read together; what is shown of it is narrowed for each
# reader by the policies of the rooms that the lines come from: see ``selectors.reading``.
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
_REVIEWERS = frozenset({Role.ANALYST, Role.SECRETARY})


@register(BriefEdition)
class BriefPolicy(Policy):
    """The state's desk reads the brief; analysts and duty officers may have it computed."""

    can = {
        VIEW: _READERS,
        ADD: frozenset({Role.DUTY_OFFICER, Role.ANALYST}),
        EXPORT: _READERS,
    }


@register(Look, LineVote)
class OwnPolicy(Policy):
    """Each reader's looks and votes are that reader's alone; the desk itself counts them."""

    can = {VIEW: _READERS, ADD: _READERS}

    def visible(self, actor: Actor, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Return the reader's own rows."""
        if actor.role == SYSTEM_ROLE:
            return rows
        return rows.filter(reader_id=getattr(actor, "pk", None) or 0)


@register(VoteSum, KindReview)
class ReviewPolicy(Policy):
    """Analysts and the secretary look at the counts and decide; the auditor reads both."""

    can = {VIEW: _REVIEWERS | {Role.AUDITOR}, ADD: _REVIEWERS}
