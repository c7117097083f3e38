"""The index of answered claims."""

from __future__ import annotations

from collections.abc import Sequence

from qalqan.science.rumours.match.results import AnsweredClaim, Match
from qalqan.science.rumours.merge import Embedder, bundled_embedder


class AnsweredIndex:
    """Answered claims, ready to be compared with what people say now."""

    def __init__(
        self, claims: Sequence[AnsweredClaim], *, embedder: Embedder | None = None
    ) -> None:
        self.claims = list(claims)
        self.embedder = embedder or bundled_embedder()

    def match(self, texts: Sequence[str], k: int = 5) -> list[list[Match]]:
        """Return for each text its k nearest claims and, last, the chance that there is none."""
        if not self.claims:
            return [[Match(None, 1.0, 0.0)] for _ in texts]
        claims = self.embedder.embed([f"{c.title} {c.text}".strip() for c in self.claims])
        near = self.embedder.embed(list(texts)) @ claims.T
        found = []
        for row in near:
            order = row.argsort()[::-1][:k]
            best = [Match(self.claims[i].id, 0.0, float(row[i])) for i in order]
            found.append([*best, Match(None, 1.0, 0.0)])
        return found
