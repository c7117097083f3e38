"""Streams for the tests on Spark, and the labels of one process."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from qalqan.science.rumours.group import ClaimIndex
from qalqan.science.rumours.synthetic import make_stream

START = 1_790_000_000


def messages(n: int, seed: int) -> list[tuple[str, int, str]]:
    """Id, second and text; some share their second."""
    rng = np.random.default_rng(seed)
    texts = make_stream(n, rng, n_claims=n // 12).texts
    seconds = START + np.sort(rng.integers(0, 4 * n, n))
    return [(f"м-{i}", int(s), t) for i, (s, t) in enumerate(zip(seconds, texts, strict=True))]


def one_process(given: list[tuple[str, int, str]]) -> dict[str, int]:
    """Claims by the index alone, in order of time, then id."""
    ordered = sorted(given, key=lambda m: (m[1], json.dumps(m[0], ensure_ascii=False).encode()))
    claims = ClaimIndex(copies=True).add_many([text for _, _, text in ordered])
    return {m[0]: int(claim) + 1 for m, claim in zip(ordered, claims, strict=True)}


def shuffled(given: list[tuple[str, int, str]], seed: int) -> list[tuple[str, int, str]]:
    return [given[i] for i in np.random.default_rng(seed).permutation(len(given))]


def as_line(message: tuple[str, int, str]) -> str:
    return json.dumps(dict(zip(("id", "time", "text"), message, strict=True)), ensure_ascii=False)


def lay_down(folder: Path, given: list[tuple[str, int, str]], files: int) -> None:
    folder.mkdir()
    for number in range(files):
        lines = [as_line(m) + "\n" for m in given[number::files]]
        (folder / f"{number:04d}.jsonl").write_text("".join(lines), encoding="utf-8")
