"""What the desk holds of an incident: the same columns now and in each earlier version."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _


class Held(models.Model):
    """The columns that lists, pages and exports read, whether of now or of a moment before."""

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
    who_claims = models.CharField(_("who claims it"), max_length=300, blank=True)
    why = models.TextField(_("why it was done"), blank=True)
    states = models.JSONField(
        _("known, contested or unknown, by attribute"), default=dict, blank=True, editable=False
    )
    search_text = models.TextField(editable=False, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)

    class Meta:
        abstract = True

    @property
    def title(self) -> str:
        """Return the title in the reader's language, or the kind where nobody gave a title."""
        language = (get_language() or "en")[:2]
        order = dict.fromkeys([language, "en", "ru", "kk"])
        titles = (getattr(self, f"title_{code}", "") for code in order)
        return next((title for title in titles if title), str(self.get_kind_display()))
