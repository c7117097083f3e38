"""What is filled in for a quarterly report."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.privacy.forms import GuardedCharField

_NAMES = {"kk": _("Reason in Kazakh"), "ru": _("Reason in Russian"), "en": _("Reason in English")}


class DraftForm(forms.Form):
    """Which quarter is reported."""

    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2200)
    quarter = forms.TypedChoiceField(
        label=_("Quarter"), coerce=int, choices=[(number, str(number)) for number in (1, 2, 3, 4)]
    )


class CorrectionForm(forms.Form):
    """Why a published report is corrected, in three languages."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label in _NAMES.items():
            self.fields[f"reason_{code}"] = GuardedCharField(
                label=label, max_length=500, widget=forms.TextInput(attrs={"lang": code})
            )

    def reason(self) -> dict[str, str]:
        """Return the reason by language."""
        return {code: self.cleaned_data[f"reason_{code}"] for code in _NAMES}
