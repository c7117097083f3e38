"""What people fill in about flash-points."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from qalqan.desk.flashpoints import selectors
from qalqan.desk.flashpoints.method import DEFAULTS, ScanSettings
from qalqan.desk.flashpoints.models import AreaKind, FlashPoint, Judgement, Stream, stream_key
from qalqan.desk.flashpoints.services import LONGEST_REASON
from qalqan.desk.platform.policies import Actor
from qalqan.desk.platform.privacy.forms import GuardedCharField
from qalqan.desk.platform.work.forms import GiveForm

_LINES = {"rows": 3}

STATES = [
    (selectors.OPEN, _("Still to be dealt with")),
    *FlashPoint.State.choices,
    (Judgement.ARTEFACT.value, Judgement.ARTEFACT.label),
    ("all", _("All")),
]


class FlashPointFilterForm(forms.Form):
    """Switch streams on and off, districts or grid; lives in the address of the page."""

    stream = forms.MultipleChoiceField(
        label=_("What is counted"),
        required=False,
        choices=Stream.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    how = forms.ChoiceField(
        label=_("Streams"),
        required=False,
        choices=[("", _("each by itself")), ("together", _("all chosen at once"))],
    )
    areas = forms.ChoiceField(label=_("Areas"), required=False, choices=AreaKind.choices)
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATES)

    @property
    def streams(self) -> list[str]:
        """The streams that are on; all of them where none is chosen."""
        return self._wanted("stream") or list(Stream.values)

    @property
    def keys(self) -> list[str]:
        """The scans to show: one a stream, or the one of all chosen at once."""
        if self._wanted("how") == "together" and len(self.streams) > 1:
            return [stream_key(self.streams)]
        return self.streams

    @property
    def area_kind(self) -> str:
        """Districts, unless the grid is chosen."""
        return str(self._wanted("areas") or AreaKind.DISTRICTS)

    @property
    def wanted_state(self) -> str:
        """What the list of flash-points is narrowed to."""
        return str(self._wanted("state") or selectors.OPEN)

    def _wanted(self, name: str) -> Any:
        self.is_valid()
        return self.cleaned_data.get(name)


class ReviewForm(forms.Form):
    """Say what a finding is, and why."""

    judgement = forms.ChoiceField(
        label=_("What it is"), choices=Judgement.choices, widget=forms.RadioSelect
    )
    reason = GuardedCharField(
        label=_("Why"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs=_LINES),
        help_text=_("What you looked at and what you found. No names of private persons."),
    )  # fmt: skip
    after_step = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class DecideForm(GiveForm):
    """Say what is decided, who does it and until when."""

    decision = GuardedCharField(
        label=_("What is decided"), max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs=_LINES),
    )  # fmt: skip
    after_step = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = ("decision", "title", "whose", "due_at", "after_step", "seen")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, actor=actor, **kwargs)
        # The room says what kind of work it is and where it is done.
        del self.fields["kind"], self.fields["url"]


class CloseForm(forms.Form):
    """Say why a flash-point is taken off the desk."""

    reason = GuardedCharField(
        label=_("Why it is closed"), max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs=_LINES),
    )  # fmt: skip
    after_step = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)


class WhatIfForm(forms.Form):
    """Settings of a scan that is only tried; each explains itself."""

    stream = forms.MultipleChoiceField(
        label=_("What is counted"), choices=Stream.choices, widget=forms.CheckboxSelectMultiple,
        help_text=_("Several streams are scanned at once: what each says by itself is added up."),
    )  # fmt: skip
    areas = forms.ChoiceField(
        label=_("Areas"), choices=AreaKind.choices,
        help_text=_("The grid is finer, but leaves out what is known to the district only."),
    )  # fmt: skip
    until = forms.DateField(
        label=_("As on the evening of"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The scan looks for what was alive on this day, with what is stored now."),
    )
    window_days = forms.IntegerField(
        label=_("Window, days"), min_value=14, max_value=730,
        help_text=_(
            "Days that are looked at. A long window knows the usual better; a short one forgets "
            "old habits sooner."
        ),
    )  # fmt: skip
    max_duration = forms.IntegerField(
        label=_("Longest period, days"), min_value=1, max_value=180,
        help_text=_("A flash-point that has lasted longer than this counts as usual."),
    )  # fmt: skip
    max_share = forms.IntegerField(
        label=_("Largest share of cases in a circle, %"), min_value=1, max_value=50,
        help_text=_("A small share looks for narrow places; above half it would be the rule."),
    )  # fmt: skip
    min_cases = forms.IntegerField(
        label=_("Fewest cases"), min_value=2, max_value=100,
        help_text=_("A circle with fewer cases is no finding, however rare they are."),
    )  # fmt: skip
    replicates = forms.TypedChoiceField(
        label=_("Replicates"), coerce=int, choices=[(n, n) for n in (99, 999, 9999)],
        help_text=_("Random maps that the real one is compared with; more make p finer."),
    )  # fmt: skip
    alpha = forms.FloatField(
        label=_("Counts up to p"), min_value=0.0001, max_value=0.2,
        widget=forms.NumberInput(attrs={"step": "any"}),
        help_text=_("0.01 means one false finding in 100 daily scans; 0.05 one in 20."),
    )  # fmt: skip
    seed = forms.IntegerField(
        label=_("Seed"), min_value=0, max_value=2**31,
        help_text=_("The same seed gives the same random maps and the same p."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Refuse settings that contradict each other."""
        wanted = super().clean() or {}
        longest, window = wanted.get("max_duration"), wanted.get("window_days")
        if longest and window and longest > window // 2:
            self.add_error("max_duration", _("At most half of the window."))
        until = wanted.get("until")
        if until and until > timezone.localdate():
            self.add_error("until", _("This day lies ahead."))
        return wanted

    @classmethod
    def usual(cls, streams: list[str], area_kind: str) -> dict[str, Any]:
        """Return the settings of the nightly scan."""
        return {
            "stream": streams,
            "areas": area_kind,
            "until": timezone.localdate(),
            "window_days": DEFAULTS.window_days,
            "max_duration": DEFAULTS.max_duration,
            "max_share": round(100 * DEFAULTS.max_share),
            "min_cases": DEFAULTS.min_cases,
            "replicates": 999,
            "alpha": DEFAULTS.alpha,
            "seed": 0,
        }

    def settings(self) -> ScanSettings:
        """Return what was filled in, as the scan takes it."""
        wanted = self.cleaned_data
        return ScanSettings(
            window_days=wanted["window_days"],
            max_duration=wanted["max_duration"],
            max_share=wanted["max_share"] / 100,
            min_cases=wanted["min_cases"],
            alpha=wanted["alpha"],
        )

    def as_of(self, now: datetime) -> datetime:
        """Return the moment that the scan ends on."""
        zone = timezone.get_default_timezone()
        evening = datetime.combine(self.cleaned_data["until"], time(), zone) + timedelta(days=1)
        return min(evening - timedelta(seconds=1), now)
