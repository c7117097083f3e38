"""Store the sites of a file: corrections first, then what is new, in bulk."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.sources.tables import Problem, Reject, Row
from qalqan.desk.platform.sources.taking import Taken
from qalqan.desk.protection.likeness import Likenesses
from qalqan.desk.protection.models import Site, SiteEvent
from qalqan.desk.protection.services.facts import (
    SiteFacts,
    apply,
    districts_for,
    entry_of,
    facts_of,
)
from qalqan.desk.protection.services.numbers import next_numbers
from qalqan.desk.protection.services.sites import by_of, first_due


@dataclass(frozen=True, slots=True)
class Good:
    """One row, understood."""

    row: Row
    number: int | None
    facts: SiteFacts


def store(
    good: list[Good], report: Taken, reject: Reject, *, actor: Actor, now: datetime,
    is_sample: bool, allow_doubles: bool,
) -> None:  # fmt: skip
    """Store what was understood: corrections first, then what is new, in bulk."""
    known = {
        site.number: site for site in Site.objects.select_for_update().filter(number__isnull=False)
    }
    districts = districts_for([one.facts for one in good])
    index = Likenesses(
        entry_of(site.pk, facts_of(site), site.district_id) for site in known.values()
    )
    names = {site.pk: f"№ {site.number} {site.name}" for site in known.values()}
    seen: set[int] = set()
    new: list[tuple[Good, int | None]] = []
    corrected: list[tuple[Site, dict[str, list[Any]]]] = []
    for position, (one, district) in enumerate(zip(good, districts, strict=True), start=1):
        problem = _number_problem(one, known, seen)
        entry = entry_of(-position, one.facts, district)
        if problem is None and one.number not in known and not allow_doubles:
            matches = index.find(entry)
            if matches:
                words = names[matches[0].key]
                problem = Problem(
                    one.row.line, "name_ru", _("a site like this is there already: %(name)s")
                    % {"name": words},
                )  # fmt: skip
        if problem is not None:
            report.refuse(one.row, problem, reject)
            continue
        if one.number is not None:
            seen.add(one.number)
        if one.number in known:
            site = known[one.number]
            changed = apply(site, _merged(one, site), district_id=district)
            if changed:
                site.changed_at = now
                corrected.append((site, changed))
            else:
                report.known += 1
            continue
        index.add(entry)
        names[-position] = _("line %(line)s") % {"line": one.row.line}
        new.append((one, district))
    _correct(corrected, actor, now)
    _create(new, actor, now, is_sample=is_sample)
    report.changed, report.stored = len(corrected), len(new)


def _number_problem(one: Good, known: dict[int | None, Site], seen: set[int]) -> Problem | None:
    if one.number is None:
        return None
    if one.number in seen:
        return Problem(one.row.line, "number", _("this number stands twice in the file"))
    site = known.get(one.number)
    if site is not None and site.status != Site.Status.LISTED:
        return Problem(one.row.line, "number", _("the site of this number is not on the list"))
    return None


def _merged(one: Good, site: Site) -> SiteFacts:
    """Return the row's facts; what the file has no column for stays as it is."""
    columns = one.row.cells
    kept: dict[str, Any] = {"owner_id": site.owner_id}
    for column, name in (("owner", "owner_name"), ("place", "place_id")):
        if column not in columns:
            kept[name] = getattr(site, name)
    for name in ("name_kk", "name_ru", "name_en", "owner_language", "duty_contact", "address",
                 "latitude", "longitude"):  # fmt: skip
        if name not in columns:
            kept[name] = getattr(site, name)
    return replace(one.facts, **kept)


def _correct(
    corrected: list[tuple[Site, dict[str, list[Any]]]], actor: Actor, now: datetime
) -> None:
    fields = [
        "category", "capacity", "tier", "place", "district", "name_kk", "name_ru", "name_en",
        "owner_name", "owner_language", "duty_contact", "latitude", "longitude", "address",
        "search_text", "changed_at",
    ]  # fmt: skip
    Site.objects.bulk_update([site for site, _changed in corrected], fields, batch_size=200)
    SiteEvent.objects.bulk_create(
        [
            SiteEvent(site=site, at=now, kind=SiteEvent.Kind.CHANGED, by=by_of(actor),
                      detail={"changed": changed, "import": True})
            for site, changed in corrected
        ],
        batch_size=500,
    )  # fmt: skip


def _create(
    new: Iterable[tuple[Good, int | None]], actor: Actor, now: datetime, *, is_sample: bool
) -> None:
    rows = list(new)
    if not rows:
        return
    given = [one.number for one, _district in rows if one.number is not None]
    wanted = len(rows) - len(given)
    used = Site.objects.order_by("-number").values_list("number", flat=True).first() or 0
    fresh = iter(next_numbers("site", wanted, at_least=max([used, *given])))
    sites = []
    for one, district in rows:
        site = Site(status=Site.Status.LISTED, recorded_at=now, changed_at=now, listed_at=now,
                    number=one.number or next(fresh), next_due_on=first_due(one.facts, now),
                    is_sample=is_sample)  # fmt: skip
        apply(site, one.facts, district_id=district)
        sites.append(site)
    Site.objects.bulk_create(sites, batch_size=500)
    SiteEvent.objects.bulk_create(
        [
            SiteEvent(site=site, at=now, kind=SiteEvent.Kind.IMPORTED, by=by_of(actor))
            for site in sites
        ],
        batch_size=500,
    )
