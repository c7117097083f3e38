"""The week of each team: drawn by chance that is committed to before and shown after."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.platform.policies import VisibleManager
from qalqan.desk.protection.models.site import Site


class Team(models.Model):
    """Inspectors who go together, and where they start from."""

    name = models.CharField(_("name of the team"), max_length=80, unique=True)
    latitude = models.FloatField(
        _("latitude of the base"), validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        _("longitude of the base"), validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    weekdays = models.JSONField(_("days of work"), default=list)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, verbose_name=_("inspectors"), related_name="+", blank=True
    )
    is_active = models.BooleanField(_("goes out"), default=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="team_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PlanWeek(models.Model):
    """One week's plan: what was computed, the commitment, and the seed once it is revealed."""

    monday = models.DateField(_("week from"), unique=True)
    made_at = models.DateTimeField(_("drawn"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("drawn by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    parameters = models.JSONField(_("settings"), default=dict)
    site_ids = models.JSONField(_("sites"), default=list)
    scores = models.JSONField(_("scores"), default=list)
    zones = models.JSONField(_("zones"), default=list)
    limits = models.JSONField(_("visits that fit"), default=list)
    coverage = models.JSONField(_("probabilities"), default=list)
    mixture = models.JSONField(_("shifts with their probabilities"), default=list)
    slots = models.JSONField(_("team-days"), default=list)
    guarantee = models.FloatField(_("protection"))
    bound = models.FloatField(_("most protection that can be had"))
    baselines = models.JSONField(_("plain rules"), default=dict)
    bits = models.JSONField(_("bits a shift"), default=list)
    digest = models.CharField(_("hash of the plan"), max_length=64)
    commitment = models.CharField(_("commitment"), max_length=64)
    sealed_seed = models.BinaryField(_("sealed seed"))
    seed = models.CharField(_("revealed seed"), max_length=64, blank=True)
    revealed_at = models.DateTimeField(_("revealed"), null=True, blank=True)
    changes_made = models.PositiveIntegerField(_("changes by hand"), default=0)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("plan of a week")
        verbose_name_plural = _("plans of weeks")
        ordering = ["-monday"]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        """Return the address of the plan's page."""
        return reverse("protection:plan_week", args=[self.pk])

    @property
    def label(self) -> str:
        """The ISO week, as 2026-W48."""
        year, week, _day = self.monday.isocalendar()
        return f"{year}-W{week:02d}"

    @property
    def at_stake(self) -> float:
        """Most points that somebody who knows all probabilities finds anywhere."""
        return -self.guarantee

    @property
    def last_day(self) -> date:
        """The Sunday."""
        return self.monday + timedelta(days=6)


class PlannedVisit(models.Model):
    """One site that one team is to visit on one day."""

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("visit", "Planned")
        TAKEN_OUT = "taken_out", pgettext_lazy("visit", "Taken out by hand")

    week = models.ForeignKey(
        PlanWeek, verbose_name=_("week"), on_delete=models.CASCADE, related_name="visits"
    )
    team = models.ForeignKey(
        Team, verbose_name=_("team"), on_delete=models.PROTECT, related_name="visits"
    )
    slot = models.PositiveSmallIntegerField(_("team-day"))
    day = models.DateField(_("day"))
    site = models.ForeignKey(
        Site, verbose_name=_("site"), on_delete=models.PROTECT, related_name="+"
    )
    probability = models.FloatField(_("probability of a visit this week"))
    reason = models.JSONField(_("reason"), default=dict)
    by_hand = models.BooleanField(_("put in by hand"), default=False)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PLANNED
    )

    objects = VisibleManager()

    class Meta:
        verbose_name = _("planned visit")
        verbose_name_plural = _("planned visits")
        ordering = ["day", "team", "pk"]
        indexes = [models.Index(fields=["team", "day"], name="visit_of_team")]
        constraints = [
            models.UniqueConstraint(
                fields=["week", "site"],
                condition=Q(state="planned"),
                name="visit_once_a_week",
            ),
            models.CheckConstraint(
                condition=Q(probability__range=(0, 1)), name="visit_has_a_probability"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.team} {self.site}"


class PlanChange(models.Model):
    """One change by hand, with its price; never changed, never deleted."""

    week = models.ForeignKey(
        PlanWeek, verbose_name=_("week"), on_delete=models.CASCADE, related_name="changes"
    )
    team = models.ForeignKey(Team, verbose_name=_("team"), on_delete=models.PROTECT)
    day = models.DateField(_("day"))
    taken_out = models.ForeignKey(
        Site, verbose_name=_("taken out"), on_delete=models.PROTECT, related_name="+"
    )
    put_in = models.ForeignKey(
        Site,
        verbose_name=_("put in"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    why = models.CharField(_("why"), max_length=500)
    protection_lost = models.FloatField(_("protection lost"))
    bits_lost = models.FloatField(_("unpredictability lost, bits"))
    at = models.DateTimeField(_("when"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = VisibleManager()

    class Meta:
        verbose_name = _("change of a plan by hand")
        verbose_name_plural = _("changes of plans by hand")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.day} {self.team}: {self.taken_out} → {self.put_in or '–'}"


class CalendarFeed(models.Model):
    """A private address of a team's calendar; only the hash of its token is kept."""

    team = models.ForeignKey(
        Team, verbose_name=_("team"), on_delete=models.CASCADE, related_name="feeds"
    )
    token_hash = models.CharField(_("hash of the token"), max_length=64, unique=True)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    last_read_at = models.DateTimeField(_("last read"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.team} {self.made_at:%Y-%m-%d}"
