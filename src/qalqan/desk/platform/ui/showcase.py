"""Made-up content for the page that shows every component."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qalqan.desk.platform.ui.charts import Point, bar_chart, line_chart
from qalqan.desk.platform.ui.formatting import format_date

_COPIES = (3, 2, 4, 3, 5, 4, 6, 9, 14, 22, 31, 27)
_FORECAST = ((12, 9, 15), (14, 10, 19), (17, 12, 24), (16, 10, 25), (19, 11, 30), (23, 13, 37))


class ExampleForm(forms.Form):
    """A form with one field of each kind; it is never stored."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=80)
    reported = forms.DateField(
        label=gettext_lazy("Date"), help_text=gettext_lazy("Day, month, year: 02.03.2026")
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[("post", gettext_lazy("Post")), ("news", gettext_lazy("News"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("About claims and places. No names, no phone numbers."),
    )
    urgent = forms.BooleanField(label=gettext_lazy("Needs an answer today"), required=False)


class ExampleFilter(forms.Form):
    """A form as lists carry it above themselves."""

    q = forms.CharField(label=gettext_lazy("Word"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("kk", gettext_lazy("Kazakh")),
            ("ru", gettext_lazy("Russian")),
            ("en", gettext_lazy("English")),
        ],
    )


def _rows(now: datetime) -> list[dict[str, Any]]:
    return [
        {
            "claim": _("The water in the district is said to be unsafe"),
            "copies": 1284,
            "seen": now - timedelta(hours=5),
            "state": _("No answer yet"),
            "tone": "critical",
            "hours": _COPIES,
        },
        {
            "claim": _("Shops are said to close for a week"),
            "copies": 312,
            "seen": now - timedelta(days=2),
            "state": _("Being checked"),
            "tone": "warning",
            "hours": tuple(reversed(_COPIES)),
        },
        {
            "claim": _("The bridge is said to be shut"),
            "copies": 57,
            "seen": now - timedelta(days=9),
            "state": _("Answered"),
            "tone": "good",
            "hours": (1, 4, 2, 1, 0, 0, 1, 0, 0, 0, 0, 0),
        },
    ]


def _charts(now: datetime) -> dict[str, Any]:
    hours = [now - timedelta(hours=len(_COPIES) - i) for i in range(len(_COPIES))]
    days = [now + timedelta(days=i) for i in range(len(_FORECAST))]
    return {
        "bars": bar_chart(
            [
                Point(format_date(at, "time"), n, tone="warning" if n > 20 else "")
                for at, n in zip(hours, _COPIES, strict=True)
            ],
            title=_("Copies an hour"),
            description=_("Rising since the seventh hour."),
            unit=_("messages"),
        ),
        "line": line_chart(
            [
                Point(format_date(at, "day"), mid, low, high)
                for at, (mid, low, high) in zip(days, _FORECAST, strict=True)
            ],
            title=_("Expected tips a day"),
            description=_("With the 95 % interval as a band."),
            unit=_("tips"),
        ),
        "intervals": [
            Point(_("District A"), 3.1, 2.2, 4.4),
            Point(_("District B"), 1.4, 0.8, 2.3),
            Point(_("District C"), 0.7, 0.3, 1.5),
        ],
    }


def context(*, now: datetime, page: int) -> dict[str, Any]:
    """Return what the page of components shows."""
    wrong = ExampleForm({"title": "", "reported": "31.02.2026"})
    return {
        "now": now,
        "rows": _rows(now),
        "pages": Paginator(range(1, 1285), 50).get_page(page),
        "filter_form": ExampleFilter(),
        "wrong_form": wrong,
        "events": [
            {"time": now - timedelta(hours=30), "title": _("First seen"), "note": _("In Russian")},
            {"time": now - timedelta(hours=5), "title": _("Growing"), "tone": "warning"},
            {"time": now - timedelta(hours=1), "title": _("Answer published"), "tone": "good"},
        ],
        "pairs": [
            (_("Kind"), _("News")),
            (_("Reliability of the source"), "B"),
            (_("Credibility of the item"), "3"),
        ],
        "tab_items": [
            (_("Growing"), "#tabs", True),
            (_("Answered"), "#tabs", False),
            (_("All"), "#tabs", False),
        ],
        **_charts(now),
    }
