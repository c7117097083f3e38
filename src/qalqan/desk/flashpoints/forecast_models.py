"""Forecasts of places for one week, and how such forecasts did; never of persons."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qalqan.desk.flashpoints.models import AreaKind, Stream
from qalqan.desk.platform.policies import VisibleManager


class ForecastRun(models.Model):
    """What the count map and the model expect of one week, and the score of the weeks before."""

    class Method(models.TextChoices):
        STACKED = "stacked", _("mixed maps with the season")

    class Verdict(models.TextChoices):
        GAIN = "gain", _("Gain over the count map.")
        NO_GAIN = "no_gain", _("No gain over the count map.")
        WORSE = "worse", _("No gain: worse than the count map.")
        NOT_ENOUGH = "not_enough", _("Not enough data to say anything.")

    stream = models.CharField(_("stream"), max_length=30, choices=Stream.choices)
    area_kind = models.CharField(
        _("kind of areas"), max_length=9, choices=AreaKind.choices, default=AreaKind.DISTRICTS
    )
    method = models.CharField(
        _("method"), max_length=20, choices=Method.choices, default=Method.STACKED
    )
    week = models.DateField(_("first day of the week that is forecast"))
    window_start = models.DateField(_("window from"))
    window_end = models.DateField(_("window to"))
    weeks = models.PositiveIntegerField(_("whole weeks"))
    cases = models.PositiveIntegerField(_("cases"))
    areas = models.PositiveIntegerField(_("areas"))
    left_out = models.PositiveIntegerField(_("cases left out"), default=0)
    parameters = models.JSONField(_("settings"), default=dict)
    seed = models.PositiveBigIntegerField(_("seed"))
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict.choices)
    score = models.JSONField(_("score of the last weeks"), default=dict)
    by_area = models.JSONField(
        _("expected cases by area"),
        default=list,
        help_text=_("District; count map, its interval; model, its interval; cases seen; cell."),
    )
    elsewhere = models.JSONField(
        _("expected in all other cells"),
        default=dict,
        help_text=_("Cells of the grid that have not had a case yet."),
    )
    created_at = models.DateTimeField(_("computed"))
    data_hash = models.CharField(_("hash of the data and settings"), max_length=64)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("forecast")
        verbose_name_plural = _("forecasts")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(
                fields=["stream", "area_kind", "-created_at", "-id"], name="forecast_newest"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["stream", "area_kind", "week", "data_hash", "seed"], name="forecast_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_stream_display()}, {self.week} – {self.last_day}"

    def get_absolute_url(self) -> str:
        """Return the address of the forecast's page."""
        return reverse("flashpoints:forecast_run", args=[self.pk])

    @property
    def last_day(self) -> date:
        """Return the last day of the week that is forecast."""
        return self.week + timedelta(days=6)
