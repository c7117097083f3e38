"""Everything that publishes counts."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from qalqan.desk.platform.audit.services import record
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.platform.privacy.sealing import seal_bytes, unseal_bytes
from qalqan.desk.platform.releases.models import Release, ReleasedTable, Series
from qalqan.errors import InputError
from qalqan.science.disclosure.checks import DisclosureInputError
from qalqan.science.disclosure.tables import TOTAL, Table

if TYPE_CHECKING:
    from qalqan.science.disclosure.protect import Protected
    from qalqan.science.disclosure.publication import Bond, Edition

__all__ = ["TOTAL", "Table", "declare_series", "release"]

PURPOSE = "releases.withheld"
SECONDS = 10.0
"""How long the cheapest pattern is looked for; what is found by then is used, and told."""

MOST_REASONS = 50


@transaction.atomic
def declare_series(
    *, actor: Actor, code: str, bond: Bond, now: datetime, linked: Sequence[str] = ()
) -> Series:
    """Say how the editions of a series hang together, and with which other series.

    Parameters
    ----------
    actor
        Who says it.
    code
        Name of the series: ``room.what``.
    bond
        ``separate``: different counts each time; ``same``: the same counts again; ``grows``:
        running totals, whose differences are protected, too.
    now
        When, aware.
    linked
        Series whose editions of the same name show the same counts in other tables. They are
        attacked together.

    Raises
    ------
    InputError
        The code or the bond cannot be used, or the bond was declared otherwise before.
    RefusedError
        The actor may not publish.
    """
    require(actor, ADD, Series)
    if not code.strip() or len(code) > 80 or bond not in Series.Bond.values:
        raise InputError(_("A series needs a code of 1 to 80 characters and a known bond."))
    series, is_new = Series.objects.get_or_create(code=code, defaults={"bond": bond})
    if series.bond != bond:
        raise InputError(_("This series was declared otherwise; take a new code."))
    others = [Series.objects.get_or_create(code=one, defaults={"bond": bond})[0] for one in linked]
    missing = [one for one in others if not series.linked.filter(pk=one.pk).exists()]
    series.linked.add(*missing)
    if is_new or missing:
        record(
            actor=actor, action="releases.series_declared", subject=series, now=now,
            detail={"code": code, "bond": bond, "linked": len(others)},
        )  # fmt: skip
    return series


@transaction.atomic
def release(
    *, actor: Actor, series: str, edition: str, tables: Sequence[Table], now: datetime,
    threshold: int = 5, zeros: str = "safe", is_sample: bool = False, seconds: float = SECONDS,
) -> Release:  # fmt: skip
    """Protect tables, attack them with everything published before, and publish or refuse.

    Parameters
    ----------
    actor
        Who publishes.
    series
        Code of the series; an unknown one is begun, with different counts each time.
    edition
        Name of the edition, as "2026-10". The same edition may be published again.
    tables
        Tables of true counts; margins may be left out, they are computed and published, too.
    now
        When, aware.
    threshold
        Counts from 1 to below this are withheld.
    zeros
        ``safe``, ``structural`` or ``sensitive``.
    is_sample
        Whether it belongs to the sample data.
    seconds
        Time for the search.

    Returns
    -------
    Release
        Look at its state: what fails the attacker's audit is stored as refused, with reasons
        and without any count.

    Raises
    ------
    InputError
        A table cannot be what it says.
    RefusedError
        The actor may not publish.
    """
    require(actor, ADD, Release)
    _check(edition, tables, threshold)
    row, _new = Series.objects.get_or_create(code=series)
    # One edition after the other, also of linked series: each is attacked with those before it.
    together = [row.pk, *row.linked.values_list("pk", flat=True)]
    list(Series.objects.select_for_update().filter(pk__in=together).order_by("pk"))
    named = [replace(table, name=f"{series}: {table.name}") for table in tables]
    found, reasons = _protected(row, edition, named, threshold, zeros, seconds)
    number = Release.objects.filter(series=row, edition=edition).count() + 1
    state = Release.State.REFUSED if reasons else Release.State.PUBLISHED
    cells = found.cells if found else []
    pattern = found.pattern if found else None
    kept = Release.objects.create(
        series=row, edition=edition, number=number, state=state, threshold=threshold,
        cells=len(cells), withheld=sum(cell.published is None for cell in cells),
        cost=pattern.cost if pattern else None, bound=pattern.bound if pattern else None,
        proof=_proof(found) if not reasons else "",
        reasons=reasons[:MOST_REASONS], released_at=now, is_sample=is_sample,
    )  # fmt: skip
    if found and not reasons:
        _store(kept, found, tables)
    record(
        actor=actor, action=f"releases.{state}", subject=kept, now=now,
        detail={"series": series, "edition": edition, "cells": kept.cells,
                "withheld": kept.withheld, "reasons": len(reasons)},
    )  # fmt: skip
    return kept


def _proof(found: Protected | None) -> str:
    optimal = found is not None and found.pattern is not None and found.pattern.status == "optimal"
    return Release.Proof.OPTIMAL if optimal else Release.Proof.TIME


def _check(edition: str, tables: Sequence[Table], threshold: int) -> None:
    from qalqan.science.disclosure.tables import completed

    if not edition.strip() or len(edition) > 60:
        raise InputError(_("The name of an edition has 1 to 60 characters."))
    if threshold < 1:
        raise InputError(_("A threshold is at least 1."))
    if not tables or len({table.name for table in tables}) < len(tables):
        raise InputError(_("A release has tables with different names."))
    for table in tables:
        completed(table)


def _protected(
    series: Series, edition: str, tables: list[Table], threshold: int, zeros: str, seconds: float
) -> tuple[Protected | None, list[str]]:
    """Return what may be published, or why nothing may; reasons never name a count."""
    from qalqan.science.disclosure.protect import Rules, protect

    if zeros not in ("safe", "structural", "sensitive"):
        raise InputError(_("Zeros are safe, structural or sensitive."))
    earlier = _earlier(series, edition)
    bond: Bond = series.bond  # type: ignore[assignment]
    try:
        found = protect(
            tables, Rules(threshold=threshold, zeros=zeros),  # type: ignore[arg-type]
            name=f"{edition} (new)", of=edition, earlier=earlier, bond=bond, seconds=seconds,
            clock=time.monotonic,
        )  # fmt: skip
    except DisclosureInputError as error:
        where = " × ".join(error.labels or ())
        text = _("what was published before contradicts this cell") if earlier else str(error)
        return None, [f"{where}: {text}" if where else text]
    return found, _reasons(found)


def _reasons(found: Protected) -> list[str]:
    words = {
        "small": _("a small count was published before"),
        "narrow": _("withheld, but it could be computed"),
        "change": _("the difference of two editions would tell a small count"),
    }
    reasons = [
        f"{' × '.join(one.labels)}: {words.get(one.fault, one.fault)}" for one in found.faults
    ]
    if found.pattern is not None:
        reasons += [
            f"{' × '.join(labels)}: " + _("cannot be protected, whatever else is withheld")
            for labels in found.unprotected
        ]
    return list(dict.fromkeys(reasons))


def _earlier(series: Series, edition: str) -> list[Edition]:
    """Return what an attacker would lay beside a new edition, oldest first.

    Editions of separate counts tell nothing about each other, unless they bear one name.
    """
    from qalqan.science.disclosure.publication import Edition

    codes = [series.pk, *series.linked.values_list("pk", flat=True)]
    rows = (
        Release.objects.filter(series__in=codes, state=Release.State.PUBLISHED)
        .select_related("series")
        .prefetch_related("tables")
        .order_by("released_at", "pk")
    )
    if series.bond == Series.Bond.SEPARATE:
        rows = rows.filter(edition=edition)
    return [
        Edition(
            f"{row.edition} ({row.series.code} {row.number})",
            tuple(_opened(table, row.series.code) for table in row.tables.all()),
            frozenset(
                (f"{row.series.code}: {table.name}", tuple(labels))
                for table in row.tables.all()
                for labels, count in table.cells
                if count is None
            ),
            of=row.edition,
        )
        for row in rows
    ]


def _opened(table: ReleasedTable, series: str) -> Table:
    """Return a published table with its true counts."""
    withheld = json.loads(unseal_bytes(bytes(table.sealed), purpose=PURPOSE))
    cells = {
        tuple(labels): math.nan if count is None else float(count) for labels, count in table.cells
    }
    cells.update({tuple(labels): float(count) for labels, count in withheld})
    return Table(f"{series}: {table.name}", tuple(table.dimensions), cells, table.hierarchies)


def _store(kept: Release, found: Protected, tables: Sequence[Table]) -> None:
    for position, (table, whole) in enumerate(zip(tables, found.edition.tables, strict=True)):
        own = [cell for cell in found.cells if cell.table == whole.name]
        withheld = [[cell.labels, int(cell.value)] for cell in own if cell.published is None]
        ReleasedTable.objects.create(
            release=kept, name=table.name, position=position, dimensions=list(table.dimensions),
            hierarchies={name: dict(tree) for name, tree in table.hierarchies.items()},
            cells=[
                [cell.labels, None if cell.published is None else int(cell.published)]
                for cell in own
            ],
            sealed=seal_bytes(json.dumps(withheld).encode(), purpose=PURPOSE),
        )  # fmt: skip
