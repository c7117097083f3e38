"""What everyone may fill in."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SearchForm(forms.Form):
    """Words to look for in the answers."""

    q = forms.CharField(
        label=_("Words"), required=False, max_length=100, widget=forms.SearchInput()
    )

    def words(self) -> str:
        """Return what was asked for; nothing where that cannot be read."""
        return str(self.cleaned_data.get("q") or "") if self.is_valid() else ""


class ReferenceForm(forms.Form):
    """The number of a hotline report."""

    number = forms.CharField(
        label=_("Number of the report"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text=_("Sixteen letters and digits, as they were shown after the report."),
    )


class MailForm(forms.Form):
    """Where to send answers."""

    address = forms.EmailField(label=_("E-mail address"), max_length=200)
