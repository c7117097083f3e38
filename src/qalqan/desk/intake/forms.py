"""What people fill in to bring messages in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qalqan.desk.intake.models import Format, MessageKind
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor, SystemActor
from qalqan.desk.platform.privacy.forms import GuardedCharField
from qalqan.desk.platform.privacy.kinds import Rule
from qalqan.desk.platform.sources import selectors as sources

_DESK = SystemActor("intake")


class HotlineForm(forms.Form):
    """A report from anyone: what is going round, and where."""

    text = GuardedCharField(
        label=_("What is being said?"),
        rule=Rule.MASK,
        min_length=10,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off"}),
        help_text=_(
            "Write what you heard or saw, not who said it. Phone numbers, identification "
            "numbers and addresses of persons are blotted out before anything is kept."
        ),
    )
    place = forms.ChoiceField(label=_("Where?"), required=False)
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = places.districts(_DESK).defer("boundary")
        self.fields["place"].choices = [  # type: ignore[attr-defined]
            ("", _("I do not know or do not say")),
            *((place.kato or place.name_kk, place.name) for place in rows),
        ]

    @property
    def is_trapped(self) -> bool:
        """Whether the field that people do not see was filled in, as programs do."""
        return bool(self.cleaned_data.get("website"))


class UploadForm(forms.Form):
    """A file of messages."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, TSV, JSON lines, a Telegram channel's result.json, RSS or Atom."),
    )
    format = forms.ChoiceField(
        label=_("Format"),
        required=False,
        choices=[("", _("As the file itself says")), *Format.choices],
    )
    kind = forms.ChoiceField(
        label=_("What it holds, where the file does not say"), choices=MessageKind.choices
    )
    source_name = forms.CharField(
        label=_("Channel, where the file names none"), required=False, max_length=200
    )
    keep_good = forms.BooleanField(
        label=_("Take the good rows even if others are bad"), required=False
    )


class FeedForm(forms.Form):
    """A feed to be polled."""

    url = forms.URLField(label=_("Address"), max_length=500, assume_scheme="https")
    source_name = forms.CharField(label=_("Name of the source"), max_length=200)
    kind = forms.ChoiceField(
        label=_("What it holds"), choices=MessageKind.choices, initial=MessageKind.NEWS
    )


class TokenForm(forms.Form):
    """A key for a program."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("Which program will use it, and whose it is.")
    )
    source = forms.ChoiceField(
        label=_("Source"), help_text=_("Where the messages come from that it hands in.")
    )
    expires_at = forms.DateTimeField(
        label=_("Valid until"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [  # type: ignore[attr-defined]
            (str(source.pk), source.name) for source in sources.sources(actor)[:500]
        ]
