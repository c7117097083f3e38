"""Messages, the claims they make, and the answers given.

No author, handle, profile or address of a post has a column here, on purpose.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager


class Language(models.TextChoices):
    """The language and script of a text."""

    KAZAKH = "kk-Cyrl", _("Kazakh")
    KAZAKH_LATIN = "kk-Latn", _("Kazakh in Latin script")
    RUSSIAN = "ru", _("Russian")
    ENGLISH = "en", _("English")
    MIXED = "mixed", _("Mixed Kazakh and Russian")
    UNKNOWN = "und", _("Not known")


class Message(models.Model):
    """One public post, hotline report or news item.

    ``claim_number`` is the number of the group of messages that say the same thing. It is no
    foreign key: a group gets its `Claim` only with its second message, so that a million
    different posts do not make a million claims of one.
    """

    class Kind(models.TextChoices):
        POST = "post", _("Post")
        HOTLINE = "hotline", _("Hotline report")
        NEWS = "news", _("News item")

    content_id = models.BinaryField(_("content identity"), max_length=16, unique=True)
    kind = models.CharField(_("kind"), max_length=7, choices=Kind.choices)
    source = models.ForeignKey(
        "sources.Source",
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    text = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=7, choices=Language.choices)
    published_at = models.DateTimeField(_("published"))
    received_at = models.DateTimeField(_("taken in"))
    place = models.ForeignKey(
        "places.Place",
        verbose_name=_("place"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    claim_number = models.PositiveBigIntegerField(_("number of the claim"))
    opens_claim = models.BooleanField(_("first to say it"), default=False)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-published_at", "-id"]
        indexes = [
            models.Index(fields=["claim_number", "published_at"], name="message_claim"),
            models.Index(fields=["published_at"], name="message_time"),
            # Whether there is made-up data is asked often, and mostly there is none.
            models.Index(fields=["id"], condition=models.Q(is_sample=True), name="message_sample"),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Claim(models.Model):
    """What a group of at least two messages says, in the words of the first of them.

    The primary key is the number that the messages of the group bear.
    """

    class Status(models.TextChoices):
        NEW = "new", _("New")
        WATCHED = "watched", _("Watched")
        ANSWERED = "answered", _("Answered")
        CLOSED = "closed", _("Closed")

    leader_text = models.TextField(_("first wording"))
    language = models.CharField(_("language"), max_length=7, choices=Language.choices)
    first_seen = models.DateTimeField(_("first seen"))
    last_seen = models.DateTimeField(_("last seen"))
    copies = models.PositiveBigIntegerField(_("copies"), default=0)
    tips = models.PositiveBigIntegerField(_("of them hotline reports"), default=0)
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.NEW)
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


class TipDay(models.Model):
    """How many hotline reports name a district on one day of the province's calendar."""

    place = models.ForeignKey(
        "places.Place",
        verbose_name=_("district"),
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("reports"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("hotline reports of a day")
        verbose_name_plural = _("hotline reports by day")
        constraints = [models.UniqueConstraint(fields=["day", "place"], name="tip_day_once")]

    def __str__(self) -> str:
        return f"{self.place_id} @ {self.day}: {self.count}"


class Tally(models.Model):
    """The one row that writers of messages lock, and what it saves counting.

    ``mark`` is a running digest of the messages that opened a claim: two processes whose marks
    agree hold the same claims in the same order. ``rules`` are those under which the last message
    was given its claim.
    """

    claims = models.PositiveBigIntegerField(_("claims numbered so far"), default=0)
    messages = models.PositiveBigIntegerField(_("messages"), default=0)
    first_published = models.DateTimeField(_("oldest message"), null=True, blank=True)
    last_published = models.DateTimeField(_("newest message"), null=True, blank=True)
    mark = models.BinaryField(_("digest of the claims"), max_length=16, default=bytes)
    rules = models.CharField(_("rules of grouping"), max_length=200, default="", blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("tally of messages")
        verbose_name_plural = _("tally of messages")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="tally_is_one_row")]

    def __str__(self) -> str:
        return str(self.messages)


class Answer(models.Model):
    """The published reply to a claim, with the verdict it gives."""

    class Verdict(models.TextChoices):
        TRUE = "true", _("True")
        FALSE = "false", _("False")
        MISLEADING = "misleading", _("Misleading")
        UNVERIFIABLE = "unverifiable", _("Cannot be checked")

    claim = models.ForeignKey(
        Claim, verbose_name=_("claim"), on_delete=models.CASCADE, related_name="answers"
    )
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict.choices)
    text = models.TextField(_("answer"), max_length=4000)
    language = models.CharField(_("language of the answer"), max_length=7, choices=Language.choices)
    published_at = models.DateTimeField(_("published"))
    recorded_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("recorded by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    recorded_at = models.DateTimeField(_("recorded"))
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["-published_at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()}: {self.text[:60]}"
