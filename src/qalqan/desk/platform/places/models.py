"""Country, province, district, settlement, and the names people use for them."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.policies import VisibleManager


class Place(models.Model):
    """A place with a name in three languages, a centre and, where known, a boundary."""

    class Kind(models.TextChoices):
        COUNTRY = "country", _("Country")
        PROVINCE = "province", _("Province")
        DISTRICT = "district", _("District")
        SETTLEMENT = "settlement", _("Settlement")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    kato = models.CharField(
        _("KATO code"),
        max_length=20,
        blank=True,
        default="",
        validators=[RegexValidator(r"^[0-9A-Za-z._-]+$")],
        help_text=_("The state code of the place, or the code of the file it was read from."),
    )
    parent = models.ForeignKey(
        "self",
        verbose_name=_("lies in"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="children",
    )
    name_kk = models.CharField(_("name in Kazakh"), max_length=120)
    name_ru = models.CharField(_("name in Russian"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120)
    latitude = models.FloatField(
        _("latitude, degrees"), validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        _("longitude, degrees"), validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    boundary = models.JSONField(_("boundary"), null=True, blank=True)
    boundary_is_approximate = models.BooleanField(_("boundary is approximate"), default=False)
    boundary_note = models.CharField(
        _("note on the boundary"), max_length=200, blank=True, default=""
    )
    boundary_digest = models.CharField(max_length=64, blank=True, default="", editable=False)
    geonames_id = models.PositiveIntegerField(_("GeoNames number"), null=True, blank=True)
    origin = models.CharField(_("where the data is from"), max_length=200, blank=True, default="")
    is_sample = models.BooleanField(_("sample data"), default=False)

    objects = VisibleManager()

    class Meta:
        verbose_name = _("place")
        verbose_name_plural = _("places")
        ordering = ["name_ru", "pk"]
        indexes = [models.Index(fields=["kind", "parent"])]
        constraints = [
            models.UniqueConstraint(
                fields=["kato"], condition=~models.Q(kato=""), name="place_kato_once"
            ),
            models.UniqueConstraint(
                fields=["geonames_id"],
                condition=models.Q(geonames_id__isnull=False),
                name="place_geonames_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="country") | models.Q(parent__isnull=True),
                name="place_country_is_top",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180
                ),
                name="place_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language of the reader."""
        language = (get_language() or "kk")[:2]
        return str(getattr(self, f"name_{language}", "") or self.name_kk or self.name_ru)


class PlaceAlias(models.Model):
    """One way of writing a place's name; its own three names stand here too."""

    class Language(models.TextChoices):
        KAZAKH = "kk", _("Kazakh")
        RUSSIAN = "ru", _("Russian")
        ENGLISH = "en", _("English")
        UNKNOWN = "und", _("Not known")

    place = models.ForeignKey(
        Place, verbose_name=_("place"), on_delete=models.CASCADE, related_name="aliases"
    )
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(
        _("language"), max_length=3, choices=Language.choices, default=Language.UNKNOWN
    )
    key = models.CharField(
        _("folded name"),
        max_length=160,
        db_index=True,
        help_text=_("The name with case, script and Kazakh letters folded away, for the search."),
    )

    objects = VisibleManager()

    class Meta:
        verbose_name = _("name of a place")
        verbose_name_plural = _("names of places")
        ordering = ["place", "language", "name"]
        constraints = [
            models.UniqueConstraint(fields=["place", "name", "language"], name="place_alias_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Population(models.Model):
    """How many people live in a place, in one year, by one source."""

    place = models.ForeignKey(
        Place, verbose_name=_("place"), on_delete=models.CASCADE, related_name="populations"
    )
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(1800), MaxValueValidator(2200)]
    )
    count = models.PositiveIntegerField(_("people"))
    source = models.ForeignKey(
        "sources.Source",
        verbose_name=_("source"),
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = VisibleManager()

    class Meta:
        verbose_name = _("population")
        verbose_name_plural = _("populations")
        ordering = ["place", "-year"]
        constraints = [
            models.UniqueConstraint(fields=["place", "year"], name="population_once_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.year}: {self.count}"
