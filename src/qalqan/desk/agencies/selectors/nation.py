"""The nation's month: what each province returned, what is missing, what it adds up to."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from qalqan.desk.agencies import returns
from qalqan.desk.agencies.models import ProvinceKey, Return, ReturnCount
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor

_Origin = Return.Origin


def all_returns(actor: Actor, *, origin: str = "") -> QuerySet[Return]:
    """Return the returns the actor may see, newest month first, without their documents."""
    rows: QuerySet[Return] = Return.objects.visible_to(actor)
    if origin:
        rows = rows.filter(origin=origin)
    rows = rows.select_related("province").defer("document", "province__boundary")
    return rows.order_by("-month", "province", "-edition")


def return_for(actor: Actor, key: int) -> Return | None:
    """Return one return, or nothing where it is absent or hidden."""
    rows = Return.objects.visible_to(actor).select_related("province")
    return rows.defer("province__boundary").filter(pk=key).first()


def editions(actor: Actor, row: Return) -> list[Return]:
    """Return all editions of the same month and province, newest first."""
    rows = all_returns(actor, origin=row.origin)
    return list(rows.filter(province_id=row.province_id, month=row.month))


def provinces(actor: Actor) -> list[Any]:
    """Return the provinces that the desk knows, with boundaries, in the order of their codes."""
    rows = places.places(actor).filter(kind="province").defer(None)
    return list(rows.order_by("kato", "pk"))


def province_for(actor: Actor, code: str) -> Any | None:
    """Return a province by its code or its name."""
    rows = places.places(actor).filter(kind="province")
    found = rows.filter(kato=code).first() if code else None
    if found is None and code:
        named = places.finder().find(code)
        found = rows.filter(pk__in=[match.place_id for match in named]).first()
    return found


def keys(actor: Actor) -> list[ProvinceKey]:
    """Return the keys of provinces, by province."""
    rows = ProvinceKey.objects.visible_to(actor).select_related("province")
    return list(rows.defer("province__boundary").order_by("province__kato", "-trusted_at"))


def key_for(actor: Actor, key: int) -> ProvinceKey | None:
    """Return one key of a province, or nothing."""
    rows = ProvinceKey.objects.visible_to(actor).select_related("province")
    return rows.filter(pk=key).first()


@dataclass(frozen=True, slots=True)
class Line:
    """A count of a return, in the reader's language: total and by area."""

    code: str
    label: str
    total: int | None
    areas: tuple[ReturnCount, ...]

    @property
    def withheld(self) -> int:
        """How many areas are withheld."""
        return sum(1 for one in self.areas if one.value is None)


def lines_of(actor: Actor, row: Return) -> list[Line]:
    """Return the counts of one return."""
    by_code: dict[str, list[ReturnCount]] = defaultdict(list)
    for one in ReturnCount.objects.visible_to(actor).filter(monthly=row).order_by("area_code"):
        by_code[one.code].append(one)
    return [
        Line(
            code, returns.label_of(code),
            next((one.value for one in found if not one.area_code), None),
            tuple(one for one in found if one.area_code),
        )
        for code, found in sorted(by_code.items())
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProvinceLine:
    """A province's row of the national table; without a return it has no numbers."""

    province: Any
    standing: Return | None
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """What is known of a count in the whole nation: at least ``value``, from ``of`` provinces.

    ``withheld`` provinces keep their count back, so that the true sum is higher.
    """

    code: str
    label: str
    value: int
    of: int
    withheld: int


@dataclass(frozen=True, slots=True)
class Nation:
    """One month of all provinces."""

    month: date
    lines: tuple[ProvinceLine, ...]
    sums: tuple[Sum, ...]

    @property
    def missing(self) -> list[Any]:
        """The provinces without a return."""
        return [line.province for line in self.lines if line.standing is None]

    @property
    def returned(self) -> int:
        """How many provinces have returned the month."""
        return len(self.lines) - len(self.missing)


def nation(actor: Actor, *, month: date) -> Nation:
    """Return the month of all provinces: the returns that stand, received or made here."""
    rows = all_returns(actor).filter(month=month, replaced_at__isnull=True)
    standing: dict[int, Return] = {}
    for row in rows:
        # A desk that is both province and nation counts its own return once.
        if row.province_id not in standing or row.origin == _Origin.RECEIVED:
            standing[row.province_id] = row
    values: dict[int, dict[str, int | None]] = defaultdict(dict)
    keys_of = [row.pk for row in standing.values()]
    for one in ReturnCount.objects.visible_to(actor).filter(monthly__in=keys_of, area_code=""):
        values[one.monthly_id][one.code] = one.value
    codes = sorted({code for found in values.values() for code in found})
    lines = []
    for province in provinces(actor):
        found = standing.get(province.pk)
        of = values[found.pk] if found else {}
        lines.append(ProvinceLine(province, found, tuple(of.get(code) for code in codes)))
    return Nation(month, tuple(lines), tuple(_sum(code, values.values()) for code in codes))


def _sum(code: str, found: Any) -> Sum:
    held = [one[code] for one in found if code in one]
    told = [value for value in held if value is not None]
    return Sum(code, returns.label_of(code), sum(told), len(held), len(held) - len(told))


def months(actor: Actor) -> list[date]:
    """Return the months that have a return, newest first."""
    rows = Return.objects.visible_to(actor).order_by("-month")
    return list(rows.values_list("month", flat=True).distinct())
