"""People who asked to be warned: only what delivery needs, sealed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qalqan.desk.alerts.models.levels import Level
from qalqan.desk.platform.policies import VisibleManager


class Subscriber(models.Model):
    """An address to warn; the row is deleted when its owner leaves, or never confirms.

    The address is sealed with the desk's key and found by a keyed hash. Nothing else is kept:
    the language and the district are what the sending needs to choose words and alerts.
    """

    class Channel(models.TextChoices):
        MAIL = "mail", _("E-mail")
        SMS = "sms", _("SMS")

    channel = models.CharField(_("way"), max_length=8, choices=Channel.choices)
    lookup = models.CharField(_("keyed hash of the address"), max_length=64, unique=True)
    address = models.BinaryField(_("sealed address"))
    language = models.CharField(_("language"), max_length=2)
    district = models.ForeignKey(
        "places.Place",
        verbose_name=_("district"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Empty for the whole province."),
    )
    least = models.PositiveSmallIntegerField(
        _("least severity"), choices=Level.choices, default=Level.MINOR
    )
    wrong_codes = models.PositiveSmallIntegerField(_("wrong codes"), default=0)
    asked_at = models.DateTimeField(_("asked"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    ends_at = models.DateTimeField(
        _("ends"), help_text=_("Erased then, unless its owner confirms again.")
    )

    objects = VisibleManager()

    class Meta:
        verbose_name = _("subscriber")
        verbose_name_plural = _("subscribers")
        indexes = [
            models.Index(fields=["ends_at"], name="subscriber_end"),
            models.Index(
                fields=["channel", "district"],
                name="subscriber_way",
                condition=Q(confirmed_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)
