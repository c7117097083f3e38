"""Every reading of reviews and recommendations."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q, QuerySet

from qalqan.desk.commission.models import Cause, Recommendation, RecommendationStep, Review
from qalqan.desk.commission.search import having
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.ui.history import Moment


def reviews(actor: Actor, query: str = "") -> QuerySet[Review]:
    """Return reviews whose words begin like those of a query, the latest first."""
    rows: QuerySet[Review] = Review.objects.visible_to(actor)
    found = rows.filter(having(query)) if query else rows
    counted = found.annotate(
        recommended=Count("recommendations", distinct=True),
        open=Count(
            "recommendations",
            filter=Q(recommendations__state__startswith="open_"),
            distinct=True,
        ),
    )
    return counted.order_by("-happened_on", "-pk")


def review_for(actor: Actor, key: int) -> Review | None:
    """Return one review, or nothing."""
    return reviews(actor).filter(pk=key).first()


def causes(actor: Actor, review: Review) -> QuerySet[Cause]:
    """Return what a review found."""
    rows: QuerySet[Cause] = Cause.objects.visible_to(actor)
    return rows.filter(review=review).order_by("pk")


def recommendations(
    actor: Actor, *, state: str = "open", query: str = "", today: date | None = None,
    review: Review | None = None,
) -> QuerySet[Recommendation]:  # fmt: skip
    """Return recommendations, the soonest due first.

    Parameters
    ----------
    state
        ``open``, ``overdue`` (open and past the day at ``today``), ``closed``, one of the states,
        or empty for all.
    """
    rows: QuerySet[Recommendation] = Recommendation.objects.visible_to(actor)
    if query:
        rows = rows.filter(having(query))
    if review is not None:
        rows = rows.filter(review=review)
    if state == "overdue" and today is not None:
        rows = rows.filter(state__startswith="open_", due_on__lt=today)
    elif state in ("open", "overdue"):
        rows = rows.filter(state__startswith="open_")
    elif state == "closed":
        rows = rows.filter(state__startswith="closed_")
    elif state:
        rows = rows.filter(state=state)
    return rows.select_related("addressee", "review").order_by("closed_at", "due_on", "pk")


def recommendation_for(actor: Actor, key: int) -> Recommendation | None:
    """Return one recommendation, or nothing."""
    return recommendations(actor, state="").filter(pk=key).first()


def history(actor: Actor, recommendation: Recommendation) -> list[Moment]:
    """Return what was answered and ruled, newest first."""
    rows = RecommendationStep.objects.visible_to(actor).filter(recommendation=recommendation)
    return [
        Moment(
            row.at,
            str(row._meta.get_field("is_response").verbose_name)
            if row.is_response else str(row.get_state_after_display()),
            row.words,
            "info" if row.is_response else "neutral",
        )
        for row in rows.order_by("-at", "-pk")
    ]  # fmt: skip
