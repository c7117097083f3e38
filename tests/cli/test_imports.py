"""Files go in by the command line: what is told, what comes twice, what is refused."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from tests.cli.test_use import qalqan

AREAS = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"code": f"99{number}", "name": f"District {number}"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [[number, 0], [number + 1, 0], [number + 1, 1], [number, 1], [number, 0]]
                ],
            },
        }
        for number in range(3)
    ],
}
FILES = {
    "areas": ("areas.geojson", json.dumps(AREAS)),
    "settlements": (
        "settlements.csv",
        "name,latitude,longitude\nAlpha,0.5,0.5\nBeta,0.5,1.5\n",
    ),
    "population": ("population.csv", "code,year,count\n990,2026,1200\n991,2026,800\n"),
    "incidents": (
        "incidents.csv",
        "time,latitude,longitude,kind\n2026-11-01T10:00:00+05:00,0.5,0.5,arson\n",
    ),
    "sites": (
        "sites.csv",
        "number,name_en,category,capacity,latitude,longitude\n12,School 12,school,300,0.5,0.5\n",
    ),
    "messages": (
        "messages.jsonl",
        '{"time": "2026-11-02T09:00:00+05:00", "text": "The bridge is closed, they say"}\n'
        '{"time": "2026-11-02T09:05:00+05:00", "text": "No water in Alpha since noon"}\n',
    ),
}
BROKEN = {
    "areas": ("areas.geojson", '{"type": "FeatureCollection", "features": [{}]}', "areas.geojson"),
    "settlements": ("settlements.csv", "name,latitude,longitude\nA,here,1\n", "latitude"),
    "population": ("population.csv", "code,year,count\nnowhere,2026,1\n", ":2"),
    "incidents": ("incidents.csv", "time,latitude,longitude,kind\nyesterday,1,1,arson\n", "time"),
    "sites": ("sites.csv", "name_en,category,capacity,place\nA,castle,1,990\n", "category"),
    "messages": ("messages.jsonl", '{"time": "2026-11-02T09:00:00Z"}\n', "text"),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("imports")
    (folder / "keys").mkdir(mode=0o700)
    (folder / "keys" / "secret_key").write_text("k" * 64)
    assert qalqan(folder, "migrate").returncode == 0
    return folder


def test_every_kind_of_file_goes_in_once(home: Path, tmp_path: Path) -> None:
    for kind, (name, text) in FILES.items():
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        arguments = ["import", kind, str(path), "--json"]
        if kind == "messages":
            arguments += ["--source", "City forum"]
        first = qalqan(home, *arguments)
        assert first.returncode == 0, first.stderr
        stored = json.loads(first.stdout)
        assert stored["read"] == stored.get("stored", stored.get("added"))
        again = json.loads(qalqan(home, *arguments).stdout)
        assert again["read"] == stored["read"]
        assert again.get("stored", again.get("added")) == 0
    assert qalqan(home, "audit", "verify").returncode == 0


def row_counts(home: Path) -> dict[str, int]:
    tables = ("rumours_message", "rumours_claim", "incidents_incident", "places_place",
              "places_population", "protection_site")  # fmt: skip
    with closing(sqlite3.connect(home / "qalqan.sqlite3")) as database:
        return {
            table: database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]
            for table in tables
        }


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_file_is_named_and_leaves_nothing(home: Path, tmp_path: Path, kind: str) -> None:
    name, text, said = BROKEN[kind]
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    before = row_counts(home)
    result = qalqan(home, "import", kind, str(path))
    assert result.returncode == 2, result.stderr
    assert name in result.stderr
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert row_counts(home) == before


def test_good_rows_are_kept_on_request_and_bad_ones_explained(home: Path, tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    path.write_text(
        "time,latitude,longitude,kind\n"
        "2026-11-03T10:00:00+05:00,0.5,0.5,arson\n"
        "someday,0.5,0.5,arson\n",
        encoding="utf-8",
    )
    result = qalqan(home, "import", "incidents", str(path), "--keep-good", "--json")
    assert result.returncode == 0, result.stderr
    report = json.loads(result.stdout)
    assert (report["stored"], report["rejected"]) == (1, 1)
    rejects = path.with_name("mixed.csv.rejects.csv").read_text(encoding="utf-8")
    assert "someday" in rejects
    assert "time" in rejects
