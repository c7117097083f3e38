"""Twenty-four kinds of bad file: each is named, nothing is written, nothing stays behind."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from tests.desk.brief.test_raw import GOOD, SQUARE, run

pytestmark = pytest.mark.embedded

HEAD = "time,latitude,longitude,kind\n"


def _areas(**changes: object) -> bytes:
    feature = {**SQUARE["features"][0], **changes}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def _noise(seed: int, size: int) -> bytes:
    return random.Random(seed).randbytes(size)


def _damaged(text: str, seed: int) -> bytes:
    """Cut a good line in its middle and put noise in its place."""
    rng = random.Random(seed)
    data = bytearray(text.encode())
    at = rng.randrange(10, len(data) - 10)
    return bytes(data[:at]) + _noise(seed, 30) + b"\n" + text.encode()


KINDS: dict[str, tuple[str, bytes]] = {
    "messages: empty": ("posts.csv", b""),
    "messages: only a heading": ("posts.csv", b"time,text\n"),
    "messages: no column of time": ("posts.csv", "text,channel\nвода,А\n".encode()),
    "messages: no column of text": ("posts.csv", b"time,channel\n2026-11-19T10:00:00Z,A\n"),
    "messages: a time that is none": ("posts.csv", b"time,text\nyesterday,no water\n"),
    "messages: a line cut off": ("posts.jsonl", (GOOD + '{"id": "2", "te').encode()),
    "messages: a list instead of an object": ("posts.jsonl", b"[1, 2, 3]\n"),
    "messages: text that is a number": ("posts.jsonl", b'{"time": "2026-11-19T10:00:00Z"}\n'),
    "messages: noise": ("posts.csv", _noise(1, 4000)),
    "messages: a picture": ("posts.jsonl", b"\x89PNG\r\n\x1a\n" + _noise(2, 500)),
    "messages: damaged in the middle": ("posts.jsonl", _damaged(GOOD * 3, 3)),
    "incidents: no kind": ("ledger.csv", b"time,latitude,longitude\n2026-11-19,49,57\n"),
    "incidents: a latitude of 123": ("ledger.csv", (HEAD + "2026-11-19,123,57,fire\n").encode()),
    "incidents: a time that is none": ("ledger.csv", (HEAD + "soon,49,57,fire\n").encode()),
    "incidents: neither place nor point": ("ledger.csv", b"time,kind\n2026-11-19,fire\n"),
    "incidents: fewer cells than columns": ("ledger.csv", (HEAD + "2026-11-19\n").encode()),
    "incidents: noise": ("ledger.csv", _noise(4, 4000)),
    "areas: no JSON": ("areas.geojson", b"{'type': 'FeatureCollection'}"),
    "areas: no features": ("areas.geojson", b'{"type": "FeatureCollection", "features": []}'),
    "areas: no code": ("areas.geojson", _areas(properties={"name": "Temir"})),
    "areas: no geometry": ("areas.geojson", _areas(geometry=None)),
    "areas: a line, no area": (
        "areas.geojson", _areas(geometry={"type": "LineString", "coordinates": [[1, 1], [2, 2]]})
    ),
    "areas: coordinates that are words": (
        "areas.geojson", _areas(geometry={"type": "Polygon", "coordinates": [[["a", "b"]]]})
    ),
    "areas: noise": ("areas.geojson", _noise(5, 4000)),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_bad_file_is_named_and_leaves_nothing(tmp_path: Path, kind: str) -> None:
    name, content = KINDS[kind]
    good = {
        "messages": ("good.jsonl", GOOD.encode()),
        "areas": ("good.geojson", json.dumps(SQUARE).encode()),
    }
    option = kind.partition(":")[0]
    arguments: list[str | Path] = []
    for key, (file, body) in {**good, option: (name, content)}.items():
        path = tmp_path / file
        path.write_bytes(body)
        arguments += [f"--{key}", path]
    done = run(tmp_path, *arguments)
    assert done.returncode in (1, 2), done.stderr
    assert name in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()
    assert list((tmp_path / "tmp").iterdir()) == []
