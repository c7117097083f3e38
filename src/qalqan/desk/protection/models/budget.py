"""What a budget buys, and where the next loudspeakers would reach most people."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.platform.policies import VisibleManager
from qalqan.desk.protection.models.equipment import Equipment
from qalqan.desk.protection.models.site import Site


class Computed(models.Model):
    """What the worker computes on order, and what is proven about it."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("computation", "Waiting")
        RUNNING = "running", pgettext_lazy("computation", "Running")
        DONE = "done", pgettext_lazy("computation", "Done")
        FAILED = "failed", pgettext_lazy("computation", "Failed")

    class Proof(models.TextChoices):
        OPTIMAL = "optimal", _("Proven: nothing better is possible")
        GAP_LIMIT = "gap_limit", _("Proven to within the gap asked for")
        TIME_LIMIT = "time_limit", _("Not proven best: time ran out")

    made_at = models.DateTimeField(_("ordered"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("ordered by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    finished_at = models.DateTimeField(_("computed"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    error = models.CharField(_("error"), max_length=300, blank=True)
    objective = models.FloatField(_("reached"), null=True, blank=True)
    bound = models.FloatField(_("most that is possible"), null=True, blank=True)
    gap = models.FloatField(_("proven gap"), null=True, blank=True)
    proof = models.CharField(_("proof"), max_length=10, choices=Proof.choices, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    class Meta:
        abstract = True

    @property
    def is_moving(self) -> bool:
        """Whether the worker has not finished."""
        return self.state in (self.State.WAITING, self.State.RUNNING)


class BudgetPlan(Computed):
    """Which measure at which site, under one budget."""

    budget = models.FloatField(_("budget, tenge"), validators=[MinValueValidator(0)])
    floor = models.FloatField(
        _("equity floor"), validators=[MinValueValidator(0), MaxValueValidator(1)]
    )
    extra = models.FloatField(_("further money, tenge"), default=1_000_000)
    measures = models.JSONField(_("measures with cost and effect"), default=list)
    sites = models.PositiveIntegerField(_("sites"), default=0)
    at_stake = models.FloatField(_("points at stake"), null=True, blank=True)
    spent = models.FloatField(_("spent, tenge"), null=True, blank=True)
    more_least = models.FloatField(_("further money saves at least"), null=True, blank=True)
    more_most = models.FloatField(_("further money saves at most"), null=True, blank=True)
    curve = models.JSONField(_("what other budgets save"), default=list)
    districts = models.JSONField(_("by district"), default=list)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("equipment plan")
        verbose_name_plural = _("equipment plans")
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(budget__gte=0) & Q(floor__range=(0, 1)), name="budget_plan_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.budget:.0f} {self.made_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """Return the address of the plan's page."""
        return reverse("protection:budget_plan", args=[self.pk])


class BudgetLine(models.Model):
    """One measure at one site."""

    plan = models.ForeignKey(
        BudgetPlan, verbose_name=_("plan"), on_delete=models.CASCADE, related_name="lines"
    )
    site = models.ForeignKey(
        Site, verbose_name=_("site"), on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("measure"), max_length=14, choices=Equipment.Kind.choices)
    cost = models.FloatField(_("cost, tenge"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("measure of a plan")
        verbose_name_plural = _("measures of plans")
        ordering = ["plan", "site", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "site", "kind"], name="budget_line_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.cost:.0f}"


class HornPlan(Computed):
    """Where further loudspeakers would reach most people who hear none."""

    class Model(models.TextChoices):
        CPG = "cpg", _("10 dB less with each doubling (FEMA CPG 1-17)")
        FREE_FIELD = "free_field", _("Free field with absorption (upper bound)")

    class Period(models.TextChoices):
        DAY = "day", pgettext_lazy("hours", "Day")
        NIGHT = "night", pgettext_lazy("hours", "Night")

    class Purpose(models.TextChoices):
        SIREN = "siren", _("Hear the tone")
        SPEECH = "speech", _("Understand speech")

    model = models.CharField(_("model of range"), max_length=10, choices=Model.choices)
    period = models.CharField(_("hours"), max_length=5, choices=Period.choices)
    purpose = models.CharField(_("purpose"), max_length=6, choices=Purpose.choices)
    rated_level_db = models.FloatField(
        _("rated level at 30 m, dB"), validators=[MinValueValidator(60), MaxValueValidator(140)]
    )
    number = models.PositiveSmallIntegerField(
        _("how many"), validators=[MinValueValidator(1), MaxValueValidator(50)]
    )
    reach_m = models.FloatField(_("range, m"), null=True, blank=True)
    people = models.PositiveIntegerField(_("people counted"), default=0)
    already = models.PositiveIntegerField(_("people who hear one already"), default=0)
    proposals = models.JSONField(_("places proposed"), default=list)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("search for places of loudspeakers")
        verbose_name_plural = _("searches for places of loudspeakers")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.number} × {self.rated_level_db:.0f} dB"

    def places(self) -> list[dict[str, Any]]:
        """Return the places proposed, the most useful first."""
        return list(self.proposals)
