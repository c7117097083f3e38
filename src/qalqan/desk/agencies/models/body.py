"""The directory: bodies, their registration over time, their offices, what they know."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.platform.policies import VisibleManager
from qalqan.desk.platform.ui.words import in_language


class Counter(models.Model):
    """The last number given of a series: bodies, matters."""

    series = models.CharField(_("series"), max_length=40, primary_key=True)
    value = models.PositiveIntegerField(_("last number"), default=0)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("last number of a series")
        verbose_name_plural = _("last numbers of series")

    def __str__(self) -> str:
        return f"{self.series}: {self.value}"


class Body(models.Model):
    """A state body or a civil group: what it is for and where; offices, never persons."""

    class Kind(models.TextChoices):
        STATE = "state", _("State body")
        CIVIL = "civil", _("Civil group")

    class Type(models.TextChoices):
        AKIMAT = "akimat", _("Akimat")
        DEPARTMENT = "department", _("Department or directorate")
        POLICE = "police", _("Police")
        EMERGENCY = "emergency", _("Emergency service")
        HEALTH = "health", _("Health service")
        SCHOOLING = "schooling", _("Education body")
        SOCIAL = "social", _("Social service")
        YOUTH_CENTRE = "youth_centre", _("Youth centre")
        PRESS = "press", _("Press service")
        FOUNDATION = "foundation", _("Foundation")
        ASSOCIATION = "association", _("Public association")
        UNION = "union", _("Union or league")
        THINK_TANK = "think_tank", _("Think tank")
        VOLUNTEERS = "volunteers", _("Volunteers")
        CULTURAL = "cultural", _("Cultural centre")
        OTHER = "other", pgettext_lazy("type of a body", "Other")

    number = models.PositiveIntegerField(_("number"), unique=True)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices)
    type = models.CharField(_("type"), max_length=14, choices=Type.choices)
    name_kk = models.CharField(_("name in Kazakh"), max_length=200, blank=True)
    name_ru = models.CharField(_("name in Russian"), max_length=200, blank=True)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    mandate = models.TextField(pgettext_lazy("body", "mandate"), max_length=2000, blank=True)
    area = models.ForeignKey(
        "places.Place", verbose_name=pgettext_lazy("body", "area"), on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    languages = models.JSONField(_("languages"), default=list, blank=True)
    organisation = models.OneToOneField(
        "accounts.Organisation",
        verbose_name=_("organisation at the desk"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    closed_on = models.DateField(_("closed since"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at the desk"))
    changed_at = models.DateTimeField(_("last changed"))
    search_text = models.TextField(editable=False, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = pgettext_lazy("directory", "body")
        verbose_name_plural = pgettext_lazy("directory", "bodies")
        ordering = ["number"]
        indexes = [
            models.Index(fields=["kind", "number"], name="body_by_kind"),
            models.Index(fields=["area", "number"], name="body_by_area"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~(Q(name_kk="") & Q(name_ru="") & Q(name_en="")), name="body_has_a_name"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["state", "civil"]), name="body_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the body's page."""
        return reverse("agencies:body", args=[self.pk])

    @property
    def name(self) -> str:
        """The name in the reader's language, or one that is there."""
        return in_language(self, "name")

    def name_in(self, language: str) -> str:
        """Return the name in a language, or one that is there."""
        return in_language(self, "name", language)


