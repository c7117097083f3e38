"""A made-up account of an exercise, its correction, and titles opened to everyone; synthetic."""

from __future__ import annotations

ACCOUNT: dict[str, dict[str, str]] = {
    "kk": {
        "title": "Базарды эвакуациялау жаттығуы (ойдан шығарылған үлгі)",
        "happened": (
            "Жаттығу таңертең сағат онда басталды. Сатушылар мен сатып алушылар төрт қақпадан "
            "жеті минутта шығуға тиіс еді. Шығыс қақпа құлыптаулы болып шықты, сондықтан шығу он "
            "екі минутқа созылды. Қақпа құтқарушылардың құралымен ашылды."
        ),
        "legal_basis": (
            "Облыстық комиссияның жаттығу жоспары және терроризмге қарсы іс-қимыл туралы заң. "
            "Жаттығуды облыстың жедел штабы басқарды."
        ),
        "force_used": (
            "Адамдарға қарсы күш қолданылған жоқ. Шығыс қақпаның құлпы кесілді, себебі кілт "
            "күзетшіде болмады, ал шығу тоқтап қалды."
        ),
        "harm": (
            "Жаттығуға қатыспаған адамдар зардап шеккен жоқ. Қызметкерлердің бірнешеуі жеңіл "
            "жарақат алды. Шығыс қақпаның құлпы бүлінді, базар әкімшілігіне өтелді."
        ),
        "review": (
            "Жаттығуды комиссия хатшылығы қарап шықты; талдау аяқталды. Кілттерді күзет бекетінде "
            "сақтау туралы ұсыным берілді."
        ),
        "questions": (
            "Шығыс қақпаны қай күні және кім құлыптағаны әлі анықталған жоқ. Жауап келесі отырысқа "
            "дейін күтіледі."
        ),
    },
    "ru": {
        "title": "Учебная эвакуация рынка (вымышленный образец)",
        "happened": (
            "Учение началось в десять часов утра. Продавцы и покупатели должны были выйти через "
            "четверо ворот за семь минут. Восточные ворота оказались заперты, и выход занял "
            "двенадцать минут. Ворота открыли инструментом спасателей."
        ),
        "legal_basis": (
            "План учений областной комиссии и закон о противодействии терроризму. Учением "
            "руководил областной оперативный штаб."
        ),
        "force_used": (
            "Сила против людей не применялась. Замок восточных ворот срезали: ключа у охраны не "
            "было, а выход остановился."
        ),
        "harm": (
            "Люди, не участвовавшие в учении, не пострадали. Несколько сотрудников получили лёгкие "
            "травмы. Замок восточных ворот повреждён, стоимость возмещена администрации рынка."
        ),
        "review": (
            "Учение разобрал секретариат комиссии; разбор завершён. Дана рекомендация хранить "
            "ключи на посту охраны."
        ),
        "questions": (
            "Ещё не установлено, когда и кем были заперты восточные ворота. Ответ ожидается к "
            "следующему заседанию."
        ),
    },
    "en": {
        "title": "Evacuation exercise at a market (made-up sample)",
        "happened": (
            "The exercise began at ten in the morning. Sellers and buyers were to leave through "
            "four gates within seven minutes. The east gate was found locked, and leaving took "
            "twelve minutes. The gate was opened with a tool of the rescue service."
        ),
        "legal_basis": (
            "The exercise plan of the province commission and the law on countering terrorism. "
            "The operational staff of the province led the exercise."
        ),
        "force_used": (
            "No force was used against people. The lock of the east gate was cut, because the "
            "guards had no key and people could not go on."
        ),
        "harm": (
            "Nobody outside the exercise was harmed. Several officers had light injuries. The "
            "lock of the east gate was damaged; the market was paid for it."
        ),
        "review": (
            "The secretariat of the commission reviewed the exercise; the review is finished. It "
            "led to a recommendation to keep keys at the guard post."
        ),
        "questions": (
            "It is not known yet when the east gate was locked and on whose order. An answer is "
            "expected by the next meeting."
        ),
    },
}

FIRST_SAID = {
    "kk": "Барлық қақпа ашық болды, шығу жеті минутта аяқталды.",
    "ru": "Все ворота были открыты, выход занял семь минут.",
    "en": "All gates were open, and leaving took seven minutes.",
}
"""What the first version said of what happened; the second corrects it."""

NOTES = {
    "kk": (
        "Шығу он екі минутқа созылды, жеті емес: шығыс қақпаның құлыптаулы болғаны кейін анықталды."
    ),
    "ru": "Выход занял двенадцать минут, а не семь: о запертых восточных воротах узнали позже.",
    "en": "Leaving took twelve minutes, not seven: the locked east gate became known later.",
}

HARM = {
    ("bystanders", "killed"): 0, ("bystanders", "injured"): 0, ("officers", "killed"): 0,
    ("officers", "injured"): 6,
}  # fmt: skip

TITLES = (
    {"kk": "Базарлардағы дауыс зорайтқыштар", "ru": "Громкоговорители на рынках",
     "en": "Loudspeakers at markets"},
    {"kk": "Ауыз су туралы қауесетке жауаптар", "ru": "Ответы на слухи о питьевой воде",
     "en": "Answers to rumours about drinking water"},
)  # fmt: skip

OUTCOMES = (
    {"kk": "Екі базарға дауыс зорайтқыш орнату туралы шешім қабылданды.",
     "ru": "Решено установить громкоговорители на двух рынках.",
     "en": "It was decided to install loudspeakers at two markets."},
    {"kk": "Қауесетке жауап бір тәулік ішінде екі тілде беріледі деп шешілді.",
     "ru": "Решено отвечать на слухи в течение суток на двух языках.",
     "en": "It was decided to answer rumours within a day in two languages."},
)  # fmt: skip

RECOMMENDATION = {
    "kk": "Барлық қақпаның кілті күзет бекетінде сақталсын.",
    "ru": "Хранить ключи от всех ворот на посту охраны.",
    "en": "Keep the keys of all gates at the guard post.",
}
