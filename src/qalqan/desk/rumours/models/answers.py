"""The answers given to claims."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager
from qalqan.desk.rumours.models.claims import Claim
from qalqan.desk.rumours.models.messages import Language


class Answer(models.Model):
    """The published reply to a claim, with the verdict it gives."""

    class Verdict(models.TextChoices):
        TRUE = "true", _("True")
        FALSE = "false", _("False")
        MISLEADING = "misleading", _("Misleading")
        UNVERIFIABLE = "unverifiable", _("Cannot be checked")

    claim = models.ForeignKey(
        Claim, verbose_name=_("claim"), on_delete=models.CASCADE, related_name="answers"
    )
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict.choices)
    text = models.TextField(_("answer"), max_length=4000)
    language = models.CharField(_("language of the answer"), max_length=7, choices=Language.choices)
    published_at = models.DateTimeField(_("published"))
    recorded_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("recorded by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("recorded"))
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["-published_at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: {self.text[:60]}"
