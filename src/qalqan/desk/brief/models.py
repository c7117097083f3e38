"""Editions of the brief, kept as they were."""

from __future__ import annotations

from functools import cached_property

from django.db import models
from django.utils.translation import gettext_lazy as _

from qalqan.desk.brief.content import Brief, from_json
from qalqan.desk.platform.policies import VisibleManager


class BriefEdition(models.Model):
    """One computed brief: language-neutral data that is put into words when shown."""

    created_at = models.DateTimeField(_("made"))
    as_of = models.DateTimeField(_("as of"))
    payload = models.JSONField(_("content"))
    digest = models.CharField(_("SHA-256 of the content"), max_length=64)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("edition of the brief")
        verbose_name_plural = _("editions of the brief")
        ordering = ["-as_of", "-id"]
        indexes = [models.Index(fields=["-as_of", "-id"], name="brief_newest")]

    def __str__(self) -> str:
        return self.as_of.isoformat(timespec="minutes")

    @cached_property
    def brief(self) -> Brief:
        """The content as dataclasses."""
        return from_json(self.payload)
