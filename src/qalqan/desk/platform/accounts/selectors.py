"""Reading accounts and organisations."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models

from qalqan.desk.platform.accounts.models import Organisation, User
from qalqan.desk.platform.policies import Actor, VisibleQuerySet
from qalqan.errors import InputError


def users(actor: Actor, *, text: str = "") -> VisibleQuerySet:
    """Return the accounts the actor may see, by user name; those that contain ``text``."""
    rows = User.objects.visible_to(actor).select_related("organisation").order_by("username")
    if text := text.strip():
        rows = rows.filter(
            models.Q(username__icontains=text)
            | models.Q(display_name__icontains=text)
            | models.Q(organisation__name__icontains=text)
        )
    return rows  # type: ignore[no-any-return]


def user(actor: Actor, username: str) -> User:
    """Return one account by its user name.

    Raises
    ------
    InputError
        The actor sees no account of that name.
    """
    row: User | None = users(actor).filter(username=username).first()
    if row is None:
        raise InputError(f"there is no account {username!r}")
    return row


def organisations(actor: Actor) -> VisibleQuerySet:
    """Return the organisations with the number of open accounts in each."""
    return (  # type: ignore[no-any-return]
        Organisation.objects.visible_to(actor)
        .annotate(staff=models.Count("users", filter=models.Q(users__is_active=True)))
        .order_by("name")
    )


def with_second_factor(rows: Iterable[User]) -> set[int]:
    """Return the keys of those accounts that have a second factor."""
    from allauth.mfa.models import Authenticator

    return set(
        Authenticator.objects.filter(user__in=[row.pk for row in rows])
        .exclude(type=Authenticator.Type.RECOVERY_CODES)
        .values_list("user_id", flat=True)
    )
