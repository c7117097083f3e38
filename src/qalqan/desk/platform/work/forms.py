"""What people fill in about work."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.accounts.models import Organisation
from qalqan.desk.platform.accounts.selectors import organisations
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.privacy.forms import GuardedCharField
from qalqan.desk.platform.work import selectors
from qalqan.desk.platform.work.kinds import label_of

_WHY = {"rows": 3}


class WorkFilterForm(forms.Form):
    """Narrow the list; lives in the address of the page."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("live", _("Still owed")),
            ("overdue", _("Overdue")),
            ("closed", _("Closed")),
        ],
    )
    whose = forms.ChoiceField(
        label=_("Whose"), required=False, choices=[("", _("All I may see")), ("mine", _("Mine"))]
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [(kind, label_of(kind)) for kind in selectors.kinds(actor)]
        self.fields["kind"].choices = [("", _("All kinds")), *known]  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    """Say what came of it."""

    outcome = GuardedCharField(
        label=_("What came of it"), max_length=500, widget=forms.Textarea(attrs=_WHY)
    )
    cancelled = forms.BooleanField(label=_("It is no longer needed"), required=False)


class HandOverForm(forms.Form):
    """Offer work to another body."""

    organisation = forms.ModelChoiceField(
        label=_("To which body"), queryset=Organisation.objects.none()
    )
    reason = GuardedCharField(label=_("Why"), max_length=500, widget=forms.Textarea(attrs=_WHY))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = organisations(actor).filter(is_active=True)
        self.fields["organisation"].queryset = rows.exclude(  # type: ignore[attr-defined]
            pk=actor.organisation_id or 0
        )


class RefuseForm(forms.Form):
    """Refuse offered work, with a reason."""

    reason = GuardedCharField(
        label=_("Why it is refused"), max_length=500, widget=forms.Textarea(attrs=_WHY)
    )
