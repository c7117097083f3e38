"""Formal notices: what is to be mended until when, every step, the owner's proof and its check."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.platform.policies import VisibleManager
from qalqan.desk.protection.models.finding import Violation
from qalqan.desk.protection.models.site import Site, StoredFile


class Notice(models.Model):
    """One formal warning to one site; its number is given once and never again."""

    class State(models.TextChoices):
        ISSUED = "issued", pgettext_lazy("notice", "open")
        ANSWERED = "answered", pgettext_lazy("notice", "proof waits for its check")
        MENDED = "mended", pgettext_lazy("notice", "mended and verified")
        WITHDRAWN = "withdrawn", pgettext_lazy("notice", "withdrawn")

    year = models.PositiveSmallIntegerField(_("year"))
    number = models.PositiveIntegerField(_("number within the year"))
    site = models.ForeignKey(
        Site, verbose_name=_("site"), on_delete=models.PROTECT, related_name="notices"
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=[("kk", _("Kazakh")), ("ru", _("Russian")), ("en", _("English"))],
    )
    issued_at = models.DateTimeField(_("issued"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("issued by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    first_deadline = models.DateField(_("deadline as first set"))
    deadline = models.DateField(_("deadline"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.ISSUED)
    mended_on = models.DateField(_("day of the last accepted proof"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    owed = models.ForeignKey(
        "work.WorkItem",
        verbose_name=_("work of whoever must mend it"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    checking = models.ForeignKey(
        "work.WorkItem",
        verbose_name=_("work of whoever checks the proof"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-year", "-number"]
        indexes = [
            models.Index(fields=["state", "deadline"], name="notice_by_deadline"),
            models.Index(fields=["site", "-issued_at"], name="notice_of_site"),
            models.Index(fields=["-issued_at"], name="notice_newest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="notice_number_once"),
            models.CheckConstraint(
                condition=(
                    Q(state__in=["issued", "answered"], closed_at__isnull=True)
                    | Q(state__in=["mended", "withdrawn"], closed_at__isnull=False)
                ),
                name="notice_closed_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Return the address of the notice's page."""
        return reverse("protection:notice", args=[self.pk])

    @property
    def reference(self) -> str:
        """The number as it stands on paper."""
        return f"{self.year}-{self.number:04d}"

    @property
    def is_live(self) -> bool:
        """Tell whether something is still owed."""
        return self.state in (self.State.ISSUED, self.State.ANSWERED)


class NoticeItem(models.Model):
    """One violation on a notice, in the words in which it was notified."""

    notice = models.ForeignKey(
        Notice, verbose_name=_("notice"), on_delete=models.CASCADE, related_name="items"
    )
    violation = models.ForeignKey(
        Violation, verbose_name=_("violation"), on_delete=models.PROTECT, related_name="items"
    )
    order = models.PositiveSmallIntegerField(_("order"))
    text = models.CharField(_("what must be so"), max_length=500)
    note = models.CharField(_("what was found"), max_length=1000, blank=True)
    legal_ground = models.CharField(_("legal ground"), max_length=300, blank=True)
    severity = models.CharField(_("severity"), max_length=8, choices=Violation.Severity.choices)
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("violation on a notice")
        verbose_name_plural = _("violations on notices")
        ordering = ["notice", "order"]
        constraints = [
            models.UniqueConstraint(fields=["notice", "violation"], name="notice_item_once"),
        ]

    def __str__(self) -> str:
        return self.text


