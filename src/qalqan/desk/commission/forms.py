"""What people fill in at the commission's table."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.commission.models import (
    Agenda,
    Commission,
    Decision,
    Presence,
    Recommendation,
    Review,
    Seat,
)
from qalqan.desk.platform.accounts.models import Organisation
from qalqan.desk.platform.places.models import Place
from qalqan.desk.platform.privacy.forms import GuardedCharField


def _day(label: Any, **more: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **more)


def _lines(label: Any, rows: int, most: int, **more: Any) -> GuardedCharField:
    widget = forms.Textarea(attrs={"rows": rows, "maxlength": most})
    return GuardedCharField(label=label, max_length=most, widget=widget, **more)


def _body(label: Any, **more: Any) -> forms.ModelChoiceField:
    return forms.ModelChoiceField(Organisation.objects.order_by("name"), label=label, **more)


class CommissionForm(forms.Form):
    """A commission."""

    level = forms.ChoiceField(label=_("Level"), choices=Commission.Level.choices)
    place = forms.ModelChoiceField(
        Place.objects.exclude(kind="settlement"), label=_("Place"), required=False
    )
    name_kk = GuardedCharField(label=_("Name in Kazakh"), max_length=200)
    name_ru = GuardedCharField(label=_("Name in Russian"), max_length=200)
    name_en = GuardedCharField(label=_("Name in English"), max_length=200)
    quorum_percent = forms.IntegerField(
        label=_("Quorum, percent of the votes"), min_value=1, max_value=100, initial=51
    )


class SeatForm(forms.Form):
    """A seat by office."""

    office = GuardedCharField(
        label=_("Office"), max_length=200, help_text=_("The office that sits here, never a name.")
    )
    organisation = _body(_("Organisation"), required=False)
    part = forms.ChoiceField(label=_("Part"), choices=Seat.Part.choices, initial=Seat.Part.MEMBER)
    has_vote = forms.BooleanField(label=_("Has a vote"), required=False, initial=True)
    since = _day(_("Since"))


class EndSeatForm(forms.Form):
    """When a seat ends."""

    until = _day(_("Until"))


class MeetingForm(forms.Form):
    """When and where a commission meets."""

    starts_at = forms.DateTimeField(
        label=_("Begins"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    venue = GuardedCharField(label=_("Where"), max_length=200)


class ItemForm(forms.Form):
    """An item of an agenda and its paper."""

    title = GuardedCharField(label=_("Item"), max_length=200)
    paper = _lines(pgettext_lazy("agenda", "Paper"), 6, 8000, required=False)
    url = forms.CharField(
        label=_("Page of the desk"), max_length=300, required=False,
        help_text=_("An address of this desk that begins with a slash."),
    )  # fmt: skip
    brought_by = _body(_("Brought by"), required=False)


class BeginForm(forms.Form):
    """Who is there, seat by seat."""

    def __init__(self, *args: Any, seats: list[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for seat in seats:
            label = f"{seat.office} ({seat.get_part_display()})"
            self.fields[f"seat_{seat.pk}"] = forms.ChoiceField(
                label=label, choices=Presence.How.choices, initial=Presence.How.PRESENT
            )

    def presence(self) -> dict[int, str]:
        """Return the presence by key of seat."""
        return {int(name.partition("_")[2]): how for name, how in self.cleaned_data.items()}


class ConcludeForm(forms.Form):
    """What came of an item."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=[row for row in Agenda.Outcome.choices if row[0]]
    )
    words = _lines(_("What was said and found"), 3, 4000, required=False)
    votes_for = forms.IntegerField(label=_("For"), min_value=0, max_value=999, required=False)
    votes_against = forms.IntegerField(
        label=_("Against"), min_value=0, max_value=999, required=False
    )
    abstained = forms.IntegerField(label=_("Abstained"), min_value=0, max_value=999, required=False)

    def votes(self) -> tuple[int, int, int] | None:
        """Return the votes, where any were counted."""
        given = [self.cleaned_data[name] for name in ("votes_for", "votes_against", "abstained")]
        if all(count is None for count in given):
            return None
        return (given[0] or 0, given[1] or 0, given[2] or 0)


