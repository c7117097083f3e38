"""Questionnaires in versions: what was asked is never changed afterwards."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.platform.policies import VisibleManager
from qalqan.desk.platform.ui.words import in_language

CODE = RegexValidator(r"\A[a-z][a-z0-9_]{0,39}\Z", _("Small Latin letters, digits and _ only."))


class Questionnaire(models.Model):
    """A set of questions, by its code."""

    code = models.CharField(_("code"), max_length=40, unique=True, validators=[CODE])
    name_kk = models.CharField(_("name in Kazakh"), max_length=200)
    name_ru = models.CharField(_("name in Russian"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("questionnaire")
        verbose_name_plural = _("questionnaires")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self, "name")


class QuestionnaireVersion(models.Model):
    """One version; polls name the version that is asked."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("checklist", "Draft")
        PUBLISHED = "published", pgettext_lazy("checklist", "In use")

    questionnaire = models.ForeignKey(
        Questionnaire,
        verbose_name=_("questionnaire"),
        on_delete=models.PROTECT,
        related_name="versions",
    )
    version = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    digest = models.CharField(_("hash of the questions"), max_length=64, editable=False)
    created_at = models.DateTimeField(_("created"))
    published_at = models.DateTimeField(_("in use since"), null=True, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("version of a questionnaire")
        verbose_name_plural = _("versions of questionnaires")
        ordering = ["questionnaire", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["questionnaire", "version"], name="questionnaire_version_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire} · {self.version}"


class PollQuestion(models.Model):
    """One question of a version."""

    class Kind(models.TextChoices):
        YES_NO = "yes_no", pgettext_lazy("question", "Yes or no")
        ONE = "one", pgettext_lazy("question", "One of several")
        MANY = "many", pgettext_lazy("question", "Several of several")
        SCALE = "scale", pgettext_lazy("question", "Scale")
        INTEGER = "integer", pgettext_lazy("question", "Whole number")
        DECIMAL = "decimal", pgettext_lazy("question", "Number")
        TEXT = "text", pgettext_lazy("question", "Text")

    version = models.ForeignKey(
        QuestionnaireVersion,
        verbose_name=_("version"),
        on_delete=models.CASCADE,
        related_name="questions",
    )
    order = models.PositiveSmallIntegerField(_("order"))
    code = models.CharField(_("code"), max_length=40, validators=[CODE])
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    text_kk = models.CharField(_("question in Kazakh"), max_length=500)
    text_ru = models.CharField(_("question in Russian"), max_length=500)
    text_en = models.CharField(_("question in English"), max_length=500)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    low = models.IntegerField(_("lowest"), null=True, blank=True)
    high = models.IntegerField(_("highest"), null=True, blank=True)
    required = models.BooleanField(_("required"), default=False)
    relevant = models.CharField(_("asked only if"), max_length=500, blank=True)
    counts = models.JSONField(
        _("answers that are counted together"),
        default=list,
        blank=True,
        help_text=_("Codes; the share of those who gave one of them is shown by district."),
    )

    objects = VisibleManager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["version", "order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="poll_question_code_once"),
            models.UniqueConstraint(fields=["version", "order"], name="poll_question_order_once"),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lt=models.F("high")),
                name="poll_question_range",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The question in the reader's language."""
        return in_language(self, "text")
