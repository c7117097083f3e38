"""Checklists in versions: a published version is never changed, so an answer keeps its question."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.platform.policies import VisibleManager
from qalqan.desk.platform.ui.words import in_language

CODE = RegexValidator(r"\A[a-z][a-z0-9_]{0,39}\Z", _("Small Latin letters, digits and _ only."))


class Checklist(models.Model):
    """What is asked at sites of some kinds."""

    code = models.CharField(_("code"), max_length=40, unique=True, validators=[CODE])
    name_kk = models.CharField(_("name in Kazakh"), max_length=200)
    name_ru = models.CharField(_("name in Russian"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)
    categories = models.JSONField(
        _("categories of sites it is for"),
        default=list,
        blank=True,
        help_text=_("Empty: for every category."),
    )
    is_shipped = models.BooleanField(_("comes with Qalqan"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return in_language(self, "name")


class ChecklistVersion(models.Model):
    """One version of a checklist; inspections name the version that was asked."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("checklist", "Draft")
        PUBLISHED = "published", pgettext_lazy("checklist", "In use")
        RETIRED = "retired", pgettext_lazy("checklist", "No longer in use")

    checklist = models.ForeignKey(
        Checklist, verbose_name=_("checklist"), on_delete=models.PROTECT, related_name="versions"
    )
    version = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    digest = models.CharField(_("hash of the questions"), max_length=64, editable=False)
    source_note = models.CharField(_("written from"), max_length=500, blank=True)
    days_after_pass = models.PositiveSmallIntegerField(
        _("days to the next inspection after a pass"), default=365
    )
    days_after_minor = models.PositiveSmallIntegerField(_("days after minor failures"), default=180)
    days_after_serious = models.PositiveSmallIntegerField(
        _("days after serious failures"), default=30
    )
    created_at = models.DateTimeField(_("created"))
    published_at = models.DateTimeField(_("in use since"), null=True, blank=True)
    retired_at = models.DateTimeField(_("in use until"), null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("version of a checklist")
        verbose_name_plural = _("versions of checklists")
        ordering = ["checklist", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["checklist", "version"], name="checklist_version_once"),
            models.UniqueConstraint(
                fields=["checklist"],
                condition=Q(state="published"),
                name="checklist_one_version_in_use",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.checklist} · {self.version}"

    def days_after(self, result: str) -> int:
        """Return after how many days a site with this result is due again."""
        return int(getattr(self, f"days_after_{result}"))


class Question(models.Model):
    """One question of a version."""

    class Kind(models.TextChoices):
        YES_NO = "yes_no", pgettext_lazy("question", "Yes or no")
        CHOICE = "choice", pgettext_lazy("question", "One of several")
        INTEGER = "integer", pgettext_lazy("question", "Whole number")
        DECIMAL = "decimal", pgettext_lazy("question", "Number")
        TEXT = "text", pgettext_lazy("question", "Text")
        DATE = "date", pgettext_lazy("question", "Date")

    class Severity(models.TextChoices):
        NONE = "none", pgettext_lazy("severity of a failure", "No violation")
        MINOR = "minor", pgettext_lazy("severity of a failure", "Minor")
        SERIOUS = "serious", pgettext_lazy("severity of a failure", "Serious")

    version = models.ForeignKey(
        ChecklistVersion,
        verbose_name=_("version"),
        on_delete=models.CASCADE,
        related_name="questions",
    )
    order = models.PositiveSmallIntegerField(_("order"))
    code = models.CharField(_("code"), max_length=40, validators=[CODE])
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    section_kk = models.CharField(_("section in Kazakh"), max_length=200, blank=True)
    section_ru = models.CharField(_("section in Russian"), max_length=200, blank=True)
    section_en = models.CharField(_("section in English"), max_length=200, blank=True)
    text_kk = models.CharField(_("question in Kazakh"), max_length=500)
    text_ru = models.CharField(_("question in Russian"), max_length=500)
    text_en = models.CharField(_("question in English"), max_length=500)
    hint_kk = models.CharField(_("hint in Kazakh"), max_length=500, blank=True)
    hint_ru = models.CharField(_("hint in Russian"), max_length=500, blank=True)
    hint_en = models.CharField(_("hint in English"), max_length=500, blank=True)
    choices = models.JSONField(
        _("answers to choose from"),
        default=list,
        blank=True,
        help_text=_("A list of {code, kk, ru, en}."),
    )
    required = models.BooleanField(_("required"), default=True)
    weight = models.PositiveSmallIntegerField(
        _("weight"), default=1, validators=[MaxValueValidator(100)]
    )
    pictures_required = models.PositiveSmallIntegerField(
        _("pictures required"), default=0, validators=[MinValueValidator(0), MaxValueValidator(10)]
    )
    relevant = models.CharField(_("asked only if"), max_length=500, blank=True)
    constraint = models.CharField(_("answer must satisfy"), max_length=500, blank=True)
    fails_if = models.CharField(
        _("fails if"),
        max_length=500,
        blank=True,
        help_text=_("An expression; '.' is the answer. Empty: 'no' fails a yes-or-no question."),
    )
    severity = models.CharField(
        _("severity if failed"), max_length=8, choices=Severity.choices, default=Severity.MINOR
    )
    legal_ground = models.CharField(_("legal ground"), max_length=300, blank=True)
    days_to_mend = models.PositiveSmallIntegerField(_("days to mend"), default=30)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["version", "order"]
        constraints = [
            models.UniqueConstraint(fields=["version", "code"], name="question_code_once"),
            models.UniqueConstraint(fields=["version", "order"], name="question_order_once"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """The question in the reader's language."""
        return in_language(self, "text")

    @property
    def section(self) -> str:
        """The section's heading in the reader's language."""
        return in_language(self, "section")

    @property
    def hint(self) -> str:
        """The hint in the reader's language."""
        return in_language(self, "hint")
