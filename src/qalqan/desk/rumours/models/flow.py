"""What is known about a claim, and the verdicts given on it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager
from qalqan.desk.rumours.models.claims import Claim


class VerdictValue(models.TextChoices):
    """What the desk holds of a claim."""

    TRUE = "true", _("True")
    FALSE = "false", _("False")
    MISLEADING = "misleading", _("Misleading")
    UNVERIFIABLE = "unverifiable", _("Cannot be checked")


class Evidence(models.Model):
    """One thing that speaks for or against a claim: what a graded source says, and where.

    ``reliability`` is the grade the source had when the item was added; a later grade does not
    change what was known then.
    """

    class Speaks(models.TextChoices):
        AGAINST = "against", _("Against the claim")
        FOR = "for", _("For the claim")
        CONTEXT = "context", _("Explains it")

    claim = models.ForeignKey(
        Claim, verbose_name=_("claim"), on_delete=models.CASCADE, related_name="evidence"
    )
    source = models.ForeignKey(
        "sources.Source", verbose_name=_("source"), on_delete=models.PROTECT, related_name="+"
    )
    reliability = models.CharField(_("reliability of the source"), max_length=1)
    credibility = models.PositiveSmallIntegerField(_("credibility of the item"))
    speaks = models.CharField(_("it speaks"), max_length=7, choices=Speaks.choices)
    text = models.TextField(_("what it says"), max_length=2000)
    url = models.URLField(_("public document"), max_length=500, blank=True)
    found_at = models.DateTimeField(_("found"))
    added_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("added by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    added_at = models.DateTimeField(_("added"))
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("item of evidence")
        verbose_name_plural = _("evidence")
        ordering = ["-found_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reliability__in=["A", "B", "C", "D", "E", "F"]),
                name="evidence_reliability_a_to_f",
            ),
            models.CheckConstraint(
                condition=models.Q(credibility__gte=1, credibility__lte=6),
                name="evidence_credibility_1_to_6",
            ),
            models.CheckConstraint(
                condition=models.Q(url="") | models.Q(url__startswith="https://"),
                name="evidence_link_is_https",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reliability}{self.credibility}: {self.text[:60]}"


class Verdict(models.Model):
    """What the desk held of a claim at a moment, and on which evidence; never changed."""

    claim = models.ForeignKey(
        Claim, verbose_name=_("claim"), on_delete=models.CASCADE, related_name="verdicts"
    )
    value = models.CharField(_("verdict"), max_length=12, choices=VerdictValue.choices)
    reason = models.TextField(_("why"), max_length=1000)
    evidence = models.ManyToManyField(Evidence, verbose_name=_("evidence"), related_name="+")
    as_of = models.DateTimeField(_("newest evidence"))
    given_by = models.ForeignKey(
        "accounts.User",
        verbose_name=_("given by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    given_at = models.DateTimeField(_("given"))
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        ordering = ["-given_at", "-id"]

    def __str__(self) -> str:
        return self.get_value_display()


class TipReference(models.Model):
    """The number by which the sender of a hotline report looks its answer up.

    Only a hash of the number is kept, and beside it the identity of the text; nothing of the
    sender.
    """

    digest = models.CharField(_("hash of the number"), max_length=64, unique=True)
    content_id = models.BinaryField(_("content identity"), max_length=16)
    created_at = models.DateTimeField(_("given"), db_index=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("reference number of a report")
        verbose_name_plural = _("reference numbers of reports")

    def __str__(self) -> str:
        return f"{self.created_at:%Y-%m-%d}"
