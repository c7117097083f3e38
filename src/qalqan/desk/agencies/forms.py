"""What people fill in about bodies, the matrix, matters and returns."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.agencies import matters
from qalqan.desk.agencies.models import Body, Expertise, Grant, Registration, Responsibility
from qalqan.desk.agencies.selectors import directory
from qalqan.desk.agencies.services.facts import LANGUAGES, BodyFacts, OfficeFacts
from qalqan.desk.platform.accounts import selectors as accounts
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.privacy.forms import GuardedCharField

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
_TIME = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
_LANGUAGE_NAMES = {
    "kk": _("Kazakh"), "ru": _("Russian"), "en": _("English"), "uz": _("Uzbek"),
    "ug": _("Uyghur"), "tt": _("Tatar"), "tr": _("Turkish"), "az": _("Azerbaijani"),
    "ky": _("Kyrgyz"), "tg": _("Tajik"), "uk": _("Ukrainian"), "de": _("German"),
    "ko": _("Korean"), "sign": _("Sign language"),
}  # fmt: skip
LANGUAGE_CHOICES = [(code, _LANGUAGE_NAMES[code]) for code in LANGUAGES]


def area_choices(actor: Actor) -> list[tuple[str, Any]]:
    """Return the areas a body or a part may have: country, provinces, districts."""
    rows = places.places(actor).exclude(kind="settlement")
    order = {"country": 0, "province": 1, "district": 2}
    found = sorted(
        rows.only("pk", "kind", "name_kk", "name_ru", "name_en"),
        key=lambda row: (order[row.kind], row.name),
    )
    return [("", "–"), *((str(row.pk), row.name) for row in found)]


class ActingForm(forms.Form):
    """A form whose choices depend on who fills it in."""

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def set_choices(self, field: str, choices: Any) -> None:
        """Give a field its choices, if the form has it."""
        if field in self.fields:
            self.fields[field].choices = choices  # type: ignore[attr-defined]


class BodyFilterForm(ActingForm):
    """Narrow the directory; lives in the address of the page."""

    q = forms.CharField(
        label=_("Words"), required=False, max_length=100, widget=forms.SearchInput()
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False,
        choices=[("", pgettext_lazy("kinds", "All")), *Body.Kind.choices],
    )  # fmt: skip
    type = forms.ChoiceField(
        label=_("Type"), required=False,
        choices=[("", pgettext_lazy("kinds", "All")), *Body.Type.choices],
    )  # fmt: skip
    area = forms.ChoiceField(label=pgettext_lazy("body", "Area"), required=False)
    field = forms.ChoiceField(
        label=_("Expertise"), required=False,
        choices=[("", pgettext_lazy("kinds", "All")), *Expertise.Field.choices],
    )  # fmt: skip
    status = forms.ChoiceField(
        label=_("Registration"), required=False,
        choices=[("", pgettext_lazy("kinds", "All")), *Registration.Status.choices],
    )  # fmt: skip
    sort = forms.CharField(required=False, max_length=12, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = area_choices(self.actor)
        self.set_choices("area", [("", pgettext_lazy("kinds", "All")), *choices[1:]])

    def as_filter(self) -> directory.BodyFilter:
        """Return what was chosen, as the selector takes it; what is wrong is left out."""
        self.is_valid()
        wanted = self.cleaned_data
        return directory.BodyFilter(
            query=wanted.get("q") or "", kind=wanted.get("kind") or "",
            type=wanted.get("type") or "", field=wanted.get("field") or "",
            area_id=int(wanted["area"]) if wanted.get("area") else None,
            status=wanted.get("status") or "", order=wanted.get("sort") or "number",
        )  # fmt: skip


class BodyForm(ActingForm):
    """What is known of a body."""

    name_kk = GuardedCharField(label=_("Name in Kazakh"), required=False, max_length=200)
    name_ru = GuardedCharField(label=_("Name in Russian"), required=False, max_length=200)
    name_en = GuardedCharField(label=_("Name in English"), required=False, max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=Body.Kind.choices)
    type = forms.ChoiceField(label=_("Type"), choices=Body.Type.choices)
    area = forms.ChoiceField(label=pgettext_lazy("body", "Area"))
    mandate = GuardedCharField(
        label=pgettext_lazy("body", "Mandate"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=_("Languages"), required=False, choices=LANGUAGE_CHOICES,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    organisation = forms.ChoiceField(
        label=_("Organisation at the desk"), required=False,
        help_text=_("Its accounts see this page as their own body's."),
    )  # fmt: skip
    is_another = forms.BooleanField(
        label=_("I have looked: this is another body than those like it"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("area", area_choices(self.actor))
        bodies = accounts.organisations(self.actor)
        self.set_choices("organisation", [("", "–"), *((str(b.pk), b.name) for b in bodies)])

    def as_facts(self) -> BodyFacts:
        """Return what was filled in, as the service takes it."""
        data = dict(self.cleaned_data)
        data.pop("is_another", None)
        organisation = data.pop("organisation")
        return BodyFacts(
            area_id=int(data.pop("area")), languages=tuple(data.pop("languages")),
            organisation_id=int(organisation) if organisation else None, **data,
        )  # fmt: skip


def body_initial(body: Body) -> dict[str, Any]:
    """Return the first values of the form for a body that is there."""
    names = ("name_kk", "name_ru", "name_en", "kind", "type", "mandate", "languages")
    return {
        **{name: getattr(body, name) for name in names},
        "area": str(body.area_id),
        "organisation": str(body.organisation_id or ""),
    }


class PageForm(forms.Form):
    """What a body's own staff keep."""

    mandate = GuardedCharField(
        label=pgettext_lazy("body", "Mandate"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=_("Languages"), required=False, choices=LANGUAGE_CHOICES,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


class RegistrationForm(forms.Form):
    """How a body is registered from a day on."""

    status = forms.ChoiceField(label=_("Status"), choices=Registration.Status.choices)
    since = forms.DateField(label=_("Since"), widget=_DATE)
    source = GuardedCharField(label=pgettext_lazy("registration", "By which paper"), max_length=200)


class OfficeForm(forms.Form):
    """An office and how it is reached."""

    title = GuardedCharField(label=_("Title"), max_length=120)
    address = GuardedCharField(label=_("Address"), required=False, max_length=200)
    switchboard = forms.CharField(
        label=_("Telephone of the office"), required=False, max_length=40,
        help_text=_("The number of the office; no person's number."),
    )  # fmt: skip
    mail = forms.EmailField(label=_("E-mail of the office"), required=False)
    hours = GuardedCharField(label=_("Opening hours"), required=False, max_length=120)

    def as_facts(self) -> OfficeFacts:
        """Return what was filled in, as the service takes it."""
        return OfficeFacts(**self.cleaned_data)


class ExpertiseForm(forms.Form):
    """A field in which a body can help."""

    field = forms.ChoiceField(label=_("Field"), choices=Expertise.Field.choices)
    role = GuardedCharField(
        label=pgettext_lazy("expert", "In which role"), max_length=120,
        help_text=_("A role such as “lawyer”; never a name."),
    )  # fmt: skip


class GrantForm(ActingForm):
    """A right for an account of the body."""

    user = forms.ChoiceField(label=_("User"))
    right = forms.ChoiceField(label=_("Right"), choices=Grant.Right.choices)

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = accounts.users(self.actor).filter(
            organisation_id=body.organisation_id or 0, is_active=True
        )
        self.set_choices("user", [(row.username, str(row)) for row in rows])


class ReasonForm(forms.Form):
    """Say why."""

    reason = GuardedCharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class RefuseForm(ReasonForm):
    """Refuse an offered matter."""

    onward = forms.BooleanField(
        label=_("Offer it at once to the next body by the matrix"), required=False
    )


class PartForm(ActingForm):
    """A body's part in the matrix."""

    matter = forms.ChoiceField(label=_("Kind of matter"))
    area = forms.ChoiceField(label=pgettext_lazy("body", "Area"))
    body = forms.ChoiceField(label=pgettext_lazy("directory", "Body"))
    part = forms.ChoiceField(label=_("Part"), choices=Responsibility.Part.choices)
    since = forms.DateField(label=_("Since"), widget=_DATE)
    ground = GuardedCharField(label=_("By which act"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("matter", matters.known())
        self.set_choices("area", area_choices(self.actor))
        self.set_choices("body", [("", "–"), *directory.names(self.actor)])
        self.fields["since"].initial = timezone.localdate


class EndForm(forms.Form):
    """The day a part ends."""

    until = forms.DateField(label=_("Until"), widget=_DATE)


class MatrixFilterForm(ActingForm):
    """Which day and place the matrix is shown for."""

    place = forms.ChoiceField(label=_("Place"), required=False)
    on = forms.DateField(label=_("On the day"), required=False, widget=_DATE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("place", area_choices(self.actor))


class MatterFilterForm(forms.Form):
    """Narrow the matters; lives in the address of the page."""

    kind = forms.ChoiceField(label=_("Kind of matter"), required=False)
    waits = forms.ChoiceField(
        label=_("Waits for"), required=False,
        choices=[
            ("", pgettext_lazy("kinds", "All")), ("offered", _("an answer to an offer")),
            ("sought", _("another body")), ("overdue", _("what is overdue")),
        ],
    )  # fmt: skip
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[
            ("open", pgettext_lazy("matter", "Open")),
            ("closed", pgettext_lazy("matter", "Closed")),
        ],
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.choices = [("", pgettext_lazy("kinds", "All")), *matters.known()]


class MatterForm(ActingForm):
    """A matter to open."""

    kind = forms.ChoiceField(label=_("Kind of matter"))
    title = GuardedCharField(label=_("What it is about"), max_length=200)
    text = GuardedCharField(
        label=_("What is known"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    area = forms.ChoiceField(label=pgettext_lazy("body", "Area"))
    due_at = forms.DateTimeField(label=_("Due"), widget=_TIME)
    holder = forms.ChoiceField(
        label=_("Body that holds it"), required=False,
        help_text=_("Left empty: whoever leads by the matrix."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("kind", matters.known())
        self.set_choices("area", area_choices(self.actor))
        self.set_choices("holder", [("", "–"), *directory.names(self.actor)])


class OfferForm(ActingForm):
    """An offer of a matter to another body."""

    to_body = forms.ChoiceField(label=_("To which body"))
    reason = GuardedCharField(
        label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    answer_by = forms.DateTimeField(
        label=_("Answer due"), required=False, widget=_TIME,
        help_text=_("Left empty: within three days."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.set_choices("to_body", [("", "–"), *directory.names(self.actor)])


class OutcomeForm(forms.Form):
    """What came of a matter."""

    outcome = GuardedCharField(
        label=_("Outcome"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )


class PartsFileForm(forms.Form):
    """A file of parts in the matrix."""

    file = forms.FileField(label=_("File"), help_text=_("CSV or XLSX, with a header line."))
    keep_good = forms.BooleanField(
        label=_("Take the good rows even if others are bad"), required=False
    )


class TableForm(PartsFileForm):
    """A file of bodies."""

    allow_doubles = forms.BooleanField(
        label=_("Take rows that are like a body of the directory"), required=False
    )


class MonthForm(forms.Form):
    """A month to count."""

    month = forms.DateField(
        label=_("Month"), input_formats=["%Y-%m", "%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
    )  # fmt: skip


class ManyFiles(forms.ClearableFileInput):
    """A choice of several files at once."""

    allow_multiple_selected = True


class ReturnFilesField(forms.FileField):
    """Several files; each is kept as it was uploaded."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files.

        Raises
        ------
        ValidationError
            There is none, or one is empty.
        """
        files = data if isinstance(data, list | tuple) else [data]
        return [super(ReturnFilesField, self).clean(one, initial) for one in files or [None]]


class ReturnFilesForm(forms.Form):
    """Returns of provinces."""

    documents = ReturnFilesField(
        label=_("Files"), help_text=_("Signed returns as the provinces sent them; several at once.")
    )


class KeyForm(ActingForm):
    """A province's key."""

    province = forms.ChoiceField(label=_("Province"))
    pem = forms.CharField(
        label=_("Public key"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("PEM; compare its name with the province by telephone."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = places.places(self.actor).filter(kind="province").order_by("kato")
        self.set_choices("province", [(str(row.pk), row.name) for row in rows])
