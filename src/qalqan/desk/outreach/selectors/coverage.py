"""Where and for whom nothing happened, beside flash-points and need, per head."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Sum

from qalqan.desk.outreach.models import (
    BAND_FIELDS,
    Activity,
    ActivityDay,
    ActivityMargin,
    AgeBand,
    PlaceCount,
)
from qalqan.desk.outreach.selectors.periods import next_month, within
from qalqan.desk.platform.places import need
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.places.models import Place, Population
from qalqan.desk.platform.policies import VIEW, Actor, policy_of
from qalqan.science.outreach.rates import Rate, rate

SPANS = (3, 12, 60)
"""Months over which coverage is looked at; whole ones, as their sums are kept."""
LANGUAGES = ("kk", "ru")
THEMES = tuple(theme for theme in Activity.Theme.values if theme != Activity.Theme.OTHER)
CITY, TOWN = 50_000, 5_000
"""People from which a settlement counts as a city, and as a town."""
_BOTH = "kk_ru"
_MOST_PLACES = 30


@dataclass
class Reached:
    """What was done in one district."""

    events: int = 0
    counted: int = 0
    estimated: int = 0
    by_theme: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    by_language: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    by_band: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    events_by_theme: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    events_by_language: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    with_ages: int = 0

    @property
    def people(self) -> int:
        """People reached, counted and estimated together."""
        return self.counted + self.estimated


@dataclass(frozen=True, slots=True)
class NeedOf:
    """One measure of need in a district."""

    label: str
    need: need.Need

    @property
    def is_raised(self) -> bool:
        """Tell whether even the lower end lies above what is expected."""
        return self.need.low > 1


@dataclass(frozen=True, slots=True)
class DistrictRow:
    """Coverage of one district.

    Parameters
    ----------
    people
        Who live there; ``None`` where it is not known, and then nothing is said per head.
    events
        Events per 10,000 people in the span, with its interval.
    missing_themes, missing_languages, missing_bands
        For what and for whom nothing happened; bands only where ages are told at all.
    """

    place: Place
    people: int | None
    reached: Reached
    events: Rate | None
    missing_themes: tuple[str, ...]
    missing_languages: tuple[str, ...]
    missing_bands: tuple[str, ...]
    ages_known: bool
    needs: tuple[NeedOf, ...]

    @property
    def per_thousand(self) -> tuple[float, float] | None:
        """People reached per 1,000: counted alone, and counted with estimated."""
        if not self.people:
            return None
        return 1000 * self.reached.counted / self.people, 1000 * self.reached.people / self.people

    @property
    def is_needy(self) -> bool:
        """Tell whether a measure of need is raised here beyond doubt."""
        return any(one.is_raised for one in self.needs)

    @property
    def gaps(self) -> int:
        """Return how many themes, languages and age bands were left out."""
        return len(self.missing_themes) + len(self.missing_languages) + len(self.missing_bands)


@dataclass(frozen=True, slots=True)
class TypeRow:
    """Coverage of one type of settlement."""

    key: str
    settlements: int
    untouched: int
    people: int
    people_untouched: int
    activities: int


@dataclass(frozen=True, slots=True)
class Coverage:
    """Coverage of the province in a span."""

    start: date
    end: date
    rows: tuple[DistrictRow, ...]
    elsewhere: int
    is_sample: bool
    boundaries_approximate: bool

    @property
    def people(self) -> int:
        """Everybody whose number is known."""
        return sum(row.people or 0 for row in self.rows)

    @property
    def events(self) -> int:
        """Events in all districts."""
        return sum(row.reached.events for row in self.rows)

    @property
    def needy_and_bare(self) -> tuple[DistrictRow, ...]:
        """Districts with raised need where events per head lie below the province's."""
        if not self.people:
            return ()
        mean = 10_000 * self.events / self.people
        return tuple(
            row for row in self.rows if row.is_needy and row.events and row.events.high < mean
        )


def may_see(actor: Actor) -> bool:
    """Tell whether the actor may see sums over all bodies."""
    return policy_of(ActivityDay).allows(actor, VIEW)


def coverage(actor: Actor, *, months: int, now: datetime, today: date) -> Coverage:
    """Return where and for whom something happened in the last months, the current one too."""
    start, end = months_back(today, months), next_month(today)
    areas = list(places.districts(actor))
    people = places.latest_populations(actor, [place.pk for place in areas])
    done = reached_by_district(actor, start, end)
    needs = needs_by_district(actor, now)
    rows = [
        _row(place, people.get(place.pk), done.get(place.pk, Reached()), needs.get(place.pk, ()))
        for place in areas
    ]
    known = {place.pk for place in areas}
    return Coverage(
        start, today, tuple(sorted(rows, key=_order)),
        sum(one.events for key, one in done.items() if key not in known),
        any(place.is_sample for place in areas),
        any(place.boundary_is_approximate for place in areas),
    )  # fmt: skip


def _order(row: DistrictRow) -> tuple[Any, ...]:
    # What needs somebody first: need without events, then the barest.
    bare = row.events.value if row.events else float("inf")
    return (not row.is_needy, bare, row.place.name)


