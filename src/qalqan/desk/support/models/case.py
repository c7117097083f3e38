"""A case: random numbers, coarse dates and sealed fields; nothing else is stored of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager
from qalqan.desk.support.models.people import Helper


class Case(models.Model):
    """Voluntary help under consent; what it is about stands in sealed entries only."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        CLOSED = "closed", _("closed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OPEN)
    owner = models.ForeignKey(
        Helper,
        verbose_name=_("who looks after it"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="owned",
    )
    generation = models.PositiveIntegerField(_("generation of the key"), default=1)
    must_rekey = models.BooleanField(_("needs a new key"), default=False)
    code_hash = models.CharField(_("hash of the code"), max_length=64, unique=True)
    code_key = models.BinaryField(_("public key of the code"))
    review_on = models.DateField(
        _("next review"), help_text=_("The first day of a month, so that it tells no day.")
    )
    reviews = models.PositiveSmallIntegerField(_("reviews held"), default=0)
    expires_on = models.DateField(_("erased by itself"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("support case")
        verbose_name_plural = _("support cases")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["expires_on"], name="support_case_end"),
            models.Index(fields=["review_on"], name="support_case_review"),
        ]

    def __str__(self) -> str:
        return self.id.hex[:8]


class Wrap(models.Model):
    """The case's key for one holder: a worker, or, without one, whoever has the code."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case, verbose_name=_("case"), on_delete=models.CASCADE, related_name="wraps"
    )
    helper = models.ForeignKey(
        Helper,
        verbose_name=_("support worker"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="wraps",
    )
    wrapped = models.BinaryField(_("wrapped key"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("wrapped key")
        verbose_name_plural = _("wrapped keys")
        constraints = [
            models.UniqueConstraint(fields=["case", "helper"], name="wrap_once"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(helper__isnull=True), name="wrap_one_code"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Entry(models.Model):
    """One sealed field of a case."""

    class Field(models.TextChoices):
        PSEUDONYM = "pseudonym", _("pseudonym")
        REQUEST = "request", _("what help is asked for")
        CONSENTS = "consents", _("consents")
        STEP = "step", _("step of the plan")
        NOTE = "note", _("note")
        REVIEW = "review", _("review held")
        CLOSING = "closing", _("reason for closing")
        ENVELOPE = "envelope", _("sealed envelope")
        ORDER = "order", _("court order")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case, verbose_name=_("case"), on_delete=models.CASCADE, related_name="entries"
    )
    field = models.CharField(_("field"), max_length=10, choices=Field.choices)
    version = models.PositiveIntegerField(_("version"), default=1)
    sealed = models.BinaryField(_("sealed text"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("sealed entry")
        verbose_name_plural = _("sealed entries")
        ordering = ["id"]

    def __str__(self) -> str:
        return str(self.id)


class Sight(models.Model):
    """That somebody opened a case, for the sheet "Who has seen my case"; goes with the case."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case, verbose_name=_("case"), on_delete=models.CASCADE, related_name="sights"
    )
    helper = models.ForeignKey(
        Helper,
        verbose_name=_("who"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    label = models.CharField(_("name at the desk"), max_length=200)
    act = models.CharField(_("what was done"), max_length=20)
    at = models.DateTimeField(_("when"))
    order = models.ForeignKey(
        "CourtOrder",
        verbose_name=_("court order"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = VisibleManager()

    class Meta:
        verbose_name = _("opening of a case")
        verbose_name_plural = _("openings of cases")
        ordering = ["at"]

    def __str__(self) -> str:
        return str(self.id)


class CourtOrder(models.Model):
    """A court's order to hand a case out: two workers, in the record, and the helped one told."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(
        Case, verbose_name=_("case"), on_delete=models.CASCADE, related_name="orders"
    )
    asked_by = models.ForeignKey(
        Helper, verbose_name=_("entered by"), on_delete=models.PROTECT, related_name="+"
    )
    confirmed_by = models.ForeignKey(
        Helper,
        verbose_name=_("confirmed by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    silent_until = models.DateField(
        _("the helped one may not be told until"), null=True, blank=True
    )
    handed_on = models.DateField(_("handed out"), null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("court order")
        verbose_name_plural = _("court orders")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=models.F("asked_by")),
                name="order_two_workers",
            ),
            models.CheckConstraint(
                condition=Q(handed_on__isnull=True) | Q(confirmed_by__isnull=False),
                name="order_handed_after_second",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)
