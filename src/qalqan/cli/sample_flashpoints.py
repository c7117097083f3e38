"""Flash-points of the sample province: two earlier nights judged, the last one scanned."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any


def _actor() -> Any:
    from qalqan.desk.platform.policies import SystemActor

    return SystemActor("demo")


def judge_earlier(now: datetime, seed: int) -> None:
    """Scan two earlier nights, and review, decide and close what they found, all or nothing."""
    from django.db import transaction

    from qalqan.desk.flashpoints import selectors, services
    from qalqan.sample.judged import JUDGED

    actor = _actor()
    if selectors.flash_points(actor, state="all").exists():
        return
    with transaction.atomic():
        for judged in JUDGED:
            at = now - judged.ago
            services.run_scan(actor=actor, stream=judged.stream, now=at, seed=seed)
            flash_point = selectors.flash_points(actor, state="new").first()
            if flash_point is not None:
                _judge(flash_point, judged, at)


def _judge(flash_point: Any, judged: Any, at: datetime) -> None:
    """Take an earlier flash-point through its life, in the language of the duty officer."""
    from qalqan.desk.flashpoints import selectors, services
    from qalqan.desk.platform.accounts.selectors import user
    from qalqan.desk.platform.work import services as work

    actor = _actor()
    analyst, duty = user(actor, "analyst"), user(actor, "duty_officer")
    language = duty.language
    services.review(
        actor=analyst, flash_point=flash_point, judgement=judged.judgement,
        reason=judged.reason[language], now=at + timedelta(hours=2),
    )  # fmt: skip
    if judged.closed:
        services.close(
            actor=duty, flash_point=flash_point, reason=judged.closed[language],
            now=at + timedelta(hours=3),
        )  # fmt: skip
        return
    services.decide(
        actor=user(actor, "secretary"), flash_point=flash_point,
        decision=judged.decision[language], title=judged.title[language], owner=None,
        organisation=duty.organisation, due_at=at + timedelta(days=7),
        now=at + timedelta(hours=5),
    )  # fmt: skip
    step = selectors.steps_of(actor, flash_point).last()
    if step is not None and step.work is not None:
        work.close_item(
            actor=duty, item=step.work, outcome=judged.outcome[language],
            now=at + timedelta(days=7),
        )  # fmt: skip


def scan_the_night(now: datetime, seed: int) -> None:
    """Scan what the brief does not: claims, all streams at once, and the grid; forecast."""
    from qalqan.desk.flashpoints.services import NIGHTLY, run_scan
    from qalqan.desk.flashpoints.services.forecasting import forecast_missing

    for area_kind in ("districts", "grid"):
        for streams in NIGHTLY:
            run_scan(actor=_actor(), streams=streams, area_kind=area_kind, now=now, seed=seed)
    forecast_missing(actor=_actor(), now=now)
