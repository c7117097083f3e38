"""What people fill in about the queue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qalqan.desk.rumours.models import Claim
from qalqan.desk.rumours.weighing import MINUTES

USUAL_HOURS = 3.0
MOST_HOURS = 100
_MOST_CHOSEN = 1_000


class SeverityForm(forms.Form):
    """Say how severe a claim is."""

    severity = forms.ChoiceField(label=_("Severity"), choices=Claim.Severity.choices)


class MergeForm(forms.Form):
    """Say into which claim a claim is merged."""

    target = forms.IntegerField(
        label=_("Number of the claim that stays"), min_value=1, max_value=2**62
    )


class SplitForm(forms.Form):
    """Choose the copies that say something else."""

    def chosen(self) -> list[int]:
        """Return the keys of the chosen messages; what is no number is left out."""
        data: Any = self.data
        texts = data.getlist("messages")[: _MOST_CHOSEN + 1]
        return [int(t) for t in texts if t.isascii() and t.isdigit() and len(t) <= 18]


class HoursForm(forms.Form):
    """Say how many staff-hours there are; lives in the address of the page."""

    hours = forms.FloatField(
        label=_("Staff-hours"),
        min_value=0,
        max_value=MOST_HOURS,
        initial=USUAL_HOURS,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 6}),
    )

    def hours_given(self) -> float:
        """Return the hours; the usual ones where nothing right was given."""
        return float(self.cleaned_data["hours"]) if self.is_valid() else USUAL_HOURS


class MinutesForm(forms.Form):
    """Say how many staff-minutes a claim in each open state still needs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for state in MINUTES:
            self.fields[state] = forms.IntegerField(
                label=Claim.State(state).label, min_value=1, max_value=600
            )
