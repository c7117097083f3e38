"""What people fill in about hypotheses, open questions and series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qalqan.desk.incidents.models import (
    EvidenceItem,
    Hypothesis,
    HypothesisRelation,
    Incident,
    Mark,
    OpenQuestion,
    SeriesSuggestion,
)
from qalqan.desk.incidents.services.analyses import Wanted
from qalqan.desk.platform.accounts.models import Organisation
from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.privacy.forms import GuardedCharField
from qalqan.desk.platform.sources.models import Credibility, Source

_SHARES = {"min": 0, "max": 100, "step": "any"}


class OpenForm(forms.Form):
    """A question, and the hypotheses to begin with: shares in per cent, empty where left out."""

    question = GuardedCharField(label=_("What is to be explained"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in Hypothesis.Kind:
            self.fields[f"prior_{kind.value}"] = forms.FloatField(
                label=kind.label, required=False, min_value=0, max_value=100,
                widget=forms.NumberInput(attrs=_SHARES),
                help_text=_("Probability before the evidence, %; empty leaves it out"),
            )  # fmt: skip

    @property
    def wanted(self) -> list[Wanted]:
        """Return the hypotheses that have a share; equal ones where nobody stated any."""
        said = [
            (kind.value, self.cleaned_data.get(f"prior_{kind.value}")) for kind in Hypothesis.Kind
        ]
        return [Wanted(kind, "", share / 100) for kind, share in said if share is not None]


class EvidenceForm(forms.Form):
    """One item of evidence with its grade, or an assumption."""

    text = GuardedCharField(label=_("What is known or assumed"), max_length=300)
    is_assumption = forms.BooleanField(
        label=_("This is an assumption; it has no source"), required=False
    )
    source = forms.ModelChoiceField(
        label=_("Source"), queryset=Source.objects.none(), required=False
    )
    credibility = forms.TypedChoiceField(
        label=_("Credibility of the item"), choices=Credibility.choices, coerce=int, initial=6
    )
    relevance = forms.TypedChoiceField(
        label=_("Relevance"), choices=EvidenceItem.Relevance.choices, coerce=int, initial=3
    )

    def __init__(self, *args: Any, sources: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = sources  # type: ignore[attr-defined]


class TakeBackForm(forms.Form):
    """Why an item does not count any more."""

    why = GuardedCharField(label=_("Why it does not count any more"), max_length=300)


class HypothesisForm(forms.Form):
    """A further hypothesis."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Hypothesis.Kind.choices)
    text = GuardedCharField(label=_("In particular"), max_length=200, required=False)


