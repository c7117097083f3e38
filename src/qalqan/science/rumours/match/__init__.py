"""Has this been answered before? Nearest answered claims, or none, with calibrated probability.

``AnsweredIndex(claims).match(texts, k)`` gives for each text the k nearest claims, best first, and
as the last entry the possibility that there is no match.
"""

from __future__ import annotations

from qalqan.science.rumours.match.index import AnsweredIndex
from qalqan.science.rumours.match.results import AnsweredClaim, Match

__all__ = ["AnsweredClaim", "AnsweredIndex", "Match"]
