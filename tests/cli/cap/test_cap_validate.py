"""``qalqan cap validate``, ``show`` and ``convert``: exit codes, JSON lines, many files at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from tests.cap.messages import GOOD, element, with_

from qalqan.cap.read import read


@pytest.fixture
def files(tmp_path):
    (tmp_path / "good.cap").write_bytes(GOOD.encode())
    (tmp_path / "bad.cap").write_bytes(element("circle", "50.28"))
    (tmp_path / "warned.cap").write_bytes(element("contact", ""))
    (tmp_path / "broken.cap").write_bytes(b"<alert")
    (tmp_path / "old.cap").write_bytes(with_(("cap:1.2", "cap:1.1")))
    return tmp_path


def _text(output, more):
    return output.decode(more.get("env", {}).get("PYTHONIOENCODING", "utf-8"))


def cap(*arguments, **more):
    done = subprocess.run(
        [sys.executable, "-m", "qalqan", "cap", *map(str, arguments)],
        capture_output=True,
        check=False,
        **more,
    )
    return done.returncode, _text(done.stdout, more), done.stderr.decode()


def test_a_valid_alert_ends_in_zero(files):
    code, out, _ = cap("validate", "--json", files / "good.cap")
    assert code == 0
    assert json.loads(out) == {"file": str(files / "good.cap"), "valid": True, "errors": []}


def test_warnings_end_in_zero_too(files):
    code, out, _ = cap("validate", files / "warned.cap", "--json")
    found = json.loads(out)
    assert (code, found["valid"], found["errors"][0]["severity"]) == (0, True, "warning")


def test_an_invalid_alert_ends_in_one_and_tells_where(files):
    code, out, _ = cap("validate", files / "bad.cap", "--json")
    (error,) = json.loads(out)["errors"]
    assert code == 1
    assert set(error) == {"layer", "rule", "severity", "line", "xpath", "text"}
    assert error["layer"] == "specification"
    assert error["xpath"] == "/alert[1]/info[1]/area[1]/circle[1]"
    assert error["line"] == GOOD[: GOOD.index("<circle>")].count("\n") + 1


def test_many_files_in_one_call_are_a_line_each_and_the_worst_decides(files):
    names = ["good.cap", "bad.cap", "broken.cap", "absent.cap", "warned.cap"]
    code, out, _ = cap("validate", "--json", *(files / name for name in names))
    lines = [json.loads(line) for line in out.splitlines()]
    assert code == 2
    assert [line["valid"] for line in lines] == [True, False, False, False, True]
    assert lines[2]["errors"][0]["layer"] == "xml"
    assert lines[3]["errors"][0]["rule"] == "file.unreadable"


def test_a_folder_cannot_be_read(files):
    assert cap("validate", files)[0] == 2


def test_standard_input_is_read():
    code, out, _ = cap("validate", "-", "--json", input=GOOD.encode())
    assert (code, json.loads(out)["valid"]) == (0, True)


def test_a_profile_asks_for_more_in_ones_own_language(files):
    code, out, _ = cap("validate", "--profile", "qalqan", "--lang", "kk", files / "good.cap")
    assert code == 1
    assert "qalqan.no-deref-uri" in out
    assert "мекенжай" in out
    code, _, errors = cap("validate", "--profile", "none", files / "good.cap")
    assert code == 2
    assert "google, ipaws, qalqan" in errors


def test_a_giant_is_refused_without_reading_it(tmp_path):
    giant = tmp_path / "giant.cap"
    with giant.open("wb") as file:
        file.truncate(100_000_000)
    code, out, _ = cap("validate", "--json", giant)
    assert code == 1
    assert json.loads(out)["errors"][0]["rule"] == "xml.size"


def test_show_begins_with_the_status_so_that_an_exercise_is_never_taken_for_real(files):
    code, out, _ = cap("show", files / "good.cap")
    assert code == 0
    assert out.startswith("EXERCISE")
    assert "Өзен арнасынан асты" in out
    line = json.loads(cap("show", "--json", files / "good.cap")[1])
    assert line["alert"]["info"][0]["area"][0]["circle"] == ["50.28,57.17 2.5"]


def test_convert_writes_1_2_and_tells_every_mend(files):
    out = files / "new.cap"
    code, said, _ = cap("convert", files / "old.cap", "--out", out, "--json")
    assert code == 0
    assert json.loads(said)["from"] == "1.1"
    assert read(out.read_bytes()) == read(GOOD.encode())
    code, said, _ = cap("convert", files / "good.cap", "--to", "json")
    assert json.loads(said)["identifier"] == "kz-sample-1"
    assert cap("convert", files / "old.cap", "--strict")[0] == 2


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
@pytest.mark.parametrize("language", ["kk", "en"])
def test_every_output_gets_a_line_of_true_json(files, encoding, language):
    (files / "odd.cap").write_bytes(element("circle", "Ақтөбе 🚨 é"))
    env = {**os.environ, "PYTHONIOENCODING": encoding}
    code, out, err = cap("validate", "--json", "--lang", language, files / "odd.cap", env=env)
    assert (code, err) == (1, "")
    (error,) = json.loads(out)["errors"]
    assert "Ақтөбе 🚨 é" in error["text"]
    code, _, err = cap("validate", "--lang", language, files / "odd.cap", env=env)
    assert (code, err) == (1, "")


def test_a_file_name_that_is_no_text_comes_back_as_it_was(files):
    name = os.fsdecode(bytes(files) + b"/\xff.cap")
    os.link(files / "good.cap", name)
    code, out, _ = cap("validate", "--json", name)
    assert code == 0
    assert json.loads(out)["file"] == name
