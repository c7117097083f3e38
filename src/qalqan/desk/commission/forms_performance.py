"""What people fill in about indicators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.accounts.models import Organisation
from qalqan.desk.platform.privacy.forms import GuardedCharField
from qalqan.desk.platform.ui.formatting import format_date

_LANGUAGES = (("kk", _("Kazakh")), ("ru", _("Russian")), ("en", _("English")))


def _lines(label: Any, most: int, rows: int = 3) -> GuardedCharField:
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": most})
    return GuardedCharField(label=label, max_length=most, widget=widget)


class MonthForm(forms.Form):
    """Which month is to be locked."""

    month = forms.ChoiceField(label=_("Month"))

    def __init__(self, *args: Any, months: Sequence[date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(f"{one:%Y-%m}", format_date(one, "month")) for one in months]
        self.fields["month"].choices = choices  # type: ignore[attr-defined]


class CorrectForm(forms.Form):
    """Why a figure is counted again."""

    reason = _lines(_("Why it is corrected"), 500)


class FigureCommentForm(forms.Form):
    """What the responsible body says of a month."""

    text = _lines(_("Comment of the responsible body"), 2000, 4)


class TargetForm(forms.Form):
    """What an indicator is to reach."""

    value = forms.FloatField(
        label=_("Target"), help_text=_("In the indicator's unit; a share as 0.9, not as 90 %.")
    )
    since = forms.DateField(
        label=_("Since"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = GuardedCharField(label=_("Why this target"), max_length=500)


class ResponsibleForm(forms.Form):
    """Which body answers for an indicator."""

    organisation = forms.ModelChoiceField(
        Organisation.objects.filter(is_active=True).order_by("name"),
        label=_("Who is responsible"), required=False,
    )  # fmt: skip


class DefinitionForm(forms.Form):
    """Another definition of an indicator."""

    formula = forms.ChoiceField(label=_("Formula"))
    valid_from = forms.DateField(
        label=_("In force since"), help_text=_("The first day of a month that is not locked."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip
    reason = _lines(_("Why it is changed"), 1000)
    name_kk = GuardedCharField(label=_("Name in Kazakh"), max_length=200)
    name_ru = GuardedCharField(label=_("Name in Russian"), max_length=200)
    name_en = GuardedCharField(label=_("Name in English"), max_length=200)
    definition_kk = _lines(_("Definition in Kazakh"), 2000)
    definition_ru = _lines(_("Definition in Russian"), 2000)
    definition_en = _lines(_("Definition in English"), 2000)

    def __init__(self, *args: Any, formulas: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["formula"].choices = [(key, key) for key in formulas]  # type: ignore[attr-defined]

    def said(self, field: str) -> dict[str, str]:
        """Return the names or the definitions by language."""
        return {code: self.cleaned_data[f"{field}_{code}"] for code, _label in _LANGUAGES}
