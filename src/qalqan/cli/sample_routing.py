"""Rules of routing of the sample desk, and what they route; all of it made up."""

from __future__ import annotations

from datetime import datetime, timedelta

_THREATS = {
    "kk": "Өмірге қауіпті тәулік бойы кезекші орталық қана күтеді.",
    "ru": "Угрозу жизни круглосуточно ждёт только дежурный центр.",
    "en": "Only the duty centre waits for threats to life day and night.",
}
_NOTES = {
    "kk": "Жазбаларға талдаушылар жауап береді, себебі олар ауданды біледі.",
    "ru": "На записи отвечают аналитики: они знают район.",
    "en": "Analysts answer the notes, since they know the district.",
}
_KAZAKH = {
    "kk": "Қазақша қауесетке қазақша жазатын адам жауап беруі тиіс.",
    "ru": "На слух на казахском отвечает тот, кто пишет по-казахски.",
    "en": "A rumour in Kazakh is answered by who writes Kazakh.",
}
_TASK = {
    "kk": "Кездесу залының шамын тексеру (үлгі)",
    "ru": "Проверить свет в зале встреч (пример)",
    "en": "See to the light of the meeting hall (sample)",
}


def write_sample_rules(now: datetime) -> None:
    """Put two rules in force, leave a third as a draft, and route what waits, all or nothing."""
    from django.db import transaction

    from qalqan.desk.platform.accounts.selectors import user
    from qalqan.desk.platform.policies import Role, SystemActor
    from qalqan.desk.platform.work import services
    from qalqan.desk.platform.work.rules import Facts
    from qalqan.desk.platform.work.selectors import routing
    from qalqan.desk.platform.work.services import Terms

    actor = SystemActor("demo")
    if routing.rules(actor).exists():
        return
    secretary, duty = user(actor, "secretary"), user(actor, "duty_officer")
    language = duty.language
    rules = (
        (Terms("rumours.*", 10, _THREATS[language], severity="threat_to_life",
               to_organisation=duty.organisation, due_within_hours=1), True),
        (Terms("outreach.answer_note", 20, _NOTES[language], to_role=Role.ANALYST,
               due_within_hours=48), True),
        (Terms("rumours.check", 30, _KAZAKH[language], language="kk",
               to_role=Role.PRESS_OFFICER), False),
    )  # fmt: skip
    before = now - timedelta(days=30)
    with transaction.atomic():
        for terms, in_force in rules:
            rule = services.write_rule(actor=secretary, terms=terms, now=before, is_sample=True)
            if in_force:
                services.try_out(actor=secretary, rule=rule, now=before)
                services.switch_on(actor=secretary, rule=rule, now=before)
        services.open_routed(
            actor=actor, facts=Facts("work.other"), title=_TASK[language], subject="sample",
            due_at=now + timedelta(days=3), now=now - timedelta(days=1), is_sample=True,
        )  # fmt: skip
        services.route_waiting(actor=actor, now=now)
