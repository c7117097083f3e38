"""Devices: registered, given keys, heard, withdrawn."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from qalqan.desk.alerts.envelope import KEY_BYTES, EnvelopeError, Said, open_message
from qalqan.desk.alerts.models import Device, Signal
from qalqan.desk.alerts.services.common import account_of
from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, SystemActor, require
from qalqan.desk.platform.privacy.guard import screen
from qalqan.desk.platform.privacy.limits import RateLimit
from qalqan.desk.platform.privacy.sealing import seal_bytes, unseal_bytes
from qalqan.errors import ConflictError, InputError, Location, QalqanError

if TYPE_CHECKING:
    from qalqan.desk.platform.places.models import Place

REFUSALS = RateLimit(30, timedelta(minutes=10))
"""How often a refused message of one device is written down; forgers must not fill the disk."""
_KINDS = {"panic": "panic", "sensor": "sensor", "tamper": "tamper"}


class DeviceRefused(QalqanError):
    """A message that claims to be a device's is not taken; ``why`` says which way it failed."""

    code = "device.refused"

    def __init__(self, why: str) -> None:
        super().__init__(_("The message was not taken."))
        self.why = why


@transaction.atomic
def register_device(
    *,
    actor: Actor,
    code: str,
    kind: str,
    site: str,
    district: Place | None,
    now: datetime,
    latitude: float | None = None,
    longitude: float | None = None,
    beat_seconds: int = 300,
    is_sample: bool = False,
) -> tuple[Device, bytes]:
    """Register a device; return it and its key, which is shown this once.

    Raises
    ------
    ConflictError
        There is a device of that code.
    InputError
        The code, the kind, the site or the heart-beat is not to be used.
    RefusedError
        The actor may not register devices.
    """
    require(actor, ADD, Device)
    key = secrets.token_bytes(KEY_BYTES)
    device = Device(
        code=code,
        kind=kind,
        site=screen(" ".join(site.split())).text[:120],
        district=district,
        latitude=latitude,
        longitude=longitude,
        key=_sealed(code, key),
        beat_seconds=beat_seconds,
        added_by=account_of(actor),
        added_at=now,
        is_sample=is_sample,
    )
    try:
        device.clean_fields(exclude=["key", "added_by", "district"])
        with transaction.atomic():
            device.save(force_insert=True)
    except ValidationError as error:
        field, texts = next(iter(error.message_dict.items()))
        raise InputError(texts[0], location=Location(field=field)) from None
    except IntegrityError:
        raise ConflictError(_("There is a device of that code already.")) from None
    audit.record(actor=actor, action="alerts.register_device", subject=device, now=now)
    return device, key


@transaction.atomic
def renew_key(*, actor: Actor, device: Device, now: datetime) -> tuple[Device, bytes]:
    """Give a device a new key; what is sealed with the old one is refused from now on."""
    locked = _locked(actor, device)
    key = secrets.token_bytes(KEY_BYTES)
    locked.key, locked.counter = _sealed(locked.code, key), 0
    # Counts begin anew; the signals of the old key keep theirs, out of the way.
    locked.signals.filter(counter__gt=0).update(counter=-F("id"))
    locked.save(update_fields=["key", "counter"])
    audit.record(actor=actor, action="alerts.renew_device_key", subject=locked, now=now)
    return locked, key


@transaction.atomic
def set_device_enabled(*, actor: Actor, device: Device, is_enabled: bool, now: datetime) -> Device:
    """Take a device out of use, or back into it."""
    locked = _locked(actor, device)
    locked.is_enabled = is_enabled
    locked.save(update_fields=["is_enabled"])
    detail = {"enabled": is_enabled}
    audit.record(actor=actor, action="alerts.enable_device", subject=locked, now=now, detail=detail)
    return locked


def _locked(actor: Actor, device: Device) -> Device:
    require(actor, CHANGE, Device)
    locked: Device = Device.objects.select_for_update().get(pk=device.pk)
    return locked


def _sealed(code: str, key: bytes) -> bytes:
    return seal_bytes(key, purpose=f"alerts.device:{code}")


