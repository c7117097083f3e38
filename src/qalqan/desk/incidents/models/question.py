"""What nobody knows yet, who finds out, and until when."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.incidents.models.ledger import Incident
from qalqan.desk.platform.policies import VisibleManager


class OpenQuestion(models.Model):
    """A question about an incident; it stays until answered, or declared unanswerable and why."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("question", "Open")
        ANSWERED = "answered", pgettext_lazy("question", "Answered")
        UNANSWERABLE = "unanswerable", pgettext_lazy("question", "Cannot be answered")

    incident = models.ForeignKey(
        Incident, verbose_name=_("incident"), on_delete=models.PROTECT, related_name="questions"
    )
    question = models.CharField(_("question"), max_length=200)
    organisation = models.ForeignKey(
        "accounts.Organisation",
        verbose_name=_("who finds out"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    due_at = models.DateTimeField(_("until"))
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    work = models.OneToOneField(
        "work.WorkItem", verbose_name=_("work"), null=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.OPEN)
    answer = models.TextField(_("answer, or why there is none"), blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("closed by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("open question")
        verbose_name_plural = _("open questions")
        ordering = ["due_at", "pk"]
        indexes = [models.Index(fields=["state", "due_at"], name="question_state_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | (~Q(state="open") & Q(closed_at__isnull=False) & ~Q(answer="")),
                name="question_closed_with_answer",
            ),
        ]

    def __str__(self) -> str:
        return self.question

    def is_overdue(self, now: datetime) -> bool:
        """Tell whether it is open past its date."""
        return self.state == self.State.OPEN and self.due_at < now
