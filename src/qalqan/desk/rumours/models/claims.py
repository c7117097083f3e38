"""Claims and the counts of their copies."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager
from qalqan.desk.rumours.models.messages import Language


class Claim(models.Model):
    """What a group of at least two messages says, in the words of the first of them.

    The primary key is the number that the messages of the group bear.
    """

    class State(models.TextChoices):
        """How far the desk is with a claim; `qalqan.desk.rumours.states` says what may follow."""

        NEW = "new", _("New")
        TRIAGE = "triage", _("In triage")
        CHECKING = "checking", _("Being checked")
        VERDICT = "verdict", _("Verdict given")
        ANSWERED = "answered", _("Answered")
        WATCHING = "watching", _("Watched")
        CLOSED = "closed", _("Closed")
        RETURNED = "returned", _("Returned")
        DUPLICATE = "duplicate", _("Duplicate")
        UNVERIFIABLE = "unverifiable", _("Cannot be checked")

    class Severity(models.TextChoices):
        """What may come of it if it is believed, worst first."""

        THREAT_TO_LIFE = "threat_to_life", _("Threat to life")
        VIOLENCE = "violence", _("Violence")
        PANIC = "panic", _("Panic")
        SERVICES = "services", _("Services disturbed")
        OTHER = "other", _("Other")

    leader_text = models.TextField(_("first wording"))
    language = models.CharField(_("language"), max_length=7, choices=Language.choices)
    first_seen = models.DateTimeField(_("first seen"))
    last_seen = models.DateTimeField(_("last seen"))
    copies = models.PositiveBigIntegerField(_("copies"), default=0)
    tips = models.PositiveBigIntegerField(_("of them hotline reports"), default=0)
    state = models.CharField(
        _("state"), max_length=12, choices=State.choices, default=State.NEW, db_default=State.NEW
    )
    state_since = models.DateTimeField(_("in this state since"), null=True, blank=True)
    owner = models.ForeignKey(
        "accounts.User",
        verbose_name=_("checked by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    severity = models.CharField(
        _("severity"),
        max_length=14,
        choices=Severity.choices,
        blank=True,
        default="",
        db_default="",
        help_text=_("Empty until somebody has judged it."),
    )
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("says the same as"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="merged",
    )
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["-last_seen", "-id"]
        indexes = [
            models.Index(fields=["first_seen"], name="claim_first_seen"),
            models.Index(fields=["last_seen"], name="claim_last_seen"),
            models.Index(fields=["copies"], name="claim_copies"),
            # Nearly all claims are new; what somebody has in hand is found without them.
            models.Index(
                fields=["state", "last_seen"],
                name="claim_in_hand",
                condition=~models.Q(state="new"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True)
                | ~models.Q(merged_into=models.F("id")),
                name="claim_not_merged_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.leader_text[:80]


class ClaimHour(models.Model):
    """How many copies of a claim were published in one hour."""

    claim = models.ForeignKey(
        Claim,
        verbose_name=_("claim"),
        on_delete=models.CASCADE,
        related_name="hours",
        db_index=False,
    )
    hour = models.PositiveIntegerField(
        _("hour"), help_text=_("Whole hours since 1 January 1970, UTC.")
    )
    copies = models.PositiveIntegerField(_("copies"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("copies in an hour")
        verbose_name_plural = _("copies by the hour")
        constraints = [models.UniqueConstraint(fields=["claim", "hour"], name="claim_hour_once")]
        indexes = [models.Index(fields=["hour", "claim", "copies"], name="claim_hour_recent")]

    def __str__(self) -> str:
        return f"{self.claim_id} @ {self.hour}: {self.copies}"


class ClaimPlace(models.Model):
    """How many copies of a claim name a place."""

    claim = models.ForeignKey(
        Claim,
        verbose_name=_("claim"),
        on_delete=models.CASCADE,
        related_name="places",
        db_index=False,
    )
    place = models.ForeignKey(
        "places.Place",
        verbose_name=_("place"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    copies = models.PositiveIntegerField(_("copies"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("copies that name a place")
        verbose_name_plural = _("copies by place")
        constraints = [models.UniqueConstraint(fields=["claim", "place"], name="claim_place_once")]
        indexes = [models.Index(fields=["place", "claim"], name="claim_place_back")]

    def __str__(self) -> str:
        return f"{self.claim_id} @ {self.place_id}: {self.copies}"


class ClaimLanguage(models.Model):
    """How many copies of a claim are in a language."""

    claim = models.ForeignKey(
        Claim,
        verbose_name=_("claim"),
        on_delete=models.CASCADE,
        related_name="languages",
        db_index=False,
    )
    language = models.CharField(_("language"), max_length=7, choices=Language.choices)
    copies = models.PositiveIntegerField(_("copies"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("copies in a language")
        verbose_name_plural = _("copies by language")
        constraints = [
            models.UniqueConstraint(fields=["claim", "language"], name="claim_language_once")
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} in {self.language}: {self.copies}"
