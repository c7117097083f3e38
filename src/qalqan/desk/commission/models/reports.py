"""The quarter's report to everyone: its data, its signed papers, the chain it rests on."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.platform.policies import VisibleManager


class QuarterReport(models.Model):
    """One version of the report of a quarter; what is published never changes again.

    ``data`` is the canonical text that was hashed and signed, not a JSON column: a database may
    write numbers and keys anew.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("report", "Draft")
        PUBLISHED = "published", pgettext_lazy("report", "Published")
        DISCARDED = "discarded", pgettext_lazy("report", "Discarded")

    year = models.PositiveSmallIntegerField(_("year"))
    quarter = models.PositiveSmallIntegerField(_("quarter"))
    version = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.DRAFT)
    drafted_by = models.ForeignKey(
        "accounts.User", verbose_name=_("drafted by"), null=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    drafted_at = models.DateTimeField(_("drafted"))
    published_by = models.ForeignKey(
        "accounts.User", verbose_name=_("published by"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    reason_kk = models.CharField(_("reason in Kazakh"), max_length=500, blank=True)
    reason_ru = models.CharField(_("reason in Russian"), max_length=500, blank=True)
    reason_en = models.CharField(_("reason in English"), max_length=500, blank=True)
    data = models.TextField(_("data"))
    data_sha256 = models.CharField(_("SHA-256 of the data"), max_length=64, blank=True)
    chain_sequence = models.BigIntegerField(_("last audit entry"), null=True, blank=True)
    chain_link = models.CharField(_("link at the last audit entry"), max_length=64, blank=True)
    chain_file = models.BinaryField(_("chain file, compressed"), blank=True, default=bytes)
    certificate = models.TextField(_("certificate"), blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("quarterly report")
        verbose_name_plural = _("quarterly reports")
        ordering = ["-year", "-quarter", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "quarter", "version"], condition=~Q(state="discarded"),
                name="report_version_once",
            ),
            models.CheckConstraint(
                condition=Q(quarter__gte=1, quarter__lte=4), name="report_quarter"
            ),
            models.CheckConstraint(
                condition=~Q(state="published")
                | Q(published_at__isnull=False, chain_sequence__isnull=False)
                & Q(data_sha256__gt="", chain_link__gt="", certificate__gt=""),
                name="report_published_whole",
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True)
                | Q(drafted_by__isnull=True)
                | ~Q(published_by=F("drafted_by")),
                name="report_published_by_another",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        """Return the address of the report's page at the desk."""
        return reverse("commission:report", args=[self.pk])

    @property
    def name(self) -> str:
        """The quarter, as "2026-Q3"."""
        return f"{self.year}-Q{self.quarter}"

    @property
    def code(self) -> str:
        """The quarter and the version, as "2026-Q3-v1"."""
        return f"{self.name}-v{self.version}"

    @property
    def first_day(self) -> date:
        """The first day of the quarter."""
        return date(self.year, 3 * self.quarter - 2, 1)

    @property
    def reason(self) -> dict[str, Any]:
        """Why it corrects the version before, by language; empty for a first version."""
        texts = {"kk": self.reason_kk, "ru": self.reason_ru, "en": self.reason_en}
        return texts if all(texts.values()) else {}


class ReportPaper(models.Model):
    """One signed PDF of a published report, byte for byte as it was signed."""

    report = models.ForeignKey(
        QuarterReport, verbose_name=_("report"), on_delete=models.PROTECT, related_name="papers"
    )
    language = models.CharField(_("language"), max_length=2)
    pdf = models.BinaryField(_("signed PDF"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("signed paper")
        verbose_name_plural = _("signed papers")
        ordering = ["report", "language"]
        constraints = [
            models.UniqueConstraint(fields=["report", "language"], name="report_paper_once"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.language}"
