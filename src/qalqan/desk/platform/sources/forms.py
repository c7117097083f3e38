"""What people fill in about sources."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.privacy.forms import GuardedCharField
from qalqan.desk.platform.sources.models import Reliability, Source


class SourceFilterForm(forms.Form):
    """Narrow the list; lives in the address of the page."""

    q = forms.CharField(label=_("Name contains"), required=False, max_length=100)
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("All kinds")), *Source.Kind.choices]
    )
    reliability = forms.ChoiceField(
        label=_("Reliability"),
        required=False,
        choices=[("", _("All grades")), *Reliability.choices],
    )


class GradeForm(forms.Form):
    """Give a source a new grade."""

    reliability = forms.ChoiceField(label=_("Reliability"), choices=Reliability.choices)
    reason = GuardedCharField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the source's record shows. No names of private persons."),
    )
