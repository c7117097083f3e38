"""Geography of the sample province: thirteen units with codes, names, seats and drawn areas.

Codes and names are official, the coordinates of settlements are GeoNames'; the areas are not
official. Each is the part of the province nearest to the district's settlements, which is enough
to try the desk, and is labelled approximate everywhere. Official boundaries replace them by
``qalqan import areas``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

ORIGIN = "Sample: drawn around settlements, approximate"
SETTLEMENTS_ORIGIN = "GeoNames, CC BY 4.0; names and the position of Kenkiyak by the sample"
COUNTRY = ("Қазақстан", "Казахстан", "Kazakhstan")
PROVINCE = ("Ақтөбе облысы", "Актюбинская область", "Aktobe Region")
PROVINCE_KATO = "150000000"
COUNTRY_CENTRE = (48.02, 66.92)
PROVINCE_CENTRE = (48.78, 57.99)
_MARGIN_DEGREES = 0.9


@dataclass(frozen=True, slots=True)
class Seat:
    """The town that a district is run from; names in Kazakh, Russian and English."""

    names: tuple[str, str, str]
    latitude: float
    longitude: float
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """One of the thirteen units; ``people`` is made up and rounded to thousands."""

    kato: str
    names: tuple[str, str, str]
    seat: Seat
    people: int


UNITS: tuple[Unit, ...] = (
    Unit(
        "151000000", ("Ақтөбе қаласы", "город Актобе", "Aktobe city"),
        Seat(("Ақтөбе", "Актобе", "Aktobe"), 50.2797, 57.2072,
             ("Актюбинск", "Aqtobe", "Aqtöbe", "Aktyubinsk")), 560_000,
    ),
    Unit(
        "153200000", ("Алға ауданы", "Алгинский район", "Alga district"),
        Seat(("Алға", "Алга", "Alga"), 49.8986, 57.3279, ("Algha",)), 41_000,
    ),
    Unit(
        "153400000", ("Әйтеке би ауданы", "Айтекебийский район", "Ayteke Bi district"),
        Seat(("Темірбек Жүргенов", "Темирбека Жургенова", "Temirbek Zhurgenov"), 50.4333, 60.5004,
             ("Комсомольское", "Темирбек Жургенов")), 23_000,
    ),
    Unit(
        "153600000", ("Байғанин ауданы", "Байганинский район", "Bayganin district"),
        Seat(("Қарауылкелді", "Карауылкельды", "Karauylkeldy"), 48.6898, 55.8751,
             ("Караулкельды", "Қарауылкелді", "Байганин")), 22_000,
    ),
    Unit(
        "154000000", ("Қарғалы ауданы", "Каргалинский район", "Kargaly district"),
        Seat(("Бадамша", "Бадамша", "Badamsha"), 50.5618, 58.2772, ("Батамшинский",)), 16_000,
    ),
    Unit(
        "154200000", ("Қобда ауданы", "Хобдинский район", "Khobda district"),
        Seat(("Қобда", "Кобда", "Kobda"), 50.1493, 55.6689,
             ("Хобда", "Новоалексеевка", "Qobda")), 17_000,
    ),
    Unit(
        "154600000", ("Мәртөк ауданы", "Мартукский район", "Martuk district"),
        Seat(("Мәртөк", "Мартук", "Martuk"), 50.7475, 56.5061, ("Märtök", "Martok")), 29_000,
    ),
    Unit(
        "154800000", ("Мұғалжар ауданы", "Мугалжарский район", "Mugalzhar district"),
        Seat(("Қандыағаш", "Кандыагаш", "Kandyagash"), 49.4692, 57.4187,
             ("Октябрьск", "Qandyaghash")), 63_000,
    ),
    Unit(
        "155200000", ("Ойыл ауданы", "Уилский район", "Oiyl district"),
        Seat(("Ойыл", "Уил", "Oiyl"), 49.0725, 54.6630, ("Oyyl", "Uil")), 17_000,
    ),
    Unit(
        "155600000", ("Темір ауданы", "Темирский район", "Temir district"),
        Seat(("Шұбарқұдық", "Шубаркудук", "Shubarkuduk"), 49.1439, 56.4820,
             ("Shubarqudyq",)), 36_000,
    ),
    Unit(
        "156000000", ("Хромтау ауданы", "Хромтауский район", "Khromtau district"),
        Seat(("Хромтау", "Хромтау", "Khromtau"), 50.2516, 58.4357, ("Hromtau",)), 44_000,
    ),
    Unit(
        "156400000", ("Шалқар ауданы", "Шалкарский район", "Shalkar district"),
        Seat(("Шалқар", "Шалкар", "Shalkar"), 47.8315, 59.6193, ("Челкар", "Shalqar")), 45_000,
    ),
    Unit(
        "156800000", ("Ырғыз ауданы", "Иргизский район", "Yrgyz district"),
        Seat(("Ырғыз", "Иргиз", "Yrgyz"), 48.6196, 61.2607, ("Irgiz", "Yrghyz")), 14_000,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Village:
    """A settlement that is no seat: names, district and, where GeoNames lists it, its number."""

    names: tuple[str, str, str]
    kato: str
    latitude: float
    longitude: float
    aliases: tuple[str, ...] = ()


VILLAGES: tuple[Village, ...] = (
    Village(("Ембі", "Эмба", "Emba"), "154800000", 48.8298, 58.1504, ("Емба", "Embi")),
    Village(("Темір", "Темир", "Temir"), "155600000", 49.1428, 57.1274),
    Village(("Шұбаршы", "Шубарши", "Shubarshi"), "155600000", 48.5802, 57.1829, ("Шубаршы",)),
    Village(("Кеңқияқ", "Кенкияк", "Kenkiyak"), "155600000", 48.57, 57.14, ("Kengkiyak",)),
)

ELSEWHERE: tuple[Village, ...] = (
    Village(("Атырау", "Атырау", "Atyrau"), "", 47.1167, 51.8833, ("Гурьев",)),
    Village(("Балқаш", "Балхаш", "Balkhash"), "", 46.8481, 74.995, ("Balqash",)),
    Village(("Тараз", "Тараз", "Taraz"), "", 42.9, 71.3667, ("Жамбыл", "Zhambyl")),
    Village(("Алматы", "Алматы", "Almaty"), "", 43.25, 76.9167, ("Алма-Ата", "Alma-Ata")),
)
"""Towns of other provinces that the historical ledger names."""

SEAT_OF = {unit.kato: unit.seat for unit in UNITS}


GEONAMES_NUMBERS = {
    "Aktobe": 610611, "Alga": 610658, "Temirbek Zhurgenov": 1522331, "Karauylkeldy": 610386,
    "Badamsha": 610416, "Kobda": 608724, "Martuk": 608867, "Kandyagash": 608679, "Oiyl": 608647,
    "Shubarkuduk": 608271, "Khromtau": 609404, "Shalkar": 608359, "Yrgyz": 1517136,
    "Emba": 609924, "Temir": 608036, "Shubarshi": 608270,
}  # fmt: skip
"""The number of each settlement in GeoNames, by its English name here.

