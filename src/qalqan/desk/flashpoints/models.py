"""Scans that were run, what they found, and what became of it: areas and days, never persons."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager


class Stream(models.TextChoices):
    """What is counted by district and day."""

    INCIDENTS = "incidents", _("Incidents")
    TIPS = "tips", _("Tips")
    CLAIMS = "claims", _("Claims")
    NOTES = "notes", _("Field notes")


TOGETHER = {
    "incidents+tips": _("Incidents and tips at once"),
    "incidents+claims": _("Incidents and claims at once"),
    "tips+claims": _("Tips and claims at once"),
    "incidents+tips+claims": _("Incidents, tips and claims at once"),
    "incidents+notes": _("Incidents and field notes at once"),
    "tips+notes": _("Tips and field notes at once"),
    "claims+notes": _("Claims and field notes at once"),
    "incidents+tips+notes": _("Incidents, tips and field notes at once"),
    "incidents+claims+notes": _("Incidents, claims and field notes at once"),
    "tips+claims+notes": _("Tips, claims and field notes at once"),
    "incidents+tips+claims+notes": _("Incidents, tips, claims and field notes at once"),
}
"""Streams that are scanned at once, in the order of `Stream`, and what that is called."""


def stream_key(streams: Iterable[str]) -> str:
    """Return how several streams at once are written, in a fixed order.

    >>> stream_key(["tips", "incidents"])
    'incidents+tips'
    """
    chosen = set(streams)
    return "+".join(value for value in Stream.values if value in chosen)


class AreaKind(models.TextChoices):
    """What a scan takes for an area."""

    DISTRICTS = "districts", _("Districts")
    GRID = "grid", _("Grid of hexagons")


class ScanRun(models.Model):
    """One scan of one stream, or of several at once: its data, its settings and its verdict."""

    class Model(models.TextChoices):
        PERMUTATION = "permutation", _("space-time permutation")

    class Verdict(models.TextChoices):
        FOUND = "found", _("More than expected was found.")
        NOTHING = "nothing", _("No evidence of more than expected.")
        NOT_ENOUGH = "not_enough", _("Not enough data to say anything.")

    stream = models.CharField(
        _("stream"), max_length=30, choices=[*Stream.choices, *TOGETHER.items()]
    )
    area_kind = models.CharField(
        _("kind of areas"), max_length=9, choices=AreaKind.choices, default=AreaKind.DISTRICTS
    )
    model = models.CharField(
        _("method"), max_length=20, choices=Model.choices, default=Model.PERMUTATION
    )
    window_start = models.DateField(_("window from"))
    window_end = models.DateField(_("window to"))
    parameters = models.JSONField(_("settings"), default=dict)
    cases = models.PositiveIntegerField(_("cases"))
    areas = models.PositiveIntegerField(_("areas"))
    left_out = models.PositiveIntegerField(
        _("cases left out"),
        default=0,
        help_text=_("Cases of which only the district is known, in a scan of the grid."),
    )
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
        indexes = [
            models.Index(
                fields=["stream", "area_kind", "-created_at", "-id"], name="scan_run_newest"
            ),
            models.Index(fields=["-created_at", "-id"], name="scan_run_by_time"),
        ]
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
    by_stream = models.JSONField(
        _("observed and expected by stream"),
        default=list,
        help_text=_("Only where several streams were scanned at once."),
    )
    reporting = models.JSONField(
        _("check against the reporting rate"),
        default=dict,
        help_text=_("How reports of everything else rose in the same area and days."),
    )
    flash_point = models.ForeignKey(
        "flashpoints.FlashPoint",
        verbose_name=_("flash-point"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sightings",
        help_text=_("Empty where the finding does not count."),
    )

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
    """A district, or a cell of the grid in it, inside a finding; nearest to its centre first."""

    finding = models.ForeignKey(
        Finding, verbose_name=_("finding"), on_delete=models.CASCADE, related_name="areas"
    )
    place = models.ForeignKey(
        "places.Place", verbose_name=_("district"), on_delete=models.PROTECT, related_name="+"
    )
    order = models.PositiveSmallIntegerField(_("order from the centre"))
    cell = models.CharField(_("cell of the grid"), max_length=16, blank=True, default="")

    objects = VisibleManager()

    class Meta:
        verbose_name = _("area of a finding")
        verbose_name_plural = _("areas of findings")
        ordering = ["finding", "order"]
        constraints = [
            models.UniqueConstraint(fields=["finding", "place", "cell"], name="finding_area_once"),
        ]

    def __str__(self) -> str:
        return str(self.place)


class Judgement(models.TextChoices):
    """What a review says a finding is."""

    REAL = "real", _("Real")
    ARTEFACT = "artefact", _("Artefact of reporting")
    KNOWN = "known", _("Known event")
    UNCLEAR = "unclear", _("Unclear")


class FlashPoint(models.Model):
    """What findings of one area and period have in common: one thing on the desk, with its life.

    The scan of every night finds a flash-point again as long as it lasts; each time it is one
    more sighting with numbers of its own, and not one more flash-point.
    """

    class State(models.TextChoices):
        NEW = "new", _("New")
        REVIEWED = "reviewed", _("Reviewed")
        DECIDED = "decided", _("Decided")
        CLOSED = "closed", _("Closed")

    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.NEW)
    judgement = models.CharField(
        _("judgement"), max_length=8, choices=Judgement.choices, blank=True, default=""
    )
    newest = models.ForeignKey(
        Finding,
        verbose_name=_("newest sighting"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    judged = models.ForeignKey(
        Finding,
        verbose_name=_("sighting that was judged last"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    last_day = models.DateField(_("last day"))
    opened_at = models.DateTimeField(_("first found"))
    changed_at = models.DateTimeField(_("changed"))
    steps_taken = models.PositiveIntegerField(_("steps taken"), default=0)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("flash-point")
        verbose_name_plural = _("flash-points")
        ordering = ["-last_day", "-id"]
        indexes = [
            models.Index(fields=["state", "-last_day", "-id"], name="flash_point_list"),
            models.Index(fields=["last_day"], name="flash_point_last_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="new", judgement="")
                | (~models.Q(state="new") & ~models.Q(judgement="")),
                name="flash_point_judged_or_new",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_off_the_desk(self) -> bool:
        """Tell whether it is closed or an artefact, so that only a larger one brings it back."""
        return self.state == self.State.CLOSED or self.judgement == Judgement.ARTEFACT


class FlashPointStep(models.Model):
    """One step in the life of a flash-point; steps are added and never changed."""

    class Kind(models.TextChoices):
        OPENED = "opened", _("Found")
        RETURNED = "returned", _("Came back larger")
        REVIEWED = "reviewed", _("Reviewed")
        DECIDED = "decided", _("Decided")
        CLOSED = "closed", _("Closed")

    flash_point = models.ForeignKey(
        FlashPoint, verbose_name=_("flash-point"), on_delete=models.CASCADE, related_name="steps"
    )
    number = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("step"), max_length=8, choices=Kind.choices)
    at = models.DateTimeField(_("time"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    judgement = models.CharField(
        _("judgement"), max_length=8, choices=Judgement.choices, blank=True, default=""
    )
    text = models.TextField(_("reason or decision"), max_length=1000, blank=True, default="")
    finding = models.ForeignKey(
        Finding,
        verbose_name=_("sighting on the table"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    work = models.ForeignKey(
        "work.WorkItem",
        verbose_name=_("piece of work"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = VisibleManager()

    class Meta:
        verbose_name = _("step of a flash-point")
        verbose_name_plural = _("steps of flash-points")
        ordering = ["flash_point", "number"]
        constraints = [
            models.UniqueConstraint(fields=["flash_point", "number"], name="flash_point_step_once"),
        ]

    def __str__(self) -> str:
        return f"{self.flash_point_id}: {self.get_kind_display()}"


class WhatIf(models.Model):
    """A scan with other settings, to look at: no finding, no part of the record; kept for days."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        RUNNING = "running", _("running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    stream = models.CharField(
        _("stream"), max_length=30, choices=[*Stream.choices, *TOGETHER.items()]
    )
    area_kind = models.CharField(_("kind of areas"), max_length=9, choices=AreaKind.choices)
    parameters = models.JSONField(_("settings"), default=dict)
    seed = models.PositiveBigIntegerField(_("seed"))
    replicates = models.PositiveIntegerField(_("replicates"))
    as_of = models.DateTimeField(_("until when"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    done = models.PositiveIntegerField(_("replicates done"), default=0)
    result = models.JSONField(_("result"), default=dict)
    error = models.CharField(_("error"), max_length=300, blank=True, default="")
    created_at = models.DateTimeField(_("ordered"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("what-if scan")
        verbose_name_plural = _("what-if scans")
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="what_if_by_time")]

    def __str__(self) -> str:
        return f"{self.get_stream_display()}, {self.created_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """Return the address of its page."""
        return reverse("flashpoints:what_if", args=[self.pk])


# The forecasts stand in a file of their own; Django finds models through this one.
from qalqan.desk.flashpoints import forecast_models  # noqa: E402, F401
