"""Public warnings, and the CAP messages that make them up."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qalqan.desk.alerts.models.template import AlertTemplate
from qalqan.desk.platform.policies import VisibleManager


class Severity(models.TextChoices):
    """How bad it is; the codes are those of CAP 1.2, § 3.2.2."""

    EXTREME = "Extreme", _("Extreme: an extraordinary danger to life")
    SEVERE = "Severe", _("Severe: a considerable danger to life")
    MODERATE = "Moderate", _("Moderate: a possible danger to life")
    MINOR = "Minor", _("Minor: hardly a danger to life")
    UNKNOWN = "Unknown", _("How bad is not known")


class Urgency(models.TextChoices):
    """How soon people must act."""

    IMMEDIATE = "Immediate", _("Immediate: act now")
    EXPECTED = "Expected", _("Expected: act within the hour")
    FUTURE = "Future", _("Future: act before long")
    PAST = "Past", _("Past: nothing more to do")
    UNKNOWN = "Unknown", _("How soon is not known")


class Certainty(models.TextChoices):
    """How sure the desk is."""

    OBSERVED = "Observed", _("Observed: it has happened or is happening")
    LIKELY = "Likely", _("Likely: more than one in two")
    POSSIBLE = "Possible", _("Possible: at most one in two")
    UNLIKELY = "Unlikely", _("Unlikely: hardly expected")
    UNKNOWN = "Unknown", _("How sure is not known")


class Alert(models.Model):
    """One warning from its first word to its end; what it says stands in its versions."""

    class Status(models.TextChoices):
        ACTUAL = "Actual", _("Actual")
        EXERCISE = "Exercise", _("Exercise")
        TEST = "Test", _("Test")

    class State(models.TextChoices):
        DRAFT = "draft", _("Nothing sent yet")
        LIVE = "live", _("Sent")
        CANCELLED = "cancelled", _("Cancelled")

    status = models.CharField(_("kind"), max_length=8, choices=Status.choices)
    state = models.CharField(
        _("state"), max_length=9, choices=State.choices, default=State.DRAFT, db_index=True
    )
    template = models.ForeignKey(
        AlertTemplate, verbose_name=_("template"), null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("begun by"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    opened_at = models.DateTimeField(_("begun"))
    expires_at = models.DateTimeField(_("ends by itself"), null=True, blank=True, db_index=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("warning")
        verbose_name_plural = _("warnings")
        ordering = ["-opened_at", "-id"]

    def __str__(self) -> str:
        return f"{self.pk} {self.get_status_display()}"

    def is_live(self, now: datetime) -> bool:
        """Tell whether people should act on it at a time."""
        return (
            self.state == self.State.LIVE and self.expires_at is not None and self.expires_at > now
        )


class AlertVersion(models.Model):
    """One CAP message: the first warning, an update, or its cancelling.

    ``xml`` holds the bytes that the second person sees, byte by byte; ``signed_xml`` the same
    message with the signature. Neither changes once the message is approved.
    """

    class MsgType(models.TextChoices):
        ALERT = "Alert", _("Warning")
        UPDATE = "Update", _("Update")
        CANCEL = "Cancel", _("Cancelling")

    class State(models.TextChoices):
        DRAFT = "draft", _("Being written")
        SUBMITTED = "submitted", _("Waiting for a second person")
        APPROVED = "approved", _("Approved, being sent")
        SENT = "sent", _("Sent")
        REJECTED = "rejected", _("Sent back")

    alert = models.ForeignKey(
        Alert, verbose_name=_("warning"), on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveIntegerField(_("version"))
    msg_type = models.CharField(_("kind of message"), max_length=6, choices=MsgType.choices)
    state = models.CharField(
        _("state"), max_length=9, choices=State.choices, default=State.DRAFT, db_index=True
    )
    content = models.JSONField(_("what was filled in"), default=dict)
    # What senders and lists ask for stands in columns; the message itself is the truth.
    identifier = models.CharField(_("identifier"), max_length=200, unique=True, null=True)  # noqa: DJ001 - drafts have none, and many are unique
    sent_lexical = models.CharField(_("sent, as the message writes it"), max_length=40, blank=True)
    references_text = models.TextField(_("references"), blank=True)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity.choices)
    urgency = models.CharField(_("urgency"), max_length=9, choices=Urgency.choices)
    certainty = models.CharField(_("certainty"), max_length=8, choices=Certainty.choices)
    expires_at = models.DateTimeField(_("ends by itself"), null=True, blank=True)
    headline_kk = models.CharField(_("headline, Kazakh"), max_length=200, blank=True)
    headline_ru = models.CharField(_("headline, Russian"), max_length=200, blank=True)
    headline_en = models.CharField(_("headline, English"), max_length=200, blank=True)
    xml = models.BinaryField(_("message as shown"), null=True, blank=True)
    xml_sha256 = models.CharField(_("hash of the message as shown"), max_length=64, blank=True)
    signed_xml = models.BinaryField(_("signed message"), null=True, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("written by"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    drafted_at = models.DateTimeField(_("written"))
    submitted_at = models.DateTimeField(_("handed to a second person"), null=True, blank=True)
    warnings = models.JSONField(_("warnings that were overridden"), default=list, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("approved by"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    rejected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("sent back by"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    rejected_reason = models.CharField(_("why it was sent back"), max_length=200, blank=True)
    is_break_glass = models.BooleanField(_("sent by one person in need"), default=False)
    break_glass_reason = models.CharField(_("why one person sent it"), max_length=200, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("looked into by"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    reviewed_at = models.DateTimeField(_("looked into"), null=True, blank=True)
    review_outcome = models.CharField(_("what the review found"), max_length=500, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("message of a warning")
        verbose_name_plural = _("messages of warnings")
        ordering = ["alert_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["alert", "number"], name="alert_version_once"),
            models.UniqueConstraint(
                fields=["alert"],
                condition=Q(state__in=("draft", "submitted")),
                name="alert_one_version_in_work",
            ),
            # A writer who also approves, in any act, is refused by the database itself.
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("drafted_by")),
                name="alert_not_approved_by_its_writer",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("drafted_by")),
                name="alert_not_reviewed_by_its_writer",
            ),
            # Nothing counts as approved without two known persons, or an open breaking of it.
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True)
                | (
                    Q(is_break_glass=False)
                    & Q(approved_by__isnull=False)
                    & Q(drafted_by__isnull=False)
                )
                | (
                    Q(is_break_glass=True) & Q(approved_by__isnull=True) & ~Q(break_glass_reason="")
                ),
                name="alert_approved_by_a_second",
            ),
            # Nothing leaves without approval, a signature and the bytes that were shown.
            models.CheckConstraint(
                condition=~Q(state__in=("approved", "sent"))
                | (
                    Q(approved_at__isnull=False)
                    & Q(signed_xml__isnull=False)
                    & Q(xml__isnull=False)
                    & Q(identifier__isnull=False)
                    & Q(expires_at__isnull=False)
                ),
                name="alert_leaves_approved_and_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} v{self.number}: {self.headline}"

    @property
    def headline(self) -> str:
        """The headline in the reader's language."""
        language = (get_language() or "kk")[:2]
        return str(getattr(self, f"headline_{language}", "") or self.headline_kk)


class AlertDistrict(models.Model):
    """A district that a message concerns, wholly or in part; written when it is handed over."""

    version = models.ForeignKey(
        AlertVersion, verbose_name=_("message"), on_delete=models.CASCADE, related_name="districts"
    )
    district = models.ForeignKey(
        "places.Place", verbose_name=_("district"), on_delete=models.PROTECT, related_name="+"
    )

    objects = VisibleManager()

    class Meta:
        verbose_name = _("district of a warning")
        verbose_name_plural = _("districts of warnings")
        ordering = ["version_id", "district_id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "district"], name="alert_district_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.district_id}"
