"""What is counted; none of it can be traced to a case."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager


class EnquiryCount(models.Model):
    """How many asked on a day in a district; before consent nothing else is kept."""

    day = models.DateField(_("day"))
    district = models.ForeignKey(
        "places.Place",
        verbose_name=_("district"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    count = models.PositiveIntegerField(_("number"), default=0)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("count of enquiries")
        verbose_name_plural = _("counts of enquiries")
        constraints = [
            models.UniqueConstraint(fields=["day", "district"], name="enquiry_once_a_day"),
            models.UniqueConstraint(
                fields=["day"],
                condition=models.Q(district__isnull=True),
                name="enquiry_once_a_day_anywhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.count}"


class Tally(models.Model):
    """How many cases began, ended or were erased in a quarter, by the help first asked for."""

    class Event(models.TextChoices):
        BEGUN = "begun", _("begun")
        CLOSED = "closed", _("closed")
        WITHDRAWN = "withdrawn", _("erased: consent withdrawn")
        EXPIRED = "expired", _("erased: time run out")

    quarter = models.DateField(_("first day of the quarter"))
    event = models.CharField(_("what happened"), max_length=10, choices=Event.choices)
    kind = models.CharField(_("help asked for"), max_length=10, blank=True)
    count = models.PositiveIntegerField(_("number"), default=0)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("count of cases")
        verbose_name_plural = _("counts of cases")
        constraints = [
            models.UniqueConstraint(fields=["quarter", "event", "kind"], name="tally_once"),
        ]

    def __str__(self) -> str:
        return f"{self.quarter} {self.event}: {self.count}"
