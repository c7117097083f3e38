"""How messages come in: runs over files, polled feeds, tokens of the API, what waits."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager


class Format(models.TextChoices):
    """The shapes of files that are understood."""

    CSV = "csv", _("Table (CSV)")
    TSV = "tsv", _("Table with tabs (TSV)")
    JSONL = "jsonl", _("JSON lines")
    TELEGRAM = "telegram", _("Telegram export")
    FEED = "feed", _("RSS or Atom")


class MessageKind(models.TextChoices):
    """What sort of messages a file or feed brings."""

    POST = "post", _("Posts")
    HOTLINE = "hotline", _("Hotline reports")
    NEWS = "news", _("News items")


class ImportRun(models.Model):
    """One file on its way in; a run that was cut short goes on where it stopped."""

    class State(models.TextChoices):
        CHECKING = "checking", _("Being checked")
        WAITING = "waiting", _("Waiting for the worker")
        RUNNING = "running", _("Being stored")
        DONE = "done", _("Done")
        REFUSED = "refused", _("Refused")

    file_name = models.CharField(_("file"), max_length=200)
    file_digest = models.CharField(_("digest of the file"), max_length=32, db_index=True)
    format = models.CharField(_("format"), max_length=8, choices=Format.choices)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    kind = models.CharField(
        _("kind of messages"), max_length=7, choices=MessageKind.choices, default="post"
    )
    source_name = models.CharField(_("channel, where the file names none"), max_length=200)
    keep_good = models.BooleanField(_("take the good rows of a bad file"), default=False)
    state = models.CharField(_("state"), max_length=8, choices=State.choices)
    position = models.PositiveBigIntegerField(_("records done"), default=0)
    total = models.PositiveBigIntegerField(_("records in the file"), null=True, blank=True)
    stored = models.PositiveBigIntegerField(_("stored"), default=0)
    known = models.PositiveBigIntegerField(_("known already"), default=0)
    rejected = models.PositiveBigIntegerField(_("rejected"), default=0)
    errors = models.JSONField(_("errors"), default=list, blank=True)
    stored_file = models.CharField(_("kept copy"), max_length=80, blank=True)
    started_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("started by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    started_at = models.DateTimeField(_("started"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("import run")
        verbose_name_plural = _("import runs")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name


class Feed(models.Model):
    """An RSS or Atom feed that the worker polls."""

    source = models.OneToOneField(
        "sources.Source", verbose_name=_("source"), on_delete=models.PROTECT, related_name="+"
    )
    url = models.URLField(_("address"), max_length=500, unique=True)
    kind = models.CharField(
        _("kind of messages"), max_length=7, choices=MessageKind.choices, default="news"
    )
    is_active = models.BooleanField(_("polled"), default=True)
    every_minutes = models.PositiveSmallIntegerField(_("minutes between polls"), default=15)
    etag = models.CharField(_("version tag of the last answer"), max_length=200, blank=True)
    last_modified = models.CharField(_("date of the last answer"), max_length=60, blank=True)
    next_poll_at = models.DateTimeField(_("next poll"), db_index=True)
    polled_at = models.DateTimeField(_("last poll"), null=True, blank=True)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    last_error = models.CharField(_("last error"), max_length=300, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("feed")
        verbose_name_plural = _("feeds")
        ordering = ["url"]

    def __str__(self) -> str:
        return self.url


class ApiToken(models.Model):
    """A key of a program that hands in messages; only its hash is kept."""

    class Scope(models.TextChoices):
        MESSAGES = "messages", _("Hand in messages")

    name = models.CharField(_("name"), max_length=100, unique=True)
    source = models.ForeignKey(
        "sources.Source", verbose_name=_("source"), on_delete=models.PROTECT, related_name="+"
    )
    scope = models.CharField(
        _("scope"), max_length=10, choices=Scope.choices, default=Scope.MESSAGES
    )
    digest = models.CharField(_("hash"), max_length=64, unique=True)
    hint = models.CharField(_("first letters"), max_length=8)
    created_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("created by"),
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
    )
    created_at = models.DateTimeField(_("created"))
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    used_at = models.DateTimeField(_("last used"), null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Waiting(models.Model):
    """A screened message that was accepted and waits to be stored with its claim.

    Finding a message's claim needs an index in memory that a web process need not hold; so
    what comes in through the web is written here first, and the worker stores it.
    """

    content_id = models.BinaryField(_("content identity"), max_length=16, unique=True)
    kind = models.CharField(_("kind"), max_length=7, choices=MessageKind.choices)
    source = models.ForeignKey(
        "sources.Source", verbose_name=_("source"), on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField(_("text"))
    language = models.CharField(_("language"), max_length=7)
    published_at = models.DateTimeField(_("published"))
    place = models.ForeignKey(
        "places.Place",
        verbose_name=_("place"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    accepted_at = models.DateTimeField(_("accepted"))
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("waiting message")
        verbose_name_plural = _("waiting messages")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text[:80]
