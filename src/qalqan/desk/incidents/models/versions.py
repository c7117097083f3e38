"""What the desk held of an incident between two moments; written once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qalqan.desk.incidents.models.held import Held
from qalqan.desk.incidents.models.ledger import Incident
from qalqan.desk.incidents.models.reports import Report
from qalqan.desk.platform.policies import VisibleManager

_COUNTED = ["-occurred_from", "-incident", "recorded_from", "recorded_to", "occurred_to"]
_LIVE = Q(merged_into__isnull=True)


class IncidentVersion(Held):
    """The columns of an incident as they stood from one act to the next."""

    class Act(models.TextChoices):
        RECORDED = "recorded", _("Recorded")
        MIGRATED = "migrated", _("Taken over from before there were versions")
        REPORT_ADDED = "report_added", _("Report added")
        REPORT_CORRECTED = "report_corrected", _("Report corrected by its source")
        REPORT_RETRACTED = "report_retracted", _("Report retracted")
        DISPUTED = "disputed", _("Report disputed")
        DISPUTE_ENDED = "dispute_ended", _("Dispute ended")
        HELD = "held", _("Judged by the desk")
        RELEASED = "released", _("Judgement taken back")
        CORRECTED = "corrected", _("Corrected by the desk")
        MERGED = "merged", _("Merged into another incident")
        MERGED_HERE = "merged_here", _("Another incident merged into this one")
        SPLIT = "split", _("Part split off")
        SPLIT_OFF = "split_off", _("Split off from another incident")
        RESTORED = "restored", _("Merge undone")

    incident = models.ForeignKey(
        Incident,
        verbose_name=_("incident"),
        on_delete=models.CASCADE,
        related_name="versions",
        db_index=False,
    )
    number = models.PositiveIntegerField(_("number"))
    recorded_from = models.DateTimeField(_("held from"))
    recorded_to = models.DateTimeField(_("held until"), null=True, blank=True)
    merged_into = models.ForeignKey(
        Incident,
        verbose_name=_("merged into"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    act = models.CharField(_("what was done"), max_length=20, choices=Act.choices)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    report = models.ForeignKey(
        Report,
        verbose_name=_("report"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("done by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = VisibleManager()

    class Meta:
        verbose_name = _("version of an incident")
        verbose_name_plural = _("versions of incidents")
        ordering = ["incident", "number"]
        # Both times stand in each index, so that a day of the past is listed without reading rows.
        indexes = [
            models.Index(fields=_COUNTED, condition=_LIVE, name="version_newest"),
            models.Index(fields=["kind", *_COUNTED], condition=_LIVE, name="version_kind_newest"),
            models.Index(
                fields=["district", *_COUNTED], condition=_LIVE, name="version_district_newest"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["incident", "number"], name="incident_version_once"),
            models.UniqueConstraint(
                fields=["incident"],
                condition=Q(recorded_to__isnull=True),
                name="incident_version_one_now",
            ),
            models.CheckConstraint(
                condition=Q(recorded_to__isnull=True) | Q(recorded_to__gt=F("recorded_from")),
                name="incident_version_lasts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    def get_absolute_url(self) -> str:
        """Return the address of the incident's page as it was when this version began."""
        moment = timezone.localtime(self.recorded_from, timezone.get_default_timezone())
        page = reverse("incidents:incident", args=[self.incident_id])
        return f"{page}?as_of={moment.replace(tzinfo=None).isoformat()}"
