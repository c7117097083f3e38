"""Do two claims say the same? Meaning across kk-Cyrl, kk-Latn, ru and en, with conflicts.

Only leaders of claims come here, never every message. `propose_merges` finds candidates by BM25
and by embeddings, `judge_pairs` judges pairs. A negation, number, place or date in conflict
forbids a merge without a person, whatever the probability.
"""

from __future__ import annotations

from qalqan.science.rumours.merge.embedders import Embedder, bundled_embedder
from qalqan.science.rumours.merge.judgement import Conflict, Decision, Judgement, Proposal
from qalqan.science.rumours.merge.model import MergeModel
from qalqan.science.rumours.merge.propose import MergeIndex, judge_pairs, propose_merges

__all__ = [
    "Conflict",
    "Decision",
    "Embedder",
    "Judgement",
    "MergeIndex",
    "MergeModel",
    "Proposal",
    "bundled_embedder",
    "judge_pairs",
    "propose_merges",
]
