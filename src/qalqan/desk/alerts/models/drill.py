"""Planned exercises with warnings, and what they showed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager


class Drill(models.Model):
    """One exercise: an Exercise warning that goes the whole way to those that take part."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        DROPPED = "dropped", _("Dropped")

    title = models.CharField(_("what is exercised"), max_length=200)
    planned_at = models.DateTimeField(_("planned for"))
    state = models.CharField(
        _("state"), max_length=7, choices=State.choices, default=State.PLANNED, db_index=True
    )
    alert = models.OneToOneField(
        "alerts.Alert", verbose_name=_("warning"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="drill",
    )  # fmt: skip
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("planned by"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    begun_at = models.DateTimeField(_("begun"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    report = models.JSONField(_("report"), default=dict, blank=True)
    lessons = models.CharField(_("what was learned"), max_length=500, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("exercise")
        verbose_name_plural = _("exercises")
        ordering = ["-planned_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=("running", "done")) | Q(alert__isnull=False),
                name="drill_runs_with_a_warning",
            ),
        ]

    def __str__(self) -> str:
        return self.title
