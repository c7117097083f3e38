"""Straight from raw files: the real ones are read honestly, bad ones leave nothing behind."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from qalqan.desk.brief.raw import brief_from_files
from qalqan.errors import SettingsError

pytestmark = pytest.mark.embedded

FILES = {"brief.html", "brief.pdf", "brief.json", "brief.kk.html", "brief.kk.pdf",
         "brief.ru.html", "brief.ru.pdf", "brief.txt", "brief.kk.txt", "brief.ru.txt"}  # fmt: skip


def run(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run ``qalqan brief`` in a process of its own, with its own folder for temporary files."""
    scratch = folder / "tmp"
    scratch.mkdir()
    surroundings = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("QALQAN_", "DJANGO_"))
    }
    return subprocess.run(
        [sys.executable, "-m", "qalqan", "brief", *map(str, arguments), "--out", folder / "out"],
        env={**surroundings, "TMPDIR": str(scratch), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=600,
    )


@pytest.mark.slow
def test_the_real_files_give_a_brief_that_says_what_does_not_fit(shared_data, tmp_path):
    done = run(
        tmp_path,
        "--messages", shared_data / "rumours" / "mediaeval2016" / "me2016_dev.tsv",
        "--incidents", shared_data / "flashpoints" / "ucdp_syria"
        / "ucdp_ged_syria_201601_201911.csv",
        "--areas", shared_data / "geo" / "aktobe_adm2_2024.geojson",
        "--language", "en",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    out = tmp_path / "out"
    assert {path.name for path in out.iterdir()} == FILES
    assert list((tmp_path / "tmp").iterdir()) == []

    body = json.loads((out / "brief.json").read_text(encoding="utf-8"))
    assert body["as_of_rule"] == "last_data"
    assert body["as_of"] == body["health"]["last_message"]
    assert body["as_of"].startswith("2015-")
    assert body["health"]["districts"] == 13
    assert body["health"]["incidents"] == 16566
    assert body["health"]["incidents_outside"] == 16566
    assert body["health"]["incidents_later"] == 16566
    assert not body["is_sample"]

    words = "".join(page.extract_text() for page in PdfReader(out / "brief.pdf").pages)
    words = " ".join(words.split())
    assert "None of the 16,566 incidents lies in the districts" in words
    assert "The messages end at 2015-05-06" in words
    assert "left out: 16,566" in words


SQUARE = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"code": "150001", "name": "Temir"},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[56, 48], [58, 48], [58, 50], [56, 50], [56, 48]]],
            },
        }
    ],
}
GOOD = '{"id": "1", "text": "вода отравлена", "time": "2026-11-19T10:00:00Z", "channel": "A"}\n'


@pytest.fixture
def areas(tmp_path):
    path = tmp_path / "areas.geojson"
    path.write_text(json.dumps(SQUARE), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("posts.jsonl", GOOD + '{"id": "2", "text": ', "posts.jsonl:2"),
        ("posts.csv", "text,when\nвода,never\n", "posts.csv"),
        ("posts.jsonl", "", "posts.jsonl"),
    ],
)
def test_a_bad_file_is_named_and_nothing_is_left(tmp_path, areas, name, body, said):
    path = tmp_path / name
    path.write_text(body, encoding="utf-8")
    done = run(tmp_path, "--messages", path, "--areas", areas)
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()
    assert list((tmp_path / "tmp").iterdir()) == []


def test_a_bad_table_of_sites_leaves_nothing_either(tmp_path, areas):
    posts, sites = tmp_path / "posts.jsonl", tmp_path / "sites.csv"
    posts.write_text(GOOD, encoding="utf-8")
    sites.write_text("name\nA\n", encoding="utf-8")
    done = run(tmp_path, "--messages", posts, "--areas", areas, "--sites", sites)
    assert done.returncode == 2
    assert "sites.csv:1: latitude" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_process_with_a_desk_of_its_own_is_refused(tmp_path, areas):
    with pytest.raises(SettingsError, match="a process of their own"):
        brief_from_files(messages=None, incidents=None, areas=areas, out=tmp_path / "out", now=None)
