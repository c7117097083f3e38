"""The made-up poll of the sample: three waves, computed; the first two are published."""

from __future__ import annotations

from datetime import datetime

PUBLISHED = 2


def load_sample_polls_and_publish(now: datetime, seed: int) -> None:
    """Load the polls and publish the earlier waves, all of it or none; once.

    The newest wave is left for whoever looks at the demo to publish.
    """
    from django.db import transaction

    from qalqan.desk.platform.policies import SystemActor
    from qalqan.desk.polls import selectors
    from qalqan.desk.polls.services.publishing import publish
    from qalqan.desk.polls.services.sample import load_sample_polls

    actor = SystemActor("demo")
    with transaction.atomic():
        if not load_sample_polls(actor=actor, now=now, seed=seed):
            return
        rows = selectors.polls(actor).filter(is_sample=True).order_by("wave")
        for poll in rows[:PUBLISHED]:
            edition = selectors.latest_edition(actor, poll)
            if edition is not None:
                publish(actor=actor, edition=edition, now=now)
