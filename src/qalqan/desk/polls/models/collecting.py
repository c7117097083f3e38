"""What comes in: answers without any identity, counts of outcomes, one-use links, paper."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.platform.policies import VisibleManager
from qalqan.desk.polls.models.poll import DrawnCluster, Poll

AGE_BANDS = ("18_24", "25_34", "35_44", "45_54", "55_64", "65_up")
SEXES = ("f", "m")
SETTLEMENTS = ("city", "town", "rural")


class Batch(models.Model):
    """A run of calls, a pack of paper, a set of links or a file; it bears the outcomes."""

    class Channel(models.TextChoices):
        PHONE = "phone", pgettext_lazy("poll", "Phone")
        PAPER = "paper", pgettext_lazy("poll", "Paper")
        WEB = "web", pgettext_lazy("poll", "Web link")
        FILE = "file", pgettext_lazy("poll", "File of submissions")

    poll = models.ForeignKey(
        Poll, verbose_name=_("poll"), on_delete=models.CASCADE, related_name="batches"
    )
    number = models.PositiveIntegerField(_("number"))
    channel = models.CharField(_("channel"), max_length=6, choices=Channel.choices)
    cluster = models.ForeignKey(
        DrawnCluster, verbose_name=_("drawn area"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="batches",
    )  # fmt: skip
    stratum = models.CharField(_("stratum"), max_length=40, blank=True)
    issued = models.PositiveIntegerField(_("numbers, sheets or links issued"), default=0)
    file_digest = models.CharField(max_length=64, blank=True, editable=False)
    opened_at = models.DateTimeField(_("opened"))
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        ordering = ["poll", "number"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "number"], name="poll_batch_once"),
            models.UniqueConstraint(
                fields=["poll", "file_digest"], condition=~models.Q(file_digest=""),
                name="poll_file_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"№ {self.number}"


class OutcomeCount(models.Model):
    """How many cases of a batch ended with one of AAPOR's final dispositions."""

    class Code(models.TextChoices):
        COMPLETE = "I", _("1.1 Complete interview (I)")
        PARTIAL = "P", _("1.2 Partial interview (P)")
        REFUSAL = "R", _("2.10 Refusal and break-off (R)")
        NON_CONTACT = "NC", _("2.20 Non-contact (NC)")
        OTHER = "O", _("2.30 Other, eligible (O)")
        UNKNOWN_HOUSEHOLD = "UH", _("3.1 Unknown whether a household (UH)")
        UNKNOWN_OTHER = "UO", _("3.2–3.9 Unknown eligibility, other (UO)")
        NOT_ELIGIBLE = "NE", _("4.0 Not eligible")

    batch = models.ForeignKey(
        Batch, verbose_name=_("batch"), on_delete=models.CASCADE, related_name="outcomes"
    )
    code = models.CharField(_("disposition"), max_length=2, choices=Code.choices)
    count = models.PositiveIntegerField(_("cases"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("count of an outcome")
        verbose_name_plural = _("counts of outcomes")
        ordering = ["batch", "code"]
        constraints = [models.UniqueConstraint(fields=["batch", "code"], name="batch_outcome_once")]

    def __str__(self) -> str:
        return f"{self.code}: {self.count}"


def random_key() -> int:
    """Return a key that tells nothing of the order in which answers came in."""
    return 1 + secrets.randbelow(2**63 - 1)


class Response(models.Model):
    """One set of answers: where it belongs in the sample, the day, and nothing of who gave it.

    Its key is drawn at random: keys in order, beside the record of acts, would tell the minute.
    """

    id = models.BigIntegerField(primary_key=True, default=random_key, editable=False)
    poll = models.ForeignKey(
        Poll, verbose_name=_("poll"), on_delete=models.CASCADE, related_name="responses"
    )
    batch = models.ForeignKey(
        Batch, verbose_name=_("batch"), on_delete=models.CASCADE, related_name="responses"
    )
    stratum = models.CharField(_("stratum"), max_length=40, blank=True)
    cluster = models.CharField(_("area"), max_length=40, blank=True)
    district = models.PositiveBigIntegerField(_("district"), null=True, blank=True)
    day = models.DateField(_("day"))
    age_band = models.CharField(_("age band"), max_length=6, blank=True)
    sex = models.CharField(_("sex"), max_length=1, blank=True)
    settlement = models.CharField(_("type of settlement"), max_length=5, blank=True)
    is_partial = models.BooleanField(_("partial"), default=False)
    answers = models.JSONField(_("answers"), default=dict)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("set of answers")
        verbose_name_plural = _("sets of answers")
        ordering = ["poll", "pk"]
        indexes = [models.Index(fields=["poll", "cluster"], name="poll_response_cluster")]

    def __str__(self) -> str:
        return f"{self.poll_id}/{self.pk}"


class WebToken(models.Model):
    """A link of one use. Only its hash is kept, and nothing ties it to the answers it brought."""

    batch = models.ForeignKey(
        Batch, verbose_name=_("batch"), on_delete=models.CASCADE, related_name="tokens"
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    used_on = models.DateField(_("used on"), null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("link of one use")
        verbose_name_plural = _("links of one use")

    def __str__(self) -> str:
        return f"{self.batch_id}/{self.pk}"


class PaperSheet(models.Model):
    """A paper form that is typed in twice; it counts once both entries say the same."""

    class State(models.TextChoices):
        ONCE = "once", pgettext_lazy("sheet", "Entered once")
        DIFFERS = "differs", pgettext_lazy("sheet", "The two entries differ")
        STORED = "stored", pgettext_lazy("sheet", "Entered twice, stored")

    batch = models.ForeignKey(
        Batch, verbose_name=_("batch"), on_delete=models.CASCADE, related_name="sheets"
    )
    number = models.PositiveIntegerField(_("number on the sheet"))
    first = models.JSONField(_("first entry"), default=dict)
    differences = models.JSONField(_("fields that differ"), default=list)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("first entered by"), null=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=8, choices=State.choices)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("paper sheet")
        verbose_name_plural = _("paper sheets")
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="poll_sheet_once")]

    def __str__(self) -> str:
        return f"{self.batch} / {self.number}"
