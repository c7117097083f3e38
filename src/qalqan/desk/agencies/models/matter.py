"""Who answers for what where, and who holds each matter at each instant."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.agencies import matters
from qalqan.desk.agencies.models.body import Body
from qalqan.desk.platform.policies import VisibleManager


class Responsibility(models.Model):
    """A body's part in a kind of matter, in an area and all that lies in it, over time."""

    class Part(models.TextChoices):
        LEADS = "leads", pgettext_lazy("part of a body", "leads")
        HELPS = "helps", pgettext_lazy("part of a body", "helps")
        INFORMED = "informed", pgettext_lazy("part of a body", "is informed")

    matter = models.CharField(_("kind of matter"), max_length=40)
    area = models.ForeignKey(
        "places.Place", verbose_name=pgettext_lazy("body", "area"), on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    body = models.ForeignKey(
        Body, verbose_name=_("body"), on_delete=models.PROTECT, related_name="responsibilities"
    )
    part = models.CharField(_("part"), max_length=8, choices=Part.choices)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    ground = models.CharField(_("by which act"), max_length=200, blank=True)
    recorded_at = models.DateTimeField(_("recorded at the desk"))
    ended_at = models.DateTimeField(_("end recorded"), null=True, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("responsibility")
        verbose_name_plural = _("responsibilities")
        ordering = ["matter", "area", "part", "pk"]
        indexes = [
            models.Index(fields=["matter", "area", "since"], name="responsibility_of_matter"),
            models.Index(fields=["body", "matter"], name="responsibility_of_body"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "area", "body"],
                condition=Q(until__isnull=True),
                name="responsibility_one_part_now",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="responsibility_ends_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.get_part_display()}: {self.matter_label}"

    @property
    def matter_label(self) -> str:
        """What the kind of matter is called."""
        return matters.label_of(self.matter)


class Matter(models.Model):
    """One thing that a body must see to; from opening to closing exactly one body holds it.

    The present holder cannot be empty. The past is kept as the instants at which a holder
    began, so that a gap or an overlap cannot be written at all.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("matter", "Open")
        CLOSED = "closed", pgettext_lazy("matter", "Closed")

    number = models.PositiveIntegerField(_("number"), unique=True)
    kind = models.CharField(_("kind of matter"), max_length=40)
    title = models.CharField(_("what it is about"), max_length=200)
    text = models.TextField(_("what is known"), max_length=2000, blank=True)
    subject = models.CharField(_("subject"), max_length=120, blank=True)
    url = models.CharField(_("address"), max_length=300, blank=True)
    area = models.ForeignKey(
        "places.Place", verbose_name=pgettext_lazy("body", "area"), on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    holder = models.ForeignKey(
        Body, verbose_name=_("body that holds it"), on_delete=models.PROTECT, related_name="+"
    )
    seeks_body = models.BooleanField(_("another body is sought"), default=False)
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField(_("opened"))
    due_at = models.DateTimeField(_("due"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=500, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = pgettext_lazy("agencies", "matter")
        verbose_name_plural = pgettext_lazy("agencies", "matters")
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["state", "due_at"], name="matter_by_due"),
            models.Index(fields=["holder", "state"], name="matter_by_holder"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(state="open", closed_at__isnull=True)
                    | Q(state="closed", closed_at__isnull=False)
                ),
                name="matter_closed_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the matter's page."""
        return reverse("agencies:matter", args=[self.pk])

    @property
    def kind_label(self) -> str:
        """What the kind of matter is called."""
        return matters.label_of(self.kind)


class Holding(models.Model):
    """From this instant a body holds the matter, until the next one begins."""

    matter = models.ForeignKey(
        Matter, verbose_name=_("matter"), on_delete=models.CASCADE, related_name="holdings"
    )
    place_in_line = models.PositiveIntegerField(_("which in the line"))
    body = models.ForeignKey(
        Body, verbose_name=_("body"), on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateTimeField(_("since"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("holding of a matter")
        verbose_name_plural = _("holdings of matters")
        ordering = ["matter", "place_in_line"]
        constraints = [
            models.UniqueConstraint(fields=["matter", "place_in_line"], name="holding_in_line"),
            models.UniqueConstraint(fields=["matter", "since"], name="holding_one_an_instant"),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.since:%Y-%m-%d %H:%M}"


class HandOver(models.Model):
    """An offer of a matter from its holder to another body, and what became of it."""

    class State(models.TextChoices):
        OFFERED = "offered", pgettext_lazy("hand-over of a matter", "offered")
        ACCEPTED = "accepted", pgettext_lazy("hand-over of a matter", "accepted")
        REFUSED = "refused", pgettext_lazy("hand-over of a matter", "refused")
        TAKEN = "taken", pgettext_lazy("hand-over of a matter", "taken by the body itself")
        RETURNED = "returned", pgettext_lazy("hand-over of a matter", "taken back")
        LAPSED = "lapsed", pgettext_lazy("hand-over of a matter", "not answered in time")

    matter = models.ForeignKey(
        Matter, verbose_name=_("matter"), on_delete=models.CASCADE, related_name="hand_overs"
    )
    from_body = models.ForeignKey(
        Body, verbose_name=_("from which body"), on_delete=models.PROTECT, related_name="+"
    )
    to_body = models.ForeignKey(
        Body, verbose_name=_("to which body"), on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.OFFERED)
    reason = models.CharField(_("why"), max_length=500)
    answer = models.CharField(_("answer"), max_length=500, blank=True)
    offered_at = models.DateTimeField(_("offered"))
    answer_by = models.DateTimeField(_("answer due"))
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    offered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("offered by"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("answered by"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip

    objects = VisibleManager()

    class Meta:
        verbose_name = _("hand-over of a matter")
        verbose_name_plural = _("hand-overs of matters")
        ordering = ["matter", "offered_at", "pk"]
        indexes = [
            models.Index(fields=["to_body", "state"], name="matter_offer_to"),
            models.Index(fields=["state", "answer_by"], name="matter_offer_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["matter"], condition=Q(state="offered"), name="matter_one_open_offer"
            ),
            models.CheckConstraint(
                condition=~Q(from_body=F("to_body")), name="matter_offer_to_another"
            ),
            models.CheckConstraint(
                condition=Q(state="offered", answered_at__isnull=True)
                | (~Q(state="offered") & Q(answered_at__isnull=False)),
                name="matter_offer_answered_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_body} → {self.to_body}"
