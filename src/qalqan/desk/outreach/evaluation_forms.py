"""What is filled in for an evaluation, one form a design."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qalqan.desk.outreach.models import Activity, Evaluation
from qalqan.desk.outreach.services.evaluating import MOST_COUNT, MOST_DISTRICTS, Asked
from qalqan.desk.platform.privacy.observations import ObservedCharField

_YES = frozenset({"1", "yes", "да", "иә", "+", "with"})
_NO = frozenset({"0", "no", "нет", "жоқ", "-", "without"})
_LONGEST = 60_000


def _number_of(text: str) -> float:
    return float(text.replace(",", "."))


class _Form(forms.Form):
    """The question and its theme; each design adds its numbers."""

    design = ""
    question = ObservedCharField(
        label=gettext_lazy("Question that was asked"), max_length=200,
        help_text=gettext_lazy("For example: “Do you know where to turn for legal help?”"),
    )  # fmt: skip
    theme = forms.ChoiceField(
        label=gettext_lazy("Theme"), required=False,
        choices=[("", gettext_lazy("No theme")), *Activity.Theme.choices],
    )  # fmt: skip

    def numbers(self) -> dict[str, Any]:
        """Return the numbers as the service takes them."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("question", "theme")
        }

    def as_asked(self) -> Asked:
        """Return what the service takes."""
        said = self.cleaned_data
        return Asked(self.design, said["question"], self.numbers(), said["theme"])


def _people(label: Any, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=help_text, min_value=0, max_value=MOST_COUNT,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip


class PairedShareForm(_Form):
    """The same people twice, yes or no."""

    design = Evaluation.Design.PAIRED_SHARE
    both = _people(gettext_lazy("Yes before and after"))
    gained = _people(gettext_lazy("No before, yes after"))
    lost = _people(gettext_lazy("Yes before, no after"))
    neither = _people(gettext_lazy("No before and after"))


class GroupsShareForm(_Form):
    """Two groups, yes or no."""

    design = Evaluation.Design.GROUPS_SHARE
    before_yes = _people(gettext_lazy("Before, or the other group: said yes"))
    before_all = _people(gettext_lazy("Before, or the other group: all who were asked"))
    after_yes = _people(gettext_lazy("After, or the programme's group: said yes"))
    after_all = _people(gettext_lazy("After, or the programme's group: all who were asked"))


class PointsField(forms.CharField):
    """Numbers with blanks or lines between them; no names."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4, "inputmode": "decimal"}))
        super().__init__(max_length=_LONGEST, **kwargs)

    def clean(self, value: Any) -> Any:
        """Return the numbers.

        Raises
        ------
        ValidationError
            A piece is no number; it and its place are named.
        """
        text = super().clean(value)
        found = []
        for place, piece in enumerate(re.split(r"[\s;]+", text.strip()), start=1):
            try:
                found.append(_number_of(piece))
            except ValueError:
                raise forms.ValidationError(
                    _("Number %(place)s is no number: %(piece)s"),
                    params={"place": place, "piece": piece[:20]},
                ) from None
        return found


class PairedMeanForm(_Form):
    """The same people twice, points."""

    design = Evaluation.Design.PAIRED_MEAN
    before = PointsField(
        label=gettext_lazy("Points before"),
        help_text=gettext_lazy("A number for each person, without names; the same order below."),
    )
    after = PointsField(label=gettext_lazy("Points after"))


class GroupsMeanForm(_Form):
    """Two groups, points."""

    design = Evaluation.Design.GROUPS_MEAN
    before = PointsField(label=gettext_lazy("Points before, or of the other group"))
    after = PointsField(label=gettext_lazy("Points after, or of the programme's group"))


class DistrictsForm(_Form):
    """Districts with and without, before and after."""

    design = Evaluation.Design.DISTRICTS
    districts = forms.CharField(
        label=gettext_lazy("Districts"), max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy(
            "A line for each: name; before; after; yes where the programme was, else no."
        ),
    )  # fmt: skip

    def clean_districts(self) -> list[list[Any]]:
        """Return the rows.

        Raises
        ------
        ValidationError
            A line is wrong; it is named.
        """
        lines = [line for line in self.cleaned_data["districts"].splitlines() if line.strip()]
        if len(lines) > MOST_DISTRICTS:
            raise forms.ValidationError(
                _("Give 2 to %(most)s districts."), params={"most": MOST_DISTRICTS}
            )
        rows = [self._row(number, line) for number, line in enumerate(lines, start=1)]
        names = [row[0] for row in rows]
        if len(set(names)) < len(names):
            raise forms.ValidationError(_("A district stands here twice."))
        return rows

    def _row(self, number: int, line: str) -> list[Any]:
        parts = [part.strip() for part in re.split(r"[;\t]", line)]
        side = parts[-1].casefold()
        try:
            if len(parts) != 4 or not parts[0] or side not in _YES | _NO:
                raise ValueError
            return [parts[0][:120], _number_of(parts[1]), _number_of(parts[2]), side in _YES]
        except ValueError:
            raise forms.ValidationError(
                _("Line %(line)s must be: name; before; after; yes or no."),
                params={"line": number},
            ) from None


FORMS: dict[str, type[_Form]] = {
    form.design: form
    for form in (PairedShareForm, GroupsShareForm, PairedMeanForm, GroupsMeanForm, DistrictsForm)
}
"""The form of each design."""