class Registration(models.Model):
    """How a body was registered from one day to another."""

    class Status(models.TextChoices):
        NOT_NEEDED = "not_needed", _("Needs no registration")
        APPLIED = "applied", _("Applied for")
        REGISTERED = "registered", _("Registered")
        SUSPENDED = "suspended", pgettext_lazy("registration", "Suspended")
        ENDED = "ended", pgettext_lazy("registration", "Ended")

    body = models.ForeignKey(
        Body, verbose_name=_("body"), on_delete=models.CASCADE, related_name="registrations"
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    source = models.CharField(pgettext_lazy("registration", "by which paper"), max_length=200)
    recorded_at = models.DateTimeField(_("recorded at the desk"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        ordering = ["body", "-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["body"], condition=Q(until__isnull=True), name="registration_one_now"
            ),
            models.UniqueConstraint(fields=["body", "since"], name="registration_one_a_day"),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")),
                name="registration_ends_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_status_display()} {self.since:%Y-%m-%d}"


class Office(models.Model):
    """Where a body is found and how its office is reached; no private numbers."""

    body = models.ForeignKey(
        Body, verbose_name=_("body"), on_delete=models.CASCADE, related_name="offices"
    )
    title = models.CharField(_("title"), max_length=120)
    place = models.ForeignKey(
        "places.Place", verbose_name=_("place"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    address = models.CharField(_("address"), max_length=200, blank=True)
    switchboard = models.CharField(_("telephone of the office"), max_length=40, blank=True)
    mail = models.EmailField(_("e-mail of the office"), blank=True)
    hours = models.CharField(_("opening hours"), max_length=120, blank=True)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["body", "pk"]

    def __str__(self) -> str:
        return self.title


class Expertise(models.Model):
    """A field in which a body can help, and in which role: a role, never a name."""

    class Field(models.TextChoices):
        LAW = "law", _("Law")
        PSYCHOLOGY = "psychology", _("Psychology")
        THEOLOGY = "theology", _("Theology")
        YOUTH = "youth", _("Work with young people")
        SOCIAL = "social", _("Social work")
        HEALTH = "health", pgettext_lazy("field of expertise", "Health")
        TEACHING = "teaching", _("Teaching")
        MEDIA = "media", _("Media and fact checking")
        DIGITAL = "digital", _("Digital security")
        SAFETY = "safety", _("Safety of buildings and crowds")
        RESCUE = "rescue", _("Rescue")
        RESEARCH = "research", _("Social research")
        MEDIATION = "mediation", _("Mediation")

    body = models.ForeignKey(
        Body, verbose_name=_("body"), on_delete=models.CASCADE, related_name="expertise"
    )
    field = models.CharField(_("field"), max_length=12, choices=Field.choices)
    role = models.CharField(pgettext_lazy("expert", "in which role"), max_length=120)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("expertise")
        verbose_name_plural = _("expertise")
        ordering = ["field", "pk"]
        indexes = [models.Index(fields=["field", "body"], name="expertise_by_field")]

    def __str__(self) -> str:
        return f"{self.get_field_display()}: {self.role}"


class BodyEvent(models.Model):
    """One change of a body's entry, as its history shows it."""

    class Kind(models.TextChoices):
        ENTERED = "entered", pgettext_lazy("body", "Entered")
        IMPORTED = "imported", pgettext_lazy("body", "Imported")
        CHANGED = "changed", pgettext_lazy("body", "Changed")
        REGISTRATION = "registration", pgettext_lazy("body event", "Registration")
        OFFICE = "office", pgettext_lazy("body event", "Office")
        EXPERTISE = "expertise", pgettext_lazy("body event", "Expertise")
        CLOSED = "closed", pgettext_lazy("body", "Closed")
        REOPENED = "reopened", pgettext_lazy("body", "Opened again")
        RIGHT = "right", pgettext_lazy("body event", "Rights of its staff")

    body = models.ForeignKey(
        Body, verbose_name=_("body"), on_delete=models.CASCADE, related_name="events"
    )
    at = models.DateTimeField(_("when"))
    kind = models.CharField(_("what"), max_length=12, choices=Kind.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("by"), null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    detail = models.JSONField(_("details"), default=dict, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("event of a body")
        verbose_name_plural = _("events of bodies")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["body", "-at"], name="body_event_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"


class Grant(models.Model):
    """A right that an account has on its own body's page, beyond its role; it only adds."""

    class Right(models.TextChoices):
        EDIT_PAGE = "edit_page", _("keep the body's page")
        ANSWER = "answer", _("answer hand-overs for the body")
        SEE_MATTERS = "see_matters", _("see the matters of the body")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE,
        related_name="+",
    )  # fmt: skip
    body = models.ForeignKey(
        Body, verbose_name=_("body"), on_delete=models.CASCADE, related_name="grants"
    )
    right = models.CharField(_("right"), max_length=12, choices=Right.choices)
    given_at = models.DateTimeField(_("given"))

    objects = VisibleManager()

    class Meta:
        verbose_name = _("right on a body's page")
        verbose_name_plural = _("rights on bodies' pages")
        constraints = [
            models.UniqueConstraint(fields=["user", "body", "right"], name="grant_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_right_display()}"
