"""One policy object a model; what no policy allows is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qalqan.desk.platform.policies.actors import Actor
from qalqan.desk.platform.policies.roles import SYSTEM_ROLE
from qalqan.errors import RefusedError

VIEW = "view"
ADD = "add"
CHANGE = "change"
EXPORT = "export"
ACTION_NAMES: dict[str, Any] = {
    VIEW: gettext_lazy("see"),
    ADD: gettext_lazy("enter"),
    CHANGE: gettext_lazy("change"),
    EXPORT: gettext_lazy("export"),
}
"""The actions in the reader's words; a room that names another action adds it here."""

AnyPolicy = TypeVar("AnyPolicy", bound="Policy")
_policies: dict[type[models.Model], Policy] = {}


class MissingPolicyError(LookupError):
    """A model is asked for without anyone having said who may see it."""


class Policy:
    """Who may do what with one model.

    ``can`` maps an action to the roles that may do it; an action that is not there is
    refused. ``visible`` narrows the rows for roles that may view only some of them.
    """

    can: ClassVar[Mapping[str, frozenset[str]]] = {}

    def allows(self, actor: Actor, action: str, subject: models.Model | None = None) -> bool:
        """Tell whether the actor may do the action, to ``subject`` where one is given."""
        if actor.role == SYSTEM_ROLE:
            return True
        return actor.role in self.can.get(action, frozenset())

    def visible(self, actor: Actor, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Return the rows that an actor who may view the model may see."""
        return rows

    def scope(self, actor: Actor, rows: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Return the visible rows; none for an actor who may not view the model."""
        if not self.allows(actor, VIEW):
            return rows.none()
        return self.visible(actor, rows)


def register(*model_classes: type[models.Model]) -> Callable[[type[AnyPolicy]], type[AnyPolicy]]:
    """Make a policy class the policy of the given models."""

    def decorate(policy_class: type[AnyPolicy]) -> type[AnyPolicy]:
        for model in model_classes:
            if model in _policies:
                raise ValueError(f"{model.__name__} has a policy already")
            _policies[model] = policy_class()
        return policy_class

    return decorate


def policy_of(model: type[models.Model]) -> Policy:
    """Return the policy of a model.

    Raises
    ------
    MissingPolicyError
        Nobody has said who may see the model.
    """
    try:
        return _policies[model]
    except KeyError:
        raise MissingPolicyError(f"{model.__name__} has no policy") from None


def registered() -> Mapping[type[models.Model], Policy]:
    """Return all policies by model."""
    return dict(_policies)


def require(
    actor: Actor, action: str, model: type[models.Model], subject: models.Model | None = None
) -> None:
    """Refuse the act unless the model's policy allows it.

    Raises
    ------
    RefusedError
        The policy does not allow it.
    """
    if not policy_of(model).allows(actor, action, subject):
        raise RefusedError(
            _("Your role does not allow this: %(action)s, %(thing)s.")
            % {"action": ACTION_NAMES.get(action, action), "thing": model._meta.verbose_name}
        )


class VisibleQuerySet(models.QuerySet[Any]):
    """A queryset that knows who may see what."""

    def visible_to(self, actor: Actor) -> VisibleQuerySet:
        """Return only the rows that the model's policy shows to the actor."""
        return policy_of(self.model).scope(actor, self)  # type: ignore[return-value]


VisibleManager = models.Manager.from_queryset(VisibleQuerySet)
