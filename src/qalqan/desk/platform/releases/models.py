"""What was published of which counts, what was refused, and why."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager


class Series(models.Model):
    """Tables of the same kind, published again and again."""

    class Bond(models.TextChoices):
        SEPARATE = "separate", _("different counts each time")
        SAME = "same", _("the same counts again")
        GROWS = "grows", _("counts that only grow")

    code = models.CharField(_("code"), max_length=80, unique=True)
    bond = models.CharField(
        _("how editions hang together"), max_length=8, choices=Bond.choices, default=Bond.SEPARATE
    )
    linked = models.ManyToManyField("self", verbose_name=_("linked series"), blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("series of releases")
        verbose_name_plural = _("series of releases")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code


class Release(models.Model):
    """One attempt to publish an edition of a series; refused ones keep their reasons."""

    class State(models.TextChoices):
        PUBLISHED = "published", _("published")
        REFUSED = "refused", _("refused")

    class Proof(models.TextChoices):
        OPTIMAL = "optimal", _("proven cheapest")
        TIME = "time_limit", _("time was over")
        NONE = "", _("none")

    series = models.ForeignKey(
        Series, verbose_name=_("series"), on_delete=models.PROTECT, related_name="releases"
    )
    edition = models.CharField(_("edition"), max_length=60)
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=9, choices=State.choices)
    threshold = models.PositiveIntegerField(_("threshold"))
    cells = models.PositiveIntegerField(_("cells"))
    withheld = models.PositiveIntegerField(_("cells withheld"))
    cost = models.FloatField(_("sum of the counts withheld to protect others"), null=True)
    bound = models.FloatField(_("no pattern costs less"), null=True)
    proof = models.CharField(_("proof"), max_length=10, choices=Proof.choices, blank=True)
    reasons = models.JSONField(_("reasons"), default=list)
    released_at = models.DateTimeField(_("released"))
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("release of counts")
        verbose_name_plural = _("releases of counts")
        ordering = ["-released_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "edition", "number"], name="release_number_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.series_id} {self.edition} ({self.number})"


class ReleasedTable(models.Model):
    """One table as it was published, and sealed the counts that were not."""

    release = models.ForeignKey(
        Release, verbose_name=_("release"), on_delete=models.PROTECT, related_name="tables"
    )
    name = models.CharField(_("table"), max_length=120)
    position = models.PositiveSmallIntegerField(_("position"))
    dimensions = models.JSONField(_("dimensions"))
    hierarchies = models.JSONField(_("hierarchies"), default=dict)
    cells = models.JSONField(
        _("cells"), help_text=_("Labels and count; no count where it is withheld.")
    )
    sealed = models.BinaryField(
        _("sealed counts"),
        help_text=_("What is withheld; later editions are attacked with it in mind."),
    )

    objects = VisibleManager()

    class Meta:
        verbose_name = _("released table")
        verbose_name_plural = _("released tables")
        ordering = ["release", "position"]

    def __str__(self) -> str:
        return self.name
