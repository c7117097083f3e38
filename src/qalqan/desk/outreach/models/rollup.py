"""Sums of activities, kept in the same transaction as each change of an activity."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from qalqan.desk.outreach.models.activity import BAND_FIELDS, LANGUAGES, Activity, AgeBand
from qalqan.desk.platform.policies import VisibleManager

STATES = ("planned", "held", "reported", "cancelled")
SUMS = (
    *STATES, "without_reach", "reached_counted", "reached_estimated", "with_bands",
    *BAND_FIELDS.values(), "with_cost", "cost", "views", "comments", "comments_answered",
)  # fmt: skip
"""The columns that are summed."""


_NOTHING = (0,) * len(SUMS)
_STATE_AT = {state: position for position, state in enumerate(STATES)}


def sums_of(
    state: str, reach: int | None, reach_is: str, bands: Sequence[int | None], cost: int | None,
    online: tuple[int | None, int | None, int | None],
) -> tuple[int, ...]:  # fmt: skip
    """Return the summed columns of one activity; only a reported one has reached anybody."""
    states = [0, 0, 0, 0]
    states[_STATE_AT[state]] = 1
    if state != "reported":
        return (*states, *_NOTHING[4:])
    known = any(count is not None for count in bands)
    return (
        *states,
        1 if reach is None else 0,
        (reach or 0) if reach_is == "counted" else 0,
        (reach or 0) if reach_is == "estimated" else 0,
        1 if known else 0,
        *(count or 0 for count in bands),
        0 if cost is None else 1,
        cost or 0,
        *(count or 0 for count in online),
    )


def _sum(label: Any) -> models.BigIntegerField:
    return models.BigIntegerField(label, default=0)


class ActivitySums(models.Model):
    """What is summed; the numbers below the states are of reported activities only."""

    planned = _sum(_("planned"))
    held = _sum(_("held, no report yet"))
    reported = _sum(_("reported"))
    cancelled = _sum(_("cancelled"))
    without_reach = _sum(_("reported without reach"))
    reached_counted = _sum(_("people reached, counted"))
    reached_estimated = _sum(_("people reached, estimated"))
    with_bands = _sum(_("reported by age band"))
    reached_under_14 = _sum(AgeBand.UNDER_14.label)
    reached_14_17 = _sum(AgeBand.FROM_14.label)
    reached_18_24 = _sum(AgeBand.FROM_18.label)
    reached_25_28 = _sum(AgeBand.FROM_25.label)
    reached_29_44 = _sum(AgeBand.FROM_29.label)
    reached_45_64 = _sum(AgeBand.FROM_45.label)
    reached_65_up = _sum(AgeBand.FROM_65.label)
    with_cost = _sum(_("reported with cost"))
    cost = _sum(_("cost, tenge"))
    views = _sum(_("views online"))
    comments = _sum(_("comments online"))
    comments_answered = _sum(_("comments answered online"))

    class Meta:
        abstract = True


class ActivityDay(ActivitySums):
    """Sums of a day; and of the month and the year that begin with it.

    Months and years stand beside the days so that a long period is read from few rows: whole
    years, then whole months, then single days.
    """

    class Span(models.TextChoices):
        DAY = "day", _("Day")
        MONTH = "month", _("Month")
        YEAR = "year", _("Year")

    span = models.CharField(_("span"), max_length=5, choices=Span.choices)
    day = models.DateField(_("first day"))
    district = models.ForeignKey(
        "places.Place",
        verbose_name=_("district"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    theme = models.CharField(_("theme"), max_length=16, choices=Activity.Theme.choices)
    kind = models.CharField(_("kind"), max_length=12, choices=Activity.Kind.choices)
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("sum of activities")
        verbose_name_plural = _("sums of activities")
        ordering = ["span", "day"]
        constraints = [
            models.UniqueConstraint(
                fields=["span", "day", "district", "theme", "kind", "language"],
                name="activity_sum_once",
            ),
        ]
        indexes = [
            # A few chosen cells over a long time, where `ActivityMargin` does not go so deep.
            models.Index(
                fields=["span", "district", "theme", "kind", "language", "day"],
                name="activity_sum_cell",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.span} {self.day}"


DIMENSIONS = ("district_id", "theme", "kind", "language")
"""By what sums are told apart, beside the time."""
CUTS = tuple(
    "+".join(names) for size in (1, 2) for names in combinations(DIMENSIONS, size)
)  # fmt: skip
"""Each dimension alone, and each two together."""


class ActivityMargin(ActivitySums):
    """Sums by one dimension, or by two for months and years: what most pages ask for.

    A day has some thousand sums told apart by everything, but three dozen told apart by one
    thing. Five years by theme are read from a few hundred of these.
    """

    span = models.CharField(_("span"), max_length=5, choices=ActivityDay.Span.choices)
    cut = models.CharField(_("told apart by"), max_length=24)
    day = models.DateField(_("first day"))
    key = models.CharField(_("key"), max_length=40)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("margin of the sums of activities")
        verbose_name_plural = _("margins of the sums of activities")
        ordering = ["span", "cut", "day"]
        constraints = [
            models.UniqueConstraint(
                fields=["span", "cut", "day", "key"], name="activity_margin_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.span} {self.day} {self.cut} {self.key}"


class BodyMonth(ActivitySums):
    """Sums of a month by the body that holds the activities."""

    month = models.DateField(_("month"))
    body = models.ForeignKey(
        "agencies.Body",
        verbose_name=_("body that holds it"),
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = VisibleManager()

    class Meta:
        verbose_name = _("sum of a body's month")
        verbose_name_plural = _("sums of bodies' months")
        ordering = ["month", "body"]
        constraints = [
            models.UniqueConstraint(fields=["month", "body"], name="activity_body_month_once"),
        ]

    def __str__(self) -> str:
        return f"{self.body_id} {self.month:%Y-%m}"


class PlaceCount(models.Model):
    """Activities of the last year in one place, counted each night; for places never reached."""

    place = models.OneToOneField(
        "places.Place", verbose_name=_("place"), on_delete=models.CASCADE, related_name="+"
    )
    activities = models.PositiveIntegerField(_("activities"), default=0)
    reached = models.PositiveBigIntegerField(_("people reached"), default=0)
    counted_on = models.DateField(_("counted on"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("activities in a place")
        verbose_name_plural = _("activities in places")
        ordering = ["place"]

    def __str__(self) -> str:
        return f"{self.place_id}: {self.activities}"
