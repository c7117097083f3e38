"""What people fill in about notices and proofs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qalqan.desk.platform.privacy.forms import GuardedCharField
from qalqan.desk.platform.privacy.kinds import Rule
from qalqan.desk.protection.models import Notice, Site, Violation

LANGUAGES = [("kk", _("Kazakh")), ("ru", _("Russian")), ("en", _("English"))]


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class FilterForm(forms.Form):
    """Which notices are listed."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", pgettext_lazy("notices", "not closed")),
            ("overdue", pgettext_lazy("notices", "overdue")),
            ("answered", pgettext_lazy("notices", "with a proof to check")),
            ("closed", pgettext_lazy("notices", "closed")),
        ],
    )


class IssueForm(forms.Form):
    """Which violations a notice names, in which language, until when."""

    violations = forms.MultipleChoiceField(
        label=_("Violations"), widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(label=_("Language of the notice"), choices=LANGUAGES)
    deadline = _day(_("To be mended by"))

    def __init__(
        self, *args: Any, site: Site, rows: Sequence[Violation], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.rows = {str(row.pk): row for row in rows}
        self.fields["violations"].choices = [  # type: ignore[attr-defined]
            (key, f"{row.question.text} ({row.get_severity_display()})")
            for key, row in self.rows.items()
        ]
        days = min((row.question.days_to_mend for row in rows), default=30)
        self.initial.setdefault("violations", list(self.rows))
        self.initial.setdefault("language", site.owner_language)
        self.initial.setdefault("deadline", today + timedelta(days=max(1, days)))

    def chosen(self) -> list[Violation]:
        """Return the violations that were ticked."""
        return [self.rows[key] for key in self.cleaned_data["violations"]]


class ExtendForm(forms.Form):
    """A later deadline, and why."""

    deadline = _day(_("New deadline"))
    reason = GuardedCharField(label=_("Reason"), max_length=500)

    def __init__(self, *args: Any, notice: Notice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        later = max(notice.deadline, timezone.localdate()) + timedelta(days=14)
        self.initial.setdefault("deadline", later)


class WhyForm(forms.Form):
    """Why something is done."""

    reason = GuardedCharField(label=_("Reason"), max_length=500)


class CheckForm(forms.Form):
    """What somebody thinks of a proof."""

    reason = GuardedCharField(
        label=_("Reason"), max_length=500, required=False,
        help_text=_("Needed where the proof is returned."),
    )  # fmt: skip


class ManyFiles(forms.ClearableFileInput):
    """A field for several files at once."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files; each is checked by the store, not by its name."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", ManyFiles(attrs={"accept": "image/*"}))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the files as a list."""
        one = super().clean
        return [one(file, initial) for file in data] if data else []


class RemedyForm(forms.Form):
    """What was done about a violation, with pictures."""

    text = GuardedCharField(
        label=_("What was done"), max_length=1000, rule=Rule.MASK,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("No names and no telephone numbers of people."),
    )  # fmt: skip
    pictures = ManyFilesField(
        label=_("Pictures"), required=False,
        help_text=_("Up to ten pictures of at most 8 MB. Where they were taken is removed."),
    )  # fmt: skip

    def contents(self) -> list[tuple[str, bytes]]:
        """Return the names and contents of the files."""
        return [(file.name or "file", file.read()) for file in self.cleaned_data["pictures"]]


class CodeForm(forms.Form):
    """The code that belongs to a link."""

    code = forms.CharField(
        label=_("Code"), max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        help_text=_("Eight digits that the inspectors' office told you apart from the link."),
    )  # fmt: skip
