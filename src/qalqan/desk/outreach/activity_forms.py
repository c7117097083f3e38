"""What is filled in about activities: a short form first, the rest folds out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.agencies import selectors as agencies
from qalqan.desk.outreach.models import BAND_FIELDS, LANGUAGES, Activity, AgeBand
from qalqan.desk.outreach.selectors.activities import ActivityFilter
from qalqan.desk.outreach.services.facts import (
    FIRST_DAY,
    MOST_COST,
    MOST_ONLINE,
    MOST_PEOPLE,
    ActivityFacts,
    Outcome,
)
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor, Role
from qalqan.desk.platform.privacy.forms import GuardedCharField

_MOST_SETTLEMENTS = 500
_CHOOSE = ("", _("Choose…"))
_DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
SHORT = ("title", "kind", "theme", "place", "held_on", "body", "reach", "reach_is")
"""The fields of the short form; a group does not choose its body, and reach may come later."""


class PlainSelect(forms.Select):
    """A choice among hundreds, written without a template for each line."""

    def render(
        self, name: str, value: Any, attrs: Mapping[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Return the element."""
        chosen = "" if value is None else str(value)
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            ((key, SafeString(" selected") if str(key) == chosen else "", label)
             for key, label in self.choices),
        )  # fmt: skip
        built = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        words = format_html_join(
            "", ' {}="{}"', ((key, key if on is True else on) for key, on in built.items() if on)
        )
        return format_html("<select{}>{}</select>", words, options)


def place_choices(actor: Actor) -> list[tuple[str, Any]]:
    """Return districts with their settlements, and the provinces for what is everywhere."""
    rows = list(
        places.places(actor)
        .filter(kind__in=("province", "district", "settlement"))
        .only("pk", "kind", "name_kk", "name_ru", "name_en", "parent_id")[: 2 * _MOST_SETTLEMENTS]
    )
    by_kind: dict[str, list[Any]] = {"province": [], "district": [], "settlement": []}
    for row in rows:
        by_kind[row.kind].append(row)
    choices: list[tuple[str, Any]] = [_CHOOSE]
    few = len(by_kind["settlement"]) <= _MOST_SETTLEMENTS
    for district in sorted(by_kind["district"], key=lambda row: row.name):
        choices.append((str(district.pk), district.name))
        inside = [row for row in by_kind["settlement"] if row.parent_id == district.pk]
        if few:
            choices += [(str(row.pk), f"{district.name} · {row.name}")
                        for row in sorted(inside, key=lambda row: row.name)]  # fmt: skip
    return [*choices, *((str(row.pk), row.name) for row in by_kind["province"])]


def area_choices(actor: Actor) -> list[tuple[str, Any]]:
    """Return the districts, and the provinces under which what lies in none is summed."""
    rows = places.places(actor).filter(kind__in=("district", "province"))
    found = sorted(rows.only("pk", "kind", "name_kk", "name_ru", "name_en"),
                   key=lambda row: (row.kind, row.name))  # fmt: skip
    return [(str(row.pk), row.name) for row in found]


