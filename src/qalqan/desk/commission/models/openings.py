"""What the commission opens to everyone: meetings, their outcomes, recommendations."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.commission.models.lessons import Recommendation
from qalqan.desk.commission.models.table import Agenda, Meeting
from qalqan.desk.platform.policies import VisibleManager


class Opened(models.Model):
    """When something was opened to everyone, and when and why it was withdrawn again."""

    opened_at = models.DateTimeField(_("published"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("published by"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawal_kk = models.CharField(_("why withdrawn, Kazakh"), max_length=500, blank=True)
    withdrawal_ru = models.CharField(_("why withdrawn, Russian"), max_length=500, blank=True)
    withdrawal_en = models.CharField(_("why withdrawn, English"), max_length=500, blank=True)

    class Meta:
        abstract = True


class OpenMeeting(Opened):
    """A meeting that everyone may know of; only the items chosen for it are shown."""

    meeting = models.OneToOneField(
        Meeting, verbose_name=pgettext_lazy("commission", "meeting"), on_delete=models.PROTECT,
        related_name="opened",
    )  # fmt: skip
    outcomes_at = models.DateTimeField(_("outcomes published"), null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("published meeting")
        verbose_name_plural = _("published meetings")
        ordering = ["-meeting__starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawal_kk=""),
                name="open_meeting_withdrawn_says_why",
            ),
        ]

    def __str__(self) -> str:
        return str(self.meeting)


class OpenItem(models.Model):
    """One item of a published agenda, in three languages, and later what came of it."""

    opened = models.ForeignKey(
        OpenMeeting, verbose_name=_("published meeting"), on_delete=models.PROTECT,
        related_name="items",
    )  # fmt: skip
    item = models.OneToOneField(
        Agenda, verbose_name=_("item of an agenda"), on_delete=models.PROTECT, related_name="opened"
    )
    title_kk = models.CharField(_("title, Kazakh"), max_length=200)
    title_ru = models.CharField(_("title, Russian"), max_length=200)
    title_en = models.CharField(_("title, English"), max_length=200)
    outcome = models.CharField(
        _("outcome"), max_length=9, choices=Agenda.Outcome.choices, blank=True
    )
    words_kk = models.TextField(_("outcome in words, Kazakh"), max_length=2000, blank=True)
    words_ru = models.TextField(_("outcome in words, Russian"), max_length=2000, blank=True)
    words_en = models.TextField(_("outcome in words, English"), max_length=2000, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("published item of an agenda")
        verbose_name_plural = _("published items of agendas")
        ordering = ["opened", "item__order"]

    def __str__(self) -> str:
        return self.title_kk


class OpenRecommendation(Opened):
    """A recommendation that everyone may follow; its state is always the one it has."""

    recommendation = models.OneToOneField(
        Recommendation, verbose_name=_("recommendation"), on_delete=models.PROTECT,
        related_name="opened",
    )  # fmt: skip
    text_kk = models.TextField(_("text in Kazakh"), max_length=2000)
    text_ru = models.TextField(_("text in Russian"), max_length=2000)
    text_en = models.TextField(_("text in English"), max_length=2000)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("published recommendation")
        verbose_name_plural = _("published recommendations")
        ordering = ["-recommendation__number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawal_kk=""),
                name="open_recommendation_withdrawn_says_why",
            ),
        ]

    def __str__(self) -> str:
        return str(self.recommendation)