def key_of(device: Device) -> bytes:
    """Return a device's key."""
    return unseal_bytes(bytes(device.key), purpose=f"alerts.device:{device.code}")


def take_message(*, code: str, data: bytes, now: datetime) -> Signal | None:
    """Take a message of a device; return the signal it raised, nothing for a heart-beat.

    The same message taken twice raises one signal: the second time the first one is returned,
    so that a device that missed the answer may ask again.

    Raises
    ------
    DeviceRefused
        The device is unknown or out of use, or the message is malformed, forged, stale or
        replayed. Outside, all of these look alike.
    """
    device = Device.objects.filter(code=code[:32], is_enabled=True).first()
    if device is None:
        raise DeviceRefused("unknown")
    try:
        said = open_message(device.code, key_of(device), data, now=now)
        return _take(device, said, now)
    except EnvelopeError as error:
        _note_refusal(device, error.why, now)
        raise DeviceRefused(error.why) from None


@transaction.atomic
def take_beats(*, messages: Sequence[tuple[str, bytes]], now: datetime) -> int:
    """Take heart-beats of many devices in two queries; return how many were believed.

    What is no heart-beat is refused here: signals come one by one, through `take_message`.
    """
    codes = {code[:32] for code, _data in messages}
    rows = Device.objects.select_for_update().filter(code__in=codes, is_enabled=True)
    known = {device.code: device for device in rows.order_by("pk")}
    heard: dict[int, Device] = {}
    taken = 0
    for code, data in messages:
        device = known.get(code)
        if device is None:
            continue
        try:
            said = open_message(code, key_of(device), data, now=now)
            if said.content.get("kind") != "beat":
                raise EnvelopeError("malformed")
            if said.count <= device.counter:
                raise EnvelopeError("replayed")
        except EnvelopeError as error:
            _note_refusal(device, error.why, now)
            continue
        device.counter, device.heard_at = said.count, now
        for name, value in _health(said).items():
            setattr(device, name, value)
        heard[device.pk] = device
        taken += 1
    Device.objects.bulk_update(
        heard.values(), ["counter", "heard_at", "battery", "is_faulty"], batch_size=100
    )
    return taken


@transaction.atomic
def _take(device: Device, said: Said, now: datetime) -> Signal | None:
    kind = said.content.get("kind")
    if kind not in (*_KINDS, "beat"):
        raise EnvelopeError("malformed")
    fresh = Device.objects.filter(pk=device.pk, counter__lt=said.count).update(
        counter=said.count, heard_at=now, **_health(said)
    )
    if kind == "beat":
        if not fresh:
            raise EnvelopeError("replayed")
        return None
    # A heart-beat may overtake a signal on its way, so a signal is known by its own count alone.
    signal, is_new = Signal.objects.get_or_create(
        device=device,
        counter=said.count,
        defaults={
            "kind": _KINDS[str(kind)],
            "is_exercise": said.content.get("exercise") is True,
            "sent_at": said.sent_at,
            "received_at": now,
            "changed_at": now,
            "is_sample": device.is_sample,
        },
    )
    if not is_new:
        if (signal.kind, signal.sent_at) != (kind, said.sent_at):
            raise EnvelopeError("replayed")
        return signal
    actor = SystemActor(f"device:{device.pk}")
    detail = {"kind": str(kind), "exercise": signal.is_exercise}
    audit.record(actor=actor, action="alerts.take_signal", subject=signal, now=now, detail=detail)
    return signal


def _health(said: Said) -> dict[str, int | bool]:
    found: dict[str, int | bool] = {}
    battery, fault = said.content.get("battery"), said.content.get("fault")
    if isinstance(battery, int) and not isinstance(battery, bool) and 0 <= battery <= 100:
        found["battery"] = battery
    if isinstance(fault, bool):
        found["is_faulty"] = fault
    return found


def _note_refusal(device: Device, why: str, now: datetime) -> None:
    if REFUSALS.allows(f"device:{device.pk}", now=now):
        Device.objects.filter(pk=device.pk).update(
            refused=F("refused") + 1, refused_at=now, refused_why=why
        )
