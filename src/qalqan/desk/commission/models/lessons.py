"""Lessons: reviews after the event, causes, recommendations and what became of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.platform.policies import VisibleManager


class Review(models.Model):
    """A review after an incident, an exercise or a rumour: what was asked, what was found."""

    class About(models.TextChoices):
        INCIDENT = "incident", _("Incident")
        EXERCISE = "exercise", _("Exercise")
        RUMOUR = "rumour", _("Rumour")
        OTHER = "other", pgettext_lazy("review", "Something else")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("review", "Under way")
        CLOSED = "closed", pgettext_lazy("review", "Closed")

    number = models.PositiveIntegerField(_("number"), unique=True)
    about = models.CharField(_("about"), max_length=8, choices=About.choices)
    title = models.CharField(_("title"), max_length=200)
    url = models.CharField(_("page of the desk"), max_length=300, blank=True)
    happened_on = models.DateField(_("when it happened"))
    expected = models.TextField(_("what was to happen"), max_length=4000)
    happened = models.TextField(_("what did happen"), max_length=4000)
    state = models.CharField(_("state"), max_length=6, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    search_text = models.TextField(editable=False, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-happened_on", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the review's page."""
        return reverse("commission:review", args=[self.pk])


class Cause(models.Model):
    """A finding of a review and why it was so."""

    review = models.ForeignKey(
        Review, verbose_name=_("review"), on_delete=models.CASCADE, related_name="causes"
    )
    question = models.CharField(_("question"), max_length=300)
    finding = models.TextField(_("finding"), max_length=2000)
    cause = models.TextField(_("cause"), max_length=2000, blank=True)
    went_well = models.BooleanField(_("went well, to be kept"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("finding and cause")
        verbose_name_plural = _("findings and causes")
        ordering = ["review", "pk"]

    def __str__(self) -> str:
        return self.question


class Recommendation(models.Model):
    """What is to change so that it does not happen again; the commission closes it."""

    class State(models.TextChoices):
        AWAIT = "open_await", _("Open: response awaited")
        ACCEPTABLE = "open_acceptable", _("Open: acceptable response")
        ALTERNATE = "open_alternate", _("Open: acceptable alternate response")
        UNACCEPTABLE = "open_unacceptable", _("Open: unacceptable response")
        EXCEEDS = "closed_exceeds", _("Closed: action exceeds the recommendation")
        CLOSED = "closed_acceptable", _("Closed: acceptable action")
        CLOSED_ALTERNATE = "closed_alternate", _("Closed: acceptable alternate action")
        CLOSED_UNACCEPTABLE = "closed_unacceptable", _("Closed: unacceptable action")
        NOT_APPLICABLE = "closed_no_longer", _("Closed: no longer applicable")
        RECONSIDERED = "closed_reconsidered", _("Closed: reconsidered")
        SUPERSEDED = "closed_superseded", _("Closed: superseded")

    number = models.PositiveIntegerField(_("number"), unique=True)
    review = models.ForeignKey(
        Review, verbose_name=_("review"), on_delete=models.PROTECT, related_name="recommendations"
    )
    text = models.TextField(_("recommendation"), max_length=2000)
    addressee = models.ForeignKey(
        "accounts.Organisation", verbose_name=_("addressed to"), on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.AWAIT)
    issued_at = models.DateTimeField(_("issued"))
    due_on = models.DateField(_("response due"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    work = models.ForeignKey(
        "work.WorkItem", verbose_name=_("work"), null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    search_text = models.TextField(editable=False, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ["-number"]
        indexes = [models.Index(fields=["state", "due_on"], name="recommendation_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__startswith="open_", closed_at__isnull=True)
                | Q(state__startswith="closed_", closed_at__isnull=False),
                name="recommendation_closed_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        """Return the address of the recommendation's page."""
        return reverse("commission:recommendation", args=[self.pk])

    @property
    def reference(self) -> str:
        """The number as it stands on paper."""
        return f"R-{self.number}"

    @property
    def is_open(self) -> bool:
        """Tell whether the commission still asks for it."""
        return self.state.startswith("open_")


class RecommendationStep(models.Model):
    """What the addressee answered or the commission ruled; only ever added."""

    recommendation = models.ForeignKey(
        Recommendation, verbose_name=_("recommendation"), on_delete=models.PROTECT,
        related_name="steps",
    )  # fmt: skip
    state_before = models.CharField(
        _("state before"), max_length=20, choices=Recommendation.State.choices, blank=True
    )
    state_after = models.CharField(
        _("state after"), max_length=20, choices=Recommendation.State.choices
    )
    is_response = models.BooleanField(_("words of the addressee"), default=False)
    words = models.TextField(_("in words"), max_length=2000)
    at = models.DateTimeField(_("when"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("step of a recommendation")
        verbose_name_plural = _("steps of recommendations")
        ordering = ["recommendation", "at", "pk"]

    def __str__(self) -> str:
        return f"{self.recommendation}: {self.get_state_after_display()}"
