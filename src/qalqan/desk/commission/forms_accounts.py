"""Forms of accounts, and of what the commission opens to everyone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from qalqan.desk.commission.models import Account, AccountHarm, AccountVersion, Agenda
from qalqan.desk.commission.models.accounts import LANGUAGES
from qalqan.desk.commission.selectors.accounts import headings
from qalqan.desk.commission.services.accounts import NOTE, PARTS
from qalqan.desk.platform.privacy.forms import GuardedCharField

NAMES = {"kk": "Қазақша", "ru": "Русский", "en": "English"}
_HINTS = {
    "harm": _("In words, with what was told officially already. Counts go below."),
    "review": _("Who reviews it, by which rule, and how far the review is."),
    "questions": _("What is not known yet. Where nothing is open, say so."),
}


def _three(
    form: forms.Form, name: str, longest: int, *, rows: int = 0, required: bool = True
) -> None:
    """Add a field for each language."""
    widget = forms.Textarea(attrs={"rows": rows}) if rows else None
    for code in LANGUAGES:
        form.fields[f"{name}_{code}"] = GuardedCharField(
            label=NAMES[code], max_length=longest, required=required,
            widget=type(widget)(attrs={"rows": rows, "lang": code}) if widget
            else forms.TextInput(attrs={"lang": code}),
        )  # fmt: skip


class AccountForm(forms.Form):
    """An account in three languages, with counts of harm."""

    about = forms.ChoiceField(label=_("About"), choices=Account.About.choices)
    happened_on = forms.DateField(
        label=_("When it happened"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    url = forms.CharField(
        label=_("Page of the desk"), max_length=300, required=False,
        help_text=_("An address of this desk that begins with a slash."),
    )  # fmt: skip

    def __init__(self, *args: Any, version: AccountVersion | None = None, **kwargs: Any) -> None:
        is_correction = version is not None and version.account.published_at is not None
        if version is not None:
            kwargs["initial"] = _initial(version)
        super().__init__(*args, **kwargs)
        if version is not None:
            for name in ("about", "happened_on", "url"):
                del self.fields[name]
        for part, longest in PARTS.items():
            _three(self, part, longest, rows=0 if part == "title" else 4)
        if is_correction:
            _three(self, "note", NOTE, rows=2)
        for group in AccountHarm.Group:
            for kind in AccountHarm.Kind:
                self.fields[f"{group}_{kind}"] = forms.IntegerField(
                    label=f"{group.label}: {kind.label}", min_value=0, max_value=100_000,
                    required=False,
                )  # fmt: skip

    def head(self) -> list[BoundField]:
        """Return the fields that stand before the parts."""
        return [self[name] for name in ("about", "happened_on", "url") if name in self.fields]

    def parts(self) -> Iterator[tuple[str, str, list[BoundField]]]:
        """Return heading, hint and the three fields of each part."""
        named: dict[str, Any] = {"title": _("Title"), **headings()}
        named["note"] = _("What was corrected, and why")
        for part in (*PARTS, "note"):
            if f"{part}_kk" in self.fields:
                yield (
                    str(named[part]), str(_HINTS.get(part, "")),
                    [self[f"{part}_{code}"] for code in LANGUAGES],
                )  # fmt: skip

    def counts(self) -> list[BoundField]:
        """Return the fields of the counts."""
        return [self[f"{group}_{kind}"] for group in AccountHarm.Group for kind in AccountHarm.Kind]

    def texts(self) -> dict[str, dict[str, str]]:
        """Return what was written, by language and part."""
        return {
            code: {
                part: self.cleaned_data.get(f"{part}_{code}", "") for part in (*PARTS, "note")
            }
            for code in LANGUAGES
        }  # fmt: skip

    def harm(self) -> dict[tuple[str, str], int]:
        """Return the counts that are known."""
        found = {
            (group.value, kind.value): self.cleaned_data.get(f"{group}_{kind}")
            for group in AccountHarm.Group
            for kind in AccountHarm.Kind
        }
        return {key: count for key, count in found.items() if count is not None}


def _initial(version: AccountVersion) -> dict[str, Any]:
    given: dict[str, Any] = {
        f"{part}_{row.language}": getattr(row, part)
        for row in version.texts.all()
        for part in PARTS
    }
    return given | {f"{one.group}_{one.kind}": one.count for one in version.harms.all()}


class SendBackForm(forms.Form):
    """Why a version goes back to its writer."""

    reason = GuardedCharField(
        label=_("Reason"), max_length=NOTE, widget=forms.Textarea(attrs={"rows": 2})
    )


class ThreeForm(forms.Form):
    """One text in three languages."""

    def __init__(
        self, *args: Any, name: str = "reason", longest: int = NOTE, rows: int = 2, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.name = name
        _three(self, name, longest, rows=rows)

    def texts(self) -> dict[str, str]:
        """Return the text by language."""
        return {code: self.cleaned_data[f"{self.name}_{code}"] for code in LANGUAGES}


class WithdrawForm(ThreeForm):
    """Why an account is withdrawn."""

    hides_text = forms.BooleanField(
        label=_("Show the words no more, because they do harm themselves"), required=False
    )


class ItemsForm(forms.Form):
    """Titles or outcomes of several items of an agenda, each in three languages."""

    def __init__(
        self, *args: Any, items: Iterable[Agenda], name: str, longest: int, rows: int = 0,
        required: bool = False, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.items, self.name = list(items), name
        for item in self.items:
            _three(self, f"{name}_{item.pk}", longest, rows=rows, required=required)

    def parts(self) -> Iterator[tuple[str, str, list[BoundField]]]:
        """Return the item, nothing, and its three fields."""
        for item in self.items:
            fields = [self[f"{self.name}_{item.pk}_{code}"] for code in LANGUAGES]
            yield f"{item.order}. {item.title}", "", fields

    def texts(self) -> dict[int, dict[str, str]]:
        """Return what was written by item; items without a word are left out."""
        found = {
            item.pk: {
                code: self.cleaned_data.get(f"{self.name}_{item.pk}_{code}", "")
                for code in LANGUAGES
            }
            for item in self.items
        }
        return {key: said for key, said in found.items() if any(said.values())}
