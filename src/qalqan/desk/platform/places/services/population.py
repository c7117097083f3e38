"""Store how many people live where."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.places.fold import fold_name
from qalqan.desk.platform.places.models import Place, Population
from qalqan.desk.platform.places.services._store import PlacesReport, number, read_table
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.platform.sources.models import Source
from qalqan.desk.platform.sources.services import get_or_create_source
from qalqan.errors import InputError, Location

_COLUMNS = {
    "place": ("kato", "code", "adm2_pcode", "place_code"),
    "year": ("год", "жыл"),
    "count": ("population", "people", "население"),
}


@transaction.atomic
def import_population(
    *,
    actor: Actor,
    path: Path,
    now: datetime,
    source_name: str = "",
    is_sample: bool = False,
) -> PlacesReport:
    """Store population figures from a CSV file with a place code, a year and a count.

    Parameters
    ----------
    actor, path, now
        Who imports what, when.
    source_name
        Whose figures these are, for rows without a ``source`` column; the name of the file where
        neither is given.

    Raises
    ------
    InputError
        With file, line and column: an unknown code, a name that fits several places, a year
        outside 1800 to 2200, a count that is no whole number, the same place and year twice.
    """
    require(actor, ADD, Population)
    lookup = _Lookup()
    wanted: dict[tuple[int, int], tuple[int, str]] = {}
    for line, row in read_table(path, _COLUMNS):
        place_id = lookup.find(path, line, row["place"])
        year = int(number(path, line, row, "year", 1800, 2200))
        count = number(path, line, row, "count", 0, 2_000_000_000)
        if count != int(count):
            raise InputError(
                _("A population is a whole number."), location=Location(path.name, line, "count")
            )
        if (place_id, year) in wanted:
            raise InputError(
                _("This place and year were given before."),
                location=Location(path.name, line, "place"),
            )
        wanted[place_id, year] = int(count), row.get("source") or source_name or path.name
    sources = {
        name: get_or_create_source(
            actor=actor, name=name, kind=Source.Kind.OTHER, now=now, is_sample=is_sample
        )
        for name in sorted({name for _count, name in wanted.values()})
    }
    counts = _write({key: (n, sources[name]) for key, (n, name) in wanted.items()})
    record(actor=actor, action="places.population_imported", subject=f"file:{path.name}"[:200],
           now=now, detail=counts)  # fmt: skip
    return PlacesReport(
        read=len(wanted),
        added=counts["added"],
        changed=counts["changed"],
        unchanged=counts["unchanged"],
    )


class _Lookup:
    """Finds places by code, else by a name that only one place has."""

    def __init__(self) -> None:
        self.codes: dict[str, int] = {}
        self.names: dict[str, set[int]] = {}
        for place in Place.objects.defer("boundary"):
            if place.kato:
                self.codes[place.kato] = place.pk
            for name in (place.name_kk, place.name_ru, place.name_en):
                self.names.setdefault(fold_name(name), set()).add(place.pk)

    def find(self, path: Path, line: int, text: str) -> int:
        if text in self.codes:
            return self.codes[text]
        named = self.names.get(fold_name(text), set())
        if len(named) == 1:
            return next(iter(named))
        message = (
            _("Several places are called %(name)s; give the code.")
            if named
            else _("No place has the code or name %(name)s.")
        )
        raise InputError(message % {"name": text[:40]}, location=Location(path.name, line, "place"))


def _write(wanted: dict[tuple[int, int], tuple[int, Source]]) -> dict[str, int]:
    stored = {(p.place_id, p.year): p for p in Population.objects.all()}
    new, changed = [], []
    for (place_id, year), (count, source) in wanted.items():
        row = stored.get((place_id, year))
        if row is None:
            new.append(Population(place_id=place_id, year=year, count=count, source=source))
        elif (row.count, row.source_id) != (count, source.pk):
            row.count, row.source = count, source
            changed.append(row)
    Population.objects.bulk_create(new, batch_size=500)
    Population.objects.bulk_update(changed, ["count", "source"], batch_size=500)
    same = len(wanted) - len(new) - len(changed)
    return {"added": len(new), "changed": len(changed), "unchanged": same}
