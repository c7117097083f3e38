"""Evaluations: what changed after an activity or programme, as counts and answers of groups."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.platform.policies import VisibleManager


class Evaluation(models.Model):
    """One question about a gain, the numbers that were collected, and the verdict by method."""

    class Design(models.TextChoices):
        PAIRED_SHARE = "paired_share", _("Same people before and after, yes or no")
        GROUPS_SHARE = "groups_share", _("Two groups of people, yes or no")
        PAIRED_MEAN = "paired_mean", _("Same people before and after, points")
        GROUPS_MEAN = "groups_mean", _("Two groups of people, points")
        DISTRICTS = "districts", _("Districts with and without, before and after")

    class Verdict(models.TextChoices):
        GAIN = "gain", pgettext_lazy("evaluation", "Gain")
        LOSS = "loss", pgettext_lazy("evaluation", "Loss")
        NO_GAIN = "no_gain", pgettext_lazy("evaluation", "No gain shown")
        TOO_FEW = "too_few", pgettext_lazy("evaluation", "Too few to say")

    design = models.CharField(_("design"), max_length=12, choices=Design.choices)
    question = models.CharField(_("question that was asked"), max_length=200)
    activity = models.ForeignKey(
        "outreach.Activity",
        verbose_name=pgettext_lazy("outreach", "activity"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="evaluations",
    )
    theme = models.CharField(_("theme"), max_length=16, blank=True)
    body = models.ForeignKey(
        "accounts.Organisation",
        verbose_name=_("body of the worker"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    numbers = models.JSONField(
        _("numbers"), default=dict, help_text=_("Counts, or points without names, as entered.")
    )
    result = models.JSONField(_("result"), default=dict)
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict.choices)
    made_at = models.DateTimeField(_("computed"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(question=""), name="evaluation_asks"),
        ]

    def __str__(self) -> str:
        return self.question
