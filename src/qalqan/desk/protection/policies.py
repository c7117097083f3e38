"""Who may see and change what the room of protection keeps."""

from __future__ import annotations

from typing import Any, ClassVar

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
from qalqan.desk.protection.models import (
    BudgetLine,
    BudgetPlan,
    CalendarFeed,
    Checklist,
    ChecklistVersion,
    Counter,
    Equipment,
    FieldDevice,
    Given,
    HornPlan,
    Inspection,
    InspectionPicture,
    Notice,
    NoticeItem,
    NoticeStep,
    OwnerLink,
    PlanChange,
    PlannedVisit,
    PlanWeek,
    Question,
    Remedy,
    RemedyFile,
    Site,
    SiteEvent,
    SiteFile,
    SiteRequest,
    StoredFile,
    TakenSite,
    Team,
    Violation,
)

ASK = "ask"
"""Asking that a site be taken on the list."""
DECIDE = "decide"
"""Deciding on such a request."""
ACTION_NAMES.setdefault(ASK, gettext_lazy("ask for"))
ACTION_NAMES.setdefault(DECIDE, gettext_lazy("decide"))

_KEEPERS = frozenset({Role.INSPECTOR, Role.DUTY_OFFICER})
"""Who keeps the register and works at the sites."""
_READERS = _KEEPERS | {Role.ANALYST, Role.SECRETARY, Role.AUDITOR}
_OWNERS = frozenset({Role.SITE_OWNER})


class OwnSitesPolicy(Policy):
    """The desk sees every row; an owner those of their own body's sites, nothing else."""

    site_field: ClassVar[str] = "site"

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Show an owner what belongs to their body's sites."""
        if actor.role != Role.SITE_OWNER:
            return rows
        if actor.organisation_id is None:
            return rows.none()
        owner = f"{self.site_field}__owner" if self.site_field else "owner"
        return rows.filter(**{f"{owner}_id": actor.organisation_id})


@register(Site)
class SitePolicy(OwnSitesPolicy):
    """The state's desk sees the register; an owner their own sites; the public counts only."""

    site_field = ""
    can = {
        VIEW: _READERS | _OWNERS,
        ADD: _KEEPERS,
        CHANGE: _KEEPERS,
        EXPORT: _KEEPERS | {Role.SECRETARY},
        ASK: _KEEPERS | _OWNERS | {Role.ANALYST, Role.SECRETARY},
        DECIDE: frozenset({Role.DUTY_OFFICER, Role.SECRETARY}),
    }


@register(SiteEvent)
class SiteEventPolicy(OwnSitesPolicy):
    """The history is for those who see the site, but an owner sees no inner working."""

    can = {VIEW: _READERS}


@register(SiteRequest)
class SiteRequestPolicy(OwnSitesPolicy):
    """Requests are seen by those who may ask or decide."""

    can = {
        VIEW: _READERS | _OWNERS,
        ADD: _KEEPERS | _OWNERS | {Role.ANALYST, Role.SECRETARY},
        DECIDE: frozenset({Role.DUTY_OFFICER, Role.SECRETARY}),
    }


@register(SiteFile)
class SiteFilePolicy(OwnSitesPolicy):
    """Plans and pictures show weak points: for those who work at the site, each view logged."""

    can = {VIEW: _KEEPERS | _OWNERS, ADD: _KEEPERS, CHANGE: _KEEPERS}


@register(StoredFile, Counter)
class InnerPolicy(Policy):
    """Nobody reads these by themselves; what refers to them says who may."""


@register(Equipment)
class EquipmentPolicy(OwnSitesPolicy):
    """Equipment and its faults are weak points; the commission sees counts."""

    can = {
        VIEW: _KEEPERS | _OWNERS | {Role.ANALYST, Role.AUDITOR},
        ADD: _KEEPERS,
        CHANGE: _KEEPERS,
        EXPORT: _KEEPERS,
    }


@register(Checklist, ChecklistVersion, Question)
class ChecklistPolicy(Policy):
    """What is asked is known to the desk and to owners; inspectors' desk writes it."""

    can = {VIEW: _READERS | _OWNERS, ADD: _KEEPERS, CHANGE: _KEEPERS, EXPORT: _READERS}


@register(Inspection)
class InspectionPolicy(OwnSitesPolicy):
    """Results are seen by the desk and by the site's owner."""

    can = {VIEW: _READERS | _OWNERS, ADD: frozenset({Role.INSPECTOR}), CHANGE: frozenset()}


@register(Given, InspectionPicture)
class InspectionPartPolicy(OwnSitesPolicy):
    """Single answers and pictures show weak points: for those who work at the site."""

    site_field = "inspection__site"
    can = {VIEW: _KEEPERS | _OWNERS | {Role.AUDITOR}, ADD: frozenset({Role.INSPECTOR})}


CHECK = "check"
"""Deciding whether a proof shows that a violation is mended."""
ACTION_NAMES.setdefault(CHECK, gettext_lazy("check"))


@register(Violation)
class ViolationPolicy(OwnSitesPolicy):
    """Violations are weak points: for those who work at the site, its owner, the auditor."""

    can = {
        VIEW: _KEEPERS | _OWNERS | {Role.AUDITOR},
        ADD: frozenset({Role.INSPECTOR}),
        CHANGE: frozenset({Role.INSPECTOR}),
    }


