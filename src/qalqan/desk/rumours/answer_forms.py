"""What people fill in about evidence, verdicts, answers and who is told."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qalqan.desk.platform.privacy.forms import GuardedCharField
from qalqan.desk.platform.sources.models import Credibility, Source
from qalqan.desk.rumours.models import LANGUAGES, Answer, AnswerVersion, Evidence, VerdictValue
from qalqan.desk.rumours.services import Wording

NAMES = {"kk": _("Kazakh"), "ru": _("Russian"), "en": _("English")}
_CHOOSE = [("", _("Choose…"))]


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = GuardedCharField(label=_("Reason"), max_length=200)


class EvidenceForm(forms.Form):
    """What a source says, and where it stands."""

    source_name = GuardedCharField(
        label=_("Source"), max_length=200, help_text=_("A body, site or publication; no person.")
    )
    source_kind = forms.ChoiceField(label=_("Kind of source"), choices=Source.Kind.choices)
    credibility = forms.TypedChoiceField(
        label=_("Credibility of what it says"), choices=[*_CHOOSE, *Credibility.choices], coerce=int
    )
    speaks = forms.ChoiceField(label=_("It speaks"), choices=[*_CHOOSE, *Evidence.Speaks.choices])
    text = GuardedCharField(
        label=_("What it says"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    url = forms.URLField(
        label=_("Public document"), required=False, max_length=500, assume_scheme="https",
        help_text=_("An https address that everyone may open."),
    )  # fmt: skip
    found_at = forms.DateTimeField(
        label=_("Found"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
    )


class VerdictForm(forms.Form):
    """What the desk holds of a claim."""

    # Nothing is chosen beforehand: a verdict must be somebody's decision.
    value = forms.ChoiceField(label=_("Verdict"), choices=[*_CHOOSE, *VerdictValue.choices])
    reason = GuardedCharField(
        label=_("Why"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    evidence = forms.MultipleChoiceField(
        label=_("On which evidence"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, items: list[Evidence], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._items = {str(item.pk): item for item in items}
        self.fields["evidence"].choices = [  # type: ignore[attr-defined]
            (key, f"{item.reliability}{item.credibility} {item.source}: {item.text[:80]}")
            for key, item in self._items.items()
        ]

    def chosen(self) -> list[Evidence]:
        """Return the chosen items."""
        return [self._items[key] for key in self.cleaned_data["evidence"]]


class WordingForm(forms.Form):
    """An answer in three languages, facts first."""

    def __init__(self, *args: Any, is_correction: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in LANGUAGES:
            name = NAMES[code]
            self.fields[f"headline_{code}"] = GuardedCharField(
                label=_("Headline: %(language)s") % {"language": name}, max_length=160,
                widget=forms.TextInput(attrs={"lang": code}),
            )  # fmt: skip
            self.fields[f"text_{code}"] = GuardedCharField(
                label=_("Answer: %(language)s") % {"language": name}, max_length=4000,
                widget=forms.Textarea(attrs={"rows": 9, "lang": code}),
            )  # fmt: skip
            if is_correction:
                self.fields[f"note_{code}"] = GuardedCharField(
                    label=_("What is corrected: %(language)s") % {"language": name},
                    max_length=300, widget=forms.TextInput(attrs={"lang": code}),
                )  # fmt: skip
        self.fields["override_reason"] = GuardedCharField(
            label=_("Why the warnings may stay"), max_length=200, required=False
        )

    def columns(self) -> list[list[forms.BoundField]]:
        """Return the fields of each language, to be shown side by side."""
        return [
            [self[f"{part}_{code}"] for part in ("headline", "text", "note")
             if f"{part}_{code}" in self.fields]
            for code in LANGUAGES
        ]  # fmt: skip

    def wording(self) -> dict[str, Wording]:
        """Return what was written, by language."""
        given = self.cleaned_data
        return {
            code: Wording(
                given.get(f"headline_{code}", ""),
                given.get(f"text_{code}", ""),
                given.get(f"note_{code}", ""),
            )
            for code in LANGUAGES
        }


def initial_wording(version: AnswerVersion | None) -> dict[str, str]:
    """Return the last version as the beginning of the next one."""
    if version is None:
        return {}
    return {
        f"{part}_{code}": getattr(version, f"{part}_{code}")
        for code in LANGUAGES
        for part in ("headline", "text")
    }


class WithdrawForm(forms.Form):
    """Why an answer is withdrawn; shown to everyone."""

    why = forms.ChoiceField(
        label=_("Why it is withdrawn"), choices=[*_CHOOSE, *Answer.Withdrawal.choices]
    )


class WebhookForm(forms.Form):
    """A program that is told of every publication."""

    name = forms.CharField(label=_("Name"), max_length=100)
    url = forms.URLField(label=_("Address"), max_length=500, assume_scheme="https")
