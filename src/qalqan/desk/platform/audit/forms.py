"""Narrowing the list of entries."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class EntryFilter(forms.Form):
    """By action, by who, by period; what is chosen stands in the address."""

    action = forms.CharField(
        label=_("Action"),
        max_length=80,
        required=False,
        help_text=_("The beginning of an act: accounts, or accounts.create_user."),
    )
    who = forms.CharField(label=_("Who"), max_length=80, required=False)
    since = forms.DateField(
        label=_("From the day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("To the day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def bounds(self) -> dict[str, Any]:
        """Return the filter as the selector takes it; days are the desk's, ``until`` included."""
        if not self.is_valid():
            return {}
        data = self.cleaned_data
        day = timedelta(days=1)
        return {
            "action": data["action"].strip(),
            "who": data["who"].strip(),
            "since": _midnight(data["since"]) if data["since"] else None,
            "until": _midnight(data["until"] + day) if data["until"] else None,
        }


def _midnight(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
