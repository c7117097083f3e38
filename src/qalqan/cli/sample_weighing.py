"""The sample's analyses, its open question, and the first comparison of incidents."""

from __future__ import annotations

from datetime import datetime


def weigh_sample(now: datetime) -> None:
    """Let the sample's people weigh hypotheses, and compare the sample's incidents once."""
    from qalqan.desk.incidents.services.linking import search_series
    from qalqan.desk.incidents.services.sample import load_sample_weighing
    from qalqan.desk.platform.accounts.selectors import user
    from qalqan.desk.platform.policies import SystemActor

    actor = SystemActor("demo")
    people = [user(actor, name) for name in ("duty_officer", "analyst")]
    load_sample_weighing(actor=actor, people=people, now=now)
    search_series(actor=actor, now=now)
