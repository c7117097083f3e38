"""Private addresses of calendars, and the last numbers given."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager


class ActivityFeed(models.Model):
    """A private address of the calendar of one body, or of all; only its token's hash is kept."""

    body = models.ForeignKey(
        "agencies.Body",
        verbose_name=_("body that holds it"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
    )
    token_hash = models.CharField(_("hash of the token"), max_length=64, unique=True)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    last_read_at = models.DateTimeField(_("last read"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("calendar of activities")
        verbose_name_plural = _("calendars of activities")
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.body_id or '*'} {self.made_at:%Y-%m-%d}"


class OutreachCounter(models.Model):
    """The last number given of a series, as of the files handed out."""

    series = models.CharField(_("series"), max_length=40, primary_key=True)
    value = models.PositiveIntegerField(_("last number"), default=0)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("last number of a series")
        verbose_name_plural = _("last numbers of series")

    def __str__(self) -> str:
        return f"{self.series}: {self.value}"
