"""The ledger: what happened, what is known, contested and unknown, and who says so."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager
from qalqan.desk.platform.sources.models import Credibility


class Incident(models.Model):
    """One event, as fact; it names places and numbers, never persons."""

    class Kind(models.TextChoices):
        EXPLOSION = "explosion", _("Explosion")
        ARMED_ATTACK = "armed_attack", _("Armed attack")
        ATTACK_ON_POLICE = "attack_on_police", _("Attack on the police")
        ATTACK_ON_CIVILIANS = "attack_on_civilians", _("Attack on civilians")
        CLASH = "clash", _("Clash with state forces")
        GROUP_CLASH = "group_clash", _("Clash between groups")
        ROBBERY = "robbery", _("Robbery")
        ARMS_THEFT = "arms_theft", _("Theft of weapons")
        WEAPONS_FIND = "weapons_find", _("Weapons or explosives found")
        HOSTAGES = "hostages", _("Taking of hostages")
        KILLING = "killing", _("Killing")
        ARSON = "arson", _("Arson")
        DISORDER = "disorder", _("Mass disorder")
        THREAT = "threat", _("Threat")
        OTHER = "other", _("Other")

    class TimePrecision(models.TextChoices):
        MINUTE = "minute", _("to the minute")
        HOUR = "hour", _("to the hour")
        DAY = "day", _("day known only")
        MONTH = "month", _("month known only")
        YEAR = "year", _("year known only")

    class PlacePrecision(models.TextChoices):
        EXACT = "exact", _("exact spot")
        SETTLEMENT = "settlement", _("settlement known only")
        DISTRICT = "district", _("district known only")
        PROVINCE = "province", _("province known only")
        COUNTRY = "country", _("country known only")

    class Weapons(models.TextChoices):
        NONE = "none", pgettext_lazy("weapons", "None")
        COLD = "cold", _("Cold weapons")
        FIREARM = "firearm", _("Firearms")
        EXPLOSIVE = "explosive", _("Explosives")
        VEHICLE = "vehicle", _("Vehicle")
        OTHER = "other", pgettext_lazy("weapons", "Other")
        UNKNOWN = "unknown", pgettext_lazy("weapons", "Unknown")

    identity = models.CharField(_("identity"), max_length=32, unique=True, editable=False)
    external_id = models.CharField(_("number in the source"), max_length=80, blank=True)
    title_kk = models.CharField(_("title in Kazakh"), max_length=200, blank=True)
    title_ru = models.CharField(_("title in Russian"), max_length=200, blank=True)
    title_en = models.CharField(_("title in English"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    occurred_from = models.DateTimeField(_("from"))
    occurred_to = models.DateTimeField(_("until"))
    time_precision = models.CharField(
        _("precision of the time"), max_length=8, choices=TimePrecision.choices
    )
    place = models.ForeignKey(
        "places.Place",
        verbose_name=_("place"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    district = models.ForeignKey(
        "places.Place",
        verbose_name=_("district"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    place_text = models.CharField(_("place as the source names it"), max_length=200, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    place_precision = models.CharField(
        _("precision of the place"), max_length=10, choices=PlacePrecision.choices
    )
    killed = models.PositiveIntegerField(_("killed"), null=True, blank=True)
    injured = models.PositiveIntegerField(_("injured"), null=True, blank=True)
    officers_killed = models.PositiveIntegerField(_("officers killed"), null=True, blank=True)
    weapons = models.CharField(
        _("weapons"), max_length=10, choices=Weapons.choices, default=Weapons.UNKNOWN
    )
    official_position = models.TextField(_("official position"), blank=True)
    what_is_known = models.TextField(_("known"), blank=True)
    contested = models.TextField(_("contested"), blank=True)
    unknown = models.TextField(_("unknown"), blank=True)
    reported_at = models.DateTimeField(_("reported"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at the desk"))
    search_text = models.TextField(editable=False, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ["-occurred_from", "-id"]
        # The end stands in each index, so that counting a period never reads the rows.
        indexes = [
            models.Index(fields=["-occurred_from", "-id", "occurred_to"], name="incident_newest"),
            models.Index(
                fields=["kind", "-occurred_from", "-id", "occurred_to"],
                name="incident_kind_newest",
            ),
            models.Index(
                fields=["district", "-occurred_from", "-id", "occurred_to"],
                name="incident_district_newest",
            ),
            models.Index(fields=["recorded_at"], name="incident_recorded"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(occurred_to__gte=F("occurred_from")), name="incident_ends_after_start"
            ),
            models.CheckConstraint(
                condition=(
                    Q(latitude__isnull=True, longitude__isnull=True)
                    | Q(
                        latitude__range=(-90, 90),
                        longitude__range=(-180, 180),
                    )
                ),
                name="incident_coordinates_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the incident's page."""
        return reverse("incidents:incident", args=[self.pk])

    @property
    def title(self) -> str:
        """Return the title in the reader's language, or the kind where nobody gave a title."""
        language = (get_language() or "en")[:2]
        order = dict.fromkeys([language, "en", "ru", "kk"])
        titles = (getattr(self, f"title_{code}", "") for code in order)
        return next((title for title in titles if title), str(self.get_kind_display()))


