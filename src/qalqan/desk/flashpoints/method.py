"""How the desk scans: the settings, and what they cost in false findings."""

from __future__ import annotations

from dataclasses import dataclass

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
