"""Put the sample's made-up poll into a demo desk: three waves, computed, the first published."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
from django.db import transaction
from django.utils import timezone

from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import ADD, Actor, require
from qalqan.desk.polls.models import (
    Batch,
    OutcomeCount,
    Poll,
    QuestionnaireVersion,
    Response,
    TrustFormula,
)
from qalqan.desk.polls.questionnaire_spec import ChoiceSpec, QuestionnaireSpec, QuestionSpec
from qalqan.desk.polls.services import polls, questionnaires
from qalqan.desk.polls.services.estimating import compute
from qalqan.desk.polls.services.frames import frame_from_places
from qalqan.sample import polled

AREAS, TAKE, PEOPLE = 40, 15, 3_000
DAYS_AGO = (200, 110, 20)


@transaction.atomic
def load_sample_polls(*, actor: Actor, now: datetime, seed: int) -> int:
    """Store three waves of the made-up poll with their results; once.

    Returns
    -------
    int
        How many sets of answers were stored.
    """
    require(actor, ADD, Poll)
    if Poll.objects.filter(is_sample=True).exists():
        return 0
    today = timezone.localdate(now)
    version = _questionnaire(actor, now)
    TrustFormula.objects.get_or_create(
        version=1,
        defaults={"items": list(polled.ITEMS), "low": polled.SCALE[0], "high": polled.SCALE[1],
                  "since": date(2020, 1, 1), "is_sample": True},
    )  # fmt: skip
    frame = frame_from_places(
        actor=actor, name="Sample frame", people=PEOPLE, now=now, is_sample=True
    )
    stored = 0
    for wave, ago in enumerate(DAYS_AGO, start=1):
        poll = _poll(actor, version, frame.pk, wave, today - timedelta(days=ago), now, seed)
        polls.open_poll(actor=actor, poll=poll, now=now)
        stored += _answers(poll, np.random.default_rng([seed, wave]), now)
        poll.refresh_from_db()
        poll = polls.close_poll(actor=actor, poll=poll, now=now)
        compute(actor=actor, poll=poll, now=now)
    return stored


def _questionnaire(actor: Actor, now: datetime) -> QuestionnaireVersion:
    questions = tuple(
        QuestionSpec(
            code=question.code, kind=question.kind,
            texts={"kk": question.kk, "ru": question.ru, "en": question.en},
            choices=tuple(
                ChoiceSpec(code, {"kk": kk, "ru": ru, "en": en})
                for code, kk, ru, en in question.choices
            ),
            low=polled.SCALE[0] if question.kind == "scale" else None,
            high=polled.SCALE[1] if question.kind == "scale" else None,
            counts=question.counts, relevant=question.relevant,
        )
        for question in polled.QUESTIONS
    )  # fmt: skip
    spec = QuestionnaireSpec(polled.CODE, polled.NAMES, questions)
    version = questionnaires.store_version(actor=actor, spec=spec, now=now, is_sample=True)
    return questionnaires.publish_version(actor=actor, version=version, now=now)


def _poll(
    actor: Actor, version: QuestionnaireVersion, frame_id: int, wave: int, start: date,
    now: datetime, seed: int,
) -> Poll:  # fmt: skip
    titles = {code: f"{name} – {wave}" for code, name in polled.NAMES.items()}
    poll = polls.create_poll(
        actor=actor, now=now, is_sample=True,
        facts=polls.PollFacts(
            code=f"{polled.CODE}_{wave}", titles=titles, series=polled.CODE, wave=wave,
            questionnaire_id=version.pk, starts_on=start, ends_on=start + timedelta(days=13),
        ),
    )  # fmt: skip
    poll = polls.set_design(
        actor=actor, poll=poll, now=now,
        facts=polls.DesignFacts(
            kind=Poll.Kind.PROBABILITY, frame_id=frame_id, method=Poll.Method.PPS, areas=AREAS,
            take=TAKE, seed=seed + wave, adjustment=Poll.Adjustment.CALIBRATE, trim_low=0.4,
            trim_high=2.5,
        ),
    )  # fmt: skip
    people = sum(stratum.population for stratum in poll.strata.all())
    rows = [
        ("age_band", age, round(share * people, 1))
        for age, share in zip(polled.AGES, polled.AGE_SHARES, strict=True)
    ]
    polls.set_margins(actor=actor, poll=poll, rows=rows, origin="Sample data: made up", now=now)
    return poll


def _answers(poll: Poll, rng: np.random.Generator, now: datetime) -> int:
    """Store answers and outcomes of every drawn area at once, as `collecting` would one by one."""
    clusters = list(poll.clusters.select_related("unit").order_by("order"))
    inside = places.district_map()
    batches = Batch.objects.bulk_create(
        Batch(poll=poll, number=number, channel=Batch.Channel.PHONE, cluster=cluster,
              stratum=cluster.stratum, issued=TAKE + 26, opened_at=now, is_sample=True)
        for number, cluster in enumerate(clusters, start=1)
    )  # fmt: skip
    OutcomeCount.objects.bulk_create(
        OutcomeCount(batch=batch, code=code, count=count)
        for batch in batches
        for code, count in {
            "I": TAKE, **{c: int(rng.poisson(mean)) for c, mean in polled.OUTCOMES.items()}
        }.items()
        if count
    )  # fmt: skip
    names = sorted({cluster.stratum for cluster in clusters})
    numbers = [names.index(cluster.stratum) for cluster in clusters for _one in range(TAKE)]
    made = polled.answers(rng, numbers, poll.wave)
    rows = []
    for position, one in enumerate(made):
        cluster, batch = clusters[position // TAKE], batches[position // TAKE]
        rows.append(
            Response(
                poll=poll, batch=batch, stratum=cluster.stratum, cluster=cluster.unit.code,
                district=inside.get(cluster.unit.place_id) or None,
                day=poll.starts_on + timedelta(days=position % 14), age_band=one.age_band,
                sex=one.sex, settlement=cluster.unit.settlement, answers=one.answers,
            )
        )  # fmt: skip
    Response.objects.bulk_create(rows, batch_size=500)
    return len(rows)