class NoticeStep(models.Model):
    """One thing that happened to a notice; steps are only added."""

    class Kind(models.TextChoices):
        ISSUED = "issued", pgettext_lazy("notice step", "Issued")
        LINK = "link", pgettext_lazy("notice step", "Link for the owner made")
        OPENED = "opened", pgettext_lazy("notice step", "Opened by the owner")
        REMINDED = "reminded", pgettext_lazy("notice step", "Reminded")
        EXTENDED = "extended", pgettext_lazy("notice step", "Deadline extended")
        PROOF = "proof", pgettext_lazy("notice step", "Proof handed in")
        ACCEPTED = "accepted", pgettext_lazy("notice step", "Proof accepted")
        RETURNED = "returned", pgettext_lazy("notice step", "Proof returned")
        MENDED = "mended", pgettext_lazy("notice step", "Mended")
        WITHDRAWN = "withdrawn", pgettext_lazy("notice step", "Withdrawn")
        RECURRED = "recurred", pgettext_lazy("notice step", "Found again by an inspection")

    class Audience(models.TextChoices):
        OWNER = "owner", pgettext_lazy("reminder", "the owner")
        BODY = "body", pgettext_lazy("reminder", "the body in charge")
        COMMISSION = "commission", pgettext_lazy("reminder", "the commission")

    notice = models.ForeignKey(
        Notice, verbose_name=_("notice"), on_delete=models.CASCADE, related_name="steps"
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
    text = models.CharField(_("reason"), max_length=500, blank=True)
    deadline_before = models.DateField(_("deadline before"), null=True, blank=True)
    deadline_after = models.DateField(_("deadline after"), null=True, blank=True)
    rung = models.SmallIntegerField(_("rung of the ladder"), null=True, blank=True)
    audience = models.CharField(
        _("who is told"), max_length=12, choices=Audience.choices, blank=True
    )

    objects = VisibleManager()

    class Meta:
        verbose_name = _("step of a notice")
        verbose_name_plural = _("steps of notices")
        ordering = ["notice", "at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "rung", "deadline_before"],
                condition=Q(kind="reminded"),
                name="notice_rung_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice}: {self.get_kind_display()}"


class Remedy(models.Model):
    """What an owner hands in to prove that one violation is mended."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("proof", "waits for its check")
        ACCEPTED = "accepted", pgettext_lazy("proof", "accepted")
        RETURNED = "returned", pgettext_lazy("proof", "returned")

    item = models.ForeignKey(
        NoticeItem,
        verbose_name=_("violation on a notice"),
        on_delete=models.PROTECT,
        related_name="remedies",
    )
    text = models.CharField(_("what was done"), max_length=1000)
    handed_in_at = models.DateTimeField(_("handed in"))
    handed_in_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("entered by"),
        help_text=_("Empty: the owner, through their link."),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("checked by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("checked"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("proof")
        verbose_name_plural = _("proofs")
        ordering = ["item", "handed_in_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(state="waiting"), name="remedy_one_waits"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(handed_in_by__isnull=True)
                | ~Q(decided_by=F("handed_in_by")),
                name="remedy_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(decided_at__isnull=False),
                name="remedy_decided_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.get_state_display()}"


class RemedyFile(models.Model):
    """A picture or paper of a proof."""

    remedy = models.ForeignKey(
        Remedy, verbose_name=_("proof"), on_delete=models.CASCADE, related_name="files"
    )
    file = models.OneToOneField(
        StoredFile, verbose_name=_("file"), on_delete=models.PROTECT, related_name="+"
    )

    objects = VisibleManager()

    class Meta:
        verbose_name = _("file of a proof")
        verbose_name_plural = _("files of proofs")
        ordering = ["remedy", "pk"]

    def __str__(self) -> str:
        return f"{self.remedy_id}: {self.file_id}"


class OwnerLink(models.Model):
    """A way in for an owner without an account: only hashes of the link and of its code."""

    notice = models.ForeignKey(
        Notice, verbose_name=_("notice"), on_delete=models.CASCADE, related_name="links"
    )
    token_hash = models.CharField(_("hash of the link"), max_length=64, unique=True)
    code_hash = models.CharField(_("hash of the code"), max_length=64)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("made by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    made_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("expires"))
    attempts = models.PositiveSmallIntegerField(_("wrong codes"), default=0)
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)
    browser_hash = models.CharField(_("hash of the browser's key"), max_length=64, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("link for an owner")
        verbose_name_plural = _("links for owners")
        ordering = ["-made_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice"], condition=Q(revoked_at__isnull=True), name="owner_link_one_live"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice} {self.made_at:%Y-%m-%d}"
