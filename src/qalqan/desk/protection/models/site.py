"""The register: places to protect, what lies on file about them, what was done to them."""

from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.platform.policies import VisibleManager
from qalqan.desk.platform.ui.words import in_language

TIERS = ((1, _("under 200 people")), (2, _("200 to 799 people")), (3, _("800 people and more")))


class Counter(models.Model):
    """The last number given of a series: sites, notices of a year."""

    series = models.CharField(_("series"), max_length=40, primary_key=True)
    value = models.PositiveIntegerField(_("last number"), default=0)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("last number of a series")
        verbose_name_plural = _("last numbers of series")

    def __str__(self) -> str:
        return f"{self.series}: {self.value}"


class Site(models.Model):
    """A registered place to protect; it names offices and bodies, never persons."""

    class Category(models.TextChoices):
        POWER = "power", _("Power supply")
        WATER = "water", _("Water supply")
        HOSPITAL = "hospital", _("Hospital")
        SCHOOL = "school", _("School or kindergarten")
        TRANSPORT = "transport", _("Transport")
        CROWD = "crowd", _("Place where crowds gather")
        WORSHIP = "worship", _("Place of worship")
        MARKET = "market", _("Market or shopping centre")
        GOVERNMENT = "government", _("Government office")
        FUEL = "fuel", _("Fuel or dangerous substances")
        WEAPONS_SHOP = "weapons_shop", _("Weapons shop")
        MILITARY_NEIGHBOUR = "military_neighbour", _("Neighbour of a military unit")
        COMMUNICATIONS = "communications", _("Communications")
        CULTURE = "culture", _("Culture or sport")
        OTHER = "other", pgettext_lazy("category of a site", "Other")

    class Status(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("site", "Proposed")
        LISTED = "listed", pgettext_lazy("site", "On the list")
        REFUSED = "refused", pgettext_lazy("site", "Not taken on the list")
        CLOSED = "closed", pgettext_lazy("site", "Closed")

    number = models.PositiveIntegerField(_("number"), unique=True, null=True, blank=True)
    name_kk = models.CharField(_("name in Kazakh"), max_length=200, blank=True)
    name_ru = models.CharField(_("name in Russian"), max_length=200, blank=True)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    category = models.CharField(_("category"), max_length=20, choices=Category.choices)
    capacity = models.PositiveIntegerField(
        _("most people at a time"), validators=[MaxValueValidator(1_000_000)]
    )
    tier = models.PositiveSmallIntegerField(_("tier of capacity"), choices=TIERS)
    owner = models.ForeignKey(
        "accounts.Organisation",
        verbose_name=_("owner's organisation at the desk"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    owner_name = models.CharField(pgettext_lazy("site", "owner"), max_length=200, blank=True)
    owner_language = models.CharField(
        _("owner's language"),
        max_length=2,
        choices=[("kk", _("Kazakh")), ("ru", _("Russian")), ("en", _("English"))],
        default="kk",
    )
    duty_contact = models.CharField(
        _("duty contact of the office"),
        max_length=200,
        blank=True,
        help_text=_("An office, its switchboard or mailbox; no person's number."),
    )
    place = models.ForeignKey(
        "places.Place", verbose_name=_("place"), on_delete=models.PROTECT, related_name="+"
    )
    district = models.ForeignKey(
        "places.Place",
        verbose_name=_("district"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.LISTED
    )
    listed_at = models.DateTimeField(_("on the list since"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed since"), null=True, blank=True)
    last_inspected_on = models.DateField(_("last inspected"), null=True, blank=True)
    last_result = models.CharField(_("last result"), max_length=10, blank=True)
    next_due_on = models.DateField(_("next inspection due"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at the desk"))
    changed_at = models.DateTimeField(_("last changed"))
    search_text = models.TextField(editable=False, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["number", "pk"]
        indexes = [
            models.Index(fields=["status", "number", "id"], name="site_by_number"),
            models.Index(fields=["status", "next_due_on", "number"], name="site_by_due"),
            models.Index(
                fields=["status", "district", "next_due_on", "number"], name="site_by_district"
            ),
            models.Index(
                fields=["status", "category", "next_due_on", "number"], name="site_by_category"
            ),
            models.Index(fields=["owner", "status"], name="site_by_owner"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~(Q(name_kk="") & Q(name_ru="") & Q(name_en="")), name="site_has_a_name"
            ),
            models.CheckConstraint(condition=Q(tier__in=[1, 2, 3]), name="site_tier_known"),
            models.CheckConstraint(
                condition=(
                    Q(latitude__isnull=True, longitude__isnull=True)
                    | Q(latitude__range=(-90, 90), longitude__range=(-180, 180))
                ),
                name="site_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["proposed", "refused"]) | Q(number__isnull=False),
                name="site_listed_has_a_number",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the site's page."""
        return reverse("protection:site", args=[self.pk])

    @property
    def name(self) -> str:
        """The name in the reader's language, or one that is there."""
        return in_language(self, "name")

    def name_in(self, language: str) -> str:
        """Return the name in a language, or one that is there."""
        return in_language(self, "name", language)


class SiteRequest(models.Model):
    """Somebody asks that a site be taken on the list; another person decides."""

    class Decision(models.TextChoices):
        OPEN = "open", pgettext_lazy("request", "Waits for review")
        ACCEPTED = "accepted", pgettext_lazy("request", "Accepted")
        REFUSED = "refused", pgettext_lazy("request", "Refused")

    site = models.OneToOneField(
        Site, verbose_name=_("site"), on_delete=models.CASCADE, related_name="request"
    )
    reason = models.TextField(_("why it should be on the list"), max_length=2000)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("asked"))
    decision = models.CharField(
        _("decision"), max_length=10, choices=Decision.choices, default=Decision.OPEN
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    grounds = models.TextField(_("grounds of the decision"), max_length=2000, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("request to add a site")
        verbose_name_plural = _("requests to add sites")
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["decision", "-asked_at"], name="site_request_open")]
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("asked_by")),
                name="site_request_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.site}: {self.get_decision_display()}"


class StoredFile(models.Model):
    """A file outside the web root, sealed; only its facts stand in the database."""

    key = models.CharField(_("name in the store"), max_length=64, unique=True, editable=False)
    content_type = models.CharField(_("type by content"), max_length=60)
    size = models.PositiveIntegerField(_("size in bytes"))
    width = models.PositiveIntegerField(_("width in pixels"), null=True, blank=True)
    height = models.PositiveIntegerField(_("height in pixels"), null=True, blank=True)
    sha256 = models.CharField(_("hash of the content"), max_length=64)
    stored_at = models.DateTimeField(_("stored"))
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("stored file")
        verbose_name_plural = _("stored files")
        indexes = [models.Index(fields=["sha256"], name="stored_file_hash")]

    def __str__(self) -> str:
        return f"{self.content_type} {self.sha256[:12]}"


class SiteFile(models.Model):
    """A plan, picture or paper of a site."""

    class Kind(models.TextChoices):
        PLAN = "plan", pgettext_lazy("file of a site", "Plan")
        PICTURE = "picture", pgettext_lazy("file of a site", "Picture")
        PAPER = "paper", pgettext_lazy("file of a site", "Paper")

    site = models.ForeignKey(
        Site, verbose_name=_("site"), on_delete=models.CASCADE, related_name="files"
    )
    file = models.OneToOneField(
        StoredFile, verbose_name=_("file"), on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    title = models.CharField(_("title"), max_length=120)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("added by"),
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    added_at = models.DateTimeField(_("added"))
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("file of a site")
        verbose_name_plural = _("files of sites")
        ordering = ["site", "kind", "-added_at"]

    def __str__(self) -> str:
        return self.title


class SiteEvent(models.Model):
    """One change of a site, as its history shows it."""

    class Kind(models.TextChoices):
        ENTERED = "entered", pgettext_lazy("site", "Entered")
        IMPORTED = "imported", pgettext_lazy("site", "Imported")
        CHANGED = "changed", pgettext_lazy("site", "Changed")
        ASKED = "asked", pgettext_lazy("site", "Asked to be taken on the list")
        LISTED = "listed", pgettext_lazy("site", "Taken on the list")
        REFUSED = "refused", pgettext_lazy("site", "Not taken on the list")
        CLOSED = "closed", pgettext_lazy("site", "Closed")
        REOPENED = "reopened", pgettext_lazy("site", "On the list again")
        FILE_ADDED = "file_added", _("File added")
        FILE_REMOVED = "file_removed", _("File removed")
        EQUIPMENT = "equipment", pgettext_lazy("site event", "Equipment")
        INSPECTED = "inspected", pgettext_lazy("site", "Inspected")

    site = models.ForeignKey(
        Site, verbose_name=_("site"), on_delete=models.CASCADE, related_name="events"
    )
    at = models.DateTimeField(_("when"))
    kind = models.CharField(_("what"), max_length=14, choices=Kind.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    detail = models.JSONField(_("details"), default=dict, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("event of a site")
        verbose_name_plural = _("events of sites")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["site", "-at"], name="site_event_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.at:%Y-%m-%d}"
