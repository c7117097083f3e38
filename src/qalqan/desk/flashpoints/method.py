"""How the desk scans: the settings, and what they cost in false findings."""

from __future__ import annotations

from dataclasses import dataclass

NIGHTLY = (
    ("incidents",),
    ("tips",),
    ("claims",),
    ("notes",),
    ("incidents", "tips", "claims"),
)
"""Streams that the worker scans each night: each by itself, then all at once."""

GRID_RESOLUTION = 5
"""Resolution of the H3 grid: cells of some 250 km², about 18 km across."""

TWICE = 2.0
"""By how much the surplus must have grown for a closed flash-point or an artefact to return."""

ALPHA = 0.01
"""p-value up to which a finding counts; at one scan a day, one false finding in 100 days."""


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """How a scan looks.

    Parameters
    ----------
    window_days
        Days that are looked at, up to today.
    max_duration
        Longest flash-point in days; it must reach the last day.
    max_share
        Largest share of all cases that a circle may hold.
    min_cases
        Fewest cases inside a finding.
    enough_cases
        Fewest cases in the window with which a scan is run at all.
    alpha
        p-value up to which a finding counts.
    most_findings
        Findings that are kept, whatever their p-value.
    """

    window_days: int = 90
    max_duration: int = 21
    max_share: float = 0.5
    min_cases: int = 3
    enough_cases: int = 20
    alpha: float = ALPHA
    most_findings: int = 5


DEFAULTS = ScanSettings()


Weight = dict[str, tuple[int, float]]
"""Observed and expected cases by stream."""


def carried_by(weight: Weight) -> Weight:
    """Return the streams that carry a finding: alone above what was expected, beyond chance.

    Where no stream does so by itself, all of them carry it together.

    >>> carried_by({"tips": (20, 4.0), "incidents": (3, 2.5)})
    {'tips': (20, 4.0)}
    """
    from qalqan.science.flashpoints.results import rate_ratio_interval

    alone = {
        stream: (observed, expected)
        for stream, (observed, expected) in weight.items()
        if expected > 0 and rate_ratio_interval(observed, expected)[0] > 1
    }
    return alone or weight


def is_clearly_larger(now: Weight, judged: Weight) -> bool:
    """Tell whether a finding is clearly larger than the one that was judged.

    Compared are the streams that carry the new finding. Their surplus (observed less expected)
    must be at least twice the judged one, and their observed cases must lie above the upper end
    of the exact 95 % Poisson interval around those that were judged, so that a handful more is no
    return. A stream that did not carry the judged finding is larger in any case.

    >>> judged = {"tips": (6, 2.0)}
    >>> [is_clearly_larger({"tips": (n, 2.0)}, judged) for n in (10, 13, 14)]
    [False, False, True]
    >>> is_clearly_larger({"incidents": (5, 1.0)}, judged)
    True
    """
    from qalqan.science.flashpoints.results import rate_ratio_interval

    if set(now) - set(judged):
        return True
    observed, expected = (sum(one[part] for one in now.values()) for part in (0, 1))
    seen, mean = (sum(judged[stream][part] for stream in now) for part in (0, 1))
    highest = rate_ratio_interval(int(seen), 1.0)[1]
    return observed - expected >= TWICE * (seen - mean) and observed > highest
