"""Give a demo desk teams and their weeks: the last one revealed, this one, and the next."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils import timezone

from qalqan.desk.platform.accounts.models import User
from qalqan.desk.platform.policies import Actor
from qalqan.desk.protection.models import Site, Team
from qalqan.desk.protection.services import planning

# Bases in the sample's towns; a demo's seed is no secret, so it may follow from the week.
_TEAMS = (
    ("1", 50.28, 57.20, (0, 1, 2, 3)),
    ("2", 50.40, 60.50, (1, 3)),
    ("3", 49.10, 56.50, (0, 3)),
    ("4", 47.85, 59.62, (2, 4)),
)
_WORD = {"kk": "{}-топ", "ru": "Группа {}", "en": "Team {}"}


@transaction.atomic
def load_sample_plans(*, actor: Actor, inspector: User, language: str, now: datetime) -> int:
    """Enter the sample's teams and draw three weeks; once, and only where sample sites are.

    Returns
    -------
    int
        How many weeks were drawn.
    """
    if Team.objects.exists() or not Site.objects.filter(is_sample=True).exists():
        return 0
    for number, latitude, longitude, weekdays in _TEAMS:
        name = _WORD.get(language, _WORD["en"]).format(number)
        planning.save_team(
            actor=actor, facts=planning.TeamFacts(name, latitude, longitude, weekdays),
            members=[inspector] if number == "1" else [], now=now, is_sample=True,
        )  # fmt: skip
    today = timezone.localdate(now)
    monday = today - timedelta(days=today.weekday())
    for week in (-1, 0, 1):
        first = monday + timedelta(weeks=week)
        before = timezone.make_aware(datetime.combine(first - timedelta(days=3), time(9)))
        plan = planning.draw_plan(
            actor=actor, monday=first, now=min(before, now), is_sample=True,
            seed=sha256(f"sample {first}".encode()).digest(),
        )  # fmt: skip
        if week < 0:
            planning.reveal_seed(actor=actor, week=plan, now=now)
    return 3
