"""What this room tells others about need: how much more than expected each district had lately."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from qalqan.desk.flashpoints import selectors
from qalqan.desk.flashpoints.method import DEFAULTS
from qalqan.desk.flashpoints.models import AreaKind, ScanRun, Stream
from qalqan.desk.platform.places.need import Need, Provider, register
from qalqan.desk.platform.policies import VIEW, Actor, policy_of

LABELS: dict[str, Any] = {
    Stream.INCIDENTS: gettext_lazy("Incidents against expected"),
    Stream.TIPS: gettext_lazy("Tips against expected"),
    Stream.CLAIMS: gettext_lazy("Claims against expected"),
    Stream.NOTES: gettext_lazy("Field notes against expected"),
}
"""What the measures of need are called, by stream."""


def register_needs() -> None:
    """Tell the platform of one measure for each stream."""
    for stream, label in LABELS.items():
        register(f"flashpoints.{stream}", label, _provider(stream))


def _provider(stream: str) -> Provider:
    def provide(actor: Actor, now: datetime) -> Sequence[Need]:
        if not policy_of(ScanRun).allows(actor, VIEW):
            return []
        rows = selectors.runs(actor, stream=stream).filter(
            area_kind=AreaKind.DISTRICTS, created_at__lte=now
        )
        run = rows.first()
        return [] if run is None else needs_of(run)

    return provide


def needs_of(run: ScanRun) -> list[Need]:
    """Return observed over expected of each district that a run counted.

    The interval is Garwood's exact one for the observed count, with the expected count taken as
    known; a district without a case in the last days has a lower end of 0.
    """
    from scipy.stats import chi2

    days = int(run.parameters.get("max_duration", DEFAULTS.max_duration))
    window = (run.window_end - timedelta(days=days - 1), run.window_end)
    source = _("%(stream)s, observed over expected, space-time permutation") % {
        "stream": run.get_stream_display()
    }
    found = []
    for place, observed, expected, *_cell in run.by_area:
        if expected <= 0:
            continue
        low = chi2.ppf(0.025, 2 * observed) / 2 if observed else 0.0
        high = chi2.ppf(0.975, 2 * observed + 2) / 2
        found.append(
            Need(
                int(place), observed / expected, float(low) / expected, float(high) / expected,
                source, window, run.get_absolute_url(),
            )
        )  # fmt: skip
    return found