class DecideForm(forms.Form):
    """A decision."""

    text_kk = _lines(_("Text in Kazakh"), 3, 4000, required=False)
    text_ru = _lines(_("Text in Russian"), 3, 4000, required=False)
    text_en = _lines(_("Text in English"), 3, 4000, required=False)
    legal_basis = GuardedCharField(label=_("Legal basis"), max_length=300)
    owner = _body(_("Who owes it"))
    due_on = _day(_("Due"))


class EvidenceForm(forms.Form):
    """What was done, and what shows it."""

    text = _lines(_("What was done, and what shows it"), 4, 4000)
    url = forms.CharField(
        label=_("Page of the desk"), max_length=300, required=False,
        help_text=_("An address of this desk that begins with a slash."),
    )  # fmt: skip


class ReasonForm(forms.Form):
    """Why."""

    reason = GuardedCharField(label=_("Reason"), max_length=500)


class JudgeForm(forms.Form):
    """Accepted or refused, and why."""

    verdict = forms.ChoiceField(
        label=_("Verdict"), choices=[("accept", _("Accept")), ("refuse", _("Refuse"))]
    )
    reason = GuardedCharField(
        label=_("Reason"), max_length=500, required=False,
        help_text=_("Needed where the evidence is refused."),
    )  # fmt: skip


class PostponeForm(ReasonForm):
    """A later date, and why."""

    due_on = _day(_("New date"))
    field_order = ["due_on", "reason"]


class ReplaceForm(ReasonForm):
    """Which later decision takes the place of this one, and why."""

    by = forms.ModelChoiceField(Decision.objects.none(), label=_("Replaced by"))
    field_order = ["by", "reason"]

    def __init__(self, *args: Any, decision: Decision, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        later = Decision.objects.filter(year__gte=decision.year, pk__gt=decision.pk)
        self.fields["by"].queryset = later  # type: ignore[attr-defined]


class DecisionFilterForm(forms.Form):
    """Which decisions are listed."""

    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[
            ("", pgettext_lazy("decisions", "still owed")),
            ("overdue", pgettext_lazy("decisions", "overdue")),
            ("shown", pgettext_lazy("decisions", "with evidence to judge")),
            ("closed", pgettext_lazy("decisions", "closed")),
        ],
    )  # fmt: skip


class ReviewForm(forms.Form):
    """The beginning of a review."""

    about = forms.ChoiceField(label=_("About"), choices=Review.About.choices)
    title = GuardedCharField(label=_("Title"), max_length=200)
    happened_on = _day(_("When it happened"))
    expected = _lines(_("What was to happen"), 4, 4000)
    happened = _lines(_("What did happen"), 4, 4000)
    url = forms.CharField(
        label=_("Page of the desk"), max_length=300, required=False,
        help_text=_("An address of this desk that begins with a slash."),
    )  # fmt: skip


class CauseForm(forms.Form):
    """A finding and its cause."""

    question = GuardedCharField(label=_("Question"), max_length=300)
    finding = _lines(_("Finding"), 2, 2000)
    cause = _lines(_("Cause"), 2, 2000, required=False)
    went_well = forms.BooleanField(label=_("Went well, to be kept"), required=False)


class RecommendForm(forms.Form):
    """A recommendation."""

    text = _lines(_("Recommendation"), 3, 2000)
    addressee = _body(_("Addressed to"))
    due_on = _day(_("Response due"))


class RespondForm(forms.Form):
    """The addressee's words."""

    text = _lines(_("Response"), 4, 2000)


class RuleForm(forms.Form):
    """What the commission rules."""

    state = forms.ChoiceField(label=_("State"), choices=Recommendation.State.choices)
    reason = _lines(_("Reason"), 3, 2000)
    due_on = _day(_("Next response due"), required=False)


class LessonFilterForm(forms.Form):
    """Which lessons are listed."""

    q = forms.CharField(label=_("Have we learned this before?"), max_length=200, required=False)
    state = forms.ChoiceField(
        label=_("State"), required=False,
        choices=[
            ("", pgettext_lazy("recommendations", "all")),
            ("open", pgettext_lazy("recommendations", "open")),
            ("overdue", pgettext_lazy("recommendations", "overdue")),
            ("closed", pgettext_lazy("recommendations", "closed")),
        ],
    )  # fmt: skip


def next_due(today: date) -> dict[str, date]:
    """Return the first values of a form that asks for a date a month away."""
    return {"due_on": date.fromordinal(today.toordinal() + 30)}
