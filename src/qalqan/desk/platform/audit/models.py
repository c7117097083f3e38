"""What the audit keeps: entries in a chain, the head of the chain, and a seal a day."""

from __future__ import annotations

import json
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleQuerySet

GENESIS = "0" * 64
"""What stands before the first entry."""


class AuditEntry(models.Model):
    """One act: who, in which role, did what to what, and when; never changed, never deleted.

    ``detail_json`` is kept as the text that was hashed. A JSON column would not do: PostgreSQL
    reorders keys and rewrites numbers, and the hash could not be computed again.
    """

    sequence = models.BigIntegerField(_("number"), primary_key=True)
    written_at = models.DateTimeField(_("written"), db_index=True)
    actor_label = models.CharField(_("who"), max_length=80, db_index=True)
    role = models.CharField(_("role"), max_length=20)
    action = models.CharField(_("what"), max_length=80, db_index=True)
    subject = models.CharField(_("to what"), max_length=200)
    detail_json = models.TextField(_("details"), default="{}")
    previous_hash = models.CharField(_("hash of the entry before"), max_length=64)
    entry_hash = models.CharField(_("hash"), max_length=64)

    objects = models.Manager.from_queryset(VisibleQuerySet)()

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-sequence"]

    def __str__(self) -> str:
        return f"{self.sequence} {self.action} {self.subject}"

    @property
    def detail(self) -> dict[str, Any]:
        """The details as plain data."""
        return dict(json.loads(self.detail_json))


class AuditHead(models.Model):
    """Where the chain ends; one row, locked by every act while it writes its entry."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    sequence = models.BigIntegerField(_("number"), default=0)
    hash = models.CharField(_("hash"), max_length=64, default=GENESIS)
    written_at = models.DateTimeField(_("written"), null=True)

    objects = models.Manager.from_queryset(VisibleQuerySet)()

    class Meta:
        verbose_name = _("audit head")
        verbose_name_plural = _("audit heads")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="audit_one_head")]

    def __str__(self) -> str:
        return f"{self.sequence} {self.hash}"


class AuditSeal(models.Model):
    """The head of one day, signed where the desk has a key; shows that nothing was cut off."""

    day = models.DateField(_("day"), primary_key=True)
    sequence = models.BigIntegerField(_("number"))
    entry_hash = models.CharField(_("hash"), max_length=64)
    sealed_at = models.DateTimeField(_("sealed"))
    signature = models.CharField(_("signature"), max_length=128, blank=True)
    key_id = models.CharField(_("key"), max_length=16, blank=True)

    objects = models.Manager.from_queryset(VisibleQuerySet)()

    class Meta:
        verbose_name = _("audit seal")
        verbose_name_plural = _("audit seals")
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day} {self.sequence} {self.entry_hash}"
