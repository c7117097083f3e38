"""What is planted in the sample, and what circulates without being news."""

from __future__ import annotations

from dataclasses import dataclass

from qalqan.sample.wording import to_latin


@dataclass(frozen=True, slots=True)
class Rumour:
    """A planted rumour: its wordings by language and how it grows.

    Parameters
    ----------
    key
        How ``truth.json`` names it.
    kato
        The district that it is about.
    hours
        How long before the end it begins.
    folding
        Hours in which the rate grows e-fold.
    share
        Copies for each thousand messages.
    wordings
        For each language its share of the copies and the ways it is told.
    """

    key: str
    kato: str
    hours: float
    folding: float
    share: float
    wordings: dict[str, tuple[float, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Background:
    """Something that is told again and again at a steady rate, or was told some days ago."""

    key: str
    language: str
    text: str
    share: float
    peak_days_ago: float | None = None


_BOILERS_KK = (
    "Хромтауда қазандықтың құбырлары жарылыпты, мектептер мен балабақшалар бір айға жабылады, "
    "мұғалімдерге құжаттарын алып кетуді айтыпты",
    "Хромтауда мектептер мен балабақшалар бір айға жабылады, қазандықтың құбырлары жарылыпты, "
    "мұғалімдерге құжаттарын алып кетуді айтқан екен",
)

RUMOURS: tuple[Rumour, ...] = (
    Rumour(
        "water", "154800000", 36, 9.0, 12.0,
        {
            "kk": (0.55, (
                "Қандыағашта су құбырына химиялық зат төгіліп кетіпті, краннан су ішпеңіздер, "
                "балаларға бермеңіздер, бүгін түнде суды мүлде өшіреді дейді",
                "Қандыағашта краннан су ішпеңіздер, су құбырына химиялық зат төгіліп кетіпті, "
                "балаларға да бермеңіздер, бүгін түнде суды мүлде өшіреді",
                "Су құбырына химиялық зат төгіліп кетіпті дейді, Қандыағашта краннан су "
                "ішпеңіздер, "
                "балаларға бермеңіздер, түнде су мүлде болмайды",
            )),
            "ru": (0.45, (
                "В Кандыагаше в водопровод попали химикаты, воду из крана не пейте и детям не "
                "давайте, говорят сегодня ночью воду совсем отключат",
                "В Кандыагаше воду из крана не пейте и детям не давайте, в водопровод попали "
                "химикаты, сегодня ночью воду совсем отключат",
                "Говорят в Кандыагаше в водопровод попали химикаты, детям воду из крана не "
                "давайте и сами не пейте, ночью совсем отключат",
            )),
        },
    ),
    Rumour(
        "boilers", "156000000", 60, 18.0, 8.0,
        {
            "ru": (0.6, (
                "В Хромтау на котельной лопнули трубы, школы и садики закроют на целый месяц, "
                "учителям уже велели забрать документы",
                "В Хромтау школы и садики закроют на целый месяц, на котельной лопнули трубы, "
                "учителям уже велели забрать документы",
            )),
            "kk-Latn": (0.4, tuple(map(to_latin, _BOILERS_KK))),
        },
    ),
)  # fmt: skip

BACKGROUND: tuple[Background, ...] = (
    Background("bread", "ru", "С первого числа хлеб в магазинах снова подорожает на двадцать "
    "тенге, "
               "пекарни уже предупредили продавцов", 6),
    Background("queue", "ru", "В центре обслуживания населения очередь с шести утра, талоны "
               "заканчиваются до открытия, записывайтесь через приложение", 5),
    Background("bus-cards", "ru", "Карты для проезда в автобусах скоро перестанут принимать без "
               "регистрации, оформляйте заранее в киосках у остановок", 5),
    Background("light", "ru", "Электрики предупреждают что по вторникам днём будет плановое "
               "отключение света в частном секторе, заряжайте телефоны", 4),
    Background("hay", "kk", "Биыл шөп бағасы күзге қарай тағы өседі дейді, малы барлар жем-шөпті "
               "ертерек дайындап алғаны жөн екен", 6),
    Background("winter", "kk", "Синоптиктер биылғы қыс ерте түседі деп болжап отыр, көмір мен "
    "отынды "
               "қазірден бастап қамдап қойыңыздар", 5),
    Background("fair", "kk", "Әр сенбі сайын орталық алаңда ауыл шаруашылығы жәрмеңкесі болады, "
    "ет пен "
               "сүт бағасы базардағыдан төмен", 5),
    Background("gas", "kk", "Газ есептегіштерін тексеретін мерзім таяп қалды, үлгермегендерге "
    "нормативпен "
               "есептейді деп ескертіп жатыр", 4),
    Background("trains", "mixed", "Пойыз билеттері алдын ала сатылып кетеді дейді, билеты на "
    "праздники "
               "лучше покупать за месяц через кассу вокзала", 3),
    Background("airport", "en", "The airport says check-in for morning flights will open an hour "
    "earlier "
               "this season, so passengers should plan their taxis", 3),
    Background("flood", "ru", "Паводковая комиссия проверяет дамбы перед весной, жителям низин "
    "советуют "
               "поднять вещи из погребов заранее", 7, 11),
    Background("concert", "kk", "Стадиондағы үлкен концертке билеттер таусылып қалыпты, қосымша "
    "орындар "
               "кассада демалыс күні сатылады екен", 7, 9),
    Background("camera", "ru", "На всех перекрёстках за неделю поставили новые камеры, штрафы "
    "будут "
               "приходить даже за стоп-линию, предупредите водителей", 7, 13),
)  # fmt: skip
"""Claims that circulate steadily, and three whose time is over."""

FLASH_POINT_KATO = "155600000"
FLASH_POINT_DAYS = 17
"""The planted flash-point: Temir district, the last seventeen days."""
