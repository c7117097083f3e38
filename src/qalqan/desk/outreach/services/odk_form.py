"""The XLSForm with which phones (ODK Collect, KoboCollect) tell of an activity offline."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qalqan.desk.outreach.models import LANGUAGES, Activity, AgeBand

VERSION = "2026.1"
_TONGUES = (("kk", "Қазақша (kk)"), ("ru", "Русский (ru)"), ("en", "English (en)"))
QUESTIONS: tuple[tuple[str, str, Any, str], ...] = (
    ("text", "title", gettext_lazy("Title"), "yes"),
    ("select_one kind", "kind", gettext_lazy("Kind"), "yes"),
    ("select_one theme", "theme", gettext_lazy("Theme"), "yes"),
    ("text", "place", gettext_lazy("Place"), "yes"),
    ("date", "date", gettext_lazy("Day"), "yes"),
    ("integer", "reach", gettext_lazy("People reached"), ""),
    ("select_one reach_is", "reach_is", gettext_lazy("The number is"), ""),
    ("text", "body", gettext_lazy("Held by"), ""),
    ("select_one language", "language", gettext_lazy("Language"), ""),
    ("time", "starts", gettext_lazy("Begins at"), ""),
    ("text", "venue", gettext_lazy("Venue"), ""),
    *(("integer", f"age_{band.value}", band.label, "") for band in AgeBand),
    ("integer", "cost", gettext_lazy("Cost, tenge"), ""),
    ("text", "outcome", gettext_lazy("What came of it"), ""),
    ("text", "asked", gettext_lazy("What was asked"), ""),
    ("text", "answered", gettext_lazy("What was answered"), ""),
)
"""Type, name, label and whether an answer is needed; the import reads the same names."""


def workbook() -> bytes:
    """Return the form as XLSX, labelled in Kazakh, Russian and English."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    labels = [f"label::{name}" for _code, name in _TONGUES]
    survey: Any = book.create_sheet("survey")
    survey.append(["type", "name", *labels, "required", "constraint", "relevant"])
    for kind, name, label, needed in QUESTIONS:
        constraint = ". >= 0" if kind == "integer" else ""
        relevant = "${reach} != ''" if name == "reach_is" or name.startswith("age_") else ""
        required = "yes" if name == "reach_is" else needed
        survey.append([kind, name, *_in_each(label), required, constraint, relevant])
    choices: Any = book.create_sheet("choices")
    choices.append(["list_name", "name", *labels])
    for name, options in _lists():
        for code, label in options:
            choices.append([name, code, *_in_each(label)])
    settings: Any = book.create_sheet("settings")
    settings.append(["form_title", "form_id", "version", "default_language"])
    settings.append([_("Activity"), "qalqan_activity", VERSION, _TONGUES[0][1]])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _lists() -> Iterable[tuple[str, Iterable[tuple[str, Any]]]]:
    return (
        ("kind", Activity.Kind.choices), ("theme", Activity.Theme.choices),
        ("language", LANGUAGES), ("reach_is", Activity.ReachIs.choices),
    )  # fmt: skip


def _in_each(label: Any) -> list[str]:
    words = []
    for code, _name in _TONGUES:
        with translation.override(code):
            words.append(str(label))
    return words
