"""What protects and what warns: cameras, buttons, loudspeakers, with state and expiry."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.platform.policies import VisibleManager
from qalqan.desk.protection.models.site import Site


class Equipment(models.Model):
    """One device or post; loudspeakers and sirens may stand at no site."""

    class Kind(models.TextChoices):
        CAMERA = "camera", _("Camera")
        PANIC_BUTTON = "panic_button", _("Panic button")
        LOUDSPEAKER = "loudspeaker", _("Loudspeaker")
        SIREN = "siren", _("Siren")
        ALARM = "alarm", pgettext_lazy("equipment", "Alarm")
        BARRIER = "barrier", _("Barrier")
        LIGHTING = "lighting", _("Lighting")
        GUARD_POST = "guard_post", _("Guard post")
        OTHER = "other", pgettext_lazy("equipment", "Other")

    class State(models.TextChoices):
        WORKS = "works", pgettext_lazy("equipment", "Works")
        FAULTY = "faulty", pgettext_lazy("equipment", "Faulty")
        MISSING = "missing", pgettext_lazy("equipment", "Missing")

    site = models.ForeignKey(
        Site,
        verbose_name=_("site"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="equipment",
    )
    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices)
    label = models.CharField(_("label"), max_length=120)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WORKS)
    state_since = models.DateField(_("state since"), null=True, blank=True)
    installed_on = models.DateField(_("installed"), null=True, blank=True)
    expires_on = models.DateField(_("expires"), null=True, blank=True)
    rated_level_db = models.FloatField(
        _("rated level at 30 m, dB"),
        null=True,
        blank=True,
        validators=[MinValueValidator(40), MaxValueValidator(160)],
    )
    is_speech = models.BooleanField(_("can speak"), default=False)
    mast_height_m = models.FloatField(
        _("height of the mast, m"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(300)],
    )
    recorded_at = models.DateTimeField(_("recorded at the desk"))
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("equipment")
        verbose_name_plural = _("equipment")
        ordering = ["site", "kind", "label", "pk"]
        indexes = [
            models.Index(fields=["kind", "state"], name="equipment_kind_state"),
            models.Index(fields=["expires_on"], name="equipment_expires"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(latitude__isnull=True, longitude__isnull=True)
                    | Q(latitude__range=(-90, 90), longitude__range=(-180, 180))
                ),
                name="equipment_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(site__isnull=False) | Q(latitude__isnull=False),
                name="equipment_stands_somewhere",
            ),
        ]

    def __str__(self) -> str:
        return self.label
