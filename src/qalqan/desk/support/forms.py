"""What people fill in in the sealed room."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.accounts.models import Organisation
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.privacy.forms import GuardedCharField
from qalqan.desk.support.models import Kind, Service
from qalqan.desk.support.services.keys import SHORTEST_PHRASE

LANGUAGES = (("kk", "Қазақша"), ("ru", "Русский"), ("en", "English"))
_SHORTEST_ENVELOPE, _LONGEST_ENVELOPE = 65 + 12 + 16 + 1, 6_000
NO_NAMES = _("No names, numbers or addresses: they belong in the envelope.")


def _phrase(label: Any, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=200, strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}), **more,
    )  # fmt: skip


def _area(label: Any, **more: Any) -> GuardedCharField:
    more.setdefault("help_text", NO_NAMES)
    widget = forms.Textarea(attrs={"rows": 3, "autocomplete": "off"})
    return GuardedCharField(label=label, max_length=2_000, widget=widget, **more)


class OpenForm(forms.Form):
    """The phrase that opens a worker's key."""

    phrase = _phrase(_("Your phrase"))


class MakeForm(forms.Form):
    """A new phrase, twice."""

    phrase = _phrase(
        _("New phrase"),
        min_length=SHORTEST_PHRASE,
        help_text=_(
            "Five or six words. Nobody can give it back to you: without it your key is lost."
        ),
    )
    again = _phrase(_("The phrase again"))

    def clean(self) -> dict[str, Any]:
        """See that both are the same."""
        found = super().clean() or {}
        if found.get("phrase") != found.get("again"):
            self.add_error("again", _t("The two phrases differ."))
        return found


class EnquiryForm(forms.Form):
    """Where somebody asked; nothing else."""

    district = forms.ModelChoiceField(
        label=_("District"), queryset=Place.objects.none(), required=False,
        empty_label=_("Not said"),
    )  # fmt: skip

    def __init__(self, *args: Any, districts: QuerySet[Place], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district"].queryset = districts  # type: ignore[attr-defined]


class BeginForm(forms.Form):
    """Consent, read out and given; none of the recipients is ticked beforehand."""

    recipients = forms.ModelMultipleChoiceField(
        label=_("Who may open the case"),
        queryset=Service.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Each one is named by the one who asks for help."),
    )
    kind = forms.ChoiceField(label=_("Help asked for"), choices=Kind.choices)
    request = _area(_("What is asked for, in a few words"))
    agreed = forms.BooleanField(label=_("The text was read out, understood and agreed to."))

    def __init__(self, *args: Any, services: QuerySet[Service], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.services = services
        self.fields["recipients"].queryset = services  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Take the envelopes that the browser sealed; what is not sealed is refused."""
        found = super().clean() or {}
        envelopes = {}
        for service in found.get("recipients") or ():
            text = self.data.get(f"envelope_{service.pk}", "")
            if text and service.envelope_key:
                if not _is_sealed(text):
                    self.add_error(None, _t("The envelope did not come sealed; nothing was kept."))
                envelopes[service.pk] = text
        found["envelopes"] = envelopes
        return found


def _is_sealed(text: str) -> bool:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return _SHORTEST_ENVELOPE <= len(raw) <= _LONGEST_ENVELOPE and raw[0] == 4


class _Part(forms.Form):
    """One of several forms on a page; each names its fields in its own way."""

    part = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"{self.part}_%s")
        super().__init__(*args, **kwargs)


class NoteForm(_Part):
    """A note."""

    part = "note"

    text = _area(_("Note"))


class StepForm(_Part):
    """A step of the plan of help."""

    part = "step"

    kind = forms.ChoiceField(label=_("Help asked for"), choices=Kind.choices)
    service = forms.ModelChoiceField(
        label=_("Who helps"), queryset=Service.objects.none(), required=False,
        empty_label=_("Nobody yet"),
    )  # fmt: skip
    text = _area(_("What is done"))
    why = _area(_("Why an ordinary service is not enough"), required=False, help_text="")

    def __init__(self, *args: Any, services: QuerySet[Service], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = services  # type: ignore[attr-defined]


class ReviewForm(_Part):
    """A review, with the one who is helped."""

    part = "review"

    text = _area(_("What has come of it"))
    prolong = forms.BooleanField(
        label=_("Consent was asked for again: prolong by a year"), required=False
    )


class CloseForm(_Part):
    """Why a case is closed."""

    part = "close"

    reason = _area(_("Why it is closed"))


class ConsentForm(_Part):
    """One more recipient."""

    part = "consent"

    service = forms.ModelChoiceField(label=_("Recipient"), queryset=Service.objects.none())
    agreed = forms.BooleanField(label=_("The text was read out, understood and agreed to."))

    def __init__(self, *args: Any, services: QuerySet[Service], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["service"].queryset = services  # type: ignore[attr-defined]


class OrderForm(_Part):
    """A court's order."""

    part = "order"

    reference = GuardedCharField(label=_("Court, number and day of the order"), max_length=200)
    silent_until = forms.DateField(
        label=_("The court forbids telling the one who is helped until"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty: they are told. Silence begins when a second worker has confirmed."),
    )


class CodeForm(forms.Form):
    """The code of the one who is helped."""

    code = forms.CharField(
        label=_("Your code"), max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip


class CertificateForm(forms.Form):
    """A certificate to check."""

    token = forms.CharField(
        label=_("Signed text of the certificate"), max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )  # fmt: skip


class ServiceForm(forms.Form):
    """A helping service."""

    name_kk = forms.CharField(label=_("Name in Kazakh"), max_length=120)
    name_ru = forms.CharField(label=_("Name in Russian"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    kind = forms.ChoiceField(label=_("What it helps with"), choices=Kind.choices)
    organisation = forms.ModelChoiceField(
        label=_("Body at this desk"), queryset=Organisation.objects.none(), required=False,
        help_text=_("Its support workers can open the cases that name it; empty: none can."),
    )  # fmt: skip
    is_ordinary = forms.BooleanField(
        label=_("Ordinary service"), required=False,
        help_text=_("Open to everybody, such as a job centre, a clinic, a school."),
    )  # fmt: skip
    is_police = forms.BooleanField(label=_("Police or security"), required=False)
    envelope_key = forms.CharField(
        label=_("Public key for envelopes"), required=False, max_length=300,
        help_text=_("Made by the service on its own machine: qalqan support service-key"),
    )  # fmt: skip

    def __init__(self, *args: Any, bodies: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = bodies  # type: ignore[attr-defined]

    def clean_envelope_key(self) -> bytes | None:
        """Read the key: an uncompressed point of P-256, in base64."""
        from qalqan.desk.support.envelopes import read_public_key

        text = self.cleaned_data["envelope_key"].strip()
        if not text:
            return None
        key = read_public_key(text)
        if key is None:
            raise forms.ValidationError(_t("This is no public key of a service."))
        return key
