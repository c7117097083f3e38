"""What is filled in about polls."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.platform.places import selectors as places
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.privacy.forms import GuardedCharField
from qalqan.desk.platform.ui.words import said
from qalqan.desk.polls import selectors
from qalqan.desk.polls.answering import ATTRIBUTES, levels_of
from qalqan.desk.polls.models import (
    Batch,
    OutcomeCount,
    Poll,
    PollQuestion,
    QuestionnaireVersion,
)
from qalqan.desk.polls.models.questionnaire import CODE
from qalqan.desk.polls.services.polls import DesignFacts, PollFacts
from qalqan.desk.polls.words import LEVELS, level_words

_DATE = forms.DateInput(attrs={"type": "date"})
_LINES = forms.Textarea(attrs={"rows": 5})


class PollForm(forms.Form):
    """What a poll is called, asks and when."""

    code = forms.CharField(label=_("Code"), max_length=40, validators=[CODE])
    title_kk = GuardedCharField(label=_("Title in Kazakh"), max_length=200)
    title_ru = GuardedCharField(label=_("Title in Russian"), max_length=200)
    title_en = GuardedCharField(label=_("Title in English"), max_length=200)
    series = forms.CharField(
        label=_("Series"), max_length=40, validators=[CODE],
        help_text=_("Waves of one series are compared with each other."),
    )  # fmt: skip
    wave = forms.IntegerField(label=_("Wave"), min_value=1, max_value=999, initial=1)
    questionnaire = forms.ChoiceField(label=_("Questionnaire"))
    starts_on = forms.DateField(label=_("First day"), widget=_DATE)
    ends_on = forms.DateField(label=_("Last day"), widget=_DATE)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = selectors.versions(actor).filter(state=QuestionnaireVersion.State.PUBLISHED)
        self.fields["questionnaire"].choices = [(str(row.pk), str(row)) for row in rows]  # type: ignore[attr-defined]

    def as_facts(self) -> PollFacts:
        """Return what was filled in."""
        data = self.cleaned_data
        return PollFacts(
            data["code"], {code: data[f"title_{code}"] for code in ("kk", "ru", "en")},
            data["series"], data["wave"], int(data["questionnaire"]), data["starts_on"],
            data["ends_on"],
        )  # fmt: skip


class DesignForm(forms.Form):
    """How the sample is drawn and weighted."""

    kind = forms.ChoiceField(
        label=_("Design"), widget=forms.RadioSelect,
        choices=[
            (Poll.Kind.PROBABILITY, _("Probability sample: everybody had a known chance")),
            (Poll.Kind.CONVENIENCE,
             _("Convenience sample: whoever came; no margins of error are ever shown")),
        ],
    )  # fmt: skip
    method = forms.ChoiceField(label=_("Draw"), choices=Poll.Method.choices, required=False)
    frame = forms.ChoiceField(label=_("Sampling frame"), required=False)
    areas = forms.IntegerField(
        label=_("Areas to draw, or answers wanted where there are no areas"), min_value=0,
        max_value=50_000, initial=40, required=False,
    )  # fmt: skip
    take = forms.IntegerField(
        label=_("Answers wanted in an area"), min_value=1, max_value=1000, initial=15,
        required=False,
    )  # fmt: skip
    seed = forms.IntegerField(
        label=_("Seed of the draw"), min_value=0, max_value=2_000_000_000, initial=1,
        required=False, help_text=_("The same seed draws the same areas again."),
    )  # fmt: skip
    populations = forms.CharField(
        label=_("Strata and their people, where there are no areas"), required=False,
        widget=_LINES, help_text=_("One line each: code, space, number of people."),
    )  # fmt: skip
    adjustment = forms.ChoiceField(
        label=_("Weighting"), choices=Poll.Adjustment.choices, required=False
    )
    trim_low = forms.FloatField(
        label=_("Least factor of a weight"), required=False, min_value=0.01, max_value=1
    )
    trim_high = forms.FloatField(
        label=_("Greatest factor of a weight"), required=False, min_value=1, max_value=100
    )
    response_e = forms.FloatField(
        label=_("Share of unknown numbers that are eligible (e)"), required=False, min_value=0,
        max_value=1, initial=1,
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["frame"].choices = [  # type: ignore[attr-defined]
            ("", "–"), *((str(row.pk), row.name) for row in selectors.frames(actor))
        ]  # fmt: skip

    def clean_populations(self) -> dict[str, int]:
        """Read strata, one a line."""
        found: dict[str, int] = {}
        for number, line in enumerate(self.cleaned_data["populations"].splitlines(), start=1):
            if not line.strip():
                continue
            match = re.fullmatch(r"\s*(\S{1,40})[\s,;]+([1-9][0-9]{0,8})\s*", line, re.ASCII)
            if match is None or match[1] in found:
                raise forms.ValidationError(
                    _now("Line %(number)s cannot be read, or names a stratum again.")
                    % {"number": number}
                )
            found[match[1]] = int(match[2])
        return found

    def as_facts(self) -> DesignFacts:
        """Return what was filled in."""
        data = self.cleaned_data
        return DesignFacts(
            kind=data["kind"], frame_id=int(data["frame"]) if data["frame"] else None,
            method=data["method"], areas=data["areas"] or 0, take=data["take"] or 1,
            seed=data["seed"] or 0, adjustment=data["adjustment"], trim_low=data["trim_low"],
            trim_high=data["trim_high"], populations=data["populations"],
            response_e=1.0 if data["response_e"] is None else data["response_e"],
        )  # fmt: skip


class MarginsForm(forms.Form):
    """Known totals."""

    rows = forms.CharField(
        label=_("Known totals"), required=False, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One line each: variable, level, people. "
                    "Variables: age_band, sex, settlement, district (by KATO code)."),
    )  # fmt: skip
    districts = forms.BooleanField(
        label=_("Add the people of each district as the desk knows them"), required=False
    )
    origin = GuardedCharField(label=_("Where the data is from"), max_length=200)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor = actor

    def clean(self) -> dict[str, Any]:
        """Read the totals."""
        data: dict[str, Any] = super().clean() or {}
        codes = {place.kato: str(place.pk)
                 for place in places.districts(self.actor).defer("boundary")}  # fmt: skip
        found: list[tuple[str, str, float]] = []
        for number, line in enumerate((data.get("rows") or "").splitlines(), start=1):
            if line.strip():
                found.append(_margin(line, number, codes))
        if data.get("districts"):
            latest = places.latest_populations(self.actor, [int(pk) for pk in codes.values()])
            found += [("district", str(pk), float(row.count)) for pk, row in latest.items()]
        if not found:
            raise forms.ValidationError(_now("Name at least one known total."))
        data["found"] = found
        return data


def _margin(line: str, number: int, codes: dict[str, str]) -> tuple[str, str, float]:
    parts = [part.strip() for part in re.split(r"[,;\t]", line)]
    bad = forms.ValidationError(
        _now("Line %(number)s cannot be read: variable, level, people.") % {"number": number}
    )
    if len(parts) != 3 or not re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,3})?", parts[2], re.ASCII):
        raise bad
    variable, level, people = parts
    if variable == "district":
        level = codes.get(level, "")
    if variable not in (*ATTRIBUTES, "district") or (
        level not in ATTRIBUTES.get(variable, (level,)) or not level
    ):
        raise forms.ValidationError(
            _now("Line %(number)s names a variable or a level that is not known.")
            % {"number": number}
        )
    return variable, level, float(people)


class BatchForm(forms.Form):
    """A run of calls, a pack of paper, or a set of links."""

    channel = forms.ChoiceField(
        label=_("Channel"), choices=[c for c in Batch.Channel.choices if c[0] != "file"]
    )
    place = forms.ChoiceField(label=_("Area or stratum"), required=False)
    issued = forms.IntegerField(
        label=_("Numbers or sheets handed out"), min_value=0, max_value=100_000, initial=0,
        required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, poll: Poll, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        clusters = poll.clusters.select_related("unit").order_by("order")
        rows = [(f"c{row.pk}", f"{row.order}. {row.unit.label}") for row in clusters]
        if not rows:
            rows = [("", "–"), *((f"s{row.code}", str(row)) for row in poll.strata.all())]
        self.fields["place"].choices = rows  # type: ignore[attr-defined]


class OutcomesForm(forms.Form):
    """How the cases of a batch ended."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, label in OutcomeCount.Code.choices:
            self.fields[code] = forms.IntegerField(
                label=label, min_value=0, max_value=1_000_000, required=False, initial=0
            )

    def as_counts(self) -> dict[str, int]:
        """Return what was filled in."""
        return {code: self.cleaned_data.get(code) or 0 for code in OutcomeCount.Code.values}


