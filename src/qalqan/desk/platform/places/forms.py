"""What people fill in to find a place."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.places.models import Place


class PlaceFilterForm(forms.Form):
    """Narrow the list; lives in the address of the page."""

    q = forms.CharField(label=_("Name"), required=False, max_length=100)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *Place.Kind.choices]
    )
