"""What people fill in about reports, judgements, merges and splits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import MINYEAR, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qalqan.desk.incidents import beliefs
from qalqan.desk.incidents.models import Attribute, Incident, Report, State
from qalqan.desk.incidents.services import parsing
from qalqan.desk.incidents.services.holding import WORDS
from qalqan.desk.incidents.services.locating import Locator, districts_of_spots
from qalqan.desk.platform.privacy.forms import GuardedCharField
from qalqan.desk.platform.sources.models import Credibility, Source
from qalqan.desk.platform.sources.tables import BadFieldError

_WHEN_HINT = _("2011-06-12 14:05, 2011-06-12, 2011-06 or 2011; two with a slash for a period")
_SILENT = ("", _("It does not say"))


class ReasonForm(forms.Form):
    """Why something is done; it stays in the history."""

    reason = GuardedCharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )


class SeenForm(ReasonForm):
    """A reason, and the version that the writer looked at."""

    seen = forms.IntegerField(widget=forms.HiddenInput(), min_value=0)


class _Stating(forms.Form):
    """Fields of attributes; `says` gives what was filled in."""

    says: dict[str, Any]

    def add_attribute(self, name: str) -> None:
        """Add the fields of one attribute."""
        label = Attribute(name).label
        if name == "when":
            self.fields["when"] = forms.CharField(
                label=label, required=False, max_length=80, help_text=_WHEN_HINT
            )
        elif name == "where":
            self._add_place(str(label))
        elif name in beliefs.NUMBERS:
            self.fields[name] = forms.IntegerField(
                label=label, required=False, min_value=0, max_value=1_000_000
            )
        elif name in beliefs.TEXTS:
            area = forms.Textarea(attrs={"rows": 2}) if name == "why" else forms.TextInput()
            self.fields[name] = GuardedCharField(
                label=label, required=False, max_length=2000 if name == "why" else 300,
                widget=area,
                help_text=_("The name of a group or body; never of a person")
                if name == "who_claims" else "",
            )  # fmt: skip
        else:
            choices = Incident.Kind.choices if name == "what" else Incident.Weapons.choices
            self.fields[name] = forms.ChoiceField(
                label=label, required=False,
                choices=[_SILENT, *((k, v) for k, v in choices if k != "unknown")],
            )  # fmt: skip

    def _add_place(self, label: str) -> None:
        self.fields["place"] = GuardedCharField(
            label=label, required=False, max_length=200,
            help_text=_("A settlement, district or province from the list of places"),
        )  # fmt: skip
        for name, title in (("latitude", _("Latitude")), ("longitude", _("Longitude"))):
            self.fields[name] = forms.CharField(label=title, required=False, max_length=20)
        self.fields["place_precision"] = forms.ChoiceField(
            label=_("How exactly the place is known"), required=False,
            choices=[("", _("As it is written")), *Incident.PlacePrecision.choices],
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Read what was filled in as statements."""
        cells = super().clean() or {}
        self.says = {}
        for name in beliefs.ATTRIBUTES:
            try:
                value = self._value(name, cells)
            except BadFieldError as error:
                self.add_error(error.field if error.field in self.fields else None, error.reason)
                continue
            if value not in (None, ""):
                self.says[name] = value
        return cells

    def _value(self, name: str, cells: dict[str, Any]) -> Any:
        if name == "when":
            if not cells.get("when"):
                return None
            zone = timezone.get_default_timezone()
            return beliefs.when_of(*parsing.when(cells["when"], "when", zone))
        if name == "where":
            return _where(cells) if "place" in self.fields else None
        return cells.get(name)


def _where(cells: dict[str, Any]) -> dict[str, Any] | None:
    text = cells.get("place") or ""
    spot = parsing.coordinates(cells.get("latitude") or "", cells.get("longitude") or "")
    if not text and not spot:
        return None
    found = Locator().find(text) if text else None
    if text and not found and not spot:
        reason = _("this is not in the list of places; add it there or give coordinates")
        raise BadFieldError("place", str(reason))
    district = found.district_id if found else None
    if spot:
        district = districts_of_spots([spot])[0] or district
    precision = cells.get("place_precision") or ("exact" if spot else found and found.precision)
    where = {
        "place": found.place_id if found else None, "district": district, "text": text,
        "latitude": spot[0] if spot else None, "longitude": spot[1] if spot else None,
        "precision": precision,
    }  # fmt: skip
    return {key: value for key, value in where.items() if value not in (None, "")}


