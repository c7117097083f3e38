"""The historical ledger that comes with the sample: facts that two public articles state.

Unlike the rest of the sample nothing here is made up. What an article does not say stays empty
or stands under "unknown"; the reliability of both articles is F and the credibility of every item
6 until somebody at the desk grades them. No person is named.
"""

from __future__ import annotations

from pathlib import Path

_DATA = Path(__file__).parent / "data"

LEDGER = _DATA / "ledger.csv"
"""Incidents from 2008 to 2016 in the columns of the incident import."""

INDICATORS = _DATA / "indicators.csv"
"""Published numbers with unit, period, definition and source."""