@register(Notice, NoticeStep)
class NoticePolicy(OwnSitesPolicy):
    """The commission sees notices and their clocks; inspectors issue, another person checks."""

    can = {
        VIEW: _KEEPERS | _OWNERS | {Role.SECRETARY, Role.AUDITOR},
        ADD: frozenset({Role.INSPECTOR}),
        CHANGE: frozenset({Role.INSPECTOR}),
        CHECK: _KEEPERS,
        EXPORT: _KEEPERS | _OWNERS | {Role.SECRETARY},
    }

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Show an owner the notices to their body's sites, and their steps."""
        if actor.role != Role.SITE_OWNER:
            return rows
        field = "notice__site__owner_id" if rows.model is NoticeStep else "site__owner_id"
        return rows.filter(**{field: actor.organisation_id or 0})


@register(NoticeItem)
class NoticeItemPolicy(OwnSitesPolicy):
    """What a notice says is wrong is for those who work at the site and for its owner."""

    site_field = "notice__site"
    can = {VIEW: _KEEPERS | _OWNERS | {Role.AUDITOR}}


@register(Remedy)
class RemedyPolicy(OwnSitesPolicy):
    """A proof is handed in by the owner, or entered for them, and checked by another person."""

    site_field = "item__notice__site"
    can = {VIEW: _KEEPERS | _OWNERS | {Role.AUDITOR}, ADD: _KEEPERS | _OWNERS, CHECK: _KEEPERS}


@register(RemedyFile)
class RemedyFilePolicy(OwnSitesPolicy):
    """Pictures of a proof show the inside of a site."""

    site_field = "remedy__item__notice__site"
    can = {VIEW: _KEEPERS | _OWNERS | {Role.AUDITOR}, ADD: _KEEPERS | _OWNERS}


@register(OwnerLink)
class OwnerLinkPolicy(Policy):
    """Who issues notices makes the owner's link; nobody reads it afterwards."""

    can = {ADD: frozenset({Role.INSPECTOR}), CHANGE: frozenset({Role.INSPECTOR})}


@register(FieldDevice)
class FieldDevicePolicy(Policy):
    """An inspector sees their own phones; the administrator all, and may have any wiped."""

    can = {
        VIEW: frozenset({Role.INSPECTOR, Role.ADMINISTRATOR}),
        CHANGE: frozenset({Role.INSPECTOR, Role.ADMINISTRATOR}),
    }

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Show inspectors their own."""
        if actor.role == Role.ADMINISTRATOR:
            return rows
        return rows.filter(user_id=getattr(actor, "pk", None) or 0)


@register(TakenSite)
class TakenSitePolicy(Policy):
    """What inspectors carry tells where they will be: each sees their own."""

    can = {VIEW: frozenset({Role.INSPECTOR}), ADD: frozenset({Role.INSPECTOR})}

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Show inspectors their own."""
        return rows.filter(user_id=getattr(actor, "pk", None) or 0)


REVEAL = "reveal"
"""Showing the seed of a plan when its week is over."""
ACTION_NAMES.setdefault(REVEAL, gettext_lazy("reveal"))

_PLANNERS = frozenset({Role.DUTY_OFFICER})
_GOING = frozenset({Role.DUTY_OFFICER, Role.INSPECTOR, Role.AUDITOR})


@register(Team)
class TeamPolicy(Policy):
    """Who goes from where is for those who plan and go."""

    can = {VIEW: _GOING, ADD: _PLANNERS, CHANGE: _PLANNERS}


@register(PlanWeek)
class PlanPolicy(Policy):
    """Plans are made by the duty officer; inspectors see that there is one, the auditor checks."""

    can = {
        VIEW: _GOING, ADD: _PLANNERS, CHANGE: _PLANNERS, EXPORT: _PLANNERS,
        REVEAL: _PLANNERS | {Role.AUDITOR},
    }  # fmt: skip


@register(PlannedVisit, PlanChange)
class VisitPolicy(Policy):
    """Where a team will be is for the team itself, the duty officer and the auditor."""

    can = {VIEW: _GOING, CHANGE: _PLANNERS}

    def visible(self, actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Show inspectors what their own teams do."""
        if actor.role != Role.INSPECTOR:
            return rows
        return rows.filter(
            team__in=Team.members.through.objects.filter(
                user_id=getattr(actor, "pk", None) or 0
            ).values("team_id")
        )


@register(CalendarFeed)
class FeedPolicy(Policy):
    """Feeds are made and revoked by the duty officer."""

    can = {VIEW: _PLANNERS, ADD: _PLANNERS, CHANGE: _PLANNERS}


_WEIGHING = frozenset({Role.DUTY_OFFICER, Role.ANALYST})


@register(BudgetPlan, BudgetLine, HornPlan)
class BudgetPolicy(Policy):
    """What is missing where shows weak points: for those who weigh it and the commission."""

    can = {
        VIEW: _WEIGHING | {Role.SECRETARY, Role.AUDITOR},
        ADD: _WEIGHING,
        CHANGE: _WEIGHING,
        EXPORT: _WEIGHING | {Role.SECRETARY},
    }
