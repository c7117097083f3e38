"""What is filled in about field notes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from qalqan.desk.outreach.models import FieldNote
from qalqan.desk.outreach.services.notes import NoteFacts
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.places.fold import fold_name
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.privacy.observations import ObservedCharField

_CHOOSE = ("", gettext_lazy("Choose…"))
_SHOWN = 4


class PlaceNameField(forms.CharField):
    """A settlement or district by its name, in any spelling; a slip is answered with names."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Settlement or district"))
        super().__init__(max_length=120, **kwargs)
        self.actor: Actor | None = None

    def clean(self, value: Any) -> Any:
        """Return the place.

        Raises
        ------
        ValidationError
            No place has this name, or several have; the nearest names are told.
        """
        text = super().clean(value)
        if not text or self.actor is None:
            return None
        found = [
            place
            for place in places.search(self.actor, text, limit=8)
            if place.kind in (Place.Kind.SETTLEMENT, Place.Kind.DISTRICT)
        ]
        key = fold_name(text)
        exact = [
            place
            for place in found
            if key in {fold_name(name) for name in (place.name_kk, place.name_ru, place.name_en)}
        ]
        towns = [place for place in exact if place.kind == Place.Kind.SETTLEMENT]
        for chosen in (exact, towns):
            if len(chosen) == 1:
                return chosen[0]
        names = ", ".join(_full_name(place) for place in (exact or found)[:_SHOWN])
        if not names:
            raise forms.ValidationError(_("No settlement or district has this name."))
        raise forms.ValidationError(_("Write the name in full: %(names)s"), params={"names": names})


def _full_name(place: Place) -> str:
    return f"{place.name} ({place.parent.name})" if place.parent else place.name


class NoteForm(forms.Form):
    """What was seen at a place open to the public."""

    theme = forms.ChoiceField(
        label=gettext_lazy("What it is about"), choices=[_CHOOSE, *FieldNote.Theme.choices]
    )
    spot = forms.ChoiceField(
        label=gettext_lazy("Kind of place"),
        choices=[_CHOOSE, *FieldNote.Spot.choices],
        help_text=gettext_lazy("Only places open to the public; never a home."),
    )
    place = PlaceNameField()
    seen_at = forms.DateTimeField(
        label=gettext_lazy("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    text = ObservedCharField(
        label=gettext_lazy("What was seen or heard"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("About the place. No names, no faith of persons, no number plates."),
    )
    picture = forms.FileField(
        label=gettext_lazy("Picture"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=gettext_lazy(
            "Without faces and number plates. The desk looks for them and misses some: "
            "look yourself first."
        ),
    )

    def __init__(self, *args: Any, actor: Actor, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].actor = actor  # type: ignore[attr-defined]
        self.initial.setdefault("seen_at", timezone.localtime(now))

    def as_facts(self) -> NoteFacts:
        """Return what the service takes."""
        said = self.cleaned_data
        return NoteFacts(
            theme=said["theme"], spot=said["spot"], place_id=said["place"].pk,
            seen_at=said["seen_at"], text=said["text"].strip(),
            language=(get_language() or "kk")[:2],
        )  # fmt: skip


class NoteFilterForm(forms.Form):
    """Narrow the list; lives in the address of the page."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False,
        choices=[("", gettext_lazy("All")), *FieldNote.State.choices],
    )  # fmt: skip
    theme = forms.ChoiceField(
        label=gettext_lazy("Theme"), required=False,
        choices=[("", gettext_lazy("All")), *FieldNote.Theme.choices],
    )  # fmt: skip

    def wanted(self) -> dict[str, str]:
        """Return what was chosen; nothing for what is not known."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("state", "theme")}


class AnswerForm(forms.Form):
    """The desk's answer to the body that wrote a note."""

    answer = ObservedCharField(
        label=gettext_lazy("Answer"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
