"""Forms of the brief."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qalqan.desk.brief.ranking import KINDS
from qalqan.desk.brief.wording import LINE_KINDS
from qalqan.desk.platform.privacy.forms import GuardedCharField


class DecisionForm(forms.Form):
    """What was decided about a kind of line after looking at its votes."""

    kind = forms.ChoiceField(label=_("Kind of line"))
    decision = GuardedCharField(
        label=_("What was decided"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Nothing changes by itself: whoever changes the rule names this decision."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.choices = [(kind, LINE_KINDS[kind]) for kind in KINDS]
