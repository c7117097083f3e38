"""What people fill in about work."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.accounts.models import Organisation, User
from qalqan.desk.platform.accounts.selectors import organisations, users
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.privacy.forms import GuardedCharField
from qalqan.desk.platform.work import selectors
from qalqan.desk.platform.work.giving import LONGEST_TITLE
from qalqan.desk.platform.work.kinds import known, label_of
from qalqan.desk.platform.work.models import PAGE_OF_THE_DESK

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


class GiveForm(forms.Form):
    """Give a piece of work to oneself, to a body, or to a person whose account one may see."""

    title = GuardedCharField(label=_("What is to be done"), max_length=LONGEST_TITLE)
    kind = forms.ChoiceField(label=_("Kind"))
    whose = forms.ChoiceField(label=_("Who does it"))
    due_at = forms.DateTimeField(
        label=_("Until when"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )
    url = forms.RegexField(
        PAGE_OF_THE_DESK,
        label=_("Page where it is done"),
        required=False,
        max_length=300,
        help_text=_("An address of this desk, such as /rumours/12/. May stay empty."),
        error_messages={"invalid": _("The address of work must be a page of this desk.")},
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._bodies = {
            f"body-{row.pk}": row for row in organisations(actor).filter(is_active=True)
        }
        self._people = {f"user-{row.pk}": row for row in users(actor).filter(is_active=True)}
        self._people["me"] = actor
        self.fields["kind"].choices = known()  # type: ignore[attr-defined]
        self.fields["whose"].choices = self._choices()  # type: ignore[attr-defined]

    def _choices(self) -> list[tuple[Any, Any]]:
        people = [(key, str(row)) for key, row in self._people.items() if key != "me"]
        choices: list[tuple[Any, Any]] = [
            ("", "–"),
            ("me", _("I myself")),
            (_("Bodies"), [(key, str(row)) for key, row in self._bodies.items()]),
        ]
        return [*choices, (_("Persons"), people)] if people else choices

    @property
    def owner(self) -> User | None:
        """The person chosen, if it is one."""
        return self._people.get(self.cleaned_data["whose"])

    @property
    def body(self) -> Organisation | None:
        """The body chosen, if it is one."""
        return self._bodies.get(self.cleaned_data["whose"])


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
