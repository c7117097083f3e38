"""A week of two teams for the browser, at sites in two towns."""

from __future__ import annotations

from datetime import timedelta


def seed() -> None:
    """Store sites, teams, and the plan of the week after this."""
    from django.utils import timezone
    from tests.support.factories import make_user
    from tests.support.protection_factories import make_site

    from qalqan.desk.platform.policies import Role
    from qalqan.desk.protection.services import planning

    now = timezone.now()
    monday = timezone.localdate(now) + timedelta(days=7 - timezone.localdate(now).weekday())
    duty, inspector = make_user(Role.DUTY_OFFICER), make_user(Role.INSPECTOR)
    for number in range(36):
        make_site(
            number=5001 + number, name_kk=f"{number + 1}-мектеп", is_sample=True,
            name_ru=f"Школа № {number + 1}", name_en=f"School {number + 1}", tier=number % 3 + 1,
            latitude=(50.28, 49.9)[number % 2] + number / 2500, longitude=57.2 + number / 2500,
        )  # fmt: skip
    for name, latitude in (("North", 50.28), ("South", 49.9)):
        planning.save_team(
            actor=duty, facts=planning.TeamFacts(name, latitude, 57.2, (0, 1, 3)),
            members=[inspector], now=now, is_sample=True,
        )  # fmt: skip
    planning.draw_plan(actor=duty, monday=monday, now=now, seed=bytes(range(32)), is_sample=True)
