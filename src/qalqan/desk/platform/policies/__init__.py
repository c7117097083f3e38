"""Who may do what; everything else is refused."""

from qalqan.desk.platform.policies.actors import PUBLIC, Actor, PublicActor, SystemActor
from qalqan.desk.platform.policies.guards import actor_of, guarded, public, signed_in
from qalqan.desk.platform.policies.registry import (
    ADD,
    CHANGE,
    EXPORT,
    VIEW,
    Policy,
    VisibleManager,
    VisibleQuerySet,
    policy_of,
    register,
    require,
)
from qalqan.desk.platform.policies.roles import EVERY_ROLE, Role

__all__ = [
    "ADD",
    "CHANGE",
    "EVERY_ROLE",
    "EXPORT",
    "PUBLIC",
    "VIEW",
    "Actor",
    "Policy",
    "PublicActor",
    "Role",
    "SystemActor",
    "VisibleManager",
    "VisibleQuerySet",
    "actor_of",
    "guarded",
    "policy_of",
    "public",
    "register",
    "require",
    "signed_in",
]