Kept here because reading the whole GeoNames list takes longer than writing the sample; a test
compares them.
"""


def areas_geojson() -> dict[str, Any]:
    """Draw the districts: what is nearest to their settlements, cut to a widened hull of these.

    Returns
    -------
    dict
        A GeoJSON FeatureCollection in WGS84 degrees, one feature a unit, with ``KATO``, names,
        and ``approximate`` true.
    """
    import shapely
    from shapely.geometry import MultiPoint, Point, mapping

    # One degree of longitude is shorter than one of latitude here (cos 49.5° ≈ 0.65); cells are
    # drawn on stretched coordinates, so that "nearest" means nearest on the ground.
    squeeze = 0.65
    spots = [(u.kato, u.seat.latitude, u.seat.longitude) for u in UNITS]
    spots += [(v.kato, v.latitude, v.longitude) for v in VILLAGES]
    points = [(kato, Point(lon * squeeze, lat)) for kato, lat, lon in spots]
    every = MultiPoint([point for _kato, point in points])
    hull = every.convex_hull.buffer(_MARGIN_DEGREES)
    cells = shapely.get_parts(shapely.voronoi_polygons(every, extend_to=hull))
    features = []
    for unit in UNITS:
        own = [point for kato, point in points if kato == unit.kato]
        parts = [cell for cell in cells if any(cell.contains(point) for point in own)]
        cell = shapely.union_all(parts).intersection(hull)
        drawn = shapely.transform(cell, lambda xy: (xy / [squeeze, 1.0]).round(4))
        features.append(
            {
                "type": "Feature",
                "properties": {
                    "KATO": unit.kato,
                    "name_kk": unit.names[0],
                    "name_ru": unit.names[1],
                    "name_en": unit.names[2],
                    "approximate": True,
                    "note": ORIGIN,
                },
                "geometry": mapping(drawn),
            }
        )
    return {"type": "FeatureCollection", "name": ORIGIN, "features": features}
