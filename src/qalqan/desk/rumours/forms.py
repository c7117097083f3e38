"""What people fill in about claims."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor
from qalqan.desk.rumours.models import Claim, Language, Message
from qalqan.desk.rumours.selectors import ClaimFilter


def _with_all(label: Any, choices: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [("", label), *choices]


class PlaceChoiceMixin:
    """A choice of district that stands for everything that lies in it."""

    fields: dict[str, Any]
    cleaned_data: dict[str, Any]

    def offer_districts(self, actor: Actor) -> None:
        """Fill the choice with the districts the actor may see."""
        rows = places.districts(actor).defer("boundary")
        self.fields["place"].choices = _with_all(
            _("All districts"), [(str(place.pk), place.name) for place in rows]
        )

    def place_ids(self) -> tuple[int, ...]:
        """Return the chosen district and what lies in it; nothing where none is chosen."""
        chosen = self.cleaned_data.get("place")
        if not chosen:
            return ()
        district = int(chosen)
        return tuple(pk for pk, inside in places.district_map().items() if inside == district)


class ClaimFilterForm(PlaceChoiceMixin, forms.Form):
    """Narrow and order the list of claims; lives in the address of the page."""

    q = forms.CharField(
        label=_("Words"), required=False, max_length=100, widget=forms.SearchInput()
    )
    sort = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            ("harm", _("Most harm averted a minute")),
            ("growth", _("Growing most")),
            ("recent", _("Most copies in 24 hours")),
            ("first", _("Newest first")),
            ("copies", _("Most copies in all")),
        ],
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=_with_all(_("All"), Language.choices)
    )
    place = forms.ChoiceField(label=_("District"), required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=_with_all(_("All"), Claim.State.choices)
    )
    severity = forms.ChoiceField(
        label=_("Severity"), required=False, choices=_with_all(_("All"), Claim.Severity.choices)
    )
    owner = forms.ChoiceField(
        label=_("Checked by"),
        required=False,
        choices=[("", _("All")), ("me", _("Me")), ("nobody", _("Nobody"))],
    )
    overdue = forms.BooleanField(label=_("Only overdue"), required=False)
    answered = forms.ChoiceField(
        label=_("Answer"),
        required=False,
        choices=[("", _("All")), ("yes", _("Has an answer")), ("no", _("Has no answer"))],
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_districts(actor)

    def as_filter(self) -> ClaimFilter:
        """Return what was chosen; what is wrong is left out."""
        self.is_valid()
        chosen = self.cleaned_data
        return ClaimFilter(
            query=chosen.get("q") or "",
            language=chosen.get("language") or "",
            state=chosen.get("state") or "",
            answered=chosen.get("answered") or "",
            place_ids=self.place_ids(),
            severity=chosen.get("severity") or "",
            owner=chosen.get("owner") or "",
            overdue=bool(chosen.get("overdue")),
            sort=chosen.get("sort") or "harm",
        )


class MessageFilterForm(PlaceChoiceMixin, forms.Form):
    """Look for messages; lives in the address of the page."""

    q = forms.CharField(
        label=_("Words"), required=False, max_length=100, widget=forms.SearchInput()
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=_with_all(_("All"), Message.Kind.choices)
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, choices=_with_all(_("All"), Language.choices)
    )
    place = forms.ChoiceField(label=_("District"), required=False)
    since = forms.DateField(
        label=_("From day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("To day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_districts(actor)
