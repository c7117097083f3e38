"""Polls, questionnaires, frames and batches, as far as the actor may see them."""

from __future__ import annotations

from django.db.models import Count, QuerySet, Sum

from qalqan.desk.platform.policies import Actor
from qalqan.desk.polls.models import (
    Batch,
    OutcomeCount,
    Poll,
    PollEdition,
    PollQuestion,
    QuestionnaireVersion,
    SamplingFrame,
)


def polls(actor: Actor) -> QuerySet[Poll]:
    """Return the polls the actor may see, newest first, with the number of answers."""
    rows: QuerySet[Poll] = Poll.objects.visible_to(actor)
    rows = rows.select_related("questionnaire__questionnaire")
    return rows.annotate(answer_count=Count("responses")).order_by("-starts_on", "-pk")


def poll_for(actor: Actor, poll_id: int) -> Poll | None:
    """Return one poll, or nothing where it is absent or hidden."""
    return polls(actor).filter(pk=poll_id).first()


def batches(actor: Actor, poll: Poll) -> QuerySet[Batch]:
    """Return the batches of a poll with the number of answers in each."""
    rows: QuerySet[Batch] = Batch.objects.visible_to(actor)
    rows = rows.filter(poll=poll).select_related("cluster__unit")
    return rows.annotate(answer_count=Count("responses")).order_by("number")


def outcomes_of(actor: Actor, batch: Batch) -> dict[str, int]:
    """Return how many cases of a batch ended how."""
    rows = OutcomeCount.objects.visible_to(actor).filter(batch=batch)
    return {code: int(count) for code, count in rows.values_list("code").annotate(Sum("count"))}


def questions(actor: Actor, version: QuestionnaireVersion) -> list[PollQuestion]:
    """Return the questions of a version, in order."""
    rows = PollQuestion.objects.visible_to(actor).filter(version=version)
    return list(rows.order_by("order"))


def versions(actor: Actor) -> QuerySet[QuestionnaireVersion]:
    """Return the versions the actor may see, with the number of their questions."""
    rows: QuerySet[QuestionnaireVersion] = QuestionnaireVersion.objects.visible_to(actor)
    return (
        rows.select_related("questionnaire")
        .annotate(question_count=Count("questions"))
        .order_by("questionnaire__code", "-version")
    )


def version_for(actor: Actor, version_id: int) -> QuestionnaireVersion | None:
    """Return one version, or nothing where it is absent or hidden."""
    return versions(actor).filter(pk=version_id).first()


def frames(actor: Actor) -> QuerySet[SamplingFrame]:
    """Return the frames with the number of their areas and people."""
    rows: QuerySet[SamplingFrame] = SamplingFrame.objects.visible_to(actor)
    counted = rows.annotate(
        area_count=Count("units"), people=Sum("units__size"),
        stratum_count=Count("units__stratum", distinct=True),
    )  # fmt: skip
    return counted.order_by("-made_on", "-pk")


def frame_for(actor: Actor, frame_id: int) -> SamplingFrame | None:
    """Return one frame, or nothing where it is absent or hidden."""
    return frames(actor).filter(pk=frame_id).first()


def editions(actor: Actor, poll: Poll) -> QuerySet[PollEdition]:
    """Return the editions of a poll without their content, newest first."""
    rows: QuerySet[PollEdition] = PollEdition.objects.visible_to(actor)
    return rows.filter(poll=poll).defer("content").order_by("-number")


def latest_edition(actor: Actor, poll: Poll) -> PollEdition | None:
    """Return the newest results of a poll, or nothing where none were computed."""
    rows: QuerySet[PollEdition] = PollEdition.objects.visible_to(actor)
    return rows.filter(poll=poll).select_related("poll").order_by("-number").first()
