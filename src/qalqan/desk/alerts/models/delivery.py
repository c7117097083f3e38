"""Where alerts are sent, and how far each sending has got.

A *target* is a way out of the desk: a program, a siren controller, a gateway. A *lane* is the
queue of one target, held by at most one worker at a time. A *dispatch* is one alert message on
its way, a *spread* its way to the subscribers behind one gateway, a *delivery* one sending to
one receiver, a *receipt* what is known of it.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qalqan.desk.alerts.models.levels import Level
from qalqan.desk.platform.policies import VisibleManager


class Channel(models.TextChoices):
    """The kinds of targets, each served by one adapter."""

    WEBHOOK = "webhook", _("Webhook")
    MQTT = "mqtt", _("Siren or loudspeaker")
    MAIL = "mail", _("E-mail")
    SMS = "sms", _("SMS")
    BOT = "bot", _("Messenger channel")


class Target(models.Model):
    """A way out of the desk; address and secret are sealed."""

    Kind = Channel

    name = models.CharField(_("name"), max_length=100, unique=True)
    kind = models.CharField(_("way"), max_length=8, choices=Channel.choices)
    address = models.BinaryField(_("sealed address"))
    secret = models.BinaryField(_("sealed secret"), blank=True, default=b"")
    options = models.JSONField(
        _("settings"), default=dict, blank=True, help_text=_("Nothing secret: topic, sender.")
    )
    district = models.ForeignKey(
        "places.Place",
        verbose_name=_("district"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty where it serves the whole province."),
    )
    language = models.CharField(_("language"), max_length=2, default="kk")
    least = models.PositiveSmallIntegerField(
        _("least severity"), choices=Level.choices, default=Level.UNKNOWN
    )
    accepts_exercise = models.BooleanField(_("takes part in exercises"), default=False)
    accepts_test = models.BooleanField(_("takes tests"), default=False)
    people = models.PositiveIntegerField(_("people reached"), null=True, blank=True)
    people_source = models.CharField(
        _("where the number of people is from"), max_length=120, blank=True
    )
    is_enabled = models.BooleanField(_("in use"), default=True)
    is_sample = models.BooleanField(_("sample data"), default=False)
    serves_subscribers = models.BooleanField(_("a gateway to subscribers"), default=False)
    shards = models.PositiveSmallIntegerField(_("queues"), default=1)
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
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["kind", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(shards__gte=1, shards__lte=64), name="target_has_queues"
            ),
            models.CheckConstraint(
                condition=Q(people__isnull=True) | ~Q(people_source=""),
                name="target_people_tell_their_source",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Lane(models.Model):
    """The queue of one target: who serves it, when it is due, whether its breaker is open."""

    target = models.ForeignKey(
        Target, verbose_name=_("target"), on_delete=models.CASCADE, related_name="lanes"
    )
    shard = models.PositiveSmallIntegerField(_("part"), default=0)
    owner = models.CharField(_("worker"), max_length=32, blank=True, default="")
    has_news = models.BooleanField(_("something was added"), default=False)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    priority = models.PositiveSmallIntegerField(_("most urgent first"), default=999)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    last_ok_at = models.DateTimeField(_("last success"), null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("queue of a target")
        verbose_name_plural = _("queues of targets")
        constraints = [
            models.UniqueConstraint(fields=["target", "shard"], name="lane_once"),
        ]
        indexes = [
            models.Index(
                fields=["priority", "due_at"],
                name="lane_due",
                condition=Q(owner="", due_at__isnull=False),
            ),
            models.Index(fields=["owner"], name="lane_news", condition=Q(has_news=True)),
            models.Index(fields=["owner"], name="lane_owner", condition=~Q(owner="")),
        ]

    def __str__(self) -> str:
        return f"{self.target_id}/{self.shard}"


class SendingWorker(models.Model):
    """A process that sends. It counts its own heart-beats; nobody compares clocks."""

    name = models.CharField(_("name"), max_length=32, unique=True)
    host = models.CharField(_("machine"), max_length=80)
    pid = models.PositiveIntegerField(_("process"))
    beat = models.BigIntegerField(_("heart-beats"), default=0)
    started_at = models.DateTimeField(_("started"))
    # The database's own time; only people are told of it, nothing is decided by it.
    seen_at = models.DateTimeField(_("last seen"), null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("sending worker")
        verbose_name_plural = _("sending workers")

    def __str__(self) -> str:
        return self.name


class Dispatch(models.Model):
    """One approved message on its way to everyone it is for."""

    version = models.OneToOneField(
        "alerts.AlertVersion",
        verbose_name=_("message"),
        on_delete=models.CASCADE,
        related_name="dispatch",
    )
    priority = models.PositiveSmallIntegerField(_("most urgent first"))
    level = models.PositiveSmallIntegerField(_("severity"), choices=Level.choices)
    districts = models.JSONField(
        _("districts"), default=list, blank=True, help_text=_("Empty for the whole province.")
    )
    written_at = models.DateTimeField(_("written"))
    deadline = models.DateTimeField(_("send until"))
    is_over = models.BooleanField(_("nothing more is sent"), default=False)
    ended_as = models.CharField(_("ended as"), max_length=9, blank=True)
    is_swept = models.BooleanField(_("what waited is closed"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("dispatch")
        verbose_name_plural = _("dispatches")
        indexes = [
            models.Index(fields=["deadline"], name="dispatch_end", condition=Q(is_over=False)),
            models.Index(
                fields=["id"], name="dispatch_sweep", condition=Q(is_over=True, is_swept=False)
            ),
        ]

    def __str__(self) -> str:
        return str(self.version_id)


class Spread(models.Model):
    """How far the subscribers behind one gateway have been turned into deliveries."""

    dispatch = models.ForeignKey(
        Dispatch, verbose_name=_("dispatch"), on_delete=models.CASCADE, related_name="spreads"
    )
    target = models.ForeignKey(
        Target, verbose_name=_("target"), on_delete=models.CASCADE, related_name="+"
    )
    reached = models.BigIntegerField(_("last subscriber"), default=0)
    up_to = models.BigIntegerField(_("up to subscriber"))
    is_done = models.BooleanField(_("done"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("spread")
        verbose_name_plural = _("spreads")
        constraints = [
            models.UniqueConstraint(fields=["dispatch", "target"], name="spread_once"),
        ]
        indexes = [
            models.Index(fields=["id"], name="spread_open", condition=Q(is_done=False)),
        ]

    def __str__(self) -> str:
        return f"{self.dispatch_id}: {self.reached}/{self.up_to}"


class Delivery(models.Model):
    """One sending of one message to one receiver; written with the act that causes it.

    ``subscriber`` is a number without a constraint: when its owner leaves, the row of the
    subscriber goes and this number points to nobody.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("In the queue")
        WAITING = "waiting", _("Tried, again later")
        ACCEPTED = "accepted", _("Accepted")
        DELIVERED = "delivered", _("Delivered")
        ACKNOWLEDGED = "acked", _("Acknowledged")
        PLAYED = "played", _("Played")
        FAILED = "failed", _("Failed")
        EXPIRED = "expired", _("Too late")
        REPLACED = "replaced", _("Replaced by a later message")

    version = models.ForeignKey(
        "alerts.AlertVersion",
        verbose_name=_("message"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="deliveries",
        db_index=False,
    )
    target = models.ForeignKey(
        Target,
        verbose_name=_("target"),
        on_delete=models.CASCADE,
        related_name="deliveries",
    )
    lane = models.ForeignKey(
        Lane,
        verbose_name=_("queue"),
        on_delete=models.CASCADE,
        related_name="deliveries",
        db_index=False,
    )
    subscriber = models.BigIntegerField(_("subscriber"), default=0)
    channel = models.CharField(_("way"), max_length=8, choices=Channel.choices)
    district = models.ForeignKey(
        "places.Place",
        verbose_name=_("district"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
    )
    language = models.CharField(_("language"), max_length=2)
    priority = models.PositiveSmallIntegerField(_("most urgent first"))
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.QUEUED)
    again = models.PositiveSmallIntegerField(_("sent again by a person"), default=0)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    written_at = models.DateTimeField(_("written"))
    done_at = models.DateTimeField(_("done"), null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("alert delivery")
        verbose_name_plural = _("alert deliveries")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["lane", "priority", "id"],
                name="alertdelivery_queue",
                condition=Q(state="queued"),
            ),
            models.Index(
                fields=["next_try_at"], name="alertdelivery_later", condition=Q(state="waiting")
            ),
            models.Index(
                fields=["version", "state", "channel", "district"], name="alertdelivery_board"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "target", "subscriber"], name="alertdelivery_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"


class Receipt(models.Model):
    """What became known of a delivery, and when; rows are only added."""

    class Event(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        DELIVERED = "delivered", _("Delivered")
        ACKNOWLEDGED = "acked", _("Acknowledged")
        PLAYED = "played", _("Played")
        FAILED = "failed", _("Failed")
        REFUSED = "refused", _("Refused")
        TRIED = "tried", _("Tried, again later")
        EXPIRED = "expired", _("Too late")

    delivery = models.ForeignKey(
        Delivery,
        verbose_name=_("alert delivery"),
        on_delete=models.CASCADE,
        related_name="receipts",
        db_index=False,
    )
    attempt = models.PositiveIntegerField(_("attempt"))
    event = models.CharField(_("what happened"), max_length=9, choices=Event.choices)
    at = models.DateTimeField(_("time"))
    detail = models.CharField(_("detail"), max_length=200, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "attempt", "event"], name="receipt_once"),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.event}"
