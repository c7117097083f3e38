"""Where alerts go: targets are added, changed and taken out of use by the administrator."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.alerts.models import Channel, Delivery, Lane, Target
from qalqan.desk.alerts.seals import ADDRESS, SECRET
from qalqan.desk.alerts.services.common import account_of
from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.desk.platform.privacy.outbound import OutboundError, checked_address
from qalqan.desk.platform.privacy.sealing import seal
from qalqan.errors import ConflictError, InputError, Location

GATEWAYS = (Channel.MAIL, Channel.SMS)
GATEWAY_QUEUES = 4
_SCHEMES = {
    Channel.MQTT: ("mqtt", "mqtts"),
    Channel.MAIL: ("smtp", "smtps"),
}
_OPTIONS = {
    Channel.WEBHOOK: frozenset[str](),
    Channel.MQTT: frozenset({"topic", "signal_in_exercise", "tells"}),
    Channel.MAIL: frozenset({"sender", "tls"}),
    Channel.SMS: frozenset({"sender"}),
    Channel.BOT: frozenset({"chat"}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetData:
    """What a target is made of.

    Parameters
    ----------
    address
        ``https://…`` for programs and gateways, ``smtps://user@host`` for e-mail,
        ``mqtts://user:password@host`` for sirens.
    secret
        Token or password; for webhooks and sirens one is drawn where it is empty.
    options
        Topic, sender, chat: what is not secret. ``tells`` of a siren says that its controller
        reports what it played, and so is reminded when it does not.
    """

    name: str
    kind: str
    address: str
    secret: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)
    district_id: int | None = None
    language: str = "kk"
    least: int = 0
    accepts_exercise: bool = False
    accepts_test: bool = False
    people: int | None = None
    people_source: str = ""
    is_sample: bool = False


@transaction.atomic
def add_target(*, actor: Actor, data: TargetData, now: datetime) -> tuple[Target, str]:
    """Send alerts to a target from now on; return it with its secret, which is shown once.

    Raises
    ------
    ConflictError
        There is a target of this name.
    InputError
        Something is missing, or the address is not one to which the desk sends.
    RefusedError
        The actor is no administrator.
    """
    require(actor, ADD, Target)
    name = " ".join(data.name.split())[:100]
    if not name:
        raise InputError(_("A target needs a name."), location=Location(field="name"))
    if Target.objects.filter(name=name).exists():
        raise ConflictError(_("There is a target of this name."), location=Location(field="name"))
    _check_address(data.kind, data.address.strip())
    _check_options(data)
    secret = data.secret
    if not secret and data.kind in (Channel.WEBHOOK, Channel.MQTT):
        secret = "qalqan_alert_" + secrets.token_urlsafe(32)
    is_gateway = data.kind in GATEWAYS
    target = Target.objects.create(
        name=name,
        kind=data.kind,
        address=seal(data.address.strip(), purpose=ADDRESS),
        secret=seal(secret, purpose=SECRET) if secret else b"",
        options=dict(data.options),
        district_id=data.district_id,
        language=data.language,
        least=data.least,
        accepts_exercise=data.accepts_exercise,
        accepts_test=data.accepts_test,
        people=data.people,
        people_source=data.people_source,
        serves_subscribers=is_gateway,
        shards=GATEWAY_QUEUES if is_gateway else 1,
        is_sample=data.is_sample,
        added_by=account_of(actor),
        added_at=now,
    )
    Lane.objects.bulk_create([Lane(target=target, shard=n) for n in range(target.shards)])
    record(
        actor=actor, action="alerts.add_target", subject=target, now=now,
        detail={"kind": data.kind},
    )  # fmt: skip
    return target, secret


def _check_address(kind: str, address: str) -> None:
    """Refuse what leads into the desk's own network, and what is no address at all."""
    place = Location(field="address")
    if kind not in Channel.values:
        raise InputError(_("There is no such way."), location=Location(field="kind"))
    private = settings.QALQAN_TARGETS_MAY_BE_PRIVATE
    try:
        parts = urlsplit(address)
        if schemes := _SCHEMES.get(Channel(kind)):
            # A broker or a relay is the desk's own and may well lie in its network.
            if parts.scheme not in schemes or not parts.hostname or (parts.port or 1) < 1:
                raise InputError(
                    _("The address begins with one of: %(schemes)s.")
                    % {"schemes": ", ".join(f"{scheme}://" for scheme in schemes)},
                    location=place,
                )
            return
        checked_address(
            parts, may_be_private=private, schemes=("https", "http") if private else ("https",)
        )
    except OutboundError as error:
        raise InputError(str(error.message), location=place) from None
    except ValueError:
        raise InputError(_("The host is not known."), location=place) from None


def _check_options(data: TargetData) -> None:
    kind = Channel(data.kind)
    for name, value in data.options.items():
        if name not in _OPTIONS[kind]:
            raise InputError(
                _("There is no setting %(name)s for this way.") % {"name": name},
                location=Location(field="options"),
            )
        if isinstance(value, str) and (not value.isprintable() or len(value) > 200):
            raise InputError(
                _("A setting is one line of at most 200 signs."), location=Location(field="options")
            )
    needed = {Channel.MAIL: "sender", Channel.BOT: "chat"}.get(kind)
    if needed and not data.options.get(needed):
        raise InputError(
            _("The setting %(name)s is missing.") % {"name": needed},
            location=Location(field="options"),
        )
    if kind == Channel.BOT and not data.secret:
        raise InputError(_("A bot needs its token."), location=Location(field="secret"))
    if data.people is not None and not data.people_source.strip():
        raise InputError(
            _("A number of people tells where it is from."),
            location=Location(field="people_source"),
        )


@transaction.atomic
def set_target_enabled(*, actor: Actor, target: Target, is_enabled: bool, now: datetime) -> Target:
    """Take a target out of use or back; what waits for it stays and is sent while it holds.

    Raises
    ------
    RefusedError
        The actor is no administrator.
    """
    require(actor, CHANGE, Target, target)
    row: Target = Target.objects.select_for_update().get(pk=target.pk)
    row.is_enabled = is_enabled
    row.save(update_fields=["is_enabled"])
    lanes = Lane.objects.filter(target=row)
    if is_enabled:
        waits = Delivery.objects.filter(target=row, state=Delivery.State.QUEUED).exists()
        lanes.update(failures=0, has_news=True, due_at=now if waits else None)
    else:
        lanes.filter(owner="").update(due_at=None)
    action = "alerts.resume_target" if is_enabled else "alerts.pause_target"
    record(actor=actor, action=action, subject=row, now=now)
    return row