def months_back(today: date, months: int) -> date:
    """Return the first day of the first of so many months, the current one counted.

    >>> months_back(date(2026, 3, 2), 12)
    datetime.date(2025, 4, 1)
    """
    number = today.year * 12 + today.month - months
    return date(number // 12, number % 12 + 1, 1)


def reached_by_district(actor: Actor, start: date, end: date) -> dict[int, Reached]:
    """Return what was done from ``start`` to before ``end``, first days of months, by district."""
    found: dict[int, Reached] = defaultdict(Reached)
    totals = {f"sum_{name}": Sum(name) for name in BAND_FIELDS.values()}
    plain = {
        "events": Sum(F("held") + F("reported")),
        "counted": Sum("reached_counted"),
        "estimated": Sum("reached_estimated"),
    }
    rows = ActivityMargin.objects.visible_to(actor).filter(within(start, end)).order_by()
    for row in rows.filter(cut="district_id+theme").values("key").annotate(**plain, **totals):
        district, theme = row["key"].split("|")
        _add_theme(found[int(district)], theme, row)
    for row in rows.filter(cut="district_id+language").values("key").annotate(**plain):
        district, language = row["key"].split("|")
        _add_language(found[int(district)], language, row)
    return dict(found)


def _add_theme(one: Reached, theme: str, row: Mapping[str, Any]) -> None:
    one.events += row["events"]
    one.counted += row["counted"]
    one.estimated += row["estimated"]
    one.by_theme[theme] += row["counted"] + row["estimated"]
    one.events_by_theme[theme] += row["events"]
    for band, name in BAND_FIELDS.items():
        one.by_band[band] += row[f"sum_{name}"]
        one.with_ages += row[f"sum_{name}"]


def _add_language(one: Reached, language: str, row: Mapping[str, Any]) -> None:
    for each in languages_of(language):
        one.by_language[each] += row["counted"] + row["estimated"]
        one.events_by_language[each] += row["events"]


def languages_of(spoken: str) -> tuple[str, ...]:
    """Return the languages that an event serves.

    >>> languages_of("kk_ru"), languages_of("ru")
    (('kk', 'ru'), ('ru',))
    """
    return LANGUAGES if spoken == _BOTH else (spoken,)


def planned_ahead(actor: Actor, today: date) -> dict[tuple[int, str, str], int]:
    """Return how many events are planned from today on, by district, theme and language."""
    rows = (
        Activity.objects.visible_to(actor)
        .filter(state=Activity.State.PLANNED, held_on__gte=today, district__isnull=False)
        .order_by()
        .values_list("district_id", "theme", "language")
        .annotate(number=Count("pk"))
    )
    return {(district, theme, language): number for district, theme, language, number in rows}


def needs_by_district(actor: Actor, now: datetime) -> dict[int, tuple[NeedOf, ...]]:
    """Return the measures of need that the actor may see, by district."""
    found: dict[int, list[NeedOf]] = defaultdict(list)
    for measure in need.needs(actor, now=now):
        for one in measure.needs:
            found[one.place_id].append(NeedOf(measure.label, one))
    return {place: tuple(rows) for place, rows in found.items()}


def _row(
    place: Place, people: Population | None, reached: Reached, needs: Sequence[NeedOf]
) -> DistrictRow:
    count = people.count if people else None
    return DistrictRow(
        place=place,
        people=count,
        reached=reached,
        events=rate(reached.events, count) if count else None,
        missing_themes=tuple(one for one in THEMES if not reached.events_by_theme.get(one)),
        missing_languages=tuple(
            one for one in LANGUAGES if not reached.events_by_language.get(one)
        ),
        missing_bands=tuple(
            band for band in AgeBand.values if reached.with_ages and not reached.by_band.get(band)
        ),
        ages_known=bool(reached.with_ages),
        needs=tuple(needs),
    )


def by_type(actor: Actor) -> tuple[list[TypeRow], list[tuple[Place, int]], date | None]:
    """Return coverage by type of settlement, the largest untouched ones, and when counted.

    Only settlements inside the desk's own districts: others are their own desk's to reach. One
    whose people are not counted is of no known type.
    """
    towns = _own_settlements(actor)
    people = places.latest_populations(actor, [town.pk for town in towns])
    counted = {row.place_id: row for row in PlaceCount.objects.visible_to(actor)}
    when = max((row.counted_on for row in counted.values()), default=None)
    sums: dict[str, list[int]] = {key: [0] * 5 for key in ("city", "town", "village", "unknown")}
    bare: list[tuple[Place, int]] = []
    for town in towns:
        count = people[town.pk].count if town.pk in people else 0
        held = counted[town.pk].activities if town.pk in counted else 0
        cell = sums[type_of(count)]
        cell[0] += 1
        cell[1] += not held
        cell[2] += count
        cell[3] += 0 if held else count
        cell[4] += held
        if not held:
            bare.append((town, count))
    bare.sort(key=lambda one: (-one[1], one[0].name))
    rows = [TypeRow(key, *cell) for key, cell in sums.items() if cell[0]]
    return rows, bare[:_MOST_PLACES], when


def _own_settlements(actor: Actor) -> list[Place]:
    """Return the settlements that lie in one of the districts the actor may see."""
    own = set(places.districts(actor).order_by().values_list("pk", flat=True))
    inside = places.district_map()
    towns = places.places(actor).filter(kind=Place.Kind.SETTLEMENT).select_related("parent")
    return [town for town in towns if inside[town.pk] in own]


def type_of(people: int) -> str:
    """Return the type of a settlement of so many people.

    >>> type_of(120_000), type_of(7_000), type_of(300), type_of(0)
    ('city', 'town', 'village', 'unknown')
    """
    if people >= CITY:
        return "city"
    if people >= TOWN:
        return "town"
    return "village" if people else "unknown"
