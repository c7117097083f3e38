"""Who is told of publications, and how far each telling has got."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager
from qalqan.desk.rumours.models.answers import Publication


class Webhook(models.Model):
    """A program that is told of every publication; its secret is kept sealed."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    url = models.URLField(_("address"), max_length=500)
    secret = models.BinaryField(_("sealed secret"))
    is_active = models.BooleanField(_("told"), default=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    added_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("added by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    added_at = models.DateTimeField(_("added"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def host(self) -> str:
        """Where it leads, without the rest of the address, which may carry a key."""
        return urlsplit(self.url).hostname or ""


class MailSubscription(models.Model):
    """Somebody who asked to be told by e-mail.

    The address is sealed with the desk's key and found by a keyed hash; the row is deleted when
    the reader leaves, and when nobody confirms it.
    """

    lookup = models.CharField(_("keyed hash of the address"), max_length=64, unique=True)
    address = models.BinaryField(_("sealed address"))
    language = models.CharField(_("language"), max_length=2)
    asked_at = models.DateTimeField(_("asked"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("e-mail subscription")
        verbose_name_plural = _("e-mail subscriptions")

    def __str__(self) -> str:
        return str(self.pk)


class Delivery(models.Model):
    """One telling of one publication to one target; written with the act that causes it."""

    class Channel(models.TextChoices):
        WEBHOOK = "webhook", _("Webhook")
        MAIL = "mail", _("E-mail")
        CONFIRM = "confirm", _("E-mail that asks to confirm")
        POST = "post", _("Post in the channel")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Delivered")
        GIVEN_UP = "given_up", _("Given up")

    channel = models.CharField(_("way"), max_length=7, choices=Channel.choices)
    publication = models.ForeignKey(
        Publication,
        verbose_name=_("publication"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="deliveries",
    )
    webhook = models.ForeignKey(
        Webhook,
        verbose_name=_("webhook"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="deliveries",
    )
    subscription = models.ForeignKey(
        MailSubscription,
        verbose_name=_("e-mail subscription"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="deliveries",
    )
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next attempt"))
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    written_at = models.DateTimeField(_("written"))
    done_at = models.DateTimeField(_("delivered"), null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["next_try_at"], name="delivery_due", condition=Q(state="waiting")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "webhook"], name="delivery_once_a_webhook"
            ),
            models.UniqueConstraint(
                fields=["publication", "subscription"], name="delivery_once_a_reader"
            ),
            models.CheckConstraint(
                condition=Q(channel="webhook", webhook__isnull=False, publication__isnull=False)
                | Q(channel="mail", subscription__isnull=False, publication__isnull=False)
                | Q(channel="confirm", subscription__isnull=False)
                | Q(channel="post", publication__isnull=False),
                name="delivery_has_its_target",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"
