"""What people fill in about claims."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.privacy.forms import GuardedCharField
from qalqan.desk.rumours.models import Answer, Claim, Language, Message
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
            sort=chosen.get("sort") or "growth",
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


class AnswerForm(forms.Form):
    """Record the published answer to a claim."""

    # Nothing is chosen beforehand: a verdict must be somebody's decision.
    verdict = forms.ChoiceField(
        label=_("Verdict"), choices=_with_all(_("Choose…"), Answer.Verdict.choices)
    )
    text = GuardedCharField(
        label=_("Answer"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("As it was published. No names, numbers or addresses of persons."),
    )
    language = forms.ChoiceField(label=_("Language of the answer"), choices=Language.choices)
    published_at = forms.DateTimeField(
        label=_("Published"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )


class StateForm(forms.Form):
    """Watch, close or take up a claim."""

    state = forms.ChoiceField(
        label=_("State"),
        choices=[c for c in Claim.State.choices if c[0] != Claim.State.ANSWERED],
    )
