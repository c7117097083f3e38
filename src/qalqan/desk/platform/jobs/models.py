"""What runs again and again, when it ran last and how that went."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager


class Schedule(models.Model):
    """One periodic job; the code says what it does, this row when it is due."""

    class Outcome(models.TextChoices):
        NEVER = "never", _("not yet run")
        WAITING = "waiting", _("waiting or running")
        DONE = "done", _("done")
        FAILED = "failed", _("failed")

    name = models.CharField(_("name"), max_length=80, unique=True)
    next_run = models.DateTimeField(_("next run"))
    last_run = models.DateTimeField(_("last run"), null=True, blank=True)
    last_finished = models.DateTimeField(_("last end"), null=True, blank=True)
    last_outcome = models.CharField(
        _("last outcome"), max_length=8, choices=Outcome.choices, default=Outcome.NEVER
    )
    last_error = models.CharField(_("last error"), max_length=300, blank=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("periodic job")
        verbose_name_plural = _("periodic jobs")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