class RelationForm(forms.Form):
    """How two hypotheses stand to each other."""

    first = forms.ModelChoiceField(label=_("Hypothesis"), queryset=Hypothesis.objects.none())
    relation = forms.ChoiceField(
        label=_("Relation"), required=False,
        choices=[("", _("nothing is stated")), *HypothesisRelation.Kind.choices],
    )  # fmt: skip
    second = forms.ModelChoiceField(label=_("Other hypothesis"), queryset=Hypothesis.objects.none())

    def __init__(self, *args: Any, hypotheses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first", "second"):
            self.fields[name].queryset = hypotheses  # type: ignore[attr-defined]


class SharesForm(forms.Form):
    """A share in per cent for each hypothesis."""

    def __init__(
        self, *args: Any, hypotheses: Sequence[Hypothesis], filled: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for one in hypotheses:
            self.fields[f"share_{one.pk}"] = forms.FloatField(
                label=str(one), min_value=0, max_value=100,
                initial=round(one.prior * 100, 4) if filled else None,
                widget=forms.NumberInput(attrs=_SHARES),
            )  # fmt: skip

    @property
    def shares(self) -> dict[int, float]:
        """Return the shares, 0 to 1, by hypothesis."""
        return {
            int(name.removeprefix("share_")): value / 100
            for name, value in self.cleaned_data.items()
            if name.startswith("share_")
        }


class SoughtForm(SharesForm):
    """What to look for, and how probable it is found under each hypothesis, in per cent."""

    text = GuardedCharField(label=_("What to look for"), max_length=300)


@dataclass(frozen=True, slots=True)
class MarkRow:
    """One item with its fields."""

    item: EvidenceItem
    fields: list[BoundField]


class MarkForm(forms.Form):
    """One's own marks: a choice for each item and hypothesis."""

    def __init__(
        self,
        *args: Any,
        items: Sequence[EvidenceItem],
        hypotheses: Sequence[Hypothesis],
        marks: Mapping[tuple[int, int], str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._items, self._hypotheses = items, hypotheses
        for item in items:
            for one in hypotheses:
                self.fields[self._name(item, one)] = forms.ChoiceField(
                    label=f"{item.short} × {one}", required=False,
                    choices=[("", "–"), *((value, value) for value in Mark.Value.values)],
                    initial=(marks or {}).get((item.pk, one.pk), ""),
                    widget=forms.Select(attrs={"aria-label": f"{item.short} × {one}"}),
                )  # fmt: skip

    @staticmethod
    def _name(item: EvidenceItem, one: Hypothesis) -> str:
        return f"m_{item.pk}_{one.pk}"

    @property
    def rows(self) -> list[MarkRow]:
        """Return the fields as the page shows them: a row an item."""
        return [
            MarkRow(item, [self[self._name(item, one)] for one in self._hypotheses])
            for item in self._items
        ]

    @property
    def marks(self) -> dict[tuple[int, int], str]:
        """Return what was marked."""
        return {
            (item.pk, one.pk): self.cleaned_data[self._name(item, one)]
            for item in self._items
            for one in self._hypotheses
            if self.cleaned_data.get(self._name(item, one))
        }


class TruthForm(forms.Form):
    """What was true, how it became known, and what misled."""

    truth = forms.ModelChoiceField(label=_("What was true"), queryset=Hypothesis.objects.none())
    basis = GuardedCharField(
        label=_("How it became known"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    misled_by = GuardedCharField(
        label=_("What misled us"), max_length=2000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, hypotheses: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["truth"].queryset = hypotheses  # type: ignore[attr-defined]


class AskForm(forms.Form):
    """A question, who finds out, and until when."""

    question = GuardedCharField(label=_("Question"), max_length=200)
    organisation = forms.ModelChoiceField(
        label=_("Who finds out"), queryset=Organisation.objects.none()
    )
    due = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.filter(  # type: ignore[attr-defined]
            is_active=True
        ).order_by("name")

    @property
    def due_at(self) -> datetime:
        """Return the end of the chosen day in the province."""
        day = self.cleaned_data["due"]
        return datetime.combine(day, time(23, 59), timezone.get_default_timezone())


class AnswerForm(forms.Form):
    """The answer, or why there is none."""

    how = forms.ChoiceField(
        label=_("How it ends"),
        choices=[
            (OpenQuestion.State.ANSWERED.value, _("It is answered")),
            (OpenQuestion.State.UNANSWERABLE.value, _("It cannot be answered")),
        ],
    )
    answer = GuardedCharField(
        label=_("The answer, or why there is none"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class DecideForm(forms.Form):
    """What becomes of a suggested series."""

    state = forms.ChoiceField(choices=SeriesSuggestion.State.choices)
    reason = GuardedCharField(label=_("Reason"), max_length=300, required=False)


class PictureForm(forms.Form):
    """Narrow the picture; lives in the address of the page."""

    kind = forms.ChoiceField(label=_("Kind"), required=False)
    district = forms.ChoiceField(label=_("District"), required=False)
    since = forms.DateField(
        label=_("From day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("To day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = places.districts(actor).defer("boundary")
        self.fields["kind"].choices = [("", _("All kinds")), *Incident.Kind.choices]  # type: ignore[attr-defined]
        self.fields["district"].choices = [  # type: ignore[attr-defined]
            ("", _("All districts")),
            *((str(place.pk), place.name) for place in rows),
        ]
