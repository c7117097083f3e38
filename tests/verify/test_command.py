"""``qalqan verify`` as a journalist runs it: no network, no database, files nobody vouches for."""

import io
import json
import os
import subprocess
import sys
import textwrap

import pytest
from pypdf import PdfReader, PdfWriter
from tests.support.report_files import bomb, pair, rewritten

from qalqan.cli.app import run
from qalqan.verify import canonical
from qalqan.verify.checking import File, check
from qalqan.verify.limits import limited
from qalqan.verify.refusals import BadReportError

_ALONE = textwrap.dedent("""
    import socket, sys

    def refuse(*given, **more):
        raise SystemExit("a socket was asked for")

    socket.socket.connect = refuse
    socket.socket.bind = refuse
    socket.getaddrinfo = refuse
    socket.create_connection = refuse
    sys.modules["sqlite3"] = sys.modules["psycopg"] = sys.modules["django"] = None
    from qalqan.cli.app import run
    run(sys.argv[1:])
""")


@pytest.fixture
def folder(tmp_path):
    earlier, own, _key = pair()
    for name, data in {
        "before.pdf": earlier.pdf, "report.pdf": own.pdf, "data.json": own.data,
        "chain.json": own.chain,
    }.items():  # fmt: skip
        (tmp_path / name).write_bytes(data)
    return tmp_path


def _alone(folder, *arguments):
    environment = {
        key: value for key, value in os.environ.items()
        if not key.startswith(("QALQAN", "DJANGO"))
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-c", _ALONE, "verify", *arguments], cwd=folder, env=environment,
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip


def test_it_needs_no_network_no_database_and_no_desk(folder):
    fingerprint = pair()[1].fingerprint
    done = _alone(
        folder, "report.pdf", "--data", "data.json", "--chain", "chain.json", "--before",
        "before.pdf", "--fingerprint", fingerprint.upper(), "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["agrees"] is True
    assert [one["state"] for one in found["checks"]] == ["agrees"] * 8
    assert len(list(folder.iterdir())) == 4


def _told(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        run(["verify", *map(str, arguments)])
    out = capsys.readouterr()
    return ended.value.code, out.out, out.err


def test_line_by_line_it_says_what_was_checked_and_what_was_not(folder, capsys):
    code, out, _err = _told(capsys, folder / "report.pdf")
    assert code == 0
    for word in ("signature", "not pinned", "3 pages", "no data file", "no chain file"):
        assert word in out
    assert "not checked: 3" in out


def test_a_difference_ends_with_one_and_names_it(folder, capsys):
    (folder / "data.json").write_bytes(pair()[1].data.replace(b'"value":5,', b'"value":6,', 1))
    code, out, _err = _told(capsys, folder / "report.pdf", "--data", folder / "data.json")
    assert code == 1
    assert "sections[part0].figures[part0.row0].value" in out
    assert "do not rely" in out


def _encrypted():
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pair()[1].pdf)))
    writer.encrypt("secret", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _without_data():
    return rewritten(pair()[1].pdf, lambda writer: writer.root_object.pop("/Names"))


_HOSTILE = {
    "empty": (lambda: b"", "not a PDF"),
    "text": (lambda: b"report", "not a PDF"),
    "cut": (lambda: pair()[1].pdf[:4000], "cut off"),
    "cut-late": (lambda: pair()[1].pdf[:-40000] + b"\n%%EOF\n", "report.pdf"),
    "encrypted": (_encrypted, "encrypted"),
    "bare": (lambda: b"%PDF-1.7\n%%EOF\n", "report.pdf"),
    "no-data": (_without_data, "attached"),
    "bomb": (bomb, "the text of the pages"),
    "pdf-of-zeros": (lambda: b"%PDF-1.7\n" + b"\0" * 100_000 + b"%%EOF\n", "report.pdf"),
}


@pytest.mark.parametrize("name", _HOSTILE)
def test_hostile_files_end_with_two_and_a_word_why(name, folder, capsys):
    make, word = _HOSTILE[name]
    (folder / "report.pdf").write_bytes(make())
    code, out, err = _told(capsys, folder / "report.pdf")
    assert code == 2, out
    assert word in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("chain", b"{}", "schema"),
        ("chain", b"[1]", "not a JSON object"),
        ("chain", b'{"schema":"qalqan-chain-1"}', "not a chain file"),
        ("chain", b'{"a":1,"a":2}', "twice"),
        ("chain", b"[" * 100_000, "chain.json"),
        ("chain", b'{"schema":"qalqan-chain-1","start":NaN}', "NaN"),
        ("data", b"\xff\xfe", "data.json"),
        ("data", b'{"a":', "not JSON"),
    ],
)
def test_hostile_files_beside_it_end_with_two(name, data, word, folder, capsys):
    (folder / f"{name}.json").write_bytes(data)
    code, _out, err = _told(capsys, folder / "report.pdf", f"--{name}", folder / f"{name}.json")
    assert (code, word in err) == (2, True), err


@pytest.mark.parametrize("given", ["12", "g" * 64, "", "a" * 63])
def test_a_fingerprint_that_is_none_is_refused(given, folder, capsys):
    code, _out, err = _told(capsys, folder / "report.pdf", "--fingerprint", given)
    assert code == 2
    assert "64 hexadecimal digits" in err


def test_attached_data_of_another_shape_are_bad_input():
    own = pair()[1]
    content = own.content
    del content["sections"][2]["figures"][1]["unit"]

    def change(writer):
        for one in writer.attachment_list:
            one.content = canonical.canonical(content)

    with pytest.raises(BadReportError, match=r"figure part2\.row1"):
        check(File("report.pdf", rewritten(own.bare, change)))


def _forever():
    with limited(seconds=0.05):
        while True:
            pass


def test_time_and_memory_are_bounded_and_given_back():
    import resource

    before = resource.getrlimit(resource.RLIMIT_AS)
    with pytest.raises(BadReportError, match="takes over"):
        _forever()
    with limited(memory=200_000_000), pytest.raises(MemoryError):
        bytearray(2_000_000_000)
    assert resource.getrlimit(resource.RLIMIT_AS) == before
