"""Computed results, kept as they were computed, and the formula of the trust index."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.platform.policies import VisibleManager
from qalqan.desk.polls.models.poll import Poll


class PollEdition(models.Model):
    """The results of a poll at one moment; a row is never rewritten but for its publication."""

    class State(models.TextChoices):
        COMPUTED = "computed", pgettext_lazy("results", "Computed")
        PUBLISHED = "published", _("Published")
        REFUSED = "refused", pgettext_lazy("results", "Not published: it would give away too much")
        REPLACED = "replaced", pgettext_lazy("results", "Replaced by a newer edition")

    poll = models.ForeignKey(
        Poll, verbose_name=_("poll"), on_delete=models.CASCADE, related_name="editions"
    )
    number = models.PositiveIntegerField(_("edition"))
    computed_at = models.DateTimeField(_("computed"))
    content = models.JSONField(_("results"))
    state = models.CharField(
        _("state"), max_length=9, choices=State.choices, default=State.COMPUTED
    )
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    withheld = models.JSONField(_("cells withheld"), default=list, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("results of a poll")
        verbose_name_plural = _("results of polls")
        ordering = ["poll", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "number"], name="poll_edition_once"),
            models.UniqueConstraint(
                fields=["poll"], condition=models.Q(state="published"),
                name="poll_one_edition_published",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.poll} · {self.number}"


class TrustFormula(models.Model):
    """How the index of trust is computed; each version stays, so old figures keep their meaning."""

    version = models.PositiveIntegerField(_("version"), unique=True)
    items = models.JSONField(_("questions"), help_text=_("Codes of questions on a scale."))
    low = models.IntegerField(_("lowest answer"), default=1)
    high = models.IntegerField(_("highest answer"), default=5)
    least_answered = models.PositiveSmallIntegerField(_("least items answered"), default=2)
    since = models.DateField(_("in use since"))
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("formula of the trust index")
        verbose_name_plural = _("formulas of the trust index")
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"{self.version}"
