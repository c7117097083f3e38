"""Field notes: what was seen at a place open to the public; areas and themes, never persons."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.platform.policies import VisibleManager


class FieldNote(models.Model):
    """One observation at a place open to the public, and the desk's answer to it."""

    class Theme(models.TextChoices):
        TENSION = "tension", pgettext_lazy("field note", "Tension")
        DAMAGE = "damage", pgettext_lazy("field note", "Damage")
        NEED = "need", pgettext_lazy("field note", "Need")
        RUMOUR = "rumour", pgettext_lazy("field note", "Rumour heard")

    class Spot(models.TextChoices):
        """Kinds of places that are open to the public; a home is none of them."""

        STREET = "street", _("Street, square or park")
        MARKET = "market", _("Market or shop")
        TRANSPORT = "transport", _("Station or stop")
        OFFICE = "office", _("Office that receives the public")
        SCHOOL = "school", _("School or college, open event")
        CULTURE = "culture", _("Culture or sport")
        WORSHIP = "worship", _("Place of worship, open to all")
        OTHER = (
            "other",
            pgettext_lazy("place open to the public", "Another place open to the public"),
        )

    class State(models.TextChoices):
        NEW = "new", pgettext_lazy("field note", "New")
        ANSWERED = "answered", pgettext_lazy("field note", "Answered")
        CLOSED = "closed", pgettext_lazy("field note", "Closed")

    client_id = models.UUIDField(
        _("number given where it was written"), unique=True, default=uuid.uuid4
    )
    theme = models.CharField(_("theme"), max_length=8, choices=Theme.choices)
    spot = models.CharField(_("kind of place"), max_length=9, choices=Spot.choices)
    place = models.ForeignKey(
        "places.Place", verbose_name=_("place"), on_delete=models.PROTECT, related_name="+"
    )
    district = models.ForeignKey(
        "places.Place", verbose_name=_("district"), on_delete=models.PROTECT, related_name="+"
    )
    seen_at = models.DateTimeField(_("seen"))
    text = models.TextField(_("what was seen"), max_length=1000)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    body = models.ForeignKey(
        "accounts.Organisation",
        verbose_name=_("body of the worker"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("recorded at the desk"))
    content_digest = models.CharField(max_length=64, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.NEW)
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("answered by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    taken_as_message_at = models.DateTimeField(_("taken in as a message"), null=True, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("field note")
        verbose_name_plural = _("field notes")
        ordering = ["-seen_at", "-pk"]
        indexes = [
            models.Index(fields=["state", "seen_at", "id"], name="field_note_by_state"),
            models.Index(fields=["body", "seen_at", "id"], name="field_note_by_body"),
            models.Index(fields=["seen_at", "district"], name="field_note_by_day"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="field_note_has_text"),
            models.CheckConstraint(
                condition=~Q(state="answered") | ~Q(answer=""), name="field_note_answer_said"
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.pk}"

    def get_absolute_url(self) -> str:
        """Return the address of the note's page."""
        return reverse("outreach:note", args=[self.pk])


class NotePicture(models.Model):
    """A picture of a note: drawn anew without its metadata, sealed outside the web root."""

    client_id = models.UUIDField(
        _("number given where it was written"), unique=True, default=uuid.uuid4
    )
    note = models.ForeignKey(
        FieldNote, verbose_name=_("field note"), on_delete=models.CASCADE, related_name="pictures"
    )
    key = models.CharField(max_length=32, unique=True, editable=False)
    content_type = models.CharField(max_length=20)
    size = models.PositiveIntegerField(_("size in bytes"))
    width = models.PositiveIntegerField(_("width, pixels"))
    height = models.PositiveIntegerField(_("height, pixels"))
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField(_("added"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("picture of a field note")
        verbose_name_plural = _("pictures of field notes")
        ordering = ["note", "pk"]

    def __str__(self) -> str:
        return self.key[:8]


class OutreachDevice(models.Model):
    """A browser that keeps activities and notes offline; the desk can tell it to forget."""

    device_id = models.UUIDField(_("identity that the browser chose"), unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=pgettext_lazy("phone", "in the hands of"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    first_seen_at = models.DateTimeField(_("first seen"))
    last_seen_at = models.DateTimeField(_("last seen"))
    wipe_asked_at = models.DateTimeField(_("told to forget"), null=True, blank=True)
    wiped_at = models.DateTimeField(_("has forgotten"), null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("phone of a group worker")
        verbose_name_plural = _("phones of group workers")
        ordering = ["-last_seen_at"]
        indexes = [models.Index(fields=["user", "-last_seen_at"], name="outreach_device_of_user")]

    def __str__(self) -> str:
        return str(self.device_id)[:8]


class DeviceReceipt(models.Model):
    """That an activity came in from a phone, and what it said then; corrected later or not."""

    client_id = models.UUIDField(_("number given where it was written"), unique=True)
    digest = models.CharField(max_length=64)
    received_at = models.DateTimeField(_("recorded at the desk"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("receipt for a phone")
        verbose_name_plural = _("receipts for phones")
        ordering = ["-received_at"]

    def __str__(self) -> str:
        return str(self.client_id)[:8]
