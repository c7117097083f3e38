"""What people fill in about sites, equipment and checklists."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.platform.accounts import selectors as accounts
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.privacy.forms import GuardedCharField
from qalqan.desk.protection.models import Equipment, Site, SiteFile
from qalqan.desk.protection.models.site import TIERS
from qalqan.desk.protection.services.equipment import EquipmentFacts
from qalqan.desk.protection.services.facts import SiteFacts

_MOST_SETTLEMENTS = 500
_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def place_choices(actor: Actor) -> list[tuple[str, Any]]:
    """Return districts, and settlements where there are not too many to choose from."""
    rows = list(
        places.places(actor)
        .filter(kind__in=("district", "settlement"), parent__isnull=False)
        .only("pk", "kind", "name_kk", "name_ru", "name_en", "parent_id")[: _MOST_SETTLEMENTS + 50]
    )
    districts = sorted((row for row in rows if row.kind == "district"), key=lambda row: row.name)
    inside = {row.pk for row in districts}
    settlements = [row for row in rows if row.kind == "settlement" and row.parent_id in inside]
    choices: list[tuple[str, Any]] = [("", "–")]
    for district in districts:
        choices.append((str(district.pk), district.name))
        if len(settlements) <= _MOST_SETTLEMENTS:
            choices += [
                (str(row.pk), f"{district.name} · {row.name}")
                for row in settlements
                if row.parent_id == district.pk
            ]
    return choices


class SiteFilterForm(forms.Form):
    """Narrow the register; lives in the address of the page."""

    q = forms.CharField(
        label=_("Words"), required=False, max_length=100, widget=forms.SearchInput()
    )
    category = forms.ChoiceField(label=_("Category"), required=False)
    district = forms.ChoiceField(label=_("District"), required=False)
    tier = forms.ChoiceField(label=_("Capacity"), required=False, choices=[("", _("Any")), *TIERS])
    due = forms.ChoiceField(
        label=_("Due"),
        required=False,
        choices=[
            ("", _("Any day")),
            ("overdue", _("Overdue")),
            ("soon", _("Within 30 days or overdue")),
        ],
    )
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[*Site.Status.choices, ("all", _("All"))]
    )
    sort = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput())

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = places.districts(actor).defer("boundary")
        self.fields["category"].choices = [  # type: ignore[attr-defined]
            ("", _("All categories")), *Site.Category.choices
        ]  # fmt: skip
        self.fields["district"].choices = [  # type: ignore[attr-defined]
            ("", _("All districts")),
            *((str(place.pk), place.name) for place in rows),
        ]
        self.initial.setdefault("status", Site.Status.LISTED)
        if self.is_bound and "status" not in self.data:
            self.data = {**self.data.dict(), "status": Site.Status.LISTED}  # type: ignore[attr-defined]

    def as_filter(self) -> dict[str, Any]:
        """Return what was chosen, as the selector takes it; what is wrong is left out."""
        self.is_valid()
        wanted = self.cleaned_data
        status = wanted.get("status") or Site.Status.LISTED
        return {
            "query": wanted.get("q") or "",
            "category": wanted.get("category") or "",
            "district_id": int(wanted["district"]) if wanted.get("district") else None,
            "tier": int(wanted["tier"]) if wanted.get("tier") else None,
            "due": wanted.get("due") or "",
            "status": "" if status == "all" else status,
            "order": wanted.get("sort") or "due",
        }


class SiteForm(forms.Form):
    """What is known of a site."""

    name_kk = GuardedCharField(label=_("Name in Kazakh"), required=False, max_length=200)
    name_ru = GuardedCharField(label=_("Name in Russian"), required=False, max_length=200)
    name_en = GuardedCharField(label=_("Name in English"), required=False, max_length=200)
    category = forms.ChoiceField(label=_("Category"), choices=Site.Category.choices)
    capacity = forms.IntegerField(
        label=_("Most people at a time"), min_value=0, max_value=1_000_000
    )
    place = forms.ChoiceField(label=_("Place"))
    address = GuardedCharField(label=_("Address"), required=False, max_length=200)
    latitude = forms.FloatField(
        label=_("Latitude, degrees"), required=False, min_value=-90, max_value=90
    )
    longitude = forms.FloatField(
        label=_("Longitude, degrees"), required=False, min_value=-180, max_value=180
    )
    owner_name = GuardedCharField(
        label=pgettext_lazy("site", "Owner"),
        required=False,
        max_length=200,
        help_text=_("The body that owns or runs the site, not a person."),
    )
    owner = forms.ChoiceField(
        label=_("Owner's organisation at the desk"),
        required=False,
        help_text=_("Its accounts with the role “Site owner” see this site."),
    )
    owner_language = forms.ChoiceField(
        label=_("Owner's language"),
        choices=[("kk", _("Kazakh")), ("ru", _("Russian")), ("en", _("English"))],
    )
    duty_contact = forms.CharField(
        label=_("Duty contact of the office"),
        required=False,
        max_length=200,
        help_text=_("An office, its switchboard or mailbox; no person's number."),
    )
    is_another = forms.BooleanField(
        label=_("I have looked: this is another site than those like it"), required=False
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = place_choices(actor)  # type: ignore[attr-defined]
        bodies = accounts.organisations(actor)
        self.fields["owner"].choices = [  # type: ignore[attr-defined]
            ("", "–"), *((str(body.pk), body.name) for body in bodies)
        ]  # fmt: skip

    def as_facts(self) -> SiteFacts:
        """Return what was filled in, as the service takes it."""
        data = dict(self.cleaned_data)
        for name in ("is_another", "reason"):
            data.pop(name, None)
        owner = data.pop("owner")
        return SiteFacts(
            place_id=int(data.pop("place")), owner_id=int(owner) if owner else None, **data
        )


def site_initial(site: Site) -> dict[str, Any]:
    """Return the first values of the form for a site that is there."""
    names = [
        "name_kk", "name_ru", "name_en", "category", "capacity", "address", "latitude",
        "longitude", "owner_name", "owner_language", "duty_contact",
    ]  # fmt: skip
    return {
        **{name: getattr(site, name) for name in names},
        "place": str(site.place_id),
        "owner": str(site.owner_id or ""),
    }


class RequestForm(SiteForm):
    """Ask that a site be taken on the list."""

    reason = GuardedCharField(
        label=_("Why should it be on the list?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class DecideForm(forms.Form):
    """Decide on a request."""

    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[("accept", _("Take it on the list")), ("refuse", _("Do not take it"))],
        widget=forms.RadioSelect,
    )
    grounds = GuardedCharField(
        label=_("Grounds"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReasonForm(forms.Form):
    """Say why."""

    reason = GuardedCharField(
        label=_("Reason"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )


class FileForm(forms.Form):
    """Put a plan, picture or paper on file."""

    kind = forms.ChoiceField(label=_("Kind"), choices=SiteFile.Kind.choices)
    title = GuardedCharField(label=_("Title"), max_length=120)
    file = forms.FileField(
        label=_("Picture"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_(
            "JPEG, PNG or WebP, at most 12 MB. Place, time and device are taken out; "
            "only the picture itself is kept, sealed."
        ),
    )


class EquipmentForm(forms.Form):
    """What stands at a site."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Equipment.Kind.choices)
    label = GuardedCharField(label=_("Label"), max_length=120)
    state = forms.ChoiceField(label=_("State"), choices=Equipment.State.choices)
    installed_on = forms.DateField(label=_("Installed"), required=False, widget=_DATE)
    expires_on = forms.DateField(label=_("Expires"), required=False, widget=_DATE)
    latitude = forms.FloatField(
        label=_("Latitude, degrees"), required=False, min_value=-90, max_value=90
    )
    longitude = forms.FloatField(
        label=_("Longitude, degrees"), required=False, min_value=-180, max_value=180
    )
    rated_level_db = forms.FloatField(
        label=_("Rated level at 30 m, dB"), required=False, min_value=40, max_value=160
    )
    is_speech = forms.BooleanField(label=_("Can speak, not only sound"), required=False)
    mast_height_m = forms.FloatField(
        label=_("Height of the mast, m"), required=False, min_value=0, max_value=300
    )

    def as_facts(self) -> EquipmentFacts:
        """Return what was filled in, as the service takes it."""
        return EquipmentFacts(**self.cleaned_data)


class TableForm(forms.Form):
    """A file of sites."""

    file = forms.FileField(label=_("File"), help_text=_("CSV or XLSX, with a header line."))
    keep_good = forms.BooleanField(
        label=_("Take the good rows even if others are bad"), required=False
    )
    allow_doubles = forms.BooleanField(
        label=_("Take rows that are like a site of the register"), required=False
    )


class FormFileForm(forms.Form):
    """A checklist as XLSForm."""

    file = forms.FileField(
        label=_("XLSForm"), help_text=_("An XLSX workbook with the sheets survey and choices.")
    )
