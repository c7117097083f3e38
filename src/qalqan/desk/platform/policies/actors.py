"""Who acts: a signed-in user, the desk itself, or the public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from qalqan.desk.platform.policies.roles import PUBLIC_ROLE, SYSTEM_ROLE


@runtime_checkable
class Actor(Protocol):
    """What policies and the audit need to know of whoever acts."""

    @property
    def role(self) -> str:
        """One of the roles, ``system`` or ``public``."""

    @property
    def organisation_id(self) -> int | None:
        """The body the actor belongs to."""

    @property
    def actor_label(self) -> str:
        """How the audit names the actor, e.g. ``user:12``."""


@dataclass(frozen=True, slots=True)
class SystemActor:
    """The desk acting by itself, named by the part that acts.

    >>> SystemActor("worker").actor_label
    'system:worker'
    """

    part: str
    role: str = SYSTEM_ROLE
    organisation_id: int | None = None

    @property
    def actor_label(self) -> str:
        """How the audit names this part of the desk."""
        return f"system:{self.part}"


@dataclass(frozen=True, slots=True)
class PublicActor:
    """Anyone who is not signed in; nothing is known of them, on purpose."""

    role: str = PUBLIC_ROLE
    organisation_id: int | None = None
    actor_label: str = "public"


PUBLIC = PublicActor()
