"""The ledger: what happened, what is known, contested and unknown, and who says so."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qalqan.desk.incidents.models.held import Held
from qalqan.desk.platform.policies import VisibleManager


class Incident(Held):
    """One event, as fact; it names places and numbers, never persons."""

    identity = models.CharField(_("identity"), max_length=32, unique=True, editable=False)
    recorded_at = models.DateTimeField(_("recorded at the desk"))
    changed_at = models.DateTimeField(_("changed last"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged_here",
    )
    split_from = models.ForeignKey(
        "self",
        verbose_name=_("split from"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="split_off",
    )

    objects = VisibleManager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-occurred_from", "-id"]
        # The end stands in each index, so that counting a period never reads the rows; what was
        # merged away is in none of them.
        indexes = [
            models.Index(
                fields=["-occurred_from", "-id", "occurred_to"],
                condition=Q(merged_into__isnull=True),
                name="incident_newest",
            ),
            models.Index(
                fields=["kind", "-occurred_from", "-id", "occurred_to"],
                condition=Q(merged_into__isnull=True),
                name="incident_kind_newest",
            ),
            models.Index(
                fields=["district", "-occurred_from", "-id", "occurred_to"],
                condition=Q(merged_into__isnull=True),
                name="incident_district_newest",
            ),
            models.Index(fields=["recorded_at"], name="incident_recorded"),
            models.Index(fields=["changed_at"], name="incident_changed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(occurred_to__gte=F("occurred_from")), name="incident_ends_after_start"
            ),
            models.CheckConstraint(
                condition=(
                    Q(latitude__isnull=True, longitude__isnull=True)
                    | Q(
                        latitude__range=(-90, 90),
                        longitude__range=(-180, 180),
                    )
                ),
                name="incident_coordinates_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the incident's page."""
        return reverse("incidents:incident", args=[self.pk])


class Indicator(models.Model):
    """A number that somebody published: value, unit, period, definition and source."""

    class Qualifier(models.TextChoices):
        EXACT = "exact", _("exactly")
        ABOUT = "about", _("about")
        MORE_THAN = "more_than", _("more than")
        NEARLY = "nearly", _("nearly")

    code = models.CharField(_("code"), max_length=60)
    name_kk = models.CharField(_("name in Kazakh"), max_length=200, blank=True)
    name_ru = models.CharField(_("name in Russian"), max_length=200, blank=True)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4)
    qualifier = models.CharField(
        _("exactness"), max_length=10, choices=Qualifier.choices, default=Qualifier.EXACT
    )
    unit = models.CharField(_("unit"), max_length=40)
    period_from = models.DateField(_("period from"))
    period_to = models.DateField(_("period to"))
    definition = models.TextField(_("definition"), blank=True)
    source = models.ForeignKey(
        "sources.Source", verbose_name=_("source"), on_delete=models.PROTECT, related_name="+"
    )
    citation = models.CharField(_("where it says so"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(_("recorded at the desk"))
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["code", "-period_to", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "period_from", "period_to", "source"], name="indicator_once"
            ),
            models.CheckConstraint(
                condition=Q(period_to__gte=F("period_from")), name="indicator_period_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.value.normalize():f} {self.unit}"

    @property
    def name(self) -> str:
        """Return the name in the reader's language, or the code where nobody gave a name."""
        language = (get_language() or "en")[:2]
        order = dict.fromkeys([language, "en", "ru", "kk"])
        names = (getattr(self, f"name_{code}", "") for code in order)
        return next((name for name in names if name), self.code)
