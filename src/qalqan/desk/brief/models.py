"""Editions of the brief, who looked at which, and what readers found useful."""

from __future__ import annotations

from functools import cached_property

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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


class Look(models.Model):
    """Which edition an account saw last, and which before; the day only, for deletion."""

    reader = models.OneToOneField(
        settings.AUTH_USER_MODEL, verbose_name=_("reader"), on_delete=models.CASCADE,
        related_name="+",
    )  # fmt: skip
    edition = models.ForeignKey(
        BriefEdition, verbose_name=_("edition seen last"), on_delete=models.CASCADE,
        related_name="+",
    )  # fmt: skip
    earlier = models.ForeignKey(
        BriefEdition, verbose_name=_("edition seen before"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    looked_on = models.DateField(_("day of the last look"), db_index=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("last look at the brief")
        verbose_name_plural = _("last looks at the brief")

    def __str__(self) -> str:
        return f"{self.edition_id}"


class LineVote(models.Model):
    """One reader's word on one line: useful or not. Counted by kind, shown by nobody's name."""

    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("reader"), on_delete=models.CASCADE,
        related_name="+",
    )  # fmt: skip
    edition = models.ForeignKey(
        BriefEdition, verbose_name=_("edition of the brief"), on_delete=models.CASCADE,
        related_name="+",
    )  # fmt: skip
    line = models.CharField(_("line"), max_length=80)
    kind = models.CharField(_("kind of line"), max_length=20)
    is_useful = models.BooleanField(pgettext_lazy("vote", "useful"))
    voted_on = models.DateField(_("day of the vote"), db_index=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("vote on a line")
        verbose_name_plural = _("votes on lines")
        constraints = [
            models.UniqueConstraint(
                fields=["reader", "edition", "line"], name="brief_vote_once_a_line"
            ),
        ]

    def __str__(self) -> str:
        return self.kind


class VoteSum(models.Model):
    """Votes of deleted rows, by kind of line; no reader, no edition, no day."""

    kind = models.CharField(_("kind of line"), max_length=20, unique=True)
    useful = models.PositiveIntegerField(_("votes: useful"), default=0)
    not_useful = models.PositiveIntegerField(_("votes: not useful"), default=0)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("sum of votes")
        verbose_name_plural = _("sums of votes")

    def __str__(self) -> str:
        return self.kind


class KindReview(models.Model):
    """What was decided about a kind of line after looking at its votes."""

    kind = models.CharField(_("kind of line"), max_length=20)
    decision = models.CharField(pgettext_lazy("votes", "decision"), max_length=500)
    useful = models.PositiveIntegerField(_("votes: useful"))
    not_useful = models.PositiveIntegerField(_("votes: not useful"))
    decided_at = models.DateTimeField(_("decided at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("decided by"), on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip

    objects = VisibleManager()

    class Meta:
        verbose_name = _("review of votes")
        verbose_name_plural = _("reviews of votes")
        ordering = ["-decided_at", "-id"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.decision[:40]}"
