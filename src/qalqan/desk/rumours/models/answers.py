"""The answers given to claims, in all their versions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager
from qalqan.desk.rumours.models.claims import Claim
from qalqan.desk.rumours.models.flow import VerdictValue

LANGUAGES = ("kk", "ru", "en")
"""The languages an answer is given in, in the order in which they are shown."""


class Answer(models.Model):
    """The reply to a claim; what it says stands in its versions."""

    Verdict = VerdictValue

    class State(models.TextChoices):
        DRAFT = "draft", _("Sent back to the writer")
        WAITING = "waiting", _("Waiting for approval")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Withdrawal(models.TextChoices):
        WRONG = "wrong", _("It was wrong.")
        FACTS_CHANGED = "facts_changed", _("What is known has changed.")
        HARM = "harm", _("It could have done harm.")

    claim = models.ForeignKey(
        Claim, verbose_name=_("claim"), on_delete=models.CASCADE, related_name="answers"
    )
    verdict = models.CharField(_("verdict"), max_length=12, choices=VerdictValue.choices)
    state = models.CharField(_("state"), max_length=9, choices=State.choices)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    changed_at = models.DateTimeField(_("last said anew"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawal = models.CharField(
        _("why it was withdrawn"), max_length=13, choices=Withdrawal.choices, blank=True
    )
    is_from_elsewhere = models.BooleanField(
        _("published before this desk published itself"), default=False
    )
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
        constraints = [
            # One answer a claim at a time; a withdrawn one makes room for the next.
            models.UniqueConstraint(
                fields=["claim"],
                condition=~Q(state="withdrawn") & Q(is_from_elsewhere=False),
                name="answer_one_live_a_claim",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="answer_published_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawal="")),
                name="answer_withdrawn_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} ({self.get_state_display()})"


class AnswerVersion(models.Model):
    """One wording of an answer in three languages; a row is never rewritten.

    ``note_*`` says in a correction what was corrected; it is shown with the answer.
    """

    answer = models.ForeignKey(
        Answer, verbose_name=_("answer"), on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveIntegerField(_("version"))
    verdict = models.CharField(_("verdict"), max_length=12, choices=VerdictValue.choices)
    verdict_as_of = models.DateTimeField(_("newest evidence"), null=True, blank=True)
    headline_kk = models.CharField(_("headline, Kazakh"), max_length=160)
    headline_ru = models.CharField(_("headline, Russian"), max_length=160)
    headline_en = models.CharField(_("headline, English"), max_length=160)
    text_kk = models.TextField(_("answer, Kazakh"), max_length=4000)
    text_ru = models.TextField(_("answer, Russian"), max_length=4000)
    text_en = models.TextField(_("answer, English"), max_length=4000)
    note_kk = models.CharField(_("what was corrected, Kazakh"), max_length=300, blank=True)
    note_ru = models.CharField(_("what was corrected, Russian"), max_length=300, blank=True)
    note_en = models.CharField(_("what was corrected, English"), max_length=300, blank=True)
    words = models.TextField(_("words to find it by"), blank=True)
    warnings = models.JSONField(_("warnings that were overridden"), default=list, blank=True)
    override_reason = models.CharField(
        _("why the warnings were overridden"), max_length=300, blank=True
    )
    written_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("written by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    written_at = models.DateTimeField(_("written"))
    sent_back_at = models.DateTimeField(_("sent back"), null=True, blank=True)
    sent_back_reason = models.CharField(_("why it was sent back"), max_length=300, blank=True)
    approved_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("approved by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    is_from_elsewhere = models.BooleanField(
        _("published before this desk published itself"), default=False
    )

    objects = VisibleManager()

    class Meta:
        verbose_name = _("version of an answer")
        verbose_name_plural = _("versions of answers")
        ordering = ["answer_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "number"], name="answer_version_once"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("written_by")),
                name="answer_not_approved_by_its_writer",
            ),
            # Without a known writer and a known second person nothing counts as approved.
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True)
                | Q(is_from_elsewhere=True)
                | (Q(approved_by__isnull=False) & Q(written_by__isnull=False)),
                name="answer_approved_by_a_second",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.answer_id} v{self.number}: {self.headline}"

    def said(self, field: str, language: str) -> str:
        """Return the headline, text or note in a language, or in the first one that has it."""
        first = language if language in LANGUAGES else LANGUAGES[0]
        for code in (first, *LANGUAGES):
            if text := getattr(self, f"{field}_{code}"):
                return str(text)
        return ""

    @property
    def headline(self) -> str:
        """The headline in the reader's language."""
        return self.said("headline", get_language() or "kk")

    @property
    def text(self) -> str:
        """The text in the reader's language."""
        return self.said("text", get_language() or "kk")


class Publication(models.Model):
    """One act of publishing: a first answer, a correction, a repetition, a withdrawal."""

    class Kind(models.TextChoices):
        FIRST = "first", _("Published")
        CORRECTION = "correction", _("Corrected")
        REPEAT = "repeat", _("Said again")
        WITHDRAWAL = "withdrawal", _("Withdrawn")

    answer = models.ForeignKey(
        Answer, verbose_name=_("answer"), on_delete=models.CASCADE, related_name="publications"
    )
    version = models.ForeignKey(
        AnswerVersion, verbose_name=_("version"), on_delete=models.CASCADE, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    at = models.DateTimeField(_("time"))
    by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = VisibleManager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.answer_id}: {self.kind}"
