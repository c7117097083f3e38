"""Incidents that may belong together: suggested by the machine, decided by people."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.incidents.models.ledger import Incident
from qalqan.desk.platform.policies import VisibleManager


class SeriesSuggestion(models.Model):
    """A set of incidents with the probability that they belong together; events only."""

    class State(models.TextChoices):
        SUGGESTED = "suggested", pgettext_lazy("series", "Suggested")
        ACCEPTED = "accepted", pgettext_lazy("series", "Taken as a series")
        REFUSED = "refused", pgettext_lazy("series", "Refused")

    key = models.CharField(_("key"), max_length=32, unique=True, editable=False)
    incidents = models.ManyToManyField(Incident, verbose_name=_("incidents"), related_name="series")
    probability = models.FloatField(
        _("probability"), validators=[MinValueValidator(0), MaxValueValidator(1)]
    )
    weakest = models.FloatField(
        _("least probable pair"), validators=[MinValueValidator(0), MaxValueValidator(1)]
    )
    computed_at = models.DateTimeField(_("computed"))
    method = models.JSONField(_("how it was computed"), default=dict)
    is_current = models.BooleanField(_("found by the last search"), default=True)
    state = models.CharField(
        _("state"), max_length=9, choices=State.choices, default=State.SUGGESTED
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("series of incidents")
        verbose_name_plural = _("series of incidents")
        ordering = ["-probability", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(probability__gte=0, probability__lte=1), name="series_probability"
            ),
            models.CheckConstraint(
                condition=Q(state="suggested", decided_at__isnull=True)
                | (~Q(state="suggested") & Q(decided_at__isnull=False)),
                name="series_decided_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key[:8]}: {self.probability:.2f}"
