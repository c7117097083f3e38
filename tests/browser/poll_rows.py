"""An open poll with a link and a pack of paper, beside the three waves that the sample brings."""

from __future__ import annotations

TOKEN = "browser-link-of-one-use"
"""A link that the walk over the pages opens and never uses up."""


def seed() -> None:
    """Store an open poll, a link to it, and a batch of paper."""
    from datetime import timedelta

    from django.utils import timezone

    from qalqan.desk.platform.policies import SystemActor
    from qalqan.desk.polls.models import Poll, QuestionnaireVersion, WebToken
    from qalqan.desk.polls.services import collecting, polls

    desk, now = SystemActor("tests"), timezone.now()
    version = QuestionnaireVersion.objects.get(questionnaire__code="trust_poll")
    today = timezone.localdate(now)
    poll = polls.create_poll(
        actor=desk, now=now,
        facts=polls.PollFacts(
            "street", {"kk": "Көше", "ru": "Улица", "en": "Street"}, "street", 1, version.pk,
            today, today + timedelta(days=30),
        ),
    )  # fmt: skip
    facts = polls.DesignFacts(kind=Poll.Kind.CONVENIENCE)
    polls.set_design(actor=desk, poll=poll, facts=facts, now=now)
    poll = polls.open_poll(actor=desk, poll=poll, now=now)
    batch = collecting.open_batch(actor=desk, poll=poll, channel="web", now=now)
    WebToken.objects.create(batch=batch, token_hash=collecting.token_hash(TOKEN))
    collecting.open_batch(actor=desk, poll=poll, channel="paper", now=now)
