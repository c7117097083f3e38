"""Stronger embedding models that an operator plugs in: a local folder, or an address.

Each is an `qalqan.science.rumours.merge.Embedder`. Nothing is downloaded: a folder must be whole,
an address is asked only where the operator names it. Texts of claims leave the machine when the
address is not on it; the operator decides.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import numpy as np
from numpy.typing import NDArray

from qalqan.errors import InputError, Location, SettingsError
from qalqan.science.rumours.merge.embedders import Embedder

_BATCH = 64
_LARGEST = 64 * 1024 * 1024


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-12), np.float32)


class AddressEmbedder:
    """An OpenAI-compatible address: ``POST {address}/embeddings``.

    Parameters
    ----------
    address
        For example ``http://127.0.0.1:8000/v1``.
    model
        Name the server knows the model by.
    key
        Bearer token, if the server wants one.
    timeout
        Seconds a request may take.
    """

    def __init__(
        self, address: str, *, model: str = "default", key: str = "", timeout: float = 30.0
    ) -> None:
        if urlsplit(address).scheme not in ("http", "https"):
            raise InputError("an embedder's address begins with http:// or https://")
        self.name = f"{model} at {address}"
        self._address = address.rstrip("/") + "/embeddings"
        self._model, self._key, self._timeout = model, key, timeout

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors; asks for 64 texts at a time."""
        parts = [self._ask(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)]
        return _unit(np.concatenate(parts)) if parts else np.zeros((0, 1), np.float32)

    def _ask(self, texts: Sequence[str]) -> NDArray[np.float32]:
        body = json.dumps({"model": self._model, "input": list(texts)}).encode()
        headers = {"Content-Type": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        request = Request(self._address, body, headers)  # noqa: S310 -- scheme checked above
        try:
            with urlopen(request, timeout=self._timeout) as answer:  # noqa: S310 -- as above
                data = json.loads(answer.read(_LARGEST))
            rows = sorted(data["data"], key=lambda row: int(row["index"]))
            vectors = np.array([row["embedding"] for row in rows], np.float32)
        except HTTPError as error:
            raise SettingsError(f"the embedder answered {error.code}: {self._address}") from error
        except (URLError, TimeoutError, OSError) as error:
            raise SettingsError(f"the embedder does not answer: {self._address}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise SettingsError(f"the embedder's answer is not understood: {error}") from error
        if vectors.ndim != 2 or len(vectors) != len(texts):
            raise SettingsError(f"the embedder sent {len(vectors)} vectors for {len(texts)} texts")
        return vectors


class FolderEmbedder:
    """A local sentence-transformers folder; its ONNX weights are used where they are there.

    Parameters
    ----------
    folder
        As ``SentenceTransformer.save`` writes it.
    """

    def __init__(self, folder: Path) -> None:
        if not (folder / "modules.json").is_file():
            raise InputError(
                "this is no sentence-transformers folder: modules.json is missing",
                location=Location(str(folder)),
            )
        self.name = f"folder {folder.resolve()}"
        self._folder = folder
        self._model: Any = None

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return unit vectors."""
        if self._model is None:
            self._model = self._load()
        return _unit(np.asarray(self._model.encode(list(texts)), np.float32))

    def _load(self) -> Any:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise SettingsError(
                "a local embedding model needs the package sentence-transformers",
                hint="uv pip install sentence-transformers",
            ) from error
        backend = "onnx" if list(self._folder.glob("**/*.onnx")) else "torch"
        return SentenceTransformer(str(self._folder), backend=backend, local_files_only=True)


def open_embedder(where: str, *, model: str = "default", key: str = "") -> Embedder:
    """Open an embedder by what names it.

    Parameters
    ----------
    where
        An address or a folder.
    model, key
        For an address.

    Raises
    ------
    InputError
        It is neither.
    """
    if "://" in where:
        return AddressEmbedder(where, model=model, key=key)
    return FolderEmbedder(Path(where))
