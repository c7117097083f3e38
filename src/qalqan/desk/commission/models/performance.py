"""Indicators: what is measured, how, against which target, and the figures that were locked.

A locked figure is never computed again: a correction is another row with a reason. Units are
districts and bodies; nothing here is about a person.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager

CODES = ("kk", "ru", "en")


class PerformanceIndicator(models.Model):
    """One thing that is measured month by month, and the body that answers for it."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    responsible = models.ForeignKey(
        "accounts.Organisation", verbose_name=_("who is responsible"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = pgettext_lazy("performance", "indicator")
        verbose_name_plural = pgettext_lazy("performance", "indicators")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        """Return the address of the indicator's page."""
        return reverse("commission:indicator", args=[self.code])


class IndicatorDefinition(models.Model):
    """One version of an indicator: what it says, in which unit, by which formula, from when."""

    class Unit(models.TextChoices):
        HOURS = "hours", pgettext_lazy("unit", "hours")
        MINUTES = "minutes", pgettext_lazy("unit", "minutes")
        DAYS = "days", pgettext_lazy("unit", "days")
        SHARE = "share", pgettext_lazy("unit", "share")
        PER_THOUSAND = "per_1000", pgettext_lazy("unit", "per 1,000 people")

    class Direction(models.TextChoices):
        LOWER = "lower", _("less is better")
        HIGHER = "higher", _("more is better")
        NEITHER = "neither", _("neither is better")

    indicator = models.ForeignKey(
        PerformanceIndicator, verbose_name=pgettext_lazy("performance", "indicator"),
        on_delete=models.PROTECT, related_name="definitions",
    )  # fmt: skip
    number = models.PositiveSmallIntegerField(_("version"))
    name_kk = models.CharField(_("name in Kazakh"), max_length=200)
    name_ru = models.CharField(_("name in Russian"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)
    definition_kk = models.TextField(_("definition in Kazakh"), max_length=2000)
    definition_ru = models.TextField(_("definition in Russian"), max_length=2000)
    definition_en = models.TextField(_("definition in English"), max_length=2000)
    unit = models.CharField(_("unit"), max_length=10, choices=Unit.choices)
    direction = models.CharField(_("direction"), max_length=8, choices=Direction.choices)
    formula = models.CharField(_("formula"), max_length=60)
    sources = models.JSONField(_("rooms that it is counted from"), default=list)
    valid_from = models.DateField(_("in force since"))
    runs_until = models.DateField(
        _("drawn beside the next one until"), null=True, blank=True,
        help_text=_("First day of the month in which it is no longer counted."),
    )  # fmt: skip
    reason = models.TextField(_("why it was changed"), max_length=1000, blank=True)
    made_at = models.DateTimeField(_("entered"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("definition of an indicator")
        verbose_name_plural = _("definitions of indicators")
        ordering = ["indicator", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "number"], name="indicator_definition_once"
            ),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""), name="indicator_change_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(runs_until__isnull=True) | Q(runs_until__gte=F("valid_from")),
                name="indicator_runs_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.said("name", get_language() or "kk")

    @property
    def definition(self) -> str:
        """The definition in the reader's language."""
        return self.said("definition", get_language() or "kk")

    def said(self, field: str, language: str) -> str:
        """Return the name or the definition in a language."""
        code = language[:2] if language[:2] in CODES else "kk"
        return str(getattr(self, f"{field}_{code}"))


class PerformanceTarget(models.Model):
    """What an indicator is to reach from a day on; earlier targets stay."""

    indicator = models.ForeignKey(
        PerformanceIndicator, verbose_name=pgettext_lazy("performance", "indicator"),
        on_delete=models.PROTECT, related_name="targets",
    )  # fmt: skip
    value = models.FloatField(_("target"))
    since = models.DateField(_("since"))
    reason = models.CharField(_("why this target"), max_length=500)
    made_at = models.DateTimeField(_("entered"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("target of an indicator")
        verbose_name_plural = _("targets of indicators")
        ordering = ["indicator", "since", "pk"]

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.value:g} ({self.since})"


class LockedFigure(models.Model):
    """What an indicator came to in one month, as locked; a correction is another row."""

    definition = models.ForeignKey(
        IndicatorDefinition, verbose_name=_("definition of an indicator"),
        on_delete=models.PROTECT, related_name="figures",
    )  # fmt: skip
    period_from = models.DateField(_("first day"))
    period_to = models.DateField(_("last day"))
    number = models.PositiveSmallIntegerField(_("version"), default=1)
    value = models.FloatField(
        _("value"), null=True, blank=True,
        help_text=_("Empty where nothing was counted, or a median was not reached."),
    )  # fmt: skip
    low = models.FloatField(_("lower end"), null=True, blank=True)
    high = models.FloatField(_("upper end"), null=True, blank=True)
    n = models.PositiveIntegerField(_("cases"), default=0)
    counts = models.JSONField(_("counts that went in"), default=dict)
    method = models.CharField(_("method"), max_length=200)
    target = models.FloatField(_("target then"), null=True, blank=True)
    window_from = models.DateField(_("data from"))
    window_to = models.DateField(_("data to"))
    data_until = models.DateTimeField(_("data as known at"))
    head_sequence = models.BigIntegerField(_("entry of the audit before it"))
    head_hash = models.CharField(_("hash of that entry"), max_length=64)
    digest = models.CharField(_("digest of the figure"), max_length=64)
    reason = models.CharField(_("why it was corrected"), max_length=500, blank=True)
    locked_at = models.DateTimeField(_("locked"))
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("locked by"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    replaced_at = models.DateTimeField(_("replaced"), null=True, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("locked figure")
        verbose_name_plural = _("locked figures")
        ordering = ["definition", "period_from", "number"]
        indexes = [models.Index(fields=["period_from"], name="figure_by_month")]
        constraints = [
            models.UniqueConstraint(
                fields=["definition", "period_from", "number"], name="figure_version_once"
            ),
            models.UniqueConstraint(
                fields=["definition", "period_from"],
                condition=Q(replaced_at__isnull=True),
                name="figure_one_stands",
            ),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""), name="figure_correction_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(period_to__gte=F("period_from")), name="figure_period_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.definition_id} {self.period_from:%Y-%m} ({self.number})"

    def get_absolute_url(self) -> str:
        """Return the address of the figure's page."""
        return reverse("commission:figure", args=[self.pk])

    @property
    def month(self) -> date:
        """The first day of its month."""
        return self.period_from


class FigureUnit(models.Model):
    """What one district or one body adds to a locked figure; never a person."""

    figure = models.ForeignKey(
        LockedFigure, verbose_name=_("locked figure"), on_delete=models.CASCADE,
        related_name="units",
    )  # fmt: skip
    place = models.ForeignKey(
        "places.Place", verbose_name=_("district"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+", db_index=False,
    )  # fmt: skip
    organisation = models.ForeignKey(
        "accounts.Organisation", verbose_name=_("organisation"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+", db_index=False,
    )  # fmt: skip
    part = models.FloatField(_("counted"))
    whole = models.FloatField(_("out of"))
    spread = models.FloatField(
        _("sum of squares"), default=0,
        help_text=_("Of what single activities reached; nought for shares."),
    )  # fmt: skip
    cases = models.PositiveIntegerField(_("cases"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("part of a locked figure")
        verbose_name_plural = _("parts of locked figures")
        ordering = ["figure", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["figure", "place"], name="figure_district_once"),
            models.UniqueConstraint(fields=["figure", "organisation"], name="figure_body_once"),
            models.CheckConstraint(
                condition=Q(place__isnull=True) | Q(organisation__isnull=True),
                name="figure_unit_is_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.figure_id}: {self.part:g}/{self.whole:g}"


class FigureComment(models.Model):
    """What the responsible body says of a month; only ever added."""

    indicator = models.ForeignKey(
        PerformanceIndicator, verbose_name=pgettext_lazy("performance", "indicator"),
        on_delete=models.PROTECT, related_name="comments",
    )  # fmt: skip
    period_from = models.DateField(_("month"))
    organisation = models.ForeignKey(
        "accounts.Organisation", verbose_name=_("organisation"), on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    text = models.TextField(_("comment"), max_length=2000)
    at = models.DateTimeField(_("when"))
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("comment on a figure")
        verbose_name_plural = _("comments on figures")
        ordering = ["indicator", "period_from", "at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]
