"""Accounts of operations: what the desk owes the public about an incident or an exercise."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager

LANGUAGES = ("kk", "ru", "en")


class Account(models.Model):
    """The account of one operation; what it says stands in its versions."""

    class About(models.TextChoices):
        INCIDENT = "incident", _("Incident")
        EXERCISE = "exercise", _("Exercise")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("account", "Sent back to the writer")
        WAITING = "waiting", pgettext_lazy("account", "Waiting for a second person")
        PUBLISHED = "published", pgettext_lazy("account", "Published")
        WITHDRAWN = "withdrawn", pgettext_lazy("account", "Withdrawn")

    number = models.PositiveIntegerField(_("number"), unique=True)
    about = models.CharField(_("about"), max_length=8, choices=About.choices)
    happened_on = models.DateField(_("when it happened"))
    url = models.CharField(_("page of the desk"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.WAITING)
    opened_at = models.DateTimeField(_("begun"))
    published_at = models.DateTimeField(_("first published"), null=True, blank=True)
    changed_at = models.DateTimeField(_("last said anew"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawal_kk = models.CharField(_("why withdrawn, Kazakh"), max_length=500, blank=True)
    withdrawal_ru = models.CharField(_("why withdrawn, Russian"), max_length=500, blank=True)
    withdrawal_en = models.CharField(_("why withdrawn, English"), max_length=500, blank=True)
    is_text_hidden = models.BooleanField(_("the text is no longer shown"), default=False)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("account of an operation")
        verbose_name_plural = _("accounts of operations")
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="account_published_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawal_kk="")),
                name="account_withdrawn_says_why",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"№ {self.number}"

    def get_absolute_url(self) -> str:
        """Return the address of the account's page at the desk."""
        return reverse("commission:account", args=[self.pk])

    def withdrawal_in(self, language: str) -> str:
        """Return in a language why it was withdrawn."""
        code = language[:2] if language[:2] in LANGUAGES else LANGUAGES[0]
        return str(getattr(self, f"withdrawal_{code}"))


class AccountVersion(models.Model):
    """One wording of an account in three languages; a row is never rewritten."""

    account = models.ForeignKey(
        Account, verbose_name=_("account of an operation"), on_delete=models.PROTECT,
        related_name="versions",
    )  # fmt: skip
    number = models.PositiveIntegerField(_("version"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("written by"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    written_at = models.DateTimeField(_("written"))
    sent_back_at = models.DateTimeField(_("sent back"), null=True, blank=True)
    sent_back_reason = models.CharField(_("why it was sent back"), max_length=500, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("approved by"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    release = models.ForeignKey(
        "releases.Release", verbose_name=_("release of counts"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip

    objects = VisibleManager()

    class Meta:
        verbose_name = _("version of an account")
        verbose_name_plural = _("versions of accounts")
        ordering = ["account", "number"]
        constraints = [
            models.UniqueConstraint(fields=["account", "number"], name="account_version_once"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("written_by")),
                name="account_not_approved_by_its_writer",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True)
                | Q(approved_by__isnull=False, written_by__isnull=False),
                name="account_approved_by_a_second",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} v{self.number}"

    @property
    def title(self) -> str:
        """The title in the reader's language."""
        return self.said(get_language() or LANGUAGES[0]).title

    def said(self, language: str) -> AccountText:
        """Return what it says in a language."""
        texts = {row.language: row for row in self.texts.all()}
        return texts.get(language[:2]) or texts[LANGUAGES[0]]


class AccountText(models.Model):
    """What a version says in one language."""

    version = models.ForeignKey(
        AccountVersion, verbose_name=_("version of an account"), on_delete=models.PROTECT,
        related_name="texts",
    )  # fmt: skip
    language = models.CharField(_("language"), max_length=2, choices=[(c, c) for c in LANGUAGES])
    title = models.CharField(_("title"), max_length=200)
    happened = models.TextField(_("what happened"), max_length=6000)
    legal_basis = models.TextField(_("legal basis"), max_length=3000)
    force_used = models.TextField(_("force used, and why"), max_length=4000)
    harm = models.TextField(_("harm to people and property, in words"), max_length=3000)
    review = models.TextField(_("review: by whom, and how far it is"), max_length=3000)
    questions = models.TextField(_("open questions"), max_length=3000)
    note = models.CharField(_("what was corrected, and why"), max_length=500, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("text of an account")
        verbose_name_plural = _("texts of accounts")
        ordering = ["version", "language"]
        constraints = [
            models.UniqueConstraint(fields=["version", "language"], name="account_text_once"),
        ]

    def __str__(self) -> str:
        return self.title


class AccountHarm(models.Model):
    """How many were harmed, by group; small counts are never shown as they are."""

    class Group(models.TextChoices):
        BYSTANDERS = "bystanders", _("People who were not involved")
        OPPONENTS = "opponents", _("People against whom force was used")
        OFFICERS = "officers", _("Officers")

    class Kind(models.TextChoices):
        KILLED = "killed", pgettext_lazy("harm", "killed")
        INJURED = "injured", pgettext_lazy("harm", "injured")

    version = models.ForeignKey(
        AccountVersion, verbose_name=_("version of an account"), on_delete=models.PROTECT,
        related_name="harms",
    )  # fmt: skip
    group = models.CharField(_("group"), max_length=10, choices=Group.choices)
    kind = models.CharField(_("harm"), max_length=7, choices=Kind.choices)
    count = models.PositiveIntegerField(_("how many"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("harm told in an account")
        verbose_name_plural = _("harm told in accounts")
        ordering = ["version", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "group", "kind"], name="account_harm_once"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.group}/{self.kind}"
