"""Activities and public meetings: what was done, where, for whom; never who came."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.platform.policies import VisibleManager

LANGUAGES = (
    ("kk", _("Kazakh")),
    ("ru", _("Russian")),
    ("kk_ru", _("Kazakh and Russian")),
    ("other", pgettext_lazy("language", "Another")),
)


class AgeBand(models.TextChoices):
    """Ages by which an audience is told apart; the young are those under 29."""

    UNDER_14 = "under_14", _("under 14")
    FROM_14 = "14_17", _("14–17")
    FROM_18 = "18_24", _("18–24")
    FROM_25 = "25_28", _("25–28")
    FROM_29 = "29_44", _("29–44")
    FROM_45 = "45_64", _("45–64")
    FROM_65 = "65_up", _("65 and older")


BAND_FIELDS = {band.value: f"reached_{band.value}" for band in AgeBand}
"""The column of each age band, in activities and in sums alike."""
YOUNG_BANDS = (AgeBand.UNDER_14, AgeBand.FROM_14, AgeBand.FROM_18, AgeBand.FROM_25)


def band_field(label: Any) -> models.PositiveIntegerField:
    """Return the column of one age band: people reached, none where it is not known."""
    return models.PositiveIntegerField(label, null=True, blank=True)


class Activity(models.Model):
    """One activity or public meeting; people who came are counted, never named."""

    class Kind(models.TextChoices):
        TALK = "talk", pgettext_lazy("activity", "Talk")
        ROUND_TABLE = "round_table", pgettext_lazy("activity", "Round table")
        MEETING = "meeting", pgettext_lazy("activity", "Public meeting")
        FILM = "film", pgettext_lazy("activity", "Film")
        SPORT = "sport", pgettext_lazy("activity", "Sport")
        ONLINE = "online", pgettext_lazy("activity", "Online session")
        MEDIA = "media", pgettext_lazy("activity", "Media")
        HELP_POINT = "help_point", pgettext_lazy("activity", "Help point")
        OTHER = "other", pgettext_lazy("activity", "Other")

    class Theme(models.TextChoices):
        RIGHTS = "rights", _("Law and rights")
        FAITH_AND_STATE = "faith_and_state", _("Faith and the secular state")
        ACCORD = "accord", _("Peace and accord")
        ONLINE_SAFETY = "online_safety", _("Safety online and false news")
        FAMILY = "family", _("Family and school")
        WORK = "work", _("Work and studies")
        HEALTH = "health", _("Health and support")
        SAFETY = "safety", _("Conduct in danger")
        LOCAL = "local", _("Local matters")
        OTHER = "other", pgettext_lazy("theme", "Other")

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("activity", "Planned")
        HELD = "held", pgettext_lazy("activity", "Held, no report yet")
        REPORTED = "reported", pgettext_lazy("activity", "Reported")
        CANCELLED = "cancelled", pgettext_lazy("activity", "Cancelled")

    class ReachIs(models.TextChoices):
        COUNTED = "counted", pgettext_lazy("reach", "counted")
        ESTIMATED = "estimated", pgettext_lazy("reach", "estimated")

    class Origin(models.TextChoices):
        FORM = "form", pgettext_lazy("origin of an activity", "Form")
        PHONE = "phone", pgettext_lazy("origin of an activity", "Phone, without a network")
        FILE = "file", pgettext_lazy("origin of an activity", "File")

    client_id = models.UUIDField(
        _("number given where it was written"), unique=True, default=uuid.uuid4
    )
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    theme = models.CharField(_("theme"), max_length=16, choices=Theme.choices)
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    body = models.ForeignKey(
        "agencies.Body",
        verbose_name=_("body that holds it"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    partners = models.ManyToManyField(
        "agencies.Body", verbose_name=_("partners"), blank=True, related_name="+"
    )
    place = models.ForeignKey(
        "places.Place",
        verbose_name=_("place"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    district = models.ForeignKey(
        "places.Place",
        verbose_name=_("district"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text=_("The district of the place; the place itself where it is wider."),
    )
    venue = models.CharField(_("venue"), max_length=200, blank=True)
    held_on = models.DateField(_("day"))
    starts_at = models.DateTimeField(_("begins"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), null=True, blank=True, validators=[MaxValueValidator(10_080)]
    )
    language = models.CharField(_("language"), max_length=5, choices=LANGUAGES, default="kk")
    is_public = models.BooleanField(_("on the public agenda"), default=False)
    reach = models.PositiveIntegerField(_("people reached"), null=True, blank=True)
    reach_is = models.CharField(
        _("how the reach is known"), max_length=10, choices=ReachIs.choices, blank=True
    )
    reached_under_14 = band_field(AgeBand.UNDER_14.label)
    reached_14_17 = band_field(AgeBand.FROM_14.label)
    reached_18_24 = band_field(AgeBand.FROM_18.label)
    reached_25_28 = band_field(AgeBand.FROM_25.label)
    reached_29_44 = band_field(AgeBand.FROM_29.label)
    reached_45_64 = band_field(AgeBand.FROM_45.label)
    reached_65_up = band_field(AgeBand.FROM_65.label)
    cost = models.PositiveIntegerField(_("cost, tenge"), null=True, blank=True)
    views = models.PositiveIntegerField(_("views online"), null=True, blank=True)
    comments = models.PositiveIntegerField(_("comments online"), null=True, blank=True)
    comments_answered = models.PositiveIntegerField(
        _("comments answered online"), null=True, blank=True
    )
    outcome = models.TextField(_("outcome"), max_length=2000, blank=True)
    cancel_reason = models.CharField(_("why it was cancelled"), max_length=500, blank=True)
    origin = models.CharField(
        _("how it came to the desk"), max_length=6, choices=Origin.choices, default=Origin.FORM
    )
    recorded_at = models.DateTimeField(_("recorded at the desk"))
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    changed_at = models.DateTimeField(_("last changed"))
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = pgettext_lazy("outreach", "activity")
        verbose_name_plural = pgettext_lazy("outreach", "activities")
        ordering = ["-held_on", "-pk"]
        indexes = [
            # Holds every filter of the list, so that a page is found without opening rows.
            models.Index(
                fields=["held_on", "id", "district", "theme", "kind", "language", "state"],
                name="activity_by_day",
            ),
            models.Index(fields=["body", "held_on", "id"], name="activity_by_body"),
            models.Index(
                fields=["is_public", "held_on", "id"],
                name="activity_agenda",
                condition=Q(is_public=True),
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="activity_has_a_title"),
            models.CheckConstraint(
                condition=Q(reach__isnull=True, reach_is="")
                | Q(reach__isnull=False, reach_is__in=["counted", "estimated"]),
                name="activity_reach_says_which",
            ),
            models.CheckConstraint(
                condition=Q(state="reported") | Q(reach__isnull=True),
                name="activity_reach_when_reported",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""),
                name="activity_cancelled_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the activity's page."""
        return reverse("outreach:activity", args=[self.pk])

    @property
    def bands(self) -> dict[str, int]:
        """People reached by age band, where that is known."""
        known = ((band, getattr(self, name)) for band, name in BAND_FIELDS.items())
        return {band: count for band, count in known if count is not None}

    @property
    def young(self) -> int | None:
        """People under 29 who were reached; none where no age is known."""
        bands = self.bands
        return sum(bands.get(band, 0) for band in YOUNG_BANDS) if bands else None


