"""The sample's bodies and groups, their matrix and matters, and the first monthly return."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path


def load_sample_bodies(home: Path, now: datetime) -> None:
    """Fill directory and matrix with made-up bodies."""
    from qalqan.desk.agencies import selectors
    from qalqan.desk.agencies.services.importing import import_bodies
    from qalqan.desk.agencies.services.sample import load_sample_matrix, load_sample_matters
    from qalqan.desk.platform.accounts.selectors import user
    from qalqan.desk.platform.accounts.services.demo import AGENCY_NAME, GROUP_NAME
    from qalqan.desk.platform.policies import SystemActor
    from qalqan.sample import bodies

    actor = SystemActor("demo")
    if not selectors.bodies(actor).filter(is_sample=True).exists():
        path = bodies.write_bodies(
            home / "sample" / "bodies.csv", agency=AGENCY_NAME, group=GROUP_NAME
        )
        import_bodies(actor=actor, path=path, now=now, allow_doubles=True, is_sample=True)
    load_sample_matrix(
        actor=actor, parts=bodies.PARTS, group_worker=user(actor, "group_worker"), now=now
    )
    load_sample_matters(
        actor=actor, matters=bodies.MATTERS, language=user(actor, "duty_officer").language,
        now=now,
    )  # fmt: skip


def make_sample_return(now: datetime) -> None:
    """Make the return of the last month, once everything it counts is there."""
    from django.utils import timezone

    from qalqan.desk.agencies.selectors import nation
    from qalqan.desk.agencies.services import monthly
    from qalqan.desk.platform.policies import SystemActor

    actor = SystemActor("demo")
    if nation.all_returns(actor).exists():
        return
    today = timezone.localdate(now)
    month = date(today.year - (today.month == 1), (today.month - 2) % 12 + 1, 1)
    monthly.make_return(
        actor=actor, province=monthly.own_province(), month=month, now=now, is_sample=True
    )
