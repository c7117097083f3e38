"""Reading workers and services."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from qalqan.desk.platform.policies import Actor, Role
from qalqan.desk.support import crypto
from qalqan.desk.support.models import Helper, Service, Voucher


def helper_of(actor: Actor) -> Helper | None:
    """Return the actor's key, unless it was taken away."""
    row: Helper | None = (
        Helper.objects.visible_to(actor)
        .filter(user_id=getattr(actor, "pk", None) or 0, left_on=None)
        .first()
    )
    return row


def working(actor: Actor) -> QuerySet[Helper]:
    """Return the keys of workers whose account is open and still theirs."""
    rows: QuerySet[Helper] = Helper.objects.visible_to(actor).filter(
        left_on=None, user__is_active=True, user__role=Role.SUPPORT_WORKER
    )
    return rows.select_related("user__organisation").order_by("user__username")


def statement_about(helper: Helper) -> str:
    """Return what a voucher signs about a colleague."""
    key = bytes(helper.public_key).hex()
    return f"qalqan support voucher 1|{helper.pk.hex}|{helper.user_id}|{key}"


def trusted(actor: Actor, keys: crypto.Keys) -> dict[UUID, Helper]:
    """Return the workers whose keys the actor, or somebody the actor trusts, has vouched for.

    The walk begins at the actor's own private key, not at what the database says of it, so that
    a key put into the database by somebody else is never given a case.
    """
    rows = {row.pk: row for row in working(actor)}
    me = next((row for row in rows.values() if row.user_id == getattr(actor, "pk", None)), None)
    if me is None or bytes(me.public_key) != keys.public:
        return {}
    vouchers: dict[UUID, list[Voucher]] = {}
    for one in Voucher.objects.visible_to(actor):
        vouchers.setdefault(one.by_id, []).append(one)
    found, waiting = {me.pk: me}, [me]
    while waiting:
        voucher_by = waiting.pop()
        for one in vouchers.get(voucher_by.pk, []):
            about = rows.get(one.about_id)
            if about is None or about.pk in found:
                continue
            if crypto.is_vouched(
                bytes(voucher_by.public_key), bytes(one.signature), statement_about(about)
            ):
                found[about.pk] = about
                waiting.append(about)
    return found


@dataclass(frozen=True, slots=True)
class Colleague:
    """A worker as the page of colleagues shows one."""

    helper: Helper
    mark: str
    is_me: bool
    is_trusted: bool
    is_of_my_body: bool


def colleagues(actor: Actor, keys: crypto.Keys) -> list[Colleague]:
    """Return every worker with a key, and whether the actor's trust reaches them."""
    known = trusted(actor, keys)
    return [
        Colleague(
            row,
            crypto.key_mark(bytes(row.public_key)),
            row.user_id == getattr(actor, "pk", None),
            row.pk in known,
            row.user.organisation_id == actor.organisation_id,
        )
        for row in working(actor)
    ]


def services(actor: Actor) -> QuerySet[Service]:
    """Return the services that may be named, ordinary ones first."""
    rows: QuerySet[Service] = Service.objects.visible_to(actor).filter(is_active=True)
    return rows.order_by("is_police", "-is_ordinary", "pk")


def services_by_key(ids: Iterable[int]) -> dict[int, Service]:
    """Return services by key, inactive ones too; for whoever has opened a case that names them."""
    return {row.pk: row for row in Service.objects.filter(pk__in=list(ids))}
