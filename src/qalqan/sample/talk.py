"""Who writes where in the sample: channels, languages, and the districts' names in use."""

from __future__ import annotations

from qalqan.sample.areas import UNITS
from qalqan.sample.wording import Dice

LANGUAGE_SHARES = {"kk": 0.46, "ru": 0.40, "en": 0.03, "kk-Latn": 0.05, "mixed": 0.06}
"""Everyday messages by language."""

_FORMS = {
    "151000000": ("Ақтөбеде", "в Актобе", "in Aktobe"),
    "153200000": ("Алғада", "в Алге", "in Alga"),
    "153400000": ("Әйтеке би ауданында", "в Айтекебийском районе", "in Ayteke Bi district"),
    "153600000": ("Қарауылкелдіде", "в Карауылкельды", "in Karauylkeldy"),
    "154000000": ("Бадамшада", "в Бадамше", "in Badamsha"),
    "154200000": ("Қобдада", "в Кобде", "in Kobda"),
    "154600000": ("Мәртөкте", "в Мартуке", "in Martuk"),
    "154800000": ("Қандыағашта", "в Кандыагаше", "in Kandyagash"),
    "155200000": ("Ойылда", "в Уиле", "in Oiyl"),
    "155600000": ("Шұбарқұдықта", "в Шубаркудуке", "in Shubarkuduk"),
    "156000000": ("Хромтауда", "в Хромтау", "in Khromtau"),
    "156400000": ("Шалқарда", "в Шалкаре", "in Shalkar"),
    "156800000": ("Ырғызда", "в Иргизе", "in Yrgyz"),
}

FORMS = {kato: dict(zip(("kk", "ru", "en"), forms, strict=True)) for kato, forms in _FORMS.items()}
"""How people say "in" each unit, by KATO code and language."""

_LOCAL = {
    unit.kato: tuple(f"Sample channel: {unit.seat.names[2]} {n}" for n in ("talk", "board"))
    for unit in UNITS
}
_NEWS = ("Sample news: Aktobe daily", "Sample news: Steppe herald", "Sample news: Province radio")

CHANNELS = tuple(name for names in _LOCAL.values() for name in names)
"""Every channel of posts."""


def channel_for(dice: Dice, kato: str, kind: str = "post") -> str:
    """Return a channel in which something of a district may be said."""
    if kind == "news":
        return dice.pick(_NEWS)
    return dice.pick(_LOCAL[kato]) if dice.chance(0.8) else dice.pick(CHANNELS)
