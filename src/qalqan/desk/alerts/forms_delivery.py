"""Forms of targets and of people who ask to be warned."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qalqan.desk.alerts.models import Channel, Level, Subscriber
from qalqan.desk.platform.places.models import Place

LANGUAGES = [("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")]


class TargetForm(forms.Form):
    """A new target."""

    name = forms.CharField(label=_("Name"), max_length=100)
    kind = forms.ChoiceField(label=_("Way"), choices=Channel.choices)
    address = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("https://… for programs and gateways, smtps://… for e-mail, mqtts://… for "
                    "sirens and loudspeakers. It is kept sealed."),
    )  # fmt: skip
    secret = forms.CharField(
        label=_("Token or password"),
        required=False,
        max_length=500,
        help_text=_("Leave empty for webhooks and sirens: a secret is drawn and shown once."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    options = forms.CharField(
        label=_("Settings"),
        required=False,
        max_length=500,
        help_text=_('As JSON, nothing secret: {"sender": "…"}, {"topic": "…"}, {"chat": "…"}.'),
    )
    district = forms.ModelChoiceField(
        label=_("District"),
        queryset=Place.objects.none(),
        required=False,
        empty_label=_("The whole province"),
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    least = forms.TypedChoiceField(label=_("Least severity"), choices=Level.choices, coerce=int)
    accepts_exercise = forms.BooleanField(label=_("Takes part in exercises"), required=False)
    accepts_test = forms.BooleanField(label=_("Takes tests"), required=False)
    people = forms.IntegerField(label=_("People reached"), required=False, min_value=0)
    people_source = forms.CharField(
        label=_("Where the number of people is from"), required=False, max_length=120
    )

    def __init__(self, *args: Any, districts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["district"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = districts

    def clean_options(self) -> dict[str, Any]:
        """Return the settings as a mapping."""
        text = self.cleaned_data["options"].strip()
        try:
            found = json.loads(text) if text else {}
        except ValueError:
            raise forms.ValidationError(_("This is no JSON.")) from None
        if not isinstance(found, dict):
            raise forms.ValidationError(_("Write settings in braces."))
        return found


class SubscribeForm(forms.Form):
    """Where to warn somebody."""

    channel = forms.ChoiceField(label=_("How"), choices=Subscriber.Channel.choices)
    address = forms.CharField(
        label=_("E-mail address or telephone"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "email"}),
    )
    district = forms.ModelChoiceField(
        label=_("District"),
        queryset=Place.objects.none(),
        required=False,
        empty_label=_("The whole province"),
    )

    def __init__(self, *args: Any, districts: Any, ways: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place, way = self.fields["district"], self.fields["channel"]
        assert isinstance(place, forms.ModelChoiceField)  # noqa: S101 - declared above
        assert isinstance(way, forms.ChoiceField)  # noqa: S101
        place.queryset = districts
        way.choices = [one for one in Subscriber.Channel.choices if one[0] in ways]


class CodeForm(forms.Form):
    """The code that came by SMS."""

    address = forms.CharField(label=_("Telephone"), max_length=40)
    code = forms.CharField(
        label=_("Code"),
        max_length=6,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )
