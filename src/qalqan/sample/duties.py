"""The sample's work: what is owed, late, offered and done on the first morning."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Duty:
    """One piece of sample work.

    ``due`` counts from the moment at which the sample ends; ``opened`` says how long before. With
    ``offered``, the other body owes it and offers it to the duty centre, for this reason.
    """

    titles: dict[str, str]
    due: timedelta
    opened: timedelta
    offered: dict[str, str] | None = None
    outcome: dict[str, str] | None = None


DUTIES = (
    Duty(
        titles={
            "kk": "Үлгі: орталықтандырылған жылу туралы жауапты үш тілде жариялау",
            "ru": "Образец: опубликовать ответ об отоплении на трёх языках",
            "en": "Sample: publish the answer about the heating in three languages",
        },
        due=timedelta(days=-2),
        opened=timedelta(days=5),
    ),
    Duty(
        titles={
            "kk": "Үлгі: сенім телефонына түнде түскен хабарларды қарап шығу",
            "ru": "Образец: просмотреть ночные обращения на горячую линию",
            "en": "Sample: read the night's hotline reports",
        },
        due=timedelta(hours=6),
        opened=timedelta(hours=12),
    ),
    Duty(
        titles={
            "kk": "Үлгі: ауданнан су сынамасының нәтижесін сұрау",
            "ru": "Образец: запросить у района результат пробы воды",
            "en": "Sample: ask the district for the result of the water test",
        },
        due=timedelta(days=2),
        opened=timedelta(days=1),
        offered={
            "kk": "Нәтиже кезекші орталыққа келеді.",
            "ru": "Результат придёт в дежурный центр.",
            "en": "The result will come to the duty centre.",
        },
    ),
    Duty(
        titles={
            "kk": "Үлгі: оқиғалар тізілімін полиция деректерімен салыстыру",
            "ru": "Образец: сверить журнал происшествий с данными полиции",
            "en": "Sample: compare the ledger with the figures of the police",
        },
        due=timedelta(days=-1),
        opened=timedelta(days=4),
        outcome={
            "kk": "Салыстырылды, айырмашылық жоқ.",
            "ru": "Сверено, расхождений нет.",
            "en": "Compared; there is no difference.",
        },
    ),
)
