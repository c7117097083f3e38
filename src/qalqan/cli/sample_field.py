"""The sample's field notes and evaluations: made up, through the acts that people use."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple


class _Seen(NamedTuple):
    """One made-up note: hours ago, theme, spot, language, words, and the desk's answer."""

    hours: int
    theme: str
    spot: str
    language: str
    text: str
    answer: str = ""


NOTES = (
    _Seen(3, "rumour", "market", "kk", "Базарда нан ертеңнен бастап екі есе қымбаттайды деп жүр."),
    _Seen(5, "need", "street", "kk", "Ауыл шетіндегі құбырдан үш күн су келмей тұр, кезек бар.",
          "Су таситын көлік бүгін сағат 15-те шығады."),
    _Seen(9, "tension", "office", "ru",
          "В очереди у окна спорят: справки выдают только до обеда, объявления нет."),
    _Seen(20, "damage", "street", "ru", "На площади не горят четыре фонаря, разбита плитка."),
    _Seen(26, "need", "school", "kk", "Ашық есік күні: балалар үшін үйірме аз дейді ата-аналар.",
          "Қазаннан бастап екі үйірме ашылады; тізім мектепте."),
    _Seen(31, "rumour", "transport", "ru",
          "На автостанции говорят, что с понедельника отменят утренний рейс в город."),
    _Seen(50, "damage", "transport", "kk", "Аялдаманың шатыры желден құлаған, қоршалмаған."),
    _Seen(54, "tension", "market", "kk", "Базар алаңында орын бөлуге наразы топ жиналды, тарады."),
    _Seen(75, "need", "culture", "ru", "Клуб на ремонте, подросткам вечером негде собраться."),
    _Seen(98, "damage", "worship", "ru", "У здания мечети прорвало трубу, подход залит водой.",
          "Трубу закрыли, подход очищен."),
    _Seen(120, "tension", "street", "kk", "Жол жөндеу ұзақ созылып, көлікте дау көп."),
    _Seen(150, "need", "market", "ru", "Просят, чтобы лекция о мошенниках была и на казахском."),
)  # fmt: skip

EVALUATIONS = (
    ("paired_share", "Құқық бойынша көмекті қайдан алуға болатынын білесіз бе?", "rights",
     {"both": 21, "gained": 17, "lost": 3, "neither": 14}),
    ("groups_share", "Отличаете ли вы ложную новость от проверенной?", "online_safety",
     {"before_yes": 31, "before_all": 58, "after_yes": 34, "after_all": 55}),
    ("districts", "Обращения о спорах на 10 000 человек за месяц", "accord",
     {"districts": [["Алға", 6.1, 4.2, True], ["Темір", 5.4, 4.0, True],
                    ["Шалқар", 4.9, 3.1, True], ["Хромтау", 6.3, 4.4, True],
                    ["Мартук", 5.8, 5.6, False], ["Байғанин", 5.2, 5.3, False],
                    ["Ырғыз", 4.7, 4.4, False], ["Қобда", 5.9, 5.5, False]]}),
)  # fmt: skip


def load_sample_field(now: datetime) -> None:
    """Write made-up notes and evaluations, answer some, and count activities by place."""
    from django.db import transaction

    from qalqan.desk.outreach.selectors import notes as selectors
    from qalqan.desk.outreach.services import notes
    from qalqan.desk.outreach.services.evaluating import Asked, evaluate
    from qalqan.desk.outreach.services.planning import count_places
    from qalqan.desk.outreach.services.publishing import publish_reach
    from qalqan.desk.platform.accounts.selectors import user
    from qalqan.desk.platform.places import selectors as places
    from qalqan.desk.platform.policies import SystemActor

    demo = SystemActor("demo")
    rows = places.places(demo).filter(kind="settlement", is_sample=True, parent__kind="district")
    towns = list(rows.order_by("pk").values_list("pk", flat=True))
    if not towns or selectors.notes(demo).exists():
        return
    worker, officer = user(demo, "group_worker"), user(demo, "duty_officer")
    with transaction.atomic():
        for number, seen in enumerate(NOTES):
            facts = notes.NoteFacts(
                theme=seen.theme, spot=seen.spot, place_id=towns[number * 3 % len(towns)],
                seen_at=now - timedelta(hours=seen.hours), text=seen.text, language=seen.language,
            )  # fmt: skip
            note = notes.write_note(actor=worker, facts=facts, now=now, is_sample=True).note
            if seen.answer:
                notes.answer_note(actor=officer, note=note, text=seen.answer, now=now)
        for design, question, theme, numbers in EVALUATIONS:
            evaluate(
                actor=worker, asked=Asked(design, question, numbers, theme), now=now,
                is_sample=True,
            )  # fmt: skip
        count_places(now=now)
        publish_reach(actor=demo, now=now, is_sample=True)
