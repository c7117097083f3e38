"""What inspectors carry: their phones, and the sites that they took along."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager
from qalqan.desk.protection.models.site import Site


class FieldDevice(models.Model):
    """A browser that holds a plan; the desk can tell it to forget everything."""

    device_id = models.UUIDField(_("identity that the browser chose"), unique=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("inspector"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    first_seen_at = models.DateTimeField(_("first seen"))
    last_seen_at = models.DateTimeField(_("last seen"))
    plan_taken_at = models.DateTimeField(_("plan taken along"), null=True, blank=True)
    wipe_asked_at = models.DateTimeField(_("told to forget"), null=True, blank=True)
    wiped_at = models.DateTimeField(_("has forgotten"), null=True, blank=True)
    session_digest = models.CharField(
        _("hash of the session"), max_length=64, blank=True, editable=False
    )
    signed_out_at = models.DateTimeField(_("signed out"), null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("device of an inspector")
        verbose_name_plural = _("devices of inspectors")
        ordering = ["-last_seen_at"]
        indexes = [
            models.Index(fields=["user", "-last_seen_at"], name="field_device_of_user"),
            models.Index(fields=["session_digest"], name="field_device_of_session"),
        ]

    def __str__(self) -> str:
        return str(self.device_id)[:8]


class TakenSite(models.Model):
    """A site that an inspector takes along besides the plan, for some days."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("inspector"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    site = models.ForeignKey(
        Site, verbose_name=_("site"), on_delete=models.CASCADE, related_name="+"
    )
    taken_at = models.DateTimeField(_("taken along"))
    until = models.DateField(_("until"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("site taken along")
        verbose_name_plural = _("sites taken along")
        ordering = ["until", "site"]
        constraints = [
            models.UniqueConstraint(fields=["user", "site"], name="taken_site_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.site_id}"
