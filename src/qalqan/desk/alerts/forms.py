"""What people fill in about warnings."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from qalqan.cap.model import Category, ResponseType
from qalqan.desk.alerts.content import LANGUAGES, LIMITS, PARTS, Content, Said
from qalqan.desk.alerts.models import Alert, AlertTemplate, Certainty, Severity, Urgency
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.privacy.forms import GuardedCharField

NAMES = {"kk": _("Kazakh"), "ru": _("Russian"), "en": _("English")}
CATEGORIES = {
    Category.SAFETY: _("Public safety"),
    Category.SECURITY: _("Security: attack, crime"),
    Category.FIRE: _("Fire"),
    Category.RESCUE: _("Rescue"),
    Category.HEALTH: _("Health"),
    Category.ENV: _("Environment"),
    Category.MET: _("Weather"),
    Category.GEO: _("Earthquake, landslide"),
    Category.TRANSPORT: _("Transport"),
    Category.INFRA: _("Power, water, heat, communication"),
    Category.CBRNE: _("Chemical, radiological or explosive danger"),
    Category.OTHER: _("Something else"),
}
RESPONSES = {
    ResponseType.SHELTER: _("Take shelter where they are"),
    ResponseType.EVACUATE: _("Leave the area"),
    ResponseType.PREPARE: _("Prepare"),
    ResponseType.EXECUTE: _("Do what was practised"),
    ResponseType.AVOID: _("Keep away"),
    ResponseType.MONITOR: _("Follow the news of the desk"),
    ResponseType.ASSESS: _("Judge for themselves"),
    ResponseType.ALL_CLEAR: _("Nothing more: the danger is over"),
    ResponseType.NONE: _("Nothing"),
}
DURATIONS = [
    (30, _("30 minutes")), (60, _("1 hour")), (120, _("2 hours")), (360, _("6 hours")),
    (720, _("12 hours")), (1440, _("24 hours")), (4320, _("3 days")),
]  # fmt: skip
SIRENS = [
    ("none", _("No signal, speech only")),
    ("attention", _("Attention signal, then speech")),
    ("all_clear", _("All-clear signal, then speech")),
]
PART_LABELS = {
    "event": _("What happens, in two or three words: %(language)s"),
    "headline": _("Headline: %(language)s"),
    "description": _("What is known: %(language)s"),
    "instruction": _("What people should do: %(language)s"),
    "spoken": _("What loudspeakers say: %(language)s"),
}
_LINES = re.compile(r"[\r\n]+")


class BeginForm(forms.Form):
    """What a warning begins with."""

    status = forms.ChoiceField(
        label=_("Has something happened?"), choices=Alert.Status.choices,
        widget=forms.RadioSelect, initial=Alert.Status.ACTUAL,
        help_text=_("This cannot be changed later. An exercise and a test go to those only who "
                    "agreed to get them, and say what they are in every text."),
    )  # fmt: skip
    template = forms.ModelChoiceField(
        label=_("Template"), queryset=AlertTemplate.objects.none(), required=False,
        empty_label=_("Begin with nothing"),
    )  # fmt: skip

    def __init__(self, *args: Any, templates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = templates  # type: ignore[attr-defined]


class _PlaceChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, place: Any) -> str:
        """Name a place, a settlement with its district."""
        parent = place.parent.name if place.kind == Place.Kind.SETTLEMENT and place.parent else ""
        return f"{place.name} ({parent})" if parent else str(place.name)


class ContentForm(forms.Form):
    """A warning in three languages, where it holds, and how grave it is.

    A draft is kept with parts missing, so the form lets them pass; handing over asks for all.
    """

    use_required_attribute = False
    category = forms.ChoiceField(label=_("Kind of danger"), choices=list(CATEGORIES.items()))
    severity = forms.ChoiceField(label=_("How bad"), choices=Severity.choices)
    urgency = forms.ChoiceField(label=_("How soon"), choices=Urgency.choices)
    certainty = forms.ChoiceField(label=_("How sure"), choices=Certainty.choices)
    response_types = forms.MultipleChoiceField(
        label=_("What people should do, for machines"), choices=list(RESPONSES.items()),
        required=False, widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    minutes = forms.TypedChoiceField(label=_("How long it holds"), choices=DURATIONS, coerce=int)
    siren = forms.ChoiceField(label=_("Sirens"), choices=SIRENS)
    contact = forms.CharField(
        label=_("Where to call"), max_length=60, required=False,
        validators=[RegexValidator(r"^[0-9+() ,-]*$", _("Digits only: a number of a service."))],
        help_text=_("A number of a service, such as 112; never of a person."),
    )  # fmt: skip
    note = GuardedCharField(label=_("Name of the exercise or test"), max_length=120, required=False)
    districts = _PlaceChoices(
        label=_("Districts"), queryset=Place.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    settlements = _PlaceChoices(
        label=_("Settlements"), queryset=Place.objects.none(), required=False,
        help_text=_("Hold Ctrl to choose several. Around each a circle of 5 km is warned."),
    )  # fmt: skip
    reach = forms.ChoiceField(
        label=_("Who hears it"), required=False,
        help_text=_("The area in which loudspeakers are heard, by the model of the coverage map."),
    )  # fmt: skip
    polygons = forms.CharField(
        label=_("Areas drawn by hand"), required=False, max_length=200_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("One area a line: latitude,longitude of each corner, parted by blanks. "
                    "The map below writes here."),
    )  # fmt: skip
    circles = forms.CharField(
        label=_("Circles"), required=False, max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text=_("One circle a line: latitude,longitude and the radius in kilometres."),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        districts: Any,
        settlements: Any,
        reaches: Any = (),
        minutes: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        # A cancelling holds as long as what it cancels, which is no round number.
        if minutes and minutes not in dict(DURATIONS):
            own = (minutes, _("%(count)d minutes") % {"count": minutes})
            self.fields["minutes"].choices = [own, *DURATIONS]  # type: ignore[attr-defined]
        self.fields["districts"].queryset = districts  # type: ignore[attr-defined]
        self.fields["settlements"].queryset = settlements  # type: ignore[attr-defined]
        self._reaches = {reach.key: reach for reach in reaches}
        self.fields["reach"].choices = [  # type: ignore[attr-defined]
            ("", _("Not by this")),
            *((key, reach.label) for key, reach in self._reaches.items()),
        ]
        for code in LANGUAGES:
            for part in PARTS:
                self.fields[f"{part}_{code}"] = _part_field(part, code)

    def full_clean(self) -> None:
        """Check what was filled in; what is missing is told when the message is handed over."""
        asked = [field for name, field in self.fields.items() if name[:-3] in PARTS]
        before = [field.required for field in asked]
        for field in asked:
            field.required = False
        try:
            super().full_clean()
        finally:
            for field, was in zip(asked, before, strict=True):
                field.required = was

    def columns(self) -> list[tuple[str, Any, list[forms.BoundField]]]:
        """Return the fields of each language, to be shown side by side."""
        return [
            (code, NAMES[code], [self[f"{part}_{code}"] for part in PARTS]) for code in LANGUAGES
        ]

    def gravity(self) -> list[forms.BoundField]:
        """Return the fields that say how grave it is."""
        names = ("category", "severity", "urgency", "certainty", "minutes", "siren", "contact")
        return [self[name] for name in (*names, "note", "response_types")]

    def whereabouts(self) -> list[forms.BoundField]:
        """Return the fields that say where, the drawn areas apart."""
        return [self[name] for name in ("districts", "settlements", "reach")]

    def content(self) -> Content:
        """Return what was filled in."""
        given = self.cleaned_data
        polygons = [_closed(line) for line in _lines(given.get("polygons", ""))]
        circles = _lines(given.get("circles", ""))
        if reach := self._reaches.get(given.get("reach", "")):
            polygons += [text for text in reach.polygons if text not in polygons]
        chosen = [*given.get("districts", ()), *given.get("settlements", ())]
        said = {
            code: Said(**{part: given.get(f"{part}_{code}", "") for part in PARTS})
            for code in LANGUAGES
        }
        return Content(
            category=given["category"], severity=given["severity"], urgency=given["urgency"],
            certainty=given["certainty"], response_types=tuple(given["response_types"]),
            minutes=given["minutes"], siren=given["siren"], contact=given["contact"],
            note=given["note"], said=said, place_ids=tuple(place.pk for place in chosen),
            polygons=tuple(polygons), circles=tuple(circles), reach=given.get("reach", ""),
        )  # fmt: skip


def _part_field(part: str, code: str) -> forms.CharField:
    label = PART_LABELS[part] % {"language": NAMES[code]}
    if part in ("event", "headline"):
        widget: forms.Widget = forms.TextInput(attrs={"lang": code})
    else:
        rows = {"description": 5, "instruction": 5, "spoken": 3}[part]
        widget = forms.Textarea(attrs={"lang": code, "rows": rows})
    hint = _("Empty: the headline and what people should do.") if part == "spoken" else ""
    return GuardedCharField(
        label=label,
        max_length=LIMITS[part],
        widget=widget,
        required=part != "spoken",
        help_text=hint,
    )


def _lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in _LINES.split(text) if line.strip()]


def _closed(line: str) -> str:
    """Return a ring that ends where it begins, as CAP wants it."""
    corners = line.split()
    return line if len(corners) < 3 or corners[0] == corners[-1] else f"{line} {corners[0]}"


def initial_of(content: Content, *, district_ids: set[int]) -> dict[str, Any]:
    """Return a draft as the beginning of the form."""
    kept: dict[str, Any] = {
        "category": content.category, "severity": content.severity, "urgency": content.urgency,
        "certainty": content.certainty, "response_types": list(content.response_types),
        "minutes": content.minutes, "siren": content.siren, "contact": content.contact,
        "note": content.note,
        "districts": [pk for pk in content.place_ids if pk in district_ids],
        "settlements": [pk for pk in content.place_ids if pk not in district_ids],
        "polygons": "\n".join(content.polygons), "circles": "\n".join(content.circles),
    }  # fmt: skip
    for code in LANGUAGES:
        for part in PARTS:
            kept[f"{part}_{code}"] = getattr(content.in_language(code), part)
    return kept


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = GuardedCharField(label=_("Reason"), max_length=200)


class OutcomeForm(forms.Form):
    """What came of looking into it."""

    outcome = GuardedCharField(
        label=_("What was found"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class CancelForm(forms.Form):
    """Why a warning is cancelled; people read it."""

    why = forms.ChoiceField(
        label=_("Why it is cancelled"),
        choices=[("over", _("The danger is over.")), ("mistake", _("It was sent by mistake."))],
        widget=forms.RadioSelect, initial="over",
    )  # fmt: skip
