"""Where messages and facts come from, and how far each source can be relied on."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager, VisibleQuerySet
from qalqan.errors import ConflictError


class Reliability(models.TextChoices):
    """Admiralty grade of a source: its record, never what it says this time."""

    A = "A", _("A: completely reliable")
    B = "B", _("B: usually reliable")
    C = "C", _("C: fairly reliable")
    D = "D", _("D: not usually reliable")
    E = "E", _("E: unreliable")
    F = "F", _("F: cannot be judged")


class Credibility(models.IntegerChoices):
    """Admiralty grade of one item: what it says, never who says it; stored on the item."""

    CONFIRMED = 1, _("1: confirmed by other sources")
    PROBABLY_TRUE = 2, _("2: probably true")
    POSSIBLY_TRUE = 3, _("3: possibly true")
    DOUBTFUL = 4, _("4: doubtful")
    IMPROBABLE = 5, _("5: improbable")
    UNKNOWN = 6, _("6: cannot be judged")


class Source(models.Model):
    """A public channel, site, hotline, agency or publication; never a person."""

    class Kind(models.TextChoices):
        CHANNEL = "channel", _("Public channel")
        SITE = "site", _("Web site")
        HOTLINE = "hotline", _("Hotline")
        AGENCY = "agency", _("State body")
        PRESS = "press", _("Press")
        OTHER = "other", _("Other")

    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    reliability = models.CharField(
        _("reliability"), max_length=1, choices=Reliability.choices, default=Reliability.F
    )
    created_at = models.DateTimeField(_("first met"))
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["name", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["name", "kind"], name="source_once"),
            models.CheckConstraint(
                condition=models.Q(reliability__in=Reliability.values),
                name="source_reliability_a_to_f",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class GradeQuerySet(VisibleQuerySet):
    """Grades are only ever added."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse: a grade that was given stays given."""
        raise ConflictError(_("Grades of sources are never changed; give a new one."))

    def delete(self) -> NoReturn:
        """Refuse: a grade that was given stays given."""
        raise ConflictError(_("Grades of sources are never deleted; give a new one."))


class SourceGrade(models.Model):
    """A grade that was given to a source, when, by whom and why."""

    source = models.ForeignKey(
        Source, verbose_name=_("source"), on_delete=models.PROTECT, related_name="grades"
    )
    reliability = models.CharField(_("reliability"), max_length=1, choices=Reliability.choices)
    since = models.DateTimeField(_("since"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("given by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty where the desk itself gave the first grade."),
    )
    reason = models.CharField(_("reason"), max_length=500)

    objects = models.Manager.from_queryset(GradeQuerySet)()

    class Meta:
        verbose_name = _("grade of a source")
        verbose_name_plural = _("grades of sources")
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reliability__in=Reliability.values),
                name="grade_reliability_a_to_f",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}: {self.reliability}"
