"""Panic buttons and sensors at sites, and what they signal."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager

CODE = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}\Z", _("Letters, digits, - and _, at most 32.")
)
MISSED = 3
"""After so many missed heart-beats a device counts as silent."""


class Device(models.Model):
    """One button or sensor. Where it hangs is a place or an office, never a person's home."""

    class Kind(models.TextChoices):
        PANIC = "panic", _("Panic button")
        SENSOR = "sensor", _("Sensor")

    class Refusal(models.TextChoices):
        FORGED = "forged", _("The seal is not that of its key")
        REPLAYED = "replayed", _("The message was sent before")
        STALE = "stale", _("The message is too old, or its clock is wrong")
        MALFORMED = "malformed", _("The message cannot be read")

    code = models.CharField(_("code"), max_length=32, unique=True, validators=[CODE])
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices)
    site = models.CharField(_("where it hangs"), max_length=120)
    district = models.ForeignKey(
        "places.Place", verbose_name=_("district"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    key = models.BinaryField(_("sealed key"))
    counter = models.BigIntegerField(_("last count"), default=0)
    beat_seconds = models.PositiveIntegerField(_("seconds between heart-beats"), default=300)
    heard_at = models.DateTimeField(_("last heard of"), null=True, blank=True)
    battery = models.PositiveSmallIntegerField(_("battery, per cent"), null=True, blank=True)
    is_faulty = models.BooleanField(_("reports a fault"), default=False)
    refused = models.PositiveIntegerField(_("messages refused"), default=0)
    refused_at = models.DateTimeField(_("last refused"), null=True, blank=True)
    refused_why = models.CharField(
        _("why the last was refused"), max_length=9, choices=Refusal.choices, blank=True
    )
    is_enabled = models.BooleanField(_("in use"), default=True)
    is_sample = models.BooleanField(_("sample data"), default=False)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("added by"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    added_at = models.DateTimeField(_("added"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(battery__isnull=True) | Q(battery__lte=100), name="device_battery"
            ),
            models.CheckConstraint(
                condition=Q(beat_seconds__gte=1, beat_seconds__lte=86_400), name="device_beat"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}, {self.site}"

    def silent_since(self, now: datetime) -> datetime | None:
        """Return since when nothing was heard, where that is too long; else ``None``."""
        since = self.heard_at or self.added_at
        allowed = timedelta(seconds=MISSED * self.beat_seconds)
        return since if self.is_enabled and now - since > allowed else None


class Signal(models.Model):
    """Somebody pressed, or a sensor saw something; each stands until a person has answered."""

    class Kind(models.TextChoices):
        PANIC = "panic", _("Panic button pressed")
        SENSOR = "sensor", _("Sensor triggered")
        TAMPER = "tamper", _("Device opened or torn off")

    class State(models.TextChoices):
        NEW = "new", _("Nobody has answered")
        ACKNOWLEDGED = "acked", _("Acknowledged")
        CLOSED = "closed", _("Closed")
        FALSE_ALARM = "false", _("False alarm")

    device = models.ForeignKey(
        Device, verbose_name=_("device"), on_delete=models.PROTECT, related_name="signals"
    )
    counter = models.BigIntegerField(_("count"))
    kind = models.CharField(_("what happened"), max_length=6, choices=Kind.choices)
    is_exercise = models.BooleanField(_("exercise"), default=False)
    sent_at = models.DateTimeField(_("sent, by the device's clock"))
    received_at = models.DateTimeField(_("received"))
    changed_at = models.DateTimeField(_("last change"), db_index=True)
    state = models.CharField(
        _("state"), max_length=6, choices=State.choices, default=State.NEW, db_index=True
    )
    escalated_at = models.DateTimeField(_("passed up"), null=True, blank=True)
    work_item = models.ForeignKey(
        "work.WorkItem", verbose_name=_("piece of work"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("acknowledged by"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("closed by"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    outcome = models.CharField(_("what came of it"), max_length=200, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("signal")
        verbose_name_plural = _("signals")
        ordering = ["-received_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["device", "counter"], name="signal_once"),
            models.CheckConstraint(
                condition=~Q(state__in=("closed", "false"))
                | (Q(closed_at__isnull=False) & ~Q(outcome="")),
                name="signal_closed_with_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.device_id}"