class LinksForm(forms.Form):
    """How many links to make."""

    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=2000, initial=50)


class NumbersForm(forms.Form):
    """Which numbers to draw."""

    start = forms.CharField(
        label=_("Prefix"), max_length=12, initial="7 7132",
        help_text=_("The numbers are drawn at random, told once and stored nowhere."),
    )  # fmt: skip
    count = forms.IntegerField(label=_("How many"), min_value=1, max_value=5000, initial=50)


class AnswersForm(forms.Form):
    """The questions of a poll as a form: one for the web, paper and phone alike.

    Nothing is required here: the service knows what is asked after what was answered.
    """

    def __init__(
        self, *args: Any, questions: list[PollQuestion], settlement: bool, language: str = "",
        keyed: bool = False, by_phone: bool = False, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        if by_phone:
            self.fields["partial"] = forms.BooleanField(
                label=_("1.2 Partial interview (P)"), required=False
            )
        if keyed:
            self.fields["sheet"] = forms.IntegerField(
                label=_("Number on the sheet"), min_value=1, max_value=1_000_000
            )
        for question in questions:
            self.fields[question.code] = _field(question, language, keyed)
        for name, levels in ATTRIBUTES.items():
            if name == "settlement" and settlement:
                continue
            label = {"age_band": _("Age"), "sex": _("Sex")}.get(name, _("Type of settlement"))
            pairs = [(level, LEVELS[name][level]) for level in levels]
            self.fields[name] = forms.ChoiceField(
                label=label, required=False,
                choices=[("", pgettext_lazy("answer", "No answer")), *pairs],
            )  # fmt: skip

    def as_given(self) -> dict[str, str]:
        """Return what was filled in, as the service takes it."""
        return {
            name: " ".join(value) if isinstance(value, list) else str(value or "")
            for name, value in self.cleaned_data.items()
            if name not in ("sheet", "partial")
        }


def _field(question: PollQuestion, language: str, keyed: bool) -> forms.Field:
    text = said({code: getattr(question, f"text_{code}") for code in ("kk", "ru", "en")}, language)
    kinds = PollQuestion.Kind
    if keyed:
        # On paper a code is typed for each answer: no hand leaves the keyboard.
        codes = " ".join(levels_of(question)[:20])
        label = f"{question.order}. {text}" + (f" [{codes}]" if codes else "")
        return forms.CharField(label=label, required=False, max_length=300)
    if question.kind in (kinds.INTEGER, kinds.DECIMAL):
        return forms.CharField(label=text, required=False, max_length=20)
    if question.kind == kinds.TEXT:
        return forms.CharField(
            label=text, required=False, max_length=300, help_text=_("Name nobody, please.")
        )
    if question.kind == kinds.YES_NO:
        pairs = [(code, level_words("yes_no", code)) for code in ("yes", "no")]
    elif question.kind == kinds.SCALE:
        pairs = [(code, code) for code in levels_of(question)]
    else:
        pairs = [(choice["code"], said(choice, language)) for choice in question.choices]
    if question.kind == kinds.MANY:
        return forms.MultipleChoiceField(
            label=text, required=False, choices=pairs, widget=forms.CheckboxSelectMultiple
        )
    return forms.ChoiceField(label=text, required=False, choices=pairs, widget=forms.RadioSelect)


class FileForm(forms.Form):
    """A file to take in."""

    file = forms.FileField(label=_("File"), help_text=_("CSV or XLSX, with a header line."))


class FormFileForm(forms.Form):
    """A questionnaire as XLSForm."""

    file = forms.FileField(
        label=_("XLSForm"), help_text=_("An XLSX workbook with the sheets survey and choices.")
    )


class FrameForm(forms.Form):
    """A frame: a file of areas, or parts of the desk's districts."""

    name = GuardedCharField(label=_("Name"), max_length=160)
    people = forms.IntegerField(
        label=_("People in a part of a district"), min_value=200, max_value=50_000, initial=3000,
        required=False,
    )  # fmt: skip
    file = forms.FileField(
        label=_("File of areas"), required=False,
        help_text=_("Instead of districts: code, label, place, stratum, size, settlement."),
    )  # fmt: skip
    origin = GuardedCharField(label=_("Where the data is from"), max_length=200, required=False)
