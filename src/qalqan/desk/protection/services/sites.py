"""Every change of the register, one act a function."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit import services as audit
from qalqan.desk.platform.policies import ADD, CHANGE, Actor, require
from qalqan.desk.platform.privacy.guard import explain, find_traces
from qalqan.desk.protection.likeness import Likenesses, Match
from qalqan.desk.protection.models import Site, SiteEvent, SiteRequest
from qalqan.desk.protection.policies import ASK, DECIDE
from qalqan.desk.protection.services.facts import (
    SiteFacts,
    apply,
    districts_for,
    entry_of,
    facts_of,
    require_facts,
)
from qalqan.desk.protection.services.numbers import next_numbers
from qalqan.errors import ConflictError, InputError, Location, RefusedError

FIRST_INSPECTION_DAYS = {1: 90, 2: 60, 3: 30}
"""Within how many days of being listed a site is due for the first time, by tier."""
_LONGEST = 2000
_LIVE = (Site.Status.PROPOSED, Site.Status.LISTED)


class DuplicateError(ConflictError):
    """A site like this is in the register already."""

    code = "protection.duplicate"

    def __init__(self, found: list[Site]) -> None:
        names = "; ".join(f"№ {site.number or '–'} {site.name}" for site in found[:3])
        super().__init__(
            _("A site like this is in the register already: %(names)s.") % {"names": names},
            hint=_("If it is another site, say so and enter it again."),
        )
        self.found = found


def by_of(actor: Actor) -> Any:
    """Return the account that acts, or nothing for the desk itself."""
    return actor if isinstance(actor, get_user_model()) else None


def likely_doubles(facts: SiteFacts, *, but: int | None = None) -> list[tuple[Site, Match]]:
    """Return the sites of the register that these facts may mean, most like first."""
    (district,) = districts_for([facts])
    rows = Site.objects.filter(status__in=_LIVE)
    rows = rows.filter(district_id=district) if district else rows
    rows = rows if but is None else rows.exclude(pk=but)
    known = {row.pk: row for row in rows.only(
        "pk", "number", "name_kk", "name_ru", "name_en", "place_id", "district_id", "category",
        "latitude", "longitude",
    )}  # fmt: skip
    index = Likenesses(
        entry_of(row.pk, _facts_to_compare(row), row.district_id) for row in known.values()
    )
    matches = index.find(entry_of(0, facts, district))
    return [(known[match.key], match) for match in matches]


def _facts_to_compare(row: Site) -> SiteFacts:
    return SiteFacts(
        category=row.category, capacity=0, place_id=row.place_id, name_kk=row.name_kk,
        name_ru=row.name_ru, name_en=row.name_en, latitude=row.latitude, longitude=row.longitude,
    )  # fmt: skip


def first_due(facts: SiteFacts, now: datetime) -> date:
    """Return until when a newly listed site is inspected for the first time."""
    return timezone.localdate(now) + timedelta(days=FIRST_INSPECTION_DAYS[facts.tier])


@transaction.atomic
def add_site(
    *, actor: Actor, facts: SiteFacts, now: datetime, is_another: bool = False,
    is_sample: bool = False,
) -> Site:  # fmt: skip
    """Take a site on the list.

    Parameters
    ----------
    is_another
        Whether the actor has seen the sites like it and says that this is another.

    Raises
    ------
    DuplicateError
        A site like this is there already, and nobody has said that this is another.
    InputError
        A fact is wrong.
    RefusedError
        The actor may not add sites.
    """
    require(actor, ADD, Site)
    site = _entered(facts, now, is_another=is_another, status=Site.Status.LISTED)
    site.number = next_numbers("site")[0]
    site.listed_at, site.next_due_on = now, first_due(facts, now)
    site.is_sample = is_sample
    apply(site, facts, district_id=site.district_id)
    site.save()
    _note(actor, site, SiteEvent.Kind.ENTERED, now)
    audit.record(
        actor=actor, action="protection.add_site", subject=site, now=now,
        detail={"number": site.number, "category": site.category, "is_another": is_another},
    )  # fmt: skip
    return site


def _entered(facts: SiteFacts, now: datetime, *, is_another: bool, status: str) -> Site:
    require_facts(facts)
    if not is_another and (found := likely_doubles(facts)):
        raise DuplicateError([site for site, _match in found])
    (district,) = districts_for([facts])
    site = Site(status=status, recorded_at=now, changed_at=now)
    apply(site, facts, district_id=district)
    return site


def _note(actor: Actor, site: Site, kind: str, now: datetime, **detail: Any) -> None:
    SiteEvent.objects.create(site=site, at=now, kind=kind, by=by_of(actor), detail=detail)


def _locked(site: Site) -> Site:
    return Site.objects.select_for_update().get(pk=site.pk)


@transaction.atomic
def change_site(*, actor: Actor, site: Site, facts: SiteFacts, now: datetime) -> Site:
    """Correct what is known of a site; its history keeps what stood there before.

    Raises
    ------
    ConflictError
        Nothing is changed.
    InputError
        A fact is wrong.
    RefusedError
        The actor may not change sites.
    """
    require(actor, CHANGE, Site, site)
    require_facts(facts)
    locked = _locked(site)
    (district,) = districts_for([facts])
    changed = apply(locked, facts, district_id=district)
    if not changed:
        raise ConflictError(_("Nothing is changed."))
    locked.changed_at = now
    locked.save()
    _note(actor, locked, SiteEvent.Kind.CHANGED, now, changed=changed)
    audit.record(
        actor=actor, action="protection.change_site", subject=locked, now=now,
        detail={"fields": sorted(changed)},
    )  # fmt: skip
    return locked


@transaction.atomic
def close_site(*, actor: Actor, site: Site, reason: str, now: datetime) -> Site:
    """Take a site off the list, with a reason; it keeps its number and its history.

    Raises
    ------
    ConflictError
        It is not on the list.
    InputError
        There is no reason.
    RefusedError
        The actor may not change sites.
    """
    require(actor, CHANGE, Site, site)
    words = reason_given(reason, "reason")
    locked = _locked(site)
    if locked.status != Site.Status.LISTED:
        raise ConflictError(_("This site is not on the list."))
    locked.status, locked.closed_at, locked.changed_at = Site.Status.CLOSED, now, now
    locked.save(update_fields=["status", "closed_at", "changed_at"])
    _note(actor, locked, SiteEvent.Kind.CLOSED, now, reason=words)
    audit.record(actor=actor, action="protection.close_site", subject=locked, now=now)
    return locked


@transaction.atomic
def reopen_site(*, actor: Actor, site: Site, reason: str, now: datetime) -> Site:
    """Put a closed site on the list again.

    Raises
    ------
    ConflictError
        It is not closed.
    InputError
        There is no reason.
    RefusedError
        The actor may not change sites.
    """
    require(actor, CHANGE, Site, site)
    words = reason_given(reason, "reason")
    locked = _locked(site)
    if locked.status != Site.Status.CLOSED:
        raise ConflictError(_("This site is not closed."))
    locked.status, locked.closed_at, locked.changed_at = Site.Status.LISTED, None, now
    if locked.next_due_on is None:
        locked.next_due_on = first_due(facts_of(locked), now)
    locked.save(update_fields=["status", "closed_at", "changed_at", "next_due_on"])
    _note(actor, locked, SiteEvent.Kind.REOPENED, now, reason=words)
    audit.record(actor=actor, action="protection.reopen_site", subject=locked, now=now)
    return locked


def reason_given(text: str, field: str) -> str:
    """Return a reason that is there, short enough, and gives nobody away.

    Raises
    ------
    InputError
        It is not.
    """
    words = text.strip()
    where = Location(field=field)
    if not words or len(words) > _LONGEST:
        raise InputError(
            _("Give a reason of at most %(most)s characters.") % {"most": _LONGEST}, location=where
        )
    if traces := find_traces(words):
        raise InputError(
            _("This text gives a private person away. Please take it out: %(parts)s")
            % {"parts": explain(words, traces)},
            location=where,
        )
    return words


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided on a request: whether it was accepted, and on which grounds."""

    accepted: bool
    grounds: str


