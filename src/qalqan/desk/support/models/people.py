"""Who helps: workers with their keys, and the services that one may name as recipient."""

from __future__ import annotations

import base64
import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager


class Kind(models.TextChoices):
    """What is asked for: a service, never what somebody is or believes."""

    JOBS = "jobs", _("A job")
    STUDIES = "studies", _("Studies")
    LAW = "law", _("Legal advice")
    QUESTIONS = "questions", _("Questions of faith")
    HEALTH = "health", _("Health")
    QUARRELS = "quarrels", _("Quarrels at home")
    OTHER = "other", _("Something else")


class Helper(models.Model):
    """A support worker's key; its private half opens with the worker's own phrase only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("support worker"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    public_key = models.BinaryField(_("public key"))
    sealed_seed = models.BinaryField(_("sealed private key"))
    made_on = models.DateField(_("made"))
    left_on = models.DateField(_("left"), null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("key of a support worker")
        verbose_name_plural = _("keys of support workers")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.user)


class Voucher(models.Model):
    """One worker's signed word that a colleague's key is the colleague's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey(
        Helper, verbose_name=_("by"), on_delete=models.CASCADE, related_name="vouchers"
    )
    about = models.ForeignKey(
        Helper, verbose_name=_("whom it is about"), on_delete=models.CASCADE, related_name="vouched"
    )
    signature = models.BinaryField(_("signature"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        constraints = [models.UniqueConstraint(fields=["by", "about"], name="voucher_once")]

    def __str__(self) -> str:
        return f"{self.by} → {self.about}"


class Service(models.Model):
    """A body that helps and may be named as recipient; ordinary ones come first."""

    name_kk = models.CharField(_("name in Kazakh"), max_length=120)
    name_ru = models.CharField(_("name in Russian"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    kind = models.CharField(_("what it helps with"), max_length=10, choices=Kind.choices)
    organisation = models.ForeignKey(
        "accounts.Organisation",
        verbose_name=_("body at this desk"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Its support workers can open the cases that name it; empty: none can."),
    )
    is_ordinary = models.BooleanField(
        _("ordinary service"),
        default=True,
        help_text=_("Open to everybody, such as a job centre, a clinic, a school."),
    )
    is_police = models.BooleanField(
        _("police or security"),
        default=False,
        help_text=_("Named so on every page; never offered as a step of a plan."),
    )
    envelope_key = models.BinaryField(_("public key for envelopes"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("helping service")
        verbose_name_plural = _("helping services")
        ordering = ["-is_ordinary", "name_en"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(is_police=True, is_ordinary=True),
                name="service_police_not_ordinary",
            ),
        ]

    def __str__(self) -> str:
        return str(getattr(self, f"name_{get_language()}", "") or self.name_en)

    @property
    def envelope_text(self) -> str:
        """The public key for envelopes, in base64."""
        return base64.b64encode(bytes(self.envelope_key or b"")).decode()
