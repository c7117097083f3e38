"""Sampling frames: lists of areas with their sizes. A frame lists places, never people."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager


class SamplingFrame(models.Model):
    """A list of areas to draw from, and where it is from."""

    name = models.CharField(_("name"), max_length=160, unique=True)
    origin = models.CharField(_("where the data is from"), max_length=200)
    made_on = models.DateField(_("made on"))
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("sampling frame")
        verbose_name_plural = _("sampling frames")
        ordering = ["-made_on", "-pk"]

    def __str__(self) -> str:
        return self.name


class FrameUnit(models.Model):
    """One area of a frame: a settlement or a part of one."""

    frame = models.ForeignKey(
        SamplingFrame, verbose_name=_("sampling frame"), on_delete=models.CASCADE,
        related_name="units",
    )  # fmt: skip
    code = models.CharField(_("code"), max_length=40)
    label = models.CharField(_("name"), max_length=160)
    place = models.ForeignKey(
        "places.Place", verbose_name=_("place"), on_delete=models.PROTECT, related_name="+"
    )
    stratum = models.CharField(_("stratum"), max_length=40)
    settlement = models.CharField(_("type of settlement"), max_length=5, blank=True)
    size = models.PositiveIntegerField(_("people"), validators=[MinValueValidator(1)])

    objects = VisibleManager()

    class Meta:
        verbose_name = _("area of a frame")
        verbose_name_plural = _("areas of frames")
        ordering = ["frame", "stratum", "code"]
        constraints = [
            models.UniqueConstraint(fields=["frame", "code"], name="frame_unit_once"),
            models.CheckConstraint(condition=models.Q(size__gte=1), name="frame_unit_has_people"),
        ]

    def __str__(self) -> str:
        return self.label
