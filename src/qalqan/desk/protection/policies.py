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
    Checklist,
    ChecklistVersion,
    Counter,
    Equipment,
    Given,
    Inspection,
    InspectionPicture,
    Question,
    Site,
    SiteEvent,
    SiteFile,
    SiteRequest,
    StoredFile,
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
