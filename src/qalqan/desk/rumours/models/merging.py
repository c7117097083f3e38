"""Which claims were taken together, which might be, and which messages might not belong."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager
from qalqan.desk.rumours.models.claims import Claim


class ClaimMerge(models.Model):
    """One claim taken into another; undone, never deleted.

    The rows that are not undone are the edges from which `Claim.merged_into` follows.
    """

    source = models.ForeignKey(
        Claim, verbose_name=_("claim"), on_delete=models.CASCADE, related_name="merges_out"
    )
    target = models.ForeignKey(
        Claim, verbose_name=_("into"), on_delete=models.CASCADE, related_name="merges_in"
    )
    state_before = models.CharField(_("state before"), max_length=12, choices=Claim.State.choices)
    since_before = models.DateTimeField(_("in that state since"), null=True, blank=True)
    probability = models.FloatField(_("probability"), null=True, blank=True)
    merged_at = models.DateTimeField(_("merged"))
    merged_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("merged by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty where the desk did it by itself."),
    )
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    undone_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("undone by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = VisibleManager()

    class Meta:
        verbose_name = _("merge of claims")
        verbose_name_plural = _("merges of claims")
        ordering = ["-merged_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["source"],
                condition=models.Q(undone_at__isnull=True),
                name="claim_merged_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")), name="merge_with_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} → {self.target_id}"


class Suggestion(models.TextChoices):
    """What became of a suggestion."""

    OPEN = "open", _("open")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")
    BY_ITSELF = "by_itself", _("done by the desk")


class MergeSuggestion(models.Model):
    """Two claims that may say the same; a pair once rejected is not suggested again."""

    first = models.ForeignKey(
        Claim, verbose_name=_("claim"), on_delete=models.CASCADE, related_name="+"
    )
    second = models.ForeignKey(
        Claim, verbose_name=_("other claim"), on_delete=models.CASCADE, related_name="+"
    )
    probability = models.FloatField(_("probability"))
    reasons = models.JSONField(_("reasons"), default=list)
    conflicts = models.JSONField(_("what speaks against it"), default=list)
    state = models.CharField(
        _("state"), max_length=9, choices=Suggestion.choices, default=Suggestion.OPEN
    )
    suggested_at = models.DateTimeField(_("suggested"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = VisibleManager()

    class Meta:
        verbose_name = _("suggestion to merge")
        verbose_name_plural = _("suggestions to merge")
        ordering = ["-probability", "id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="merge_suggested_once"),
            models.CheckConstraint(
                condition=models.Q(first__lt=models.F("second")), name="merge_pair_in_order"
            ),
        ]
        indexes = [
            models.Index(
                fields=["-probability"],
                name="merge_suggestions_open",
                condition=models.Q(state="open"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ~ {self.second_id}: {self.probability:.2f}"


class SplitSuggestion(models.Model):
    """A copy that may say something else than the claim it was counted for."""

    claim = models.ForeignKey(
        Claim, verbose_name=_("claim"), on_delete=models.CASCADE, related_name="doubts"
    )
    message = models.OneToOneField(
        "rumours.Message", verbose_name=_("message"), on_delete=models.CASCADE, related_name="+"
    )
    probability = models.FloatField(_("probability that it says the same"))
    conflicts = models.JSONField(_("what speaks against it"), default=list)
    state = models.CharField(
        _("state"), max_length=9, choices=Suggestion.choices, default=Suggestion.OPEN
    )
    suggested_at = models.DateTimeField(_("suggested"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("suggestion to split")
        verbose_name_plural = _("suggestions to split")
        ordering = ["probability", "id"]

    def __str__(self) -> str:
        return f"{self.claim_id} / {self.message_id}: {self.probability:.2f}"
