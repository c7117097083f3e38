"""What is filled in about coverage and the plan."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qalqan.desk.agencies import selectors as agencies
from qalqan.desk.outreach.selectors.coverage import SPANS
from qalqan.desk.outreach.services.planning import Pick
from qalqan.desk.platform.policies import Actor

DEFAULT_SPAN = 12


class SpanForm(forms.Form):
    """Over which months coverage is looked at; lives in the address of the page.

    The field always shows the span that is drawn: a year where nothing sound was asked.
    """

    months = forms.ChoiceField(
        label=gettext_lazy("Months looked at"), choices=[(months, months) for months in SPANS]
    )

    def __init__(self, data: Mapping[str, Any], **kwargs: Any) -> None:
        asked = str(data.get("months", ""))
        sound = asked if asked in map(str, SPANS) else str(DEFAULT_SPAN)
        super().__init__({"months": sound}, **kwargs)

    def span(self) -> int:
        """Return the months that are shown and drawn."""
        return int(self.data["months"])


class AcceptForm(forms.Form):
    """Which proposed events are planned, by whom and from when.

    ``plan`` numbers the proposal, so that sending it twice plans nothing twice.
    """

    plan = forms.UUIDField(widget=forms.HiddenInput)
    body = forms.TypedChoiceField(label=gettext_lazy("Body that holds them"), coerce=int)
    first_day = forms.DateField(
        label=gettext_lazy("Day of the first"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    every_days = forms.IntegerField(
        label=gettext_lazy("Days between them"), min_value=0, max_value=31, initial=7
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].choices = agencies.names(actor)  # type: ignore[attr-defined]
        self.initial.setdefault("plan", uuid4())
        self.initial.setdefault("first_day", timezone.localdate() + timedelta(days=7))

    def picks(self) -> list[Pick]:
        """Return the chosen events, in the order of the plan.

        Raises
        ------
        ValidationError
            A value is none that the page offers.
        """
        found = []
        data: Any = self.data
        for code in data.getlist("pick"):
            parts = code.split(":")
            if len(parts) != 4 or not parts[0].isdecimal() or len(parts[0]) > 9:
                raise forms.ValidationError(_("This event is not known."))
            found.append(Pick(int(parts[0]), parts[1], parts[2], parts[3]))
        return found
