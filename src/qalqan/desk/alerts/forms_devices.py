"""What people fill in about devices and drills."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qalqan.desk.alerts.models import Device
from qalqan.desk.alerts.models.device import CODE
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.privacy.forms import GuardedCharField


class DeviceForm(forms.Form):
    """A device to register."""

    code = forms.CharField(label=_("Code"), max_length=32, validators=[CODE])
    kind = forms.ChoiceField(label=_("Kind"), choices=Device.Kind.choices)
    site = GuardedCharField(
        label=_("Where it hangs"),
        max_length=120,
        help_text=_("The site and the room, e.g. School 12, entrance. No person's name."),
    )
    district = forms.ModelChoiceField(
        label=_("District"), queryset=Place.objects.none(), required=False
    )
    beat_seconds = forms.IntegerField(
        label=_("Seconds between heart-beats"), min_value=1, max_value=86_400, initial=300
    )

    def __init__(self, *args: Any, districts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district"].queryset = districts  # type: ignore[attr-defined]


class DrillForm(forms.Form):
    """An exercise to plan."""

    title = GuardedCharField(label=_("What is exercised"), max_length=200)
    planned_at = forms.DateTimeField(
        label=_("Planned for"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )


class LessonsForm(forms.Form):
    """What an exercise taught."""

    lessons = GuardedCharField(
        label=_("What was learned"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
