"""Messages, and the tally of them.

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
