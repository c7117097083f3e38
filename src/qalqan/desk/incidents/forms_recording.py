"""What people fill in to record an incident by hand, and to take a file of incidents in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qalqan.desk.incidents.models import Incident
from qalqan.desk.incidents.services.readers import layouts
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.privacy.forms import GuardedCharField
from qalqan.desk.platform.sources import selectors as sources
from qalqan.desk.platform.sources.models import Credibility, Reliability, Source

_MOST_SOURCES = 500


def _number(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=1_000_000,
        help_text=_("Empty means: not known. 0 means: none."),
    )  # fmt: skip


def _text(label: Any, **more: Any) -> GuardedCharField:
    return GuardedCharField(
        label=label, required=False, max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 3}), **more,
    )  # fmt: skip


class RecordForm(forms.Form):
    """The first report of an incident: what happened, how exactly it is known, and who says so."""

    kind = forms.ChoiceField(label=_("Kind"))
    time = forms.CharField(
        label=_("When"), max_length=60,
        help_text=_("2026-06-30 14:05, 2026-06-30, 2026-06 or 2026; two of them with a slash "
                    "between say from when until when."),
    )  # fmt: skip
    time_precision = forms.ChoiceField(label=_("How exactly the time is known"), required=False)
    place = GuardedCharField(
        label=_("Where"), required=False, max_length=200,
        help_text=_("A name from the list of places, in any of its spellings, or a KATO code."),
    )  # fmt: skip
    latitude = forms.FloatField(
        label=_("Latitude"), required=False, min_value=-90, max_value=90,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )  # fmt: skip
    longitude = forms.FloatField(
        label=_("Longitude"), required=False, min_value=-180, max_value=180,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )  # fmt: skip
    place_precision = forms.ChoiceField(label=_("How exactly the place is known"), required=False)
    title_kk = GuardedCharField(label=_("Title in Kazakh"), required=False, max_length=200)
    title_ru = GuardedCharField(label=_("Title in Russian"), required=False, max_length=200)
    title_en = GuardedCharField(label=_("Title in English"), required=False, max_length=200)
    killed = _number(_("Killed"))
    injured = _number(_("Injured"))
    officers_killed = _number(_("Officers killed"))
    weapons = forms.ChoiceField(label=_("Weapons"), required=False)
    known = _text(_("Known"))
    contested = _text(_("Contested"))
    unknown = _text(_("Not known yet"))
    who_claims = GuardedCharField(
        label=_("Who claims it"), required=False, max_length=300,
        help_text=_("A kind of body or movement; never the name of a person."),
    )  # fmt: skip
    why = GuardedCharField(label=_("Why it was done"), required=False, max_length=2000)
    official_position = _text(_("Official position"))
    source = forms.ChoiceField(label=_("Who says so"), required=False)
    new_source = GuardedCharField(
        label=_("Or a source that is not in the list"), required=False, max_length=200,
        help_text=_("A body, publication, site or channel; never a person."),
    )  # fmt: skip
    source_kind = forms.ChoiceField(
        label=_("Kind of the new source"), required=False, choices=Source.Kind.choices,
        initial=Source.Kind.AGENCY,
    )  # fmt: skip
    source_reliability = forms.ChoiceField(
        label=_("Reliability of the source"), required=False,
        choices=[("", _("As graded so far")), *Reliability.choices],
        help_text=_("Counts only where nobody has graded the source yet."),
    )  # fmt: skip
    credibility = forms.ChoiceField(
        label=_("Credibility of the item"), choices=Credibility.choices,
        initial=Credibility.UNKNOWN,
    )  # fmt: skip
    citation = GuardedCharField(label=_("Where it says so"), required=False, max_length=500)
    reported_at = forms.CharField(
        label=_("When it was reported"), required=False, max_length=40,
        help_text=_("Written like the time of the event."),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sources = {
            str(one.pk): one for one in sources.sources(actor).order_by("name")[:_MOST_SOURCES]
        }
        choices = {
            "kind": [("", _("Choose")), *Incident.Kind.choices],
            "time_precision": [("", _("As exactly as it is written")),
                               *Incident.TimePrecision.choices],
            "place_precision": [("", _("As exactly as it is given")),
                                *Incident.PlacePrecision.choices],
            "weapons": [("", _("Not known")), *Incident.Weapons.choices],
            "source": [("", _("Choose")), *((key, one.name) for key, one in self._sources.items())],
        }  # fmt: skip
        for name, listed in choices.items():
            self.fields[name].choices = listed  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Want one source: from the list, or a new one."""
        wanted = super().clean() or {}
        chosen, new = wanted.get("source"), wanted.get("new_source")
        if "new_source" in wanted and bool(chosen) == bool(new):
            self.add_error("source", _("Choose who says so, or name a new source; not both."))
        return wanted

    @property
    def cells(self) -> dict[str, str]:
        """Return what was filled in, as a row of a file would say it."""
        wanted = dict(self.cleaned_data)
        chosen = self._sources.get(wanted.pop("source") or "")
        new = wanted.pop("new_source")
        cells = {name: "" if value is None else str(value) for name, value in wanted.items()}
        cells["source"] = chosen.name if chosen else new
        if chosen:
            cells["source_kind"] = chosen.kind
        return cells


class IncidentFileForm(forms.Form):
    """A file of incidents."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, GeoJSON, or a bundle of STIX 2.1; which of them the file itself says."),
    )
    layout = forms.ChoiceField(label=_("Columns"), required=False)
    column_map = forms.FileField(
        label=_("Map of columns"), required=False,
        help_text=_("For columns of your own; TOML or JSON. See the reference of maps."),
    )  # fmt: skip
    keep_good = forms.BooleanField(
        label=_("Take the good rows even if others are bad"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = {
            "qalqan": _("The desk's own"), "ucdp-ged": "UCDP GED", "gtd": _("Like GTD"),
            "acled": _("Like ACLED"),
        }  # fmt: skip
        self.fields["layout"].choices = [  # type: ignore[attr-defined]
            ("", _("As the header says")), *((name, names.get(name, name)) for name in layouts()),
        ]  # fmt: skip
