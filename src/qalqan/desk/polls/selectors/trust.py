"""Trust in official word: the index by wave, group and district, with its tested change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from qalqan.desk.platform.policies import Actor
from qalqan.desk.polls.models import Poll, PollEdition
from qalqan.desk.polls.selectors.results import Figure, Shown, ShownMeasure, shown


@dataclass(frozen=True, slots=True)
class Wave:
    """The index of one wave for all."""

    poll: Poll
    figure: Figure


@dataclass(frozen=True, slots=True)
class TrustBoard:
    """The index as it stands.

    Parameters
    ----------
    waves
        Oldest first, of the same series and the same formula.
    latest
        The newest results with the measure ``trust``.
    formula
        Version, items and scale.
    changes
        Tests against the wave before, as stored: for all, groups and districts.
    districts
        District key to the figure of the newest wave.
    """

    waves: tuple[Wave, ...]
    latest: Shown
    measure: ShownMeasure
    formula: dict[str, Any]
    changes: tuple[dict[str, Any], ...]
    districts: dict[int, Figure]

    @property
    def change(self) -> dict[str, Any] | None:
        """The change for all since the wave before, where it was tested."""
        return next((row for row in self.changes if row["by"] == "all"), None)


def trust(actor: Actor) -> TrustBoard | None:
    """Return the index of the newest probability poll that asks for it; nothing where none does."""
    rows = PollEdition.objects.visible_to(actor).filter(
        poll__kind=Poll.Kind.PROBABILITY, content__trust__isnull=False
    )
    rows = rows.exclude(state=PollEdition.State.REFUSED).exclude(content__trust=None)
    newest = rows.select_related("poll").order_by("-poll__ends_on", "-number").first()
    if newest is None:
        return None
    latest = shown(newest)
    measure = latest.measure("trust")
    if measure is None or measure.whole is None:
        return None
    return TrustBoard(
        _waves(actor, newest), latest, measure, newest.content["trust"],
        tuple(row for row in newest.content.get("changes", ()) if row["measure"] == "trust"),
        {int(one.key): one for one in measure.by("district") if one.key.isdigit()},
    )  # fmt: skip


def _waves(actor: Actor, newest: PollEdition) -> tuple[Wave, ...]:
    rows = PollEdition.objects.visible_to(actor).filter(
        poll__series=newest.poll.series, poll__wave__lte=newest.poll.wave,
        poll__kind=Poll.Kind.PROBABILITY,
    )  # fmt: skip
    last: dict[int, PollEdition] = {}
    for edition in rows.select_related("poll").order_by("poll__wave", "number"):
        last[edition.poll_id] = edition
    version = newest.content["trust"]["version"]
    found = []
    for edition in last.values():
        if (edition.content.get("trust") or {}).get("version") != version:
            continue
        row = next(m for m in edition.content["measures"] if m["key"] == "trust")["rows"][0]
        figure = Figure(
            "all", "", "", row["n"], row["value"], "direct", row["low"], row["high"], row["se"],
            row["deff"], row["effective_n"], row["df"],
        )  # fmt: skip
        found.append(Wave(edition.poll, figure))
    return tuple(found)
