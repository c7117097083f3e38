"""What narrows the list of releases."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.releases.models import Release


class ReleaseFilterForm(forms.Form):
    """Narrow the list; lives in the address of the page."""

    series = forms.CharField(label=_("Series contains"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All states")), *Release.State.choices]
    )