def _count(label: Any, most: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=most,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip


class OutcomeForm(forms.Form):
    """What came of an activity."""

    reach = _count(_("People reached"), MOST_PEOPLE)
    reach_is = forms.ChoiceField(
        label=_("The number is"),
        required=False,
        choices=[("", "–"), *Activity.ReachIs.choices],
    )
    reached_under_14 = _count(AgeBand.UNDER_14.label, MOST_PEOPLE)
    reached_14_17 = _count(AgeBand.FROM_14.label, MOST_PEOPLE)
    reached_18_24 = _count(AgeBand.FROM_18.label, MOST_PEOPLE)
    reached_25_28 = _count(AgeBand.FROM_25.label, MOST_PEOPLE)
    reached_29_44 = _count(AgeBand.FROM_29.label, MOST_PEOPLE)
    reached_45_64 = _count(AgeBand.FROM_45.label, MOST_PEOPLE)
    reached_65_up = _count(AgeBand.FROM_65.label, MOST_PEOPLE)
    cost = _count(_("Cost, tenge"), MOST_COST)
    views = _count(_("Views online"), MOST_ONLINE)
    comments = _count(_("Comments online"), MOST_ONLINE)
    comments_answered = _count(_("Comments answered online"), MOST_ONLINE)
    outcome = GuardedCharField(
        label=_("What came of it"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("No names of people."),
    )
    asked = GuardedCharField(label=_("What was asked"), required=False, max_length=500)
    answered = GuardedCharField(label=_("What was answered"), required=False, max_length=1000)

    def as_outcome(self) -> Outcome:
        """Return what was filled in, as the service takes it."""
        data = self.cleaned_data
        plain = {name: data[name] for name in ("reach", "reach_is", "cost", "views", "comments",
                                               "comments_answered", "asked", "answered")
                 if name in data}  # fmt: skip
        bands = {band: data[name] for band, name in BAND_FIELDS.items() if data[name] is not None}
        return Outcome(**plain, bands=bands, text=data["outcome"])

    def has_outcome(self) -> bool:
        """Tell whether anything of an outcome was filled in."""
        names = [name for name in OutcomeForm.base_fields if name != "reach_is"]
        return any(self.cleaned_data.get(name) not in (None, "") for name in names)


class ActivityForm(OutcomeForm):
    """An activity: at most eight fields first, and nothing else is needed."""

    title = GuardedCharField(label=_("Title"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=[_CHOOSE, *Activity.Kind.choices])
    theme = forms.ChoiceField(label=_("Theme"), choices=[_CHOOSE, *Activity.Theme.choices])
    place = forms.ChoiceField(label=_("Place"), widget=PlainSelect)
    held_on = forms.DateField(
        label=_("Day"), widget=_DAY, help_text=_("A day ahead plans it; a past day tells of it.")
    )
    body = forms.ChoiceField(label=_("Held by"), widget=PlainSelect)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)
    starts = forms.TimeField(
        label=_("Begins at"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=1, max_value=10_080)
    venue = GuardedCharField(
        label=_("Venue"), required=False, max_length=200,
        help_text=_("A hall, school or square; no home."),
    )  # fmt: skip
    partners = forms.MultipleChoiceField(
        label=_("Partners"), required=False, widget=forms.SelectMultiple(attrs={"size": 5})
    )
    is_public = forms.BooleanField(label=_("Show on the public agenda"), required=False)
    client_id = forms.UUIDField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["place"].choices = place_choices(actor)  # type: ignore[attr-defined]
        names = [(str(key), name) for key, name in agencies.names(actor)]
        own = agencies.own_body(actor)
        self.fields["partners"].choices = [  # type: ignore[attr-defined]
            one for one in names if own is None or one[0] != str(own.pk)
        ]
        if actor.role == Role.GROUP_WORKER:
            names = [(str(own.pk), own.name)] if own else []
            self.fields["body"].widget = forms.HiddenInput()
        self.fields["body"].choices = (  # type: ignore[attr-defined]
            names if actor.role == Role.GROUP_WORKER else [_CHOOSE, *names]
        )
        if own is not None:
            self.initial.setdefault("body", str(own.pk))
        self.has_body = own is not None or actor.role != Role.GROUP_WORKER
        self.initial.setdefault("language", "kk")

    @property
    def short(self) -> Iterable[Any]:
        """The fields that stand first."""
        return [self[name] for name in SHORT if name in self.fields and not self[name].is_hidden]

    @property
    def ages(self) -> Iterable[Any]:
        """The fields of the age bands."""
        return [self[name] for name in BAND_FIELDS.values() if name in self.fields]

    @property
    def online(self) -> Iterable[Any]:
        """The fields of work online."""
        names = ("views", "comments", "comments_answered")
        return [self[name] for name in names if name in self.fields]

    @property
    def more(self) -> Iterable[Any]:
        """The fields that fold out."""
        names = ("language", "starts", "minutes", "venue", "partners", "is_public", "cost",
                 "outcome", "asked", "answered", "reason")  # fmt: skip
        return [self[name] for name in names if name in self.fields]

    def as_facts(self) -> ActivityFacts:
        """Return what was filled in, as the service takes it."""
        data = self.cleaned_data
        day: date = data["held_on"]
        at: time | None = data["starts"]
        zone = timezone.get_default_timezone()
        return ActivityFacts(
            title=" ".join(data["title"].split()), kind=data["kind"], theme=data["theme"],
            place_id=int(data["place"]), body_id=int(data["body"]), held_on=day,
            language=data["language"], venue=data["venue"], minutes=data["minutes"],
            starts_at=timezone.make_aware(datetime.combine(day, at), zone) if at else None,
            is_public=data["is_public"],
            partner_ids=tuple(int(key) for key in data["partners"]),
        )  # fmt: skip


class CorrectForm(ActivityForm):
    """A correction, and why it is made."""

    reason = GuardedCharField(label=_("Why it is corrected"), max_length=500)
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput())

    def clean_seen(self) -> datetime | None:
        """Return when the activity had last been changed as the writer of this form saw it."""
        text: str = self.cleaned_data["seen"]
        try:
            at = datetime.fromisoformat(text) if text else None
        except ValueError:
            at = None
        return at if at is None or at.tzinfo else None


def activity_initial(row: Activity) -> dict[str, Any]:
    """Return the first values of the form for an activity that is there."""
    names = ["title", "kind", "theme", "held_on", "language", "minutes", "venue", "is_public",
             "reach", "reach_is", *BAND_FIELDS.values(), "cost", "views", "comments",
             "comments_answered", "outcome"]  # fmt: skip
    return {
        **{name: getattr(row, name) for name in names},
        "place": str(row.place_id),
        "body": str(row.body_id),
        "starts": timezone.localtime(row.starts_at).time() if row.starts_at else None,
        "partners": [str(key) for key in row.partners.values_list("pk", flat=True)],
        "seen": row.changed_at.isoformat(),
    }


class ReasonForm(forms.Form):
    """Say why."""

    reason = GuardedCharField(label=_("Reason"), max_length=500)


class QuestionForm(forms.Form):
    """What the audience asked."""

    asked = GuardedCharField(label=_("What was asked"), max_length=500)
    answered = GuardedCharField(label=_("What was answered"), required=False, max_length=1000)


class FollowUpForm(forms.Form):
    """What is to be done after it."""

    title = GuardedCharField(label=_("What is to be done"), max_length=200)
    due_on = forms.DateField(label=_("Until"), widget=_DAY)


_LAST_DAY = date(2199, 12, 31)


def _in_reach(day: date | None) -> date | None:
    """Return a day as near as activities can lie; nothing is held before 2000."""
    return day and min(max(day, FIRST_DAY), _LAST_DAY)


class PeriodForm(forms.Form):
    """Narrow sums; lives in the address of the page. The last day belongs to the period."""

    start = forms.DateField(label=_("From"), required=False, widget=_DAY)
    end = forms.DateField(label=pgettext_lazy("period", "To"), required=False, widget=_DAY)
    theme = forms.ChoiceField(label=_("Theme"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    language = forms.ChoiceField(label=_("Language"), required=False)
    district = forms.ChoiceField(label=_("District"), required=False, widget=PlainSelect)
    body = forms.ChoiceField(label=_("Held by"), required=False, widget=PlainSelect)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = ("", _("All"))
        chosen: dict[str, list[tuple[str, Any]]] = {
            "theme": [*Activity.Theme.choices], "kind": [*Activity.Kind.choices],
            "language": [*LANGUAGES], "district": area_choices(actor),
        }  # fmt: skip
        if actor.role == Role.GROUP_WORKER:
            del self.fields["body"]
        else:
            chosen["body"] = [(str(key), name) for key, name in agencies.names(actor)]
        for name, choices in chosen.items():
            self.fields[name].choices = [every, *choices]  # type: ignore[attr-defined]

    def as_filter(self) -> ActivityFilter:
        """Return what was chosen, as selectors take it; what is wrong is left out."""
        self.is_valid()
        data = self.cleaned_data
        end: date | None = data.get("end")
        return ActivityFilter(
            state=data.get("state") or "",
            theme=data.get("theme") or "",
            kind=data.get("kind") or "",
            language=data.get("language") or "",
            district_id=int(data["district"]) if data.get("district") else None,
            body_id=int(data["body"]) if data.get("body") else None,
            start=_in_reach(data.get("start")),
            end=_in_reach(end and min(end, _LAST_DAY) + timedelta(days=1)),
        )


class ActivityFilterForm(PeriodForm):
    """Narrow the list; lives in the address of the page."""

    state = forms.ChoiceField(label=_("State"), required=False)
    field_order = ("state", "start", "end", "theme", "kind", "language", "district", "body")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            ("", _("All")), *Activity.State.choices
        ]  # fmt: skip


class ActivityFileForm(forms.Form):
    """A file of activities."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or XLSX with a header line, or submissions of an ODK form."),
    )
    body = forms.ChoiceField(label=_("Held by"), required=False, widget=PlainSelect)
    keep_good = forms.BooleanField(
        label=_("Take the good rows even if others are bad"), required=False
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if actor.role == Role.GROUP_WORKER:
            del self.fields["body"]
            return
        self.fields["body"].help_text = _("For rows that name no body.")
        names = [(str(key), name) for key, name in agencies.names(actor)]
        self.fields["body"].choices = [("", "–"), *names]  # type: ignore[attr-defined]


class FeedForm(forms.Form):
    """A private calendar: of one body, or of all."""

    body = forms.ChoiceField(label=_("Held by"), required=False, widget=PlainSelect)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if actor.role == Role.GROUP_WORKER:
            del self.fields["body"]
            return
        names = [(str(key), name) for key, name in agencies.names(actor)]
        self.fields["body"].choices = [("", _("All")), *names]  # type: ignore[attr-defined]
