"""What people and bodies owe, until when, and what was done about it."""

from __future__ import annotations

import re

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.platform.policies import Role, VisibleManager

PAGE_OF_THE_DESK = re.compile(r"^/(?![/\\])[^\\\x00-\x20]*$")
"""An address within the desk; browsers read a backslash or a tab after the slash as another."""


class WorkItem(models.Model):
    """One thing that somebody owes; rooms open and close it, people accept and hand it over."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")

    kind = models.CharField(_("kind"), max_length=60)
    title = models.CharField(_("what is to be done"), max_length=200)
    subject = models.CharField(_("subject"), max_length=120, blank=True)
    url = models.CharField(_("address"), max_length=300, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    organisation = models.ForeignKey(
        "accounts.Organisation",
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    role = models.CharField(
        _("role"), max_length=20, choices=Role.choices, blank=True,
        help_text=_("Whoever has it may take the work; only where no body owes it."),
    )  # fmt: skip
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=pgettext_lazy("work", "given by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    opened_at = models.DateTimeField(_("opened"))
    due_at = models.DateTimeField(_("due"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=500, blank=True)
    escalation_level = models.PositiveSmallIntegerField(_("escalation"), default=0)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("piece of work")
        verbose_name_plural = _("work")
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="work_due"),
            models.Index(fields=["organisation", "state", "due_at"], name="work_of_body"),
            models.Index(fields=["owner", "state", "due_at"], name="work_of_owner"),
            models.Index(fields=["organisation", "opened_at"], name="work_opened_of_body"),
            models.Index(fields=["organisation", "closed_at"], name="work_closed_of_body"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(Q(owner__isnull=False) | Q(organisation__isnull=False) | ~Q(role="")),
                name="work_somebody_owes_it",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state__in=["open", "accepted"], closed_at__isnull=True)
                    | Q(state__in=["done", "cancelled"], closed_at__isnull=False)
                ),
                name="work_closed_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the item's page."""
        return reverse("work:item", args=[self.pk])

    @property
    def is_live(self) -> bool:
        """Tell whether it is still owed."""
        return self.state in (self.State.OPEN, self.State.ACCEPTED)


class HandOver(models.Model):
    """An offer of work from one body to another; it moves only when the other accepts."""

    class State(models.TextChoices):
        OFFERED = "offered", _("offered")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")

    item = models.ForeignKey(
        WorkItem, verbose_name=_("work"), on_delete=models.CASCADE, related_name="hand_overs"
    )
    from_organisation = models.ForeignKey(
        "accounts.Organisation",
        verbose_name=_("from which body"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    to_organisation = models.ForeignKey(
        "accounts.Organisation",
        verbose_name=_("to which body"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.OFFERED
    )
    offered_at = models.DateTimeField(_("offered"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("hand-over")
        verbose_name_plural = _("hand-overs")
        ordering = ["item", "offered_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(state="offered"), name="hand_over_one_open_offer"
            ),
            models.CheckConstraint(
                condition=~Q(from_organisation=models.F("to_organisation")),
                name="hand_over_to_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_organisation} → {self.to_organisation}"


class Reminder(models.Model):
    """One step of the ladder that was taken for one piece of work."""

    class Audience(models.TextChoices):
        OWNER = "owner", _("whoever owes it")
        ORGANISATION = "organisation", _("the body")
        COMMISSION = "commission", _("the commission")

    item = models.ForeignKey(
        WorkItem, verbose_name=_("work"), on_delete=models.CASCADE, related_name="reminders"
    )
    step = models.SmallIntegerField(_("step"))
    audience = models.CharField(_("who is told"), max_length=12, choices=Audience.choices)
    sent_at = models.DateTimeField(_("sent"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["item", "step"]
        constraints = [
            models.UniqueConstraint(fields=["item", "step"], name="reminder_step_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}: {self.step}"