class IncidentSource(models.Model):
    """One source of an incident; the item's credibility stands beside the source's grade."""

    incident = models.ForeignKey(
        Incident, verbose_name=_("incident"), on_delete=models.CASCADE, related_name="sources"
    )
    source = models.ForeignKey(
        "sources.Source", verbose_name=_("source"), on_delete=models.PROTECT, related_name="+"
    )
    credibility = models.PositiveSmallIntegerField(
        _("credibility"), choices=Credibility.choices, default=Credibility.UNKNOWN
    )
    citation = models.CharField(_("where it says so"), max_length=500, blank=True)
    reported_at = models.DateTimeField(_("reported"), null=True, blank=True)
    differs = models.JSONField(_("what this source says otherwise"), default=dict, blank=True)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("source of an incident")
        verbose_name_plural = _("sources of incidents")
        ordering = ["incident", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "source", "citation"], name="incident_source_once"
            ),
            models.CheckConstraint(
                condition=Q(credibility__range=(1, 6)), name="incident_source_credibility"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} ({self.credibility})"

    @property
    def differences(self) -> list[tuple[str, str]]:
        """Return what this source says otherwise, in the reader's words."""
        found = []
        for name, value in self.differs.items():
            field = Incident._meta.get_field(name)
            words = dict(getattr(field, "flatchoices", ()))
            found.append((str(getattr(field, "verbose_name", name)), str(words.get(value, value))))
        return found


class Indicator(models.Model):
    """A number that somebody published: value, unit, period, definition and source."""

    class Qualifier(models.TextChoices):
        EXACT = "exact", _("exactly")
        ABOUT = "about", _("about")
        MORE_THAN = "more_than", _("more than")
        NEARLY = "nearly", _("nearly")

    code = models.CharField(_("code"), max_length=60)
    name_kk = models.CharField(_("name in Kazakh"), max_length=200, blank=True)
    name_ru = models.CharField(_("name in Russian"), max_length=200, blank=True)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    value = models.DecimalField(_("value"), max_digits=18, decimal_places=4)
    qualifier = models.CharField(
        _("exactness"), max_length=10, choices=Qualifier.choices, default=Qualifier.EXACT
    )
    unit = models.CharField(_("unit"), max_length=40)
    period_from = models.DateField(_("period from"))
    period_to = models.DateField(_("period to"))
    definition = models.TextField(_("definition"), blank=True)
    source = models.ForeignKey(
        "sources.Source", verbose_name=_("source"), on_delete=models.PROTECT, related_name="+"
    )
    citation = models.CharField(_("where it says so"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(_("recorded at the desk"))
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["code", "-period_to", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "period_from", "period_to", "source"], name="indicator_once"
            ),
            models.CheckConstraint(
                condition=Q(period_to__gte=F("period_from")), name="indicator_period_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.value.normalize():f} {self.unit}"

    @property
    def name(self) -> str:
        """Return the name in the reader's language, or the code where nobody gave a name."""
        language = (get_language() or "en")[:2]
        order = dict.fromkeys([language, "en", "ru", "kk"])
        names = (getattr(self, f"name_{code}", "") for code in order)
        return next((name for name in names if name), self.code)
