"""What sources say of an incident, what is disputed, and what the desk itself judged."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from qalqan.desk.incidents.models.ledger import Incident
from qalqan.desk.platform.policies import VisibleManager
from qalqan.desk.platform.sources.models import Credibility


class Attribute(models.TextChoices):
    """What can be known, contested or unknown by itself."""

    WHEN = "when", _("When")
    WHERE = "where", _("Where")
    WHAT = "what", _("What")
    KILLED = "killed", _("Killed")
    INJURED = "injured", _("Injured")
    OFFICERS_KILLED = "officers_killed", _("Officers killed")
    WEAPONS = "weapons", _("Weapons")
    WHO_CLAIMS = "who_claims", _("Who claims it")
    WHY = "why", _("Why")


class State(models.TextChoices):
    """How an attribute stands."""

    KNOWN = "known", _("Known")
    CONTESTED = "contested", _("Contested")
    UNKNOWN = "unknown", _("Unknown")


def _actor(name: Any) -> models.ForeignKey[Any, Any]:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=name,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )


class Report(models.Model):
    """One source's statement about one incident; it ends, but is never rewritten."""

    class End(models.TextChoices):
        RETRACTED = "retracted", _("Retracted")
        CORRECTED = "corrected", _("Corrected by the source")
        MOVED = "moved", _("Moved to another incident")

    incident = models.ForeignKey(
        Incident, verbose_name=_("incident"), on_delete=models.CASCADE, related_name="reports"
    )
    source = models.ForeignKey(
        "sources.Source",
        verbose_name=_("source"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty where a file named no source."),
    )
    credibility = models.PositiveSmallIntegerField(
        _("credibility"), choices=Credibility.choices, default=Credibility.UNKNOWN
    )
    citation = models.CharField(_("where it says so"), max_length=500, blank=True)
    reported_at = models.DateTimeField(_("reported"), null=True, blank=True)
    is_official = models.BooleanField(_("official position"), default=False)
    says = models.JSONField(_("what it says"), default=dict, blank=True)
    recorded_at = models.DateTimeField(_("recorded at the desk"))
    # Where it was recorded first: a report that moves keeps its place among the others.
    first_recorded_at = models.DateTimeField(_("recorded first"))
    recorded_by = _actor(_("recorded by"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_as = models.CharField(_("how it ended"), max_length=10, blank=True, choices=End.choices)
    ended_why = models.CharField(_("why it ended"), max_length=500, blank=True)
    moved_to = models.OneToOneField(
        "self",
        verbose_name=_("moved to"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="moved_from",
    )

    objects = VisibleManager()

    class Meta:
        verbose_name = _("report on an incident")
        verbose_name_plural = _("reports on incidents")
        ordering = ["incident", "first_recorded_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(credibility__range=(1, 6)), name="incident_report_credibility"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_as="")
                | (Q(ended_at__gte=F("recorded_at")) & ~Q(ended_as="")),
                name="incident_report_ends_somehow",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source or '–'} ({self.credibility})"


class Dispute(models.Model):
    """Somebody contradicts what a report says of one attribute."""

    report = models.ForeignKey(
        Report, verbose_name=_("report"), on_delete=models.CASCADE, related_name="disputes"
    )
    attribute = models.CharField(_("attribute"), max_length=16, choices=Attribute.choices)
    disputed_by = models.ForeignKey(
        "sources.Source",
        verbose_name=_("who disputes it"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty where the desk itself does."),
    )
    reason = models.CharField(_("why it is disputed"), max_length=500)
    recorded_at = models.DateTimeField(_("recorded at the desk"))
    recorded_by = _actor(_("recorded by"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_why = models.CharField(_("why it ended"), max_length=500, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("dispute of a report")
        verbose_name_plural = _("disputes of reports")
        ordering = ["report", "id"]

    def __str__(self) -> str:
        return f"{self.get_attribute_display()}: {self.reason}"


class Holding(models.Model):
    """The desk's own judgement of one attribute, with its reason; it overrides the reports."""

    incident = models.ForeignKey(
        Incident, verbose_name=_("incident"), on_delete=models.CASCADE, related_name="holdings"
    )
    attribute = models.CharField(_("attribute"), max_length=16, choices=Attribute.choices)
    state = models.CharField(_("how it stands"), max_length=10, choices=State.choices)
    value = models.JSONField(_("value held"), null=True, blank=True)
    reason = models.CharField(_("why"), max_length=500)
    recorded_at = models.DateTimeField(_("recorded at the desk"))
    recorded_by = _actor(_("judged by"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_why = models.CharField(_("why it ended"), max_length=500, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("judgement of the desk")
        verbose_name_plural = _("judgements of the desk")
        ordering = ["incident", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "attribute"],
                condition=Q(ended_at__isnull=True),
                name="incident_one_holding_an_attribute",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_attribute_display()}: {self.get_state_display()}"
