"""A poll, its design, and what was drawn; a poll without a design cannot open."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.platform.policies import VisibleManager
from qalqan.desk.platform.ui.words import in_language
from qalqan.desk.polls.models.frame import FrameUnit, SamplingFrame
from qalqan.desk.polls.models.questionnaire import CODE, QuestionnaireVersion


class Poll(models.Model):
    """One wave of questions put to people of the province."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("poll", "Being prepared")
        OPEN = "open", pgettext_lazy("poll", "Open")
        CLOSED = "closed", pgettext_lazy("poll", "Closed")

    class Kind(models.TextChoices):
        NONE = "", pgettext_lazy("poll", "Not declared")
        PROBABILITY = "probability", _("Probability sample")
        CONVENIENCE = "convenience", _("Convenience sample")

    class Method(models.TextChoices):
        NONE = "", _("No clusters: people drawn one by one")
        SRS = "srs", _("Simple random draw of areas")
        STRATIFIED = "stratified", _("Stratified random draw of areas")
        PPS = "pps", _("Systematic draw in proportion to size, by strata")

    class Adjustment(models.TextChoices):
        NONE = "", _("None: design weights only")
        POSTSTRATIFY = "poststratify", _("Post-stratification")
        RAKE = "rake", _("Raking")
        CALIBRATE = "calibrate", _("Calibration within bounds")

    code = models.CharField(_("code"), max_length=40, unique=True, validators=[CODE])
    title_kk = models.CharField(_("title in Kazakh"), max_length=200)
    title_ru = models.CharField(_("title in Russian"), max_length=200)
    title_en = models.CharField(_("title in English"), max_length=200)
    series = models.CharField(
        _("series"), max_length=40, validators=[CODE],
        help_text=_("Waves of one series are compared with each other."),
    )  # fmt: skip
    wave = models.PositiveSmallIntegerField(_("wave"), default=1)
    questionnaire = models.ForeignKey(
        QuestionnaireVersion, verbose_name=_("questionnaire"), on_delete=models.PROTECT,
        related_name="polls",
    )  # fmt: skip
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DRAFT)
    kind = models.CharField(_("design"), max_length=12, choices=Kind.choices, blank=True)
    frame = models.ForeignKey(
        SamplingFrame, verbose_name=_("sampling frame"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    method = models.CharField(_("draw"), max_length=10, choices=Method.choices, blank=True)
    seed = models.PositiveIntegerField(_("seed of the draw"), null=True, blank=True)
    take = models.PositiveSmallIntegerField(_("answers wanted in an area"), default=15)
    adjustment = models.CharField(
        _("weighting"), max_length=12, choices=Adjustment.choices, blank=True
    )
    trim_low = models.FloatField(_("least factor"), null=True, blank=True)
    trim_high = models.FloatField(_("greatest factor"), null=True, blank=True)
    response_e = models.FloatField(_("share of unknown numbers that are eligible (e)"), default=1.0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("created by"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    created_at = models.DateTimeField(_("created"))
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("poll")
        verbose_name_plural = _("polls")
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["series", "wave"], name="poll_wave_once"),
            models.CheckConstraint(
                condition=Q(starts_on__lte=models.F("ends_on")), name="poll_days_in_order"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | ~Q(kind=""), name="poll_opens_with_a_design"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the poll's page."""
        return reverse("polls:poll", args=[self.pk])

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return in_language(self, "title")

    @property
    def is_probability(self) -> bool:
        """Whether intervals and tests may be shown at all."""
        return self.kind == self.Kind.PROBABILITY


class Stratum(models.Model):
    """A part of the population that is sampled by itself."""

    poll = models.ForeignKey(
        Poll, verbose_name=_("poll"), on_delete=models.CASCADE, related_name="strata"
    )
    code = models.CharField(_("stratum"), max_length=40)
    label = models.CharField(_("name"), max_length=160, blank=True)
    population = models.PositiveIntegerField(_("people"))
    areas = models.PositiveIntegerField(_("areas in the frame"), default=0)
    wanted = models.PositiveIntegerField(_("areas to draw, or answers wanted"), default=0)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("stratum of a poll")
        verbose_name_plural = _("strata of polls")
        ordering = ["poll", "code"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "code"], name="poll_stratum_once"),
            models.CheckConstraint(condition=Q(population__gte=1), name="poll_stratum_has_people"),
        ]

    def __str__(self) -> str:
        return self.label or self.code


class DrawnCluster(models.Model):
    """An area that was drawn, with the probability it had."""

    poll = models.ForeignKey(
        Poll, verbose_name=_("poll"), on_delete=models.CASCADE, related_name="clusters"
    )
    unit = models.ForeignKey(
        FrameUnit, verbose_name=_("area"), on_delete=models.PROTECT, related_name="+"
    )
    stratum = models.CharField(_("stratum"), max_length=40)
    order = models.PositiveIntegerField(_("order"))
    probability = models.FloatField(_("probability of being drawn"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("drawn area")
        verbose_name_plural = _("drawn areas")
        ordering = ["poll", "order"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "unit"], name="poll_cluster_once"),
            models.CheckConstraint(
                condition=Q(probability__gt=0, probability__lte=1), name="poll_cluster_chance"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.unit}"


class Margin(models.Model):
    """A known total that the weights are to meet."""

    poll = models.ForeignKey(
        Poll, verbose_name=_("poll"), on_delete=models.CASCADE, related_name="margins"
    )
    variable = models.CharField(_("variable"), max_length=12)
    level = models.CharField(_("level"), max_length=40)
    total = models.FloatField(_("people"))
    origin = models.CharField(_("where the data is from"), max_length=200, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("known total")
        verbose_name_plural = _("known totals")
        ordering = ["poll", "variable", "level"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "variable", "level"], name="poll_margin_once"),
            models.CheckConstraint(condition=Q(total__gt=0), name="poll_margin_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.variable} {self.level}"