@transaction.atomic
def ask_for_site(
    *, actor: Actor, facts: SiteFacts, reason: str, now: datetime, is_another: bool = False,
    is_sample: bool = False,
) -> SiteRequest:  # fmt: skip
    """Ask that a site be taken on the list; it has no number until another person decides.

    Raises
    ------
    DuplicateError
        A site like this is there already, and nobody has said that this is another.
    InputError
        A fact or the reason is wrong.
    RefusedError
        The actor may not ask.
    """
    require(actor, ASK, Site)
    words = reason_given(reason, "reason")
    site = _entered(facts, now, is_another=is_another, status=Site.Status.PROPOSED)
    site.is_sample = is_sample
    site.save()
    request = SiteRequest.objects.create(
        site=site, reason=words, asked_by=by_of(actor), asked_at=now
    )
    _note(actor, site, SiteEvent.Kind.ASKED, now)
    audit.record(actor=actor, action="protection.ask_for_site", subject=request, now=now,
                 detail={"site": site.pk, "category": site.category})  # fmt: skip
    return request


@transaction.atomic
def decide_request(
    *, actor: Actor, request: SiteRequest, verdict: Verdict, now: datetime
) -> SiteRequest:
    """Accept a request or refuse it, with grounds; never one's own.

    Raises
    ------
    ConflictError
        It is decided already.
    InputError
        There are no grounds.
    RefusedError
        The actor may not decide, or has asked.
    """
    require(actor, DECIDE, SiteRequest, request)
    grounds = reason_given(verdict.grounds, "grounds")
    locked = SiteRequest.objects.select_for_update().get(pk=request.pk)
    if locked.decision != SiteRequest.Decision.OPEN:
        raise ConflictError(_("This request is decided already."))
    decider = by_of(actor)
    if decider is not None and locked.asked_by_id == decider.pk:
        raise RefusedError(_("Another person decides on a request than the one who asked."))
    site = Site.objects.select_for_update().get(pk=locked.site_id)
    decisions = SiteRequest.Decision
    locked.decision = decisions.ACCEPTED if verdict.accepted else decisions.REFUSED
    locked.decided_by, locked.decided_at, locked.grounds = decider, now, grounds
    locked.save()
    if verdict.accepted:
        site.status, site.number = Site.Status.LISTED, next_numbers("site")[0]
        site.listed_at, site.next_due_on = now, first_due(facts_of(site), now)
        apply(site, facts_of(site), district_id=site.district_id)
    else:
        site.status = Site.Status.REFUSED
    site.changed_at = now
    site.save()
    kinds = SiteEvent.Kind
    _note(actor, site, kinds.LISTED if verdict.accepted else kinds.REFUSED, now, reason=grounds)
    audit.record(actor=actor, action="protection.decide_request", subject=locked, now=now,
                 detail={"accepted": verdict.accepted, "number": site.number})  # fmt: skip
    return locked
