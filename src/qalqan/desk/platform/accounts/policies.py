"""Who may see and change accounts and organisations."""

from typing import Any

from django.db import models

from qalqan.desk.platform.accounts.models import LoginLink, Organisation, User
from qalqan.desk.platform.policies import (
    ADD,
    CHANGE,
    EVERY_ROLE,
    VIEW,
    Actor,
    Policy,
    Role,
    register,
)

ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})


@register(Organisation)
class OrganisationPolicy(Policy):
    """Everyone sees the bodies that work together; the administrator keeps the list."""

    can = {VIEW: EVERY_ROLE, ADD: ADMINISTRATOR, CHANGE: ADMINISTRATOR}


@register(User)
class UserPolicy(Policy):
    """The administrator keeps the accounts, the auditor reads them."""

    can = {
        VIEW: frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
        ADD: ADMINISTRATOR,
        CHANGE: ADMINISTRATOR,
    }

    def visible(self, actor: Actor, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Return every account: the list of staff is whole, or it is of no use."""
        return rows


@register(LoginLink)
class LoginLinkPolicy(Policy):
    """Nobody sees one-time log-ins: the command line makes them, the log-in page uses them."""

    can = {}
