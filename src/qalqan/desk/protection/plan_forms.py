"""What people fill in about teams and weeks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.accounts.models import User
from qalqan.desk.platform.policies import Role
from qalqan.desk.platform.privacy.forms import GuardedCharField
from qalqan.desk.platform.ui.formatting import format_date
from qalqan.desk.protection.models import Site, Team
from qalqan.desk.protection.services.plan_changes import LONGEST_WHY
from qalqan.desk.protection.services.planning import TeamFacts

WEEKS_AHEAD = 4
LEAVE_FREE = "none"


class DrawForm(forms.Form):
    """Which week to draw."""

    monday = forms.DateField(label=_("Week"))

    def __init__(self, *args: Any, today: date, taken: set[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = today - timedelta(days=today.weekday())
        mondays = [first + timedelta(weeks=n) for n in range(WEEKS_AHEAD + 1)]
        choices = [
            (day.isoformat(), f"{format_date(day)} – {format_date(day + timedelta(days=6))}")
            for day in mondays
            if day not in taken
        ]
        self.fields["monday"].widget = forms.Select(choices=choices)
        self.is_possible = bool(choices)


class TeamForm(forms.Form):
    """A team: name, base, days of work, inspectors."""

    name = GuardedCharField(label=_("Name of the team"), max_length=80)
    latitude = forms.FloatField(
        label=_("Latitude of the base"), min_value=-90, max_value=90,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )  # fmt: skip
    longitude = forms.FloatField(
        label=_("Longitude of the base"), min_value=-180, max_value=180,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )  # fmt: skip
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days of work"), coerce=int, choices=list(WEEKDAYS.items()),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    members = forms.ModelMultipleChoiceField(
        label=_("Inspectors"), queryset=User.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    is_active = forms.BooleanField(label=_("The team goes out"), required=False, initial=True)

    def __init__(self, *args: Any, team: Team | None = None, **kwargs: Any) -> None:
        if team is not None:
            kwargs["initial"] = {
                "name": team.name, "latitude": team.latitude, "longitude": team.longitude,
                "weekdays": team.weekdays, "members": list(team.members.all()),
                "is_active": team.is_active,
            }  # fmt: skip
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = User.objects.filter(  # type: ignore[attr-defined]
            role=Role.INSPECTOR, is_active=True
        ).order_by("username")

    @property
    def facts(self) -> TeamFacts:
        """What was filled in."""
        said = self.cleaned_data
        return TeamFacts(
            said["name"], said["latitude"], said["longitude"], tuple(said["weekdays"]),
            said["is_active"],
        )  # fmt: skip


class InsteadForm(forms.Form):
    """What is visited instead."""

    site = forms.ChoiceField(label=_("Visit instead"))

    def __init__(self, *args: Any, sites: list[Site], near: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = [(str(site.pk), str(site)) for site in sites if site.pk in near]
        there = [(str(site.pk), str(site)) for site in sites if site.pk not in near]
        groups: list[Any] = [(LEAVE_FREE, _("nothing; leave the time free"))]
        groups += [(_("Near, fits into the shift"), here)] if here else []
        groups += [(_("Elsewhere, check the travel time"), there)] if there else []
        field = self.fields["site"]
        field.choices = groups  # type: ignore[attr-defined]

    @property
    def chosen(self) -> int | None:
        """The site, or none to leave the time free."""
        text = self.cleaned_data["site"]
        return None if text == LEAVE_FREE else int(text)


class ChangeForm(forms.Form):
    """The change itself, once its price was seen."""

    site = forms.CharField(widget=forms.HiddenInput)
    after_changes = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    why = GuardedCharField(
        label=_("Why"), max_length=LONGEST_WHY, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It is kept with the change. No names of persons."),
    )  # fmt: skip
