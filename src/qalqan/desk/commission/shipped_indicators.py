"""The indicators a desk begins with, in three languages; each desk changes them by versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Shipped:
    """An indicator and its first definition; texts by ``kk``, ``ru`` and ``en``."""

    code: str
    formula: str
    unit: str
    direction: str
    sources: tuple[str, ...]
    names: Mapping[str, str]
    definitions: Mapping[str, str]


SHIPPED = (
    Shipped(
        "answer_delay", "answer_delay.1", "hours", "lower", ("rumours",),
        {
            "kk": "Қауесетке жауап берілгенге дейінгі уақыт (медиана)",
            "ru": "Время до ответа на слух (медиана)",
            "en": "Time until a rumour is answered (median)",
        },
        {
            "kk": "Осы айда алғаш көрінген және үстел жұмысқа алған қауесеттер: алғаш көрінгеннен "
                  "алғашқы жауап жарияланғанға дейінгі сағат. Жауапсыз қалғаны ашық деп саналады, "
                  "есептен шығарылмайды.",
            "ru": "Слухи, впервые замеченные в этом месяце и взятые в работу: часы от первого "
                  "появления до первого опубликованного ответа. Оставшиеся без ответа считаются "
                  "открытыми и не исключаются.",
            "en": "Rumours first seen in the month that the desk took up: hours from first seen to "
                  "the first published answer. Those without an answer count as open and are not "
                  "left out.",
        },
    ),
    Shipped(
        "findings_in_time", "findings_in_time.1", "share", "higher", ("protection",),
        {
            "kk": "Мерзімінде жойылған кемшіліктер үлесі",
            "ru": "Доля нарушений, устранённых в срок",
            "en": "Share of findings mended in time",
        },
        {
            "kk": "Мерзімі осы айға түскен ескертпелердегі кемшіліктер: мерзімге дейін (ұзартуды "
                  "қоса) қабылданған дәлел тапсырылғандарының немесе тексерумен расталғандарының "
                  "үлесі.",
            "ru": "Нарушения из предписаний, срок которых пришёлся на этот месяц: доля тех, по "
                  "которым до срока (с продлениями) представлено принятое доказательство или "
                  "устранение подтверждено проверкой.",
            "en": "Findings on notices whose deadline lay in the month: the share for which proof "
                  "that was accepted was handed in, or an inspection verified the mending, by the "
                  "deadline (extensions included).",
        },
    ),
    Shipped(
        "sites_overdue", "sites_overdue.1", "share", "lower", ("protection",),
        {
            "kk": "Тексеру мерзімі өткен объектілер үлесі",
            "ru": "Доля объектов с просроченной проверкой",
            "en": "Share of sites whose inspection is overdue",
        },
        {
            "kk": "Айдың соңғы күні тізімде тұрған объектілер: келесі тексеру күні өтіп "
                  "кеткендерінің үлесі.",
            "ru": "Объекты, состоящие на учёте в последний день месяца: доля тех, у которых день "
                  "следующей проверки прошёл.",
            "en": "Sites on the list on the last day of the month: the share whose next inspection "
                  "was due by then.",
        },
    ),
    Shipped(
        "alert_approval", "alert_approval.1", "minutes", "lower", ("alerts",),
        {
            "kk": "Ескертуді бекітуге кеткен уақыт (медиана)",
            "ru": "Время до утверждения оповещения (медиана)",
            "en": "Time to approve a warning (median)",
        },
        {
            "kk": "Осы айда екінші адамға берілген нақты ескертулер: берілгеннен бекітілгенге "
                  "дейінгі минут. Қайтарылғаны есептелмейді, күтіп тұрғаны ашық деп есептеледі.",
            "ru": "Действительные оповещения, переданные второму лицу в этом месяце: минуты от "
                  "передачи до утверждения. Возвращённые не считаются, ожидающие считаются "
                  "открытыми.",
            "en": "Actual warnings handed to a second person in the month: minutes until they were "
                  "approved. Those sent back are not counted, those that wait count as open.",
        },
    ),
    Shipped(
        "alert_delivery", "alert_delivery.1", "minutes", "lower", ("alerts",),
        {
            "kk": "Ескертуді жеткізуге кеткен уақыт (медиана)",
            "ru": "Время до доставки оповещения (медиана)",
            "en": "Time to deliver a warning (median)",
        },
        {
            "kk": "Осы айда бекітілген нақты ескертулер: бекітілгеннен бірінші қабылдаушы алғанға "
                  "дейінгі минут.",
            "ru": "Действительные оповещения, утверждённые в этом месяце: минуты от утверждения "
                  "до получения первым получателем.",
            "en": "Actual warnings approved in the month: minutes until a first receiver had them.",
        },
    ),
    Shipped(
        "reach_per_head", "reach_per_head.1", "per_1000", "higher", ("outreach",),
        {
            "kk": "Түсіндіру жұмысымен қамтылғандар, 1 000 тұрғынға",
            "ru": "Охват разъяснительной работой на 1 000 жителей",
            "en": "People reached by prevention work per 1,000",
        },
        {
            "kk": "Осы айда өткен, есебі берілген іс-шараларға қатысқандар (есептелгені мен "
                  "бағаланғаны бірге), 1 000 тұрғынға шаққанда. Бір адам бірнеше рет келуі мүмкін.",
            "ru": "Участники мероприятий этого месяца, по которым сдан отчёт (подсчитанные и "
                  "оценённые вместе), на 1 000 жителей. Один человек мог прийти не раз.",
            "en": "People at activities of the month that were reported, counted and estimated "
                  "together, per 1,000 who live there. One person may have come more than once.",
        },
    ),
    Shipped(
        "question_wait", "question_wait.1", "days", "lower", ("incidents",),
        {
            "kk": "Ашық сұрақтардың күту мерзімі (медиана)",
            "ru": "Возраст открытых вопросов (медиана)",
            "en": "Age of open questions (median)",
        },
        {
            "kk": "Ай соңында жауапсыз тұрған сұрақтар: қойылғаннан бері өткен күн. Жауап берілген "
                  "немесе жауап табу мүмкін емес деп танылғаны есептелмейді.",
            "ru": "Вопросы, оставшиеся без ответа на конец месяца: дни с момента постановки. "
                  "Отвеченные и признанные не имеющими ответа не считаются.",
            "en": "Questions without an answer at the end of the month: days since they were asked."
                  " Those answered, or declared unanswerable, are not counted.",
        },
    ),
    Shipped(
        "decisions_in_time", "decisions_in_time.1", "share", "higher", ("commission",),
        {
            "kk": "Мерзімінде жабылған шешімдер үлесі",
            "ru": "Доля решений, закрытых в срок",
            "en": "Share of decisions closed in time",
        },
        {
            "kk": "Мерзімі осы айға түскен шешімдер: дәлелі мерзімге дейін көрсетіліп, кейін басқа "
                  "адам қабылдағандарының үлесі. Күші жойылғаны мен ауыстырылғаны есептелмейді.",
            "ru": "Решения, срок которых пришёлся на этот месяц: доля тех, доказательство по "
                  "которым представлено до срока и принято другим лицом. Отменённые и заменённые "
                  "не считаются.",
            "en": "Decisions due in the month: the share whose evidence was shown by the day and "
                  "accepted by another person. Cancelled and replaced ones are not counted.",
        },
    ),
)  # fmt: skip
