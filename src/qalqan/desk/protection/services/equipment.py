"""What stands at a site: entered, its state changed, taken away."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.desk.platform.privacy.guard import explain, find_traces
from qalqan.desk.protection.models import Equipment, Site, SiteEvent
from qalqan.desk.protection.services.sites import by_of
from qalqan.errors import ConflictError, InputError, Location

SOUNDS = (Equipment.Kind.LOUDSPEAKER, Equipment.Kind.SIREN)


@dataclass(frozen=True, slots=True)
class EquipmentFacts:
    """What is known of one device or post."""

    kind: str
    label: str
    state: str = "works"
    installed_on: date | None = None
    expires_on: date | None = None
    latitude: float | None = None
    longitude: float | None = None
    rated_level_db: float | None = None
    is_speech: bool = False
    mast_height_m: float | None = None


def _require(facts: EquipmentFacts, *, has_site: bool) -> None:
    for wrong, field, reason in _wrongs(facts, has_site=has_site):
        if wrong:
            raise InputError(reason, location=Location(field=field))
    if traces := find_traces(facts.label):
        raise InputError(
            _("this gives a private person away: %(parts)s")
            % {"parts": explain(facts.label, traces)},
            location=Location(field="label"),
        )


def _wrongs(facts: EquipmentFacts, *, has_site: bool) -> tuple[tuple[bool, str, str], ...]:
    both = (facts.latitude is None) == (facts.longitude is None)
    level, mast = facts.rated_level_db, facts.mast_height_m
    return (
        (facts.kind not in Equipment.Kind.values, "kind", _("This kind is not known.")),
        (facts.state not in Equipment.State.values, "state", _("This state is not known.")),
        (not 0 < len(facts.label.strip()) <= 120, "label",
         _("A label of at most 120 characters is needed.")),
        (not both, "longitude", _("latitude and longitude must be given together")),
        (not has_site and facts.latitude is None, "latitude",
         _("What stands at no site needs coordinates.")),
        (facts.latitude is not None and not -90 <= facts.latitude <= 90, "latitude",
         _("This is no latitude.")),
        (facts.longitude is not None and not -180 <= facts.longitude <= 180, "longitude",
         _("This is no longitude.")),
        (level is not None and not 40 <= level <= 160, "rated_level_db",
         _("A rated level lies between 40 and 160 dB.")),
        (level is not None and facts.kind not in SOUNDS, "rated_level_db",
         _("Only loudspeakers and sirens have a rated level.")),
        (mast is not None and not 0 <= mast <= 300, "mast_height_m",
         _("A mast is 0 to 300 m high.")),
        (facts.installed_on is not None and facts.expires_on is not None
         and facts.expires_on < facts.installed_on, "expires_on",
         _("It expires before it was installed.")),
    )  # fmt: skip


@transaction.atomic
def add_equipment(
    *, actor: Actor, site: Site | None, facts: EquipmentFacts, now: datetime,
    is_sample: bool = False,
) -> Equipment:  # fmt: skip
    """Enter a device or post.

    Raises
    ------
    InputError
        A fact is wrong.
    RefusedError
        The actor may not enter equipment.
    """
    require(actor, ADD, Equipment)
    _require(facts, has_site=site is not None)
    row = Equipment.objects.create(
        site=site, recorded_at=now, state_since=now.date(), is_sample=is_sample, **asdict(facts)
    )
    _note(actor, row, now, added=row.label, kind=row.kind)
    audit.record(actor=actor, action="protection.add_equipment", subject=row, now=now,
                 detail={"kind": row.kind, "site": row.site_id})  # fmt: skip
    return row


def _note(actor: Actor, row: Equipment, now: datetime, **detail: Any) -> None:
    if row.site_id is not None:
        SiteEvent.objects.create(
            site_id=row.site_id, at=now, kind=SiteEvent.Kind.EQUIPMENT, by=by_of(actor),
            detail=detail,
        )  # fmt: skip


@transaction.atomic
def change_equipment(
    *, actor: Actor, row: Equipment, facts: EquipmentFacts, now: datetime
) -> Equipment:
    """Correct a device or post, or its state.

    Raises
    ------
    ConflictError
        Nothing is changed, or it is taken away.
    InputError
        A fact is wrong.
    RefusedError
        The actor may not change equipment.
    """
    require(actor, CHANGE, Equipment, row)
    locked = Equipment.objects.select_for_update().get(pk=row.pk)
    if locked.removed_at is not None:
        raise ConflictError(_("This equipment is taken away."))
    _require(facts, has_site=locked.site_id is not None)
    changed = {}
    for name, value in asdict(facts).items():
        old = getattr(locked, name)
        if old != value:
            changed[name] = [_plain(old), _plain(value)]
            setattr(locked, name, value)
    if not changed:
        raise ConflictError(_("Nothing is changed."))
    if "state" in changed:
        locked.state_since = now.date()
    locked.save()
    _note(actor, locked, now, label=locked.label, changed=changed)
    audit.record(actor=actor, action="protection.change_equipment", subject=locked, now=now,
                 detail={"fields": sorted(changed)})  # fmt: skip
    return locked


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


@transaction.atomic
def remove_equipment(*, actor: Actor, row: Equipment, now: datetime) -> Equipment:
    """Note that a device or post is no longer there.

    Raises
    ------
    ConflictError
        It is taken away already.
    RefusedError
        The actor may not change equipment.
    """
    require(actor, CHANGE, Equipment, row)
    locked = Equipment.objects.select_for_update().get(pk=row.pk)
    if locked.removed_at is not None:
        raise ConflictError(_("This equipment is taken away."))
    locked.removed_at = now
    locked.save(update_fields=["removed_at"])
    _note(actor, locked, now, removed=locked.label)
    audit.record(actor=actor, action="protection.remove_equipment", subject=locked, now=now)
    return locked