class QuestionHeard(models.Model):
    """What was asked at an activity and what was answered; never who asked."""

    activity = models.ForeignKey(
        Activity,
        verbose_name=pgettext_lazy("outreach", "activity"),
        on_delete=models.CASCADE,
        related_name="questions",
    )
    asked = models.CharField(_("what was asked"), max_length=500)
    answered = models.CharField(_("what was answered"), max_length=1000, blank=True)
    heard_at = models.DateTimeField(_("recorded at the desk"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("question from the audience")
        verbose_name_plural = _("questions from the audience")
        ordering = ["activity", "pk"]

    def __str__(self) -> str:
        return self.asked


class ActivityEvent(models.Model):
    """One change of an activity after it was recorded, as its history shows it."""

    class Kind(models.TextChoices):
        HELD = "held", pgettext_lazy("event of an activity", "Held")
        REPORTED = "reported", pgettext_lazy("event of an activity", "Reported")
        CORRECTED = "corrected", pgettext_lazy("event of an activity", "Corrected")
        CANCELLED = "cancelled", pgettext_lazy("event of an activity", "Cancelled")
        RESTORED = "restored", pgettext_lazy("event of an activity", "Planned again")
        QUESTION = "question", pgettext_lazy("event of an activity", "Question noted")
        FOLLOW_UP = "follow_up", pgettext_lazy("event of an activity", "Follow-up given")

    activity = models.ForeignKey(
        Activity,
        verbose_name=pgettext_lazy("outreach", "activity"),
        on_delete=models.CASCADE,
        related_name="events",
    )
    at = models.DateTimeField(_("when"))
    kind = models.CharField(_("what"), max_length=10, choices=Kind.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    detail = models.JSONField(_("details"), default=dict, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("event of an activity")
        verbose_name_plural = _("events of activities")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"
