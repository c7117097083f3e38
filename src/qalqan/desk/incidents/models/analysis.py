"""Competing hypotheses about an incident: evidence, marks, versions, and the truth when known."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.incidents.models.ledger import Incident
from qalqan.desk.platform.policies import VisibleManager
from qalqan.desk.platform.sources.models import Credibility


class Analysis(models.Model):
    """One question about an incident, answered by weighing hypotheses."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("analysis", "Open")
        SOLVED = "solved", pgettext_lazy("analysis", "Truth known")

    incident = models.ForeignKey(
        Incident, verbose_name=_("incident"), on_delete=models.PROTECT, related_name="analyses"
    )
    question = models.CharField(_("question"), max_length=200)
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField(_("opened"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("opened by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    truth = models.ForeignKey(
        "incidents.Hypothesis",
        verbose_name=_("what was true"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    truth_basis = models.TextField(_("how it became known"), blank=True)
    misled_by = models.TextField(_("what misled us"), blank=True)
    solved_at = models.DateTimeField(_("truth stated"), null=True, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("analysis")
        verbose_name_plural = _("analyses")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", truth__isnull=True, solved_at__isnull=True)
                | Q(state="solved", truth__isnull=False, solved_at__isnull=False),
                name="analysis_solved_has_truth",
            ),
        ]

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        """Return the address of the analysis."""
        return reverse("incidents:analysis", args=[self.pk])


class Hypothesis(models.Model):
    """One answer that may be true, with its probability before the evidence."""

    class Kind(models.TextChoices):
        GANG = "gang", _("Criminal gang")
        ORGANISED = "organised", _("Organised group")
        LONE = "lone", _("Lone offender")
        ACCIDENT = "accident", _("Accident")
        PROVOCATION = "provocation", _("Provocation")
        OTHER = "other", pgettext_lazy("hypothesis", "Something else")

    analysis = models.ForeignKey(
        Analysis, verbose_name=_("analysis"), on_delete=models.CASCADE, related_name="hypotheses"
    )
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    text = models.CharField(_("in particular"), max_length=200, blank=True)
    prior = models.FloatField(
        _("probability before the evidence"),
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )

    objects = VisibleManager()

    class Meta:
        verbose_name = _("hypothesis")
        verbose_name_plural = _("hypotheses")
        ordering = ["analysis", "position"]
        constraints = [
            models.UniqueConstraint(fields=["analysis", "position"], name="hypothesis_position"),
            models.UniqueConstraint(fields=["analysis", "kind", "text"], name="hypothesis_once"),
            models.CheckConstraint(
                condition=Q(prior__gte=0, prior__lte=1), name="hypothesis_prior_0_to_1"
            ),
        ]

    def __str__(self) -> str:
        return f"H{self.position} {self.name}"

    @property
    def name(self) -> str:
        """Return the kind and what is meant in particular."""
        kind = str(self.get_kind_display())
        return f"{kind}: {self.text}" if self.text else kind

    @property
    def short(self) -> str:
        """Return the number as tables show it."""
        return f"H{self.position}"


class HypothesisRelation(models.Model):
    """How two hypotheses of an analysis stand to each other."""

    class Kind(models.TextChoices):
        EXCLUSIVE = "exclusive", _("shuts out")
        CONTAINS = "contains", _("contains")

    first = models.ForeignKey(
        Hypothesis, verbose_name=_("hypothesis"), on_delete=models.CASCADE, related_name="relations"
    )
    kind = models.CharField(_("relation"), max_length=9, choices=Kind.choices)
    second = models.ForeignKey(
        Hypothesis, verbose_name=_("other hypothesis"), on_delete=models.CASCADE, related_name="+"
    )

    objects = VisibleManager()

    class Meta:
        verbose_name = _("relation of hypotheses")
        verbose_name_plural = _("relations of hypotheses")
        ordering = ["first", "second"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="relation_once"),
            models.CheckConstraint(condition=~Q(first=F("second")), name="relation_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.kind} {self.second_id}"


class EvidenceItem(models.Model):
    """One item of evidence or one assumption; the source's grade stands beside the item's."""

    class Relevance(models.IntegerChoices):
        HIGH = 3, pgettext_lazy("relevance", "High")
        MEDIUM = 2, pgettext_lazy("relevance", "Medium")
        LOW = 1, pgettext_lazy("relevance", "Low")

    analysis = models.ForeignKey(
        Analysis, verbose_name=_("analysis"), on_delete=models.CASCADE, related_name="items"
    )
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.CharField(_("what is known or assumed"), max_length=300)
    is_assumption = models.BooleanField(_("an assumption"), default=False)
    source = models.ForeignKey(
        "sources.Source",
        verbose_name=_("source"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    credibility = models.PositiveSmallIntegerField(
        _("credibility"), choices=Credibility.choices, default=Credibility.UNKNOWN
    )
    relevance = models.PositiveSmallIntegerField(
        _("relevance"), choices=Relevance.choices, default=Relevance.HIGH
    )
    added_at = models.DateTimeField(_("added"))
    retracted_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    retracted_why = models.CharField(_("why taken back"), max_length=300, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("item of evidence")
        verbose_name_plural = _("items of evidence")
        ordering = ["analysis", "position"]
        constraints = [
            models.UniqueConstraint(fields=["analysis", "position"], name="evidence_position"),
            models.CheckConstraint(
                condition=Q(credibility__range=(1, 6), relevance__range=(1, 3)),
                name="evidence_grades",
            ),
        ]

    def __str__(self) -> str:
        return f"E{self.position} {self.text}"

    @property
    def short(self) -> str:
        """Return the number as tables show it."""
        return f"E{self.position}"


class Reading(models.Model):
    """One analyst's marks; nobody else sees them, only what all give together."""

    analysis = models.ForeignKey(
        Analysis, verbose_name=_("analysis"), on_delete=models.CASCADE, related_name="readings"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("marked by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    begun_at = models.DateTimeField(_("begun"))
    handed_in_at = models.DateTimeField(_("handed in"), null=True, blank=True)
    is_current = models.BooleanField(_("counts"), default=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("reading of the evidence")
        verbose_name_plural = _("readings of the evidence")
        ordering = ["analysis", "-begun_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["analysis", "by"],
                condition=Q(handed_in_at__isnull=True),
                name="reading_one_draft",
            ),
            models.UniqueConstraint(
                fields=["analysis", "by"],
                condition=Q(handed_in_at__isnull=False, is_current=True),
                name="reading_one_counts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.analysis_id}: {self.begun_at:%Y-%m-%d}"


class Mark(models.Model):
    """How one item agrees with one hypothesis, in one reading."""

    class Value(models.TextChoices):
        CC = "CC", _("CC: very consistent")
        C = "C", _("C: consistent")
        N = "N", _("N: neutral")
        I = "I", _("I: inconsistent")  # noqa: E741
        II = "II", _("II: very inconsistent")
        NA = "NA", _("NA: does not apply")

    reading = models.ForeignKey(
        Reading, verbose_name=_("reading"), on_delete=models.CASCADE, related_name="marks"
    )
    item = models.ForeignKey(
        EvidenceItem, verbose_name=_("item"), on_delete=models.CASCADE, related_name="+"
    )
    hypothesis = models.ForeignKey(
        Hypothesis, verbose_name=_("hypothesis"), on_delete=models.CASCADE, related_name="+"
    )
    value = models.CharField(_("mark"), max_length=2, choices=Value.choices)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        ordering = ["reading", "item", "hypothesis"]
        constraints = [
            models.UniqueConstraint(fields=["reading", "item", "hypothesis"], name="mark_once"),
        ]

    def __str__(self) -> str:
        return self.value


class SoughtEvidence(models.Model):
    """What we do not have yet: how probable we would find it under each hypothesis."""

    analysis = models.ForeignKey(
        Analysis, verbose_name=_("analysis"), on_delete=models.CASCADE, related_name="sought"
    )
    text = models.CharField(_("what to look for"), max_length=300)
    chances = models.JSONField(_("probability under each hypothesis"), default=dict)
    added_at = models.DateTimeField(_("added"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("evidence sought")
        verbose_name_plural = _("evidence sought")
        ordering = ["analysis", "pk"]

    def __str__(self) -> str:
        return self.text


class AnalysisVersion(models.Model):
    """What the analysis said at a moment; never changed."""

    analysis = models.ForeignKey(
        Analysis, verbose_name=_("analysis"), on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveIntegerField(_("number"))
    at = models.DateTimeField(_("when"))
    act = models.CharField(_("what was done"), max_length=40)
    content = models.JSONField(_("what it said"), default=dict)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("version of an analysis")
        verbose_name_plural = _("versions of an analysis")
        ordering = ["analysis", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["analysis", "number"], name="analysis_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.analysis_id} v{self.number}"

    @property
    def hypotheses(self) -> list[dict[str, Any]]:
        """Return what was said of each hypothesis."""
        return list(self.content.get("hypotheses", []))
