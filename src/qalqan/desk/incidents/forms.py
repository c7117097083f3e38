"""What people fill in about the ledger."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qalqan.desk.incidents.forms_ledger import AsOfField
from qalqan.desk.incidents.models import Incident
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor


class IncidentFilterForm(forms.Form):
    """Narrow the ledger; lives in the address of the page."""

    q = forms.CharField(
        label=_("Words"), required=False, max_length=100, widget=forms.SearchInput()
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    district = forms.ChoiceField(label=_("District"), required=False)
    since = forms.DateField(
        label=_("From day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("To day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    as_of = AsOfField()

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = places.districts(actor).defer("boundary")
        self.fields["kind"].choices = [("", _("All kinds")), *Incident.Kind.choices]  # type: ignore[attr-defined]
        self.fields["district"].choices = [  # type: ignore[attr-defined]
            ("", _("All districts")),
            *((str(place.pk), place.name) for place in rows),
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it begins, and days that no clock can turn to UTC."""
        wanted = super().clean() or {}
        for name in ("since", "until"):
            if wanted.get(name) and not MINYEAR < wanted[name].year < MAXYEAR:
                self.add_error(name, _("Write the day as 2011-06-12."))
        since, until = wanted.get("since"), wanted.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day lies before the first."))
        return wanted

    @property
    def moment(self) -> datetime | None:
        """Return the moment whose beliefs are asked for; nothing for now, or where it is wrong."""
        self.is_valid()
        return self.cleaned_data.get("as_of")

    def as_filters(self) -> dict[str, Any]:
        """Return what was chosen, as the selector takes it; what is wrong is left out."""
        self.is_valid()
        wanted = self.cleaned_data
        return {
            "query": wanted.get("q") or "",
            "kind": wanted.get("kind") or "",
            "district_id": int(wanted["district"]) if wanted.get("district") else None,
            "since": wanted.get("since"),
            "until": wanted.get("until"),
        }
