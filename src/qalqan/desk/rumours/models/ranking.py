"""What the worker computes about open claims, so that no page has to wait for it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager
from qalqan.desk.rumours.models.claims import Claim


class ClaimRank(models.Model):
    """Where an open claim stands in the queue, and why.

    A claim that waits for nobody has no row. ``reasons`` holds the factors of the score as codes
    with values, so that each reader gets them in their own language.
    """

    claim = models.OneToOneField(
        Claim,
        verbose_name=_("claim"),
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="rank",
    )
    score = models.FloatField(_("harm averted a minute"), help_text=_("No unit; only the order."))
    score_low = models.FloatField(_("low end"))
    score_high = models.FloatField(_("high end"))
    expected = models.FloatField(_("further copies by tomorrow"))
    expected_low = models.FloatField(_("low end"))
    expected_high = models.FloatField(_("high end"))
    alarm_copies = models.PositiveIntegerField(_("so many copies or more"))
    alarm_probability = models.FloatField(_("their probability"))
    minutes = models.PositiveIntegerField(_("minutes of work"))
    suggested_severity = models.CharField(
        _("severity by its words"), max_length=14, choices=Claim.Severity.choices
    )
    words = models.JSONField(_("words that say so"), default=list)
    reasons = models.JSONField(_("reasons"), default=list)
    no_match = models.FloatField(_("probability that it was never answered"), default=1.0)
    copies_seen = models.PositiveBigIntegerField(_("copies when computed"))
    as_of = models.DateTimeField(_("as of"))
    is_urgent = models.BooleanField(_("goes round the queue"), default=False)
    told_at = models.DateTimeField(_("duty officer told"), null=True, blank=True)
    matched_at = models.DateTimeField(_("compared with answers"), null=True, blank=True)
    compared_at = models.DateTimeField(_("compared with other claims"), null=True, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("rank of a claim")
        verbose_name_plural = _("ranks of claims")
        ordering = ["-is_urgent", "-score", "-claim_id"]
        indexes = [
            models.Index(fields=["-is_urgent", "-score", "-claim"], name="claim_rank_queue"),
            models.Index(fields=["as_of"], name="claim_rank_age"),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id}: {self.score:.3g}"


class ClaimMatch(models.Model):
    """An answered claim that a new one may repeat."""

    claim = models.ForeignKey(
        Claim, verbose_name=_("claim"), on_delete=models.CASCADE, related_name="matches"
    )
    answered = models.ForeignKey(
        Claim, verbose_name=_("answered claim"), on_delete=models.CASCADE, related_name="+"
    )
    probability = models.FloatField(_("probability"))
    reasons = models.JSONField(_("reasons"), default=list)
    as_of = models.DateTimeField(_("as of"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("answered claim like it")
        verbose_name_plural = _("answered claims like it")
        ordering = ["claim", "-probability"]
        constraints = [
            models.UniqueConstraint(fields=["claim", "answered"], name="claim_match_once")
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} ~ {self.answered_id}: {self.probability:.2f}"


class WorkMinutes(models.Model):
    """How many staff-minutes a claim in a state still needs, as the desk reckons it."""

    state = models.CharField(_("state"), max_length=12, choices=Claim.State.choices, unique=True)
    minutes = models.PositiveSmallIntegerField(_("minutes"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("minutes of work")
        verbose_name_plural = _("minutes of work")
        constraints = [
            models.CheckConstraint(condition=models.Q(minutes__gte=1), name="work_minutes_some")
        ]

    def __str__(self) -> str:
        return f"{self.state}: {self.minutes}"


class MeasureEdition(models.Model):
    """How long answers took, as computed at one time; the pages show the newest."""

    computed_at = models.DateTimeField(_("computed"))
    content = models.JSONField(_("content"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("measure of answers")
        verbose_name_plural = _("measures of answers")
        ordering = ["-computed_at", "-id"]

    def __str__(self) -> str:
        return self.computed_at.isoformat()
