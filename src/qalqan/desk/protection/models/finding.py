"""What is wrong at a site: a violation lives from the inspection that found it until verified."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.platform.policies import VisibleManager
from qalqan.desk.protection.models.checklist import Checklist, Question
from qalqan.desk.protection.models.inspection import Inspection
from qalqan.desk.protection.models.site import Site


class Violation(models.Model):
    """One question that failed at one site; failing again reopens it, so that it has a past."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("violation", "found")
        NOTIFIED = "notified", pgettext_lazy("violation", "under notice")
        REMEDIED = "remedied", pgettext_lazy("violation", "said to be mended")
        VERIFIED = "verified", pgettext_lazy("violation", "mended and verified")
        REOPENED = "reopened", pgettext_lazy("violation", "found again")

    class Severity(models.TextChoices):
        MINOR = "minor", pgettext_lazy("severity of a failure", "Minor")
        SERIOUS = "serious", pgettext_lazy("severity of a failure", "Serious")

    site = models.ForeignKey(
        Site, verbose_name=_("site"), on_delete=models.PROTECT, related_name="violations"
    )
    checklist = models.ForeignKey(
        Checklist, verbose_name=_("checklist"), on_delete=models.PROTECT, related_name="+"
    )
    code = models.CharField(_("code of the question"), max_length=40)
    question = models.ForeignKey(
        Question,
        verbose_name=_("question as last asked"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    inspection = models.ForeignKey(
        Inspection,
        verbose_name=_("inspection that last found it"),
        on_delete=models.PROTECT,
        related_name="violations",
    )
    severity = models.CharField(_("severity"), max_length=8, choices=Severity.choices)
    legal_ground = models.CharField(_("legal ground"), max_length=300, blank=True)
    note = models.CharField(_("what the inspector noted"), max_length=1000, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField(_("first found"))
    last_found_at = models.DateTimeField(_("last found"))
    times_found = models.PositiveSmallIntegerField(_("inspections that found it"), default=1)
    times_reopened = models.PositiveSmallIntegerField(_("times it came back"), default=0)
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("violation")
        verbose_name_plural = _("violations")
        ordering = ["site", "-last_found_at", "pk"]
        indexes = [
            models.Index(fields=["state", "-last_found_at"], name="violation_by_state"),
            models.Index(fields=["site", "state"], name="violation_of_site"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["site", "checklist", "code"], name="violation_once_a_site"
            ),
            models.CheckConstraint(
                condition=~Q(state="verified") | Q(verified_at__isnull=False),
                name="violation_verified_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site}: {self.question}"

    @property
    def is_live(self) -> bool:
        """Tell whether it still waits to be mended."""
        return self.state != self.State.VERIFIED
