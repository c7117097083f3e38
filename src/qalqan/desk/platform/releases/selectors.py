"""Everything that reads releases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from qalqan.desk.platform.policies import Actor, VisibleQuerySet
from qalqan.desk.platform.releases.models import Release, ReleasedTable


@dataclass(frozen=True, slots=True)
class PublishedTable:
    """A table as anybody may see it; ``None`` where a count is withheld."""

    name: str
    dimensions: tuple[str, ...]
    cells: Mapping[tuple[str, ...], int | None]

    def count(self, *labels: str) -> int | None:
        """Return one count; nothing where it is withheld or there is no such cell."""
        return self.cells.get(labels)


@dataclass(frozen=True, slots=True)
class Published:
    """One published edition."""

    series: str
    edition: str
    released_at: datetime
    threshold: int
    withheld: int
    is_sample: bool
    tables: Mapping[str, PublishedTable]


def published(series: str, edition: str | None = None) -> Published | None:
    """Return what everybody may see of a series: the newest edition, or the one named.

    No actor is asked: what comes out of here was protected, attacked and published.
    """
    rows = Release.objects.filter(series__code=series, state=Release.State.PUBLISHED)
    if edition is not None:
        rows = rows.filter(edition=edition)
    release = rows.select_related("series").order_by("-released_at", "-pk").first()
    return _shown(release) if release else None


def editions(series: str) -> list[str]:
    """Return the names of the published editions of a series, newest first."""
    rows = Release.objects.filter(series__code=series, state=Release.State.PUBLISHED)
    names = rows.order_by("-released_at", "-pk").values_list("edition", flat=True)
    return list(dict.fromkeys(names))


def releases(actor: Actor, *, state: str = "", series: str = "") -> VisibleQuerySet:
    """Return what was published and what was refused, newest first."""
    rows = Release.objects.visible_to(actor).select_related("series")
    if state:
        rows = rows.filter(state=state)
    if series:
        rows = rows.filter(series__code__icontains=series)
    return rows


def release_for(actor: Actor, release_id: int) -> Release | None:
    """Return one release, or nothing where it is absent or hidden from the actor."""
    found: Release | None = (
        Release.objects.visible_to(actor)
        .select_related("series")
        .prefetch_related("tables")
        .filter(pk=release_id)
        .first()
    )
    return found


def shown_table(row: ReleasedTable) -> PublishedTable:
    """Return a stored table as anybody may see it."""
    cells = {tuple(labels): count for labels, count in row.cells}
    return PublishedTable(row.name, tuple(row.dimensions), cells)


def _shown(release: Release) -> Published:
    tables = {row.name: shown_table(row) for row in release.tables.all()}
    return Published(
        release.series.code, release.edition, release.released_at, release.threshold,
        release.withheld, release.is_sample, tables,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """One count that a later release of the same edition says otherwise; nothing: withheld."""

    table: str
    labels: tuple[str, ...]
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Republished:
    """An edition that was published again, with what changed."""

    series: str
    edition: str
    number: int
    at: datetime
    before_at: datetime
    changes: tuple[ChangedCell, ...]
    is_sample: bool


def republished(series: Sequence[str], most: int = 100) -> list[Republished]:
    """Return the editions of some series that were published again, newest first.

    No actor is asked: both releases were protected, attacked and published.
    """
    rows = (
        Release.objects.filter(series__code__in=series, state=Release.State.PUBLISHED)
        .select_related("series")
        .prefetch_related("tables")
        .order_by("series", "edition", "number")
    )
    found = []
    for before, after in pairwise(rows):
        if (before.series_id, before.edition) == (after.series_id, after.edition):
            found.append(
                Republished(
                    after.series.code,
                    after.edition,
                    after.number,
                    after.released_at,
                    before.released_at,
                    _changes(before, after),
                    after.is_sample,
                )
            )
    return sorted(found, key=lambda one: one.at, reverse=True)[:most]


def _changes(before: Release, after: Release) -> tuple[ChangedCell, ...]:
    old = {table.name: shown_table(table).cells for table in before.tables.all()}
    return tuple(
        ChangedCell(table.name, labels, old.get(table.name, {}).get(labels), count)
        for table in after.tables.all()
        for labels, count in shown_table(table).cells.items()
        if old.get(table.name, {}).get(labels) != count
    )