class ReportForm(_Stating):
    """What one source says; what it does not mention stays empty."""

    source = forms.ModelChoiceField(
        label=_("Source"), queryset=Source.objects.none(), required=False
    )
    new_source = GuardedCharField(
        label=_("Or a new source"), required=False, max_length=200,
        help_text=_("A channel, site, publication or body; never a person"),
    )  # fmt: skip
    source_kind = forms.ChoiceField(
        label=_("Kind of the new source"), required=False, choices=Source.Kind.choices,
        initial="press",
    )  # fmt: skip
    credibility = forms.TypedChoiceField(
        label=_("Credibility of the item"), choices=Credibility.choices, coerce=int, initial=6
    )
    citation = GuardedCharField(label=_("Where it says so"), required=False, max_length=500)
    reported_at = forms.DateTimeField(
        label=_("Reported"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    is_official = forms.BooleanField(
        label=_("This is the official position"), required=False,
        help_text=_("It stands beside the other sources, not above them."),
    )  # fmt: skip
    corrects = forms.ModelChoiceField(
        label=_("Takes the place of"), queryset=Report.objects.none(), required=False,
        empty_label=_("No earlier report"),
        help_text=_("Only where the same source corrects itself"),
    )  # fmt: skip

    def __init__(self, *args: Any, sources: Any, reports: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = sources  # type: ignore[attr-defined]
        self.fields["corrects"].queryset = reports  # type: ignore[attr-defined]
        for name in beliefs.ATTRIBUTES:
            self.add_attribute(name)

    def clean(self) -> dict[str, Any]:
        """Refuse a report that names no source, or two."""
        cells = super().clean()
        if bool(cells.get("source")) == bool(cells.get("new_source")):
            self.add_error("source", _("Choose a source, or name a new one."))
        return cells


class HoldForm(SeenForm, _Stating):
    """How an attribute stands in the desk's judgement, and which value it holds."""

    state = forms.ChoiceField(label=_("How it stands"), choices=State.choices)

    def __init__(self, *args: Any, attribute: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.attribute = attribute
        reason = self.fields.pop("reason")
        self.add_attribute(attribute)
        self.fields["reason"] = reason
        names = [name for name in self.fields if name not in ("state", "reason", "seen")]
        self.fields[names[0]].help_text = _("Empty keeps the value that the reports give")

    @property
    def value(self) -> Any:
        """Return the value that was filled in, or nothing."""
        return self.says.get(self.attribute)


class DisputeForm(ReasonForm):
    """Which statement is contradicted, and by whom."""

    attribute = forms.ChoiceField(label=_("What is disputed"))
    disputed_by = forms.ModelChoiceField(
        label=_("Who disputes it"), queryset=Source.objects.none(), required=False,
        empty_label=_("The desk itself"),
    )  # fmt: skip
    field_order = ("attribute", "disputed_by", "reason")

    def __init__(self, *args: Any, report: Report, sources: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["attribute"].choices = [  # type: ignore[attr-defined]
            (name, Attribute(name).label) for name in beliefs.ATTRIBUTES if name in report.says
        ]
        self.fields["disputed_by"].queryset = sources  # type: ignore[attr-defined]


class CorrectForm(SeenForm):
    """The desk's own words about an incident."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields.pop("reason")
        for name, longest in WORDS.items():
            area = forms.Textarea(attrs={"rows": 3}) if longest > 200 else forms.TextInput()
            label = Incident._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            self.fields[name] = GuardedCharField(
                label=str(label).capitalize(), required=False, max_length=longest, widget=area
            )
        self.fields["reason"] = reason


class MergeForm(SeenForm):
    """Which incident this one is the same as."""

    into = forms.TypedChoiceField(label=_("The same as"), coerce=int, required=False)
    number = forms.IntegerField(
        label=_("Or the number of the incident"), required=False, min_value=1,
        help_text=_("It stands at the top of each incident's page."),
    )  # fmt: skip
    field_order = ("seen", "into", "number", "reason")

    def __init__(self, *args: Any, near: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].choices = [("", _("None of these")), *near]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse two incidents, and none."""
        cells = super().clean() or {}
        if bool(cells.get("into")) == bool(cells.get("number")) and not self.errors:
            self.add_error("into", _("Choose one incident, or give its number."))
        return cells

    @property
    def wanted(self) -> int:
        """Return the number of the chosen incident."""
        return int(self.cleaned_data["into"] or self.cleaned_data["number"])


class SplitForm(SeenForm):
    """Which reports tell of another incident."""

    reports = forms.ModelMultipleChoiceField(
        label=_("Reports that tell of another incident"), queryset=Report.objects.none(),
        widget=forms.CheckboxSelectMultiple(),
    )  # fmt: skip
    field_order = ("seen", "reports", "title_kk", "title_ru", "title_en", "reason")

    def __init__(
        self, *args: Any, reports: Any, label: Callable[[Report], str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reports"]
        field.queryset = reports
        field.label_from_instance = label
        for name in ("title_kk", "title_ru", "title_en"):
            title = Incident._meta.get_field(name).verbose_name  # type: ignore[union-attr]
            self.fields[name] = GuardedCharField(
                label=str(title).capitalize(), required=False, max_length=200
            )
        self.order_fields(self.field_order)


class AsOfField(forms.CharField):
    """A day, or a moment of it, that lies behind us; the day counts to its end."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("As believed on"))
        kwargs.setdefault("widget", forms.DateInput(attrs={"type": "date"}))
        super().__init__(required=False, max_length=40, **kwargs)

    def clean(self, value: Any) -> datetime | None:
        """Return the moment, exact to the microsecond.

        Raises
        ------
        ValidationError
            It cannot be read, or lies in the future.
        """
        from qalqan.desk.incidents.selectors.asof import end_of

        text = super().clean(value)
        if not text:
            return None
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            raise forms.ValidationError(_("Write the day as 2011-06-12.")) from None
        if found.year == MINYEAR:
            raise forms.ValidationError(_("Write the day as 2011-06-12."))
        zone = timezone.get_default_timezone()
        now = timezone.localtime(timezone.now(), zone)
        if len(text) <= len("2011-06-12"):
            if found.date() > now.date():
                raise forms.ValidationError(_("This day lies in the future."))
            return end_of(found.date())
        moment = found if found.tzinfo else found.replace(tzinfo=zone)
        if moment > now:
            raise forms.ValidationError(_("This day lies in the future."))
        return moment
