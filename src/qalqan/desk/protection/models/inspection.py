"""What was found at a site: one inspection, its answers and its pictures."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.platform.policies import VisibleManager
from qalqan.desk.protection.models.checklist import ChecklistVersion, Question
from qalqan.desk.protection.models.site import Site, StoredFile


class Inspection(models.Model):
    """One visit with one checklist; the phone that made it gave it its identity."""

    class Result(models.TextChoices):
        PASS = "pass", pgettext_lazy("result of an inspection", "Pass")
        MINOR = "minor", pgettext_lazy("result of an inspection", "Minor failures")
        SERIOUS = "serious", pgettext_lazy("result of an inspection", "Serious failures")

    client_id = models.UUIDField(_("identity given by the phone"), unique=True)
    site = models.ForeignKey(
        Site, verbose_name=_("site"), on_delete=models.PROTECT, related_name="inspections"
    )
    version = models.ForeignKey(
        ChecklistVersion,
        verbose_name=_("version of the checklist"),
        on_delete=models.PROTECT,
        related_name="inspections",
    )
    inspector = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("inspector"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"))
    received_at = models.DateTimeField(_("received at the desk"))
    clock_offset_seconds = models.IntegerField(
        _("phone's clock ahead of the desk's, seconds"), default=0
    )
    result = models.CharField(_("result"), max_length=8, choices=Result.choices)
    score = models.FloatField(_("share of weight passed"), null=True, blank=True)
    failed_count = models.PositiveSmallIntegerField(_("failed questions"), default=0)
    next_due_on = models.DateField(_("next inspection due"))
    representative_office = models.CharField(
        _("office that signed for the owner"), max_length=120, blank=True
    )
    inspector_signature = models.TextField(
        _("inspector's signature, as drawn"), max_length=20_000, blank=True
    )
    owner_signature = models.TextField(
        _("owner's signature, as drawn"), max_length=20_000, blank=True
    )
    payload_digest = models.CharField(
        _("hash of what the phone sent"), max_length=64, blank=True, editable=False
    )
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("inspection")
        verbose_name_plural = _("inspections")
        ordering = ["-finished_at", "-pk"]
        indexes = [
            models.Index(fields=["site", "-finished_at", "-id"], name="inspection_of_site"),
            models.Index(fields=["-finished_at", "-id"], name="inspection_newest"),
            models.Index(fields=["result", "-finished_at", "-id"], name="inspection_result"),
            models.Index(fields=["inspector", "-finished_at"], name="inspection_inspector"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(finished_at__gte=F("started_at")), name="inspection_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site} {self.finished_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """Return the address of the inspection's page."""
        return reverse("protection:inspection", args=[self.pk])


class Given(models.Model):
    """The answer given to one question."""

    inspection = models.ForeignKey(
        Inspection, verbose_name=_("inspection"), on_delete=models.CASCADE, related_name="given"
    )
    question = models.ForeignKey(
        Question, verbose_name=_("question"), on_delete=models.PROTECT, related_name="+"
    )
    value = models.CharField(_("answer"), max_length=500, blank=True)
    note = models.CharField(_("note"), max_length=1000, blank=True)
    failed = models.BooleanField(_("failed"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("answer to a question")
        verbose_name_plural = _("answers to questions")
        ordering = ["inspection", "question"]
        constraints = [
            models.UniqueConstraint(fields=["inspection", "question"], name="given_once"),
        ]

    def __str__(self) -> str:
        return self.value


class InspectionPicture(models.Model):
    """A picture taken at an inspection, to one of its questions or to the whole."""

    client_id = models.UUIDField(_("identity given by the phone"), unique=True)
    inspection = models.ForeignKey(
        Inspection, verbose_name=_("inspection"), on_delete=models.CASCADE, related_name="pictures"
    )
    question = models.ForeignKey(
        Question,
        verbose_name=_("question"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    file = models.OneToOneField(
        StoredFile, verbose_name=_("file"), on_delete=models.PROTECT, related_name="+"
    )
    taken_at = models.DateTimeField(_("taken"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at the desk"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("picture of an inspection")
        verbose_name_plural = _("pictures of inspections")
        ordering = ["inspection", "question", "pk"]

    def __str__(self) -> str:
        return f"{self.inspection_id}: {self.file_id}"
