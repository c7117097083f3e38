"""What people choose about forecasts."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from qalqan.desk.flashpoints.models import AreaKind, Stream


class ForecastFilterForm(forms.Form):
    """One stream, districts or grid; lives in the address of the page."""

    stream = forms.ChoiceField(label=_("What is counted"), required=False, choices=Stream.choices)
    areas = forms.ChoiceField(label=_("Areas"), required=False, choices=AreaKind.choices)

    @property
    def chosen_stream(self) -> str:
        """Incidents, unless another stream is chosen."""
        return self._wanted("stream") or Stream.INCIDENTS.value

    @property
    def area_kind(self) -> str:
        """Districts, unless the grid is chosen."""
        return self._wanted("areas") or AreaKind.DISTRICTS.value

    def _wanted(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")
