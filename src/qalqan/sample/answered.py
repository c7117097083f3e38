"""The sample's answers: rumours in several states of the desk's work."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Answered:
    """A rumour of the background that the desk has dealt with, as far as ``until``.

    Parameters
    ----------
    begins
        How the rumour's first wording begins.
    until
        ``triage``, ``checking``, ``waiting`` (for the second person) or ``published``.
    ago
        How long before the end of the sample it was dealt with.
    verdict, source, evidence, reason
        What was found, where, and why it decides.
    headline, text
        The answer by language.
    """

    begins: str
    until: str
    ago: timedelta
    verdict: str = ""
    source: str = ""
    evidence: str = ""
    reason: str = ""
    headline: dict[str, str] = field(default_factory=dict)
    text: dict[str, str] = field(default_factory=dict)


ANSWERED = (
    Answered(
        begins="На всех перекрёстках за неделю",
        until="published",
        ago=timedelta(days=12),
        verdict="misleading",
        source="Sample: road office",
        evidence="Камеры стоят на трёх перекрёстках, за стоп-линию они не снимают.",
        reason="Камеры есть, но не на всех перекрёстках.",
        headline={
            "kk": "Жаңа камера үш қиылыста ғана орнатылды",
            "ru": "Новые камеры стоят только в трёх местах города",
            "en": "New cameras stand at three crossings only",
        },
        text={
            "kk": "Камералар жылдамдықты өлшейді. Тізімі жол басқармасының сайтында бар.",
            "ru": "Они измеряют скорость. Список мест есть на сайте дорожного управления.",
            "en": "They measure speed. The road office lists the places on its site.",
        },
    ),
    Answered(
        begins="Паводковая комиссия проверяет дамбы",
        until="published",
        ago=timedelta(days=10),
        verdict="true",
        source="Sample: emergency department",
        evidence="Проверка дамб идёт до конца месяца, график опубликован.",
        reason="Ведомство подтвердило проверку.",
        headline={
            "kk": "Растаймыз: тексеру ай соңына дейін жүреді",
            "ru": "Подтверждаем: осмотр идёт до конца месяца",
            "en": "Confirmed: the inspection runs until the end of the month",
        },
        text={
            "kk": "Өзен жағасында тұрсаңыз, заттарды биікке қойыңыз. Сұрақтар үшін: 112.",
            "ru": "Если вы живёте у реки, уберите вещи повыше. Вопросы по номеру 112.",
            "en": "If you live by the river, move things higher up. Questions: call 112.",
        },
    ),
    Answered(
        begins="С первого числа хлеб",
        until="waiting",
        ago=timedelta(hours=5),
        verdict="false",
        source="Sample: trade department",
        evidence="Пекарни подтвердили, что цена не меняется до конца квартала.",
        reason="Пекарни и ведомство говорят одно и то же.",
        headline={
            "kk": "Нан бағасы тоқсан соңына дейін сол күйі қалады",
            "ru": "Цена буханки до конца квартала прежняя",
            "en": "A loaf costs the same until the end of the quarter",
        },
        text={
            "kk": "Мұны наубайханалар растады. Бағаны сауда басқармасы апта сайын тексереді.",
            "ru": "Это подтвердили производители. Цены раз в неделю сверяет управление торговли.",
            "en": "The bakers confirmed it. The trade department compares prices every week.",
        },
    ),
    Answered(
        begins="Биыл шөп бағасы",
        until="checking",
        ago=timedelta(hours=8),
        source="Sample: farm department",
        evidence="Базардағы баға екі апта өзгерген жоқ.",
    ),
    Answered(begins="Карты для проезда", until="triage", ago=timedelta(hours=3)),
)
