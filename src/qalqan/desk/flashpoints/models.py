"""Scans that were run, and what they found: areas and days, never persons."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager


class Stream(models.TextChoices):
    """What is counted by district and day."""

    INCIDENTS = "incidents", _("Incidents")
    TIPS = "tips", _("Tips")


class ScanRun(models.Model):
    """One scan of one stream: its data, its settings and its verdict."""

    class Model(models.TextChoices):
        PERMUTATION = "permutation", _("space-time permutation")

    class Verdict(models.TextChoices):
        FOUND = "found", _("More than expected was found.")
        NOTHING = "nothing", _("No evidence of more than expected.")
        NOT_ENOUGH = "not_enough", _("Not enough data to say anything.")

    stream = models.CharField(_("stream"), max_length=10, choices=Stream.choices)
    model = models.CharField(
        _("method"), max_length=20, choices=Model.choices, default=Model.PERMUTATION
    )
    window_start = models.DateField(_("window from"))
    window_end = models.DateField(_("window to"))
    parameters = models.JSONField(_("settings"), default=dict)
    cases = models.PositiveIntegerField(_("cases"))
    areas = models.PositiveIntegerField(_("areas"))
    seed = models.PositiveBigIntegerField(_("seed"))
    replicates = models.PositiveIntegerField(_("replicates"))
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict.choices)
    created_at = models.DateTimeField(_("computed"))
    data_hash = models.CharField(_("hash of the data and settings"), max_length=64)
    is_sample = models.BooleanField(_("sample data"), default=False)
    by_area = models.JSONField(_("observed and expected by district"), default=list)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("scan")
        verbose_name_plural = _("scans")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["stream", "-created_at"], name="scan_run_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["stream", "data_hash", "seed", "replicates"], name="scan_run_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stream_display()}, {self.window_start} – {self.window_end}"

    def get_absolute_url(self) -> str:
        """Return the address of the run's page."""
        return reverse("flashpoints:run", args=[self.pk])


class Finding(models.Model):
    """An area and a period with more cases than expected."""

    run = models.ForeignKey(
        ScanRun, verbose_name=_("scan"), on_delete=models.CASCADE, related_name="findings"
    )
    rank = models.PositiveSmallIntegerField(_("rank"))
    start = models.DateField(_("first day"))
    end = models.DateField(_("last day"))
    observed = models.PositiveIntegerField(_("observed"))
    expected = models.FloatField(_("expected"))
    relative_risk = models.FloatField(
        _("relative risk"), null=True, help_text=_("Empty where all cases lie inside.")
    )
    relative_risk_low = models.FloatField(_("relative risk, lower end"))
    relative_risk_high = models.FloatField(
        _("relative risk, upper end"), null=True, help_text=_("Empty where there is no upper end.")
    )
    log_likelihood_ratio = models.FloatField(_("log-likelihood ratio"))
    p_value = models.FloatField(_("p value"))
    recurrence_interval = models.FloatField(_("recurrence interval in days"))
    radius_km = models.FloatField(_("radius in km"), default=0)
    curve = models.JSONField(_("observed and expected by day"), default=list)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["run", "rank"]
        constraints = [
            models.UniqueConstraint(fields=["run", "rank"], name="finding_rank_once"),
            models.CheckConstraint(
                condition=models.Q(end__gte=models.F("start")), name="finding_days_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run.get_stream_display()} {self.start} – {self.end}"

    def get_absolute_url(self) -> str:
        """Return the address of the finding's page."""
        return reverse("flashpoints:finding", args=[self.pk])


class FindingArea(models.Model):
    """A district inside a finding, in order of distance from its centre."""

    finding = models.ForeignKey(
        Finding, verbose_name=_("finding"), on_delete=models.CASCADE, related_name="areas"
    )
    place = models.ForeignKey(
        "places.Place", verbose_name=_("district"), on_delete=models.PROTECT, related_name="+"
    )
    order = models.PositiveSmallIntegerField(_("order from the centre"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("area of a finding")
        verbose_name_plural = _("areas of findings")
        ordering = ["finding", "order"]
        constraints = [
            models.UniqueConstraint(fields=["finding", "place"], name="finding_area_once"),
        ]

    def __str__(self) -> str:
        return str(self.place)
