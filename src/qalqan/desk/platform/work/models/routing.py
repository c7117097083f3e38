"""Rules that say who gets work, each in numbered versions, and what they said of which item.

A rule can ask for the kind of work, the area, the language and the severity, and for nothing
else: there is no column for who reported, wrote or is meant, so no rule can be about a person.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.platform.policies import Role, VisibleManager


class Severity(models.TextChoices):
    """How grave the matter is, in the words that all rooms share."""

    THREAT_TO_LIFE = "threat_to_life", _("Threat to life")
    VIOLENCE = "violence", _("Violence")
    PANIC = "panic", _("Panic")
    SERVICES = "services", pgettext_lazy("severity", "Services")
    OTHER = "other", pgettext_lazy("severity", "Other")


class Language(models.TextChoices):
    """The language that a matter is in."""

    KAZAKH = "kk", _("Kazakh")
    RUSSIAN = "ru", _("Russian")
    ENGLISH = "en", _("English")


class RoutingRule(models.Model):
    """One version of a rule; a version that was ever switched on is never changed again."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("rule", "Draft")
        ON = "on", pgettext_lazy("rule", "In force")
        OVER = "over", pgettext_lazy("rule", "No longer in force")

    number = models.PositiveIntegerField(pgettext_lazy("rule", "number"))
    version = models.PositiveIntegerField(pgettext_lazy("rule", "version"))
    position = models.PositiveSmallIntegerField(_("position"))
    kinds = models.CharField(_("kind of work"), max_length=60)
    area = models.ForeignKey(
        "places.Place", verbose_name=_("area"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, blank=True)
    severity = models.CharField(_("severity"), max_length=20, choices=Severity.choices, blank=True)
    to_organisation = models.ForeignKey(
        "accounts.Organisation", verbose_name=_("to which body"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    to_role = models.CharField(_("to which role"), max_length=20, choices=Role.choices, blank=True)
    due_within_hours = models.PositiveIntegerField(_("due within, hours"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    state = models.CharField(_("state"), max_length=5, choices=State.choices, default=State.DRAFT)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("written by"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    made_at = models.DateTimeField(_("written"))
    tried_at = models.DateTimeField(_("tried out"), null=True, blank=True)
    tried_on = models.PositiveIntegerField(_("tried out on so many items"), default=0)
    would_move = models.PositiveIntegerField(_("would have moved"), default=0)
    valid_from = models.DateTimeField(_("in force since"), null=True, blank=True)
    valid_until = models.DateTimeField(_("in force until"), null=True, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("rule of routing")
        verbose_name_plural = _("rules of routing")
        ordering = ["position", "number", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["number", "version"], name="rule_version_once"),
            models.UniqueConstraint(
                fields=["number"], condition=Q(state="on"), name="rule_one_version_in_force"
            ),
            models.UniqueConstraint(
                fields=["number"], condition=Q(state="draft"), name="rule_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(to_organisation__isnull=False, to_role="")
                | (Q(to_organisation__isnull=True) & ~Q(to_role="")),
                name="rule_names_a_body_or_a_role",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", valid_from__isnull=True, valid_until__isnull=True)
                | Q(state="on", tried_at__isnull=False, valid_from__isnull=False,
                    valid_until__isnull=True)
                | Q(state="over", tried_at__isnull=False, valid_from__isnull=False,
                    valid_until__isnull=False),
                name="rule_tried_before_in_force",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number}.{self.version}"

    @property
    def target(self) -> str:
        """Whom it names."""
        return str(self.to_organisation) if self.to_organisation_id else self.get_to_role_display()


class Routing(models.Model):
    """Who was named for one piece of work that had nobody, and why; only ever added."""

    class Way(models.TextChoices):
        RULE = "rule", _("by a rule")
        MATRIX = "matrix", _("by the matrix of responsibilities")
        SECRETARY = "secretary", _("to the commission's secretary")

    kind = models.CharField(_("kind"), max_length=60)
    subject = models.CharField(_("subject"), max_length=120)
    since = models.DateTimeField(_("waits since"))
    way = models.CharField(_("how"), max_length=9, choices=Way.choices)
    rule = models.ForeignKey(
        RoutingRule, verbose_name=_("rule"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="routings",
    )  # fmt: skip
    organisation = models.ForeignKey(
        "accounts.Organisation", verbose_name=_("to which body"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    role = models.CharField(_("to which role"), max_length=20, choices=Role.choices, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    area = models.ForeignKey(
        "places.Place", verbose_name=_("area"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    matter = models.CharField(_("matter"), max_length=60, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language.choices, blank=True)
    severity = models.CharField(_("severity"), max_length=20, choices=Severity.choices, blank=True)
    item = models.OneToOneField(
        "work.WorkItem", verbose_name=_("work"), null=True, blank=True, on_delete=models.CASCADE,
        related_name="routing",
    )  # fmt: skip
    routed_at = models.DateTimeField(_("routed"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("routing of work")
        verbose_name_plural = _("routings of work")
        ordering = ["-routed_at", "-id"]
        indexes = [models.Index(fields=["subject", "kind"], name="routing_of_subject")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject", "since"], name="routing_once"),
            models.CheckConstraint(
                condition=Q(way="rule", rule__isnull=False)
                | (~Q(way="rule") & Q(rule__isnull=True)),
                name="routing_by_rule_names_it",
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False) | ~Q(role=""), name="routing_names_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"
