"""``qalqan cap sign``, ``verify``, ``chain`` and ``feed`` as a person uses them."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.support.cap_signing import ALERT, NOW, certificate_of, key_of, pem_of
from typer.testing import CliRunner, Result

from qalqan.cap.read import read
from qalqan.cli.app import app
from qalqan.errors import QalqanError

Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with a key, its certificate and an alert."""
    key = key_of("ec")
    until = NOW + dt.timedelta(days=30_000)
    certificate = certificate_of(key, since=NOW - dt.timedelta(days=3000), until=until)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (tmp_path / "desk.key").write_bytes(pem)
    (tmp_path / "desk.pem").write_bytes(pem_of(certificate))
    (tmp_path / "other.pem").write_bytes(pem_of(certificate_of(key_of("ec", 5))))
    (tmp_path / "alert.cap").write_bytes(ALERT)
    return tmp_path


def run(*arguments: object, code: int = 0, data: bytes | None = None) -> Result:
    """Run a command; expected errors keep their exit code."""
    result = CliRunner().invoke(app, ["cap", *map(str, arguments)], input=data)
    if isinstance(result.exception, QalqanError):
        assert result.exception.exit_code == code
    else:
        assert result.exit_code == code, result.output
    return result


def _sign(folder: Path, *more: object) -> Path:
    out = folder / "signed.cap"
    run(
        "sign", folder / "alert.cap", "--key", folder / "desk.key",
        "--certificate", folder / "desk.pem", "--out", out, *more,
    )  # fmt: skip
    return out


def test_what_breaks_the_rules_is_named_and_signed(folder: Path) -> None:
    wrong = ALERT.replace(b"<scope>Public</scope>", b"<scope>Private</scope>")
    assert wrong != ALERT
    (folder / "alert.cap").write_bytes(wrong)
    told = run(
        "sign", folder / "alert.cap", "--key", folder / "desk.key",
        "--certificate", folder / "desk.pem", "--out", folder / "out.cap",
    ).stderr  # fmt: skip
    assert "addresses" in told
    assert str(folder / "alert.cap") in told
    assert b"Signature" in (folder / "out.cap").read_bytes()


def test_what_keeps_the_rules_is_signed_without_a_word(folder: Path) -> None:
    right = ALERT.replace(b"</scope>", b"</scope><note>An exercise</note>")
    (folder / "alert.cap").write_bytes(right)
    told = run(
        "sign", folder / "alert.cap", "--key", folder / "desk.key",
        "--certificate", folder / "desk.pem", "--out", folder / "out.cap",
    ).stderr  # fmt: skip
    assert told == ""


def test_sign_then_verify(folder: Path) -> None:
    signed = _sign(folder)
    found = run("verify", "--trust", folder / "desk.pem", "--json", signed)
    [line] = [json.loads(line) for line in found.output.splitlines()]
    assert line["valid"]
    assert line["xades"]
    assert line["identifier"] == "kz.test.1"


def test_a_plain_signature_printed_and_piped(folder: Path) -> None:
    printed = run(
        "sign", "-", "--key", folder / "desk.key", "--certificate", folder / "desk.pem", "--plain",
        "--at", NOW.isoformat(), data=ALERT,
    )  # fmt: skip
    found = run("verify", "--trust", folder / "desk.pem", "--json", "-", data=printed.stdout_bytes)
    assert json.loads(found.output)["xades"] is False


def test_verify_tells_each_file_apart_and_ends_with_the_worst(folder: Path) -> None:
    signed, forged = _sign(folder), folder / "forged.cap"
    forged.write_bytes(signed.read_bytes().replace(b"Exercise", b"Actual"))
    store = ("--trust", folder / "other.pem", "--trust", folder / "desk.pem", "--json")
    found = run("verify", *store, signed, forged, folder / "alert.cap", code=1)
    lines = [json.loads(line) for line in found.output.splitlines()]
    assert [line["valid"] for line in lines] == [True, False, False]
    assert [line.get("reason") for line in lines] == [None, "digest", "none"]
    run("verify", *store, signed, folder / "missing.cap", code=2)
    found = run("verify", "--trust", folder / "other.pem", signed, code=1)
    assert "not among the trusted" in found.output


def test_verify_judges_at_a_time(folder: Path) -> None:
    signed = _sign(folder, "--at", NOW.isoformat())
    trust = ("--trust", folder / "desk.pem")
    run("verify", *trust, "--at", (NOW + dt.timedelta(days=1)).isoformat(), signed)
    run("verify", *trust, "--at", (NOW - dt.timedelta(days=1)).isoformat(), signed, code=1)
    run("verify", *trust, "--at", "yesterday", signed, code=2)
    run("verify", *trust, "--at", "2026-11-22T07:30:00", signed, code=2)


def test_what_cannot_be_signed_leaves_no_file(folder: Path) -> None:
    out = folder / "signed.cap"
    key = ("--key", folder / "desk.key", "--out", out)
    run("sign", folder / "alert.cap", *key, "--certificate", folder / "other.pem", code=1)
    run("sign", folder / "missing", *key, "--certificate", folder / "desk.pem", code=2)
    run(
        "sign", folder / "alert.cap", "--key", folder / "desk.pem", "--out", out,
        "--certificate", folder / "desk.pem", code=2,
    )  # fmt: skip
    assert not out.exists()
    assert sorted(path.name for path in folder.iterdir()) == [
        "alert.cap",
        "desk.key",
        "desk.pem",
        "other.pem",
    ]


def _update(kind: bytes, identifier: bytes, sent: bytes, refers: bytes) -> bytes:
    data = ALERT.replace(b"<msgType>Alert", b"<msgType>" + kind)
    data = data.replace(b"kz.test.1", identifier).replace(b"2026-11-22T07:30:00+05:00", sent)
    return data.replace(b"</scope>", b"</scope><references>" + refers + b"</references>")


def test_chain_tells_what_stands_and_what_is_wrong(folder: Path) -> None:
    first = b"duty@example.kz,kz.test.1,2026-11-22T07:30:00+05:00"
    second, third = folder / "2.cap", folder / "3.cap"
    second.write_bytes(_update(b"Update", b"kz.test.2", b"2026-11-22T07:31:00+05:00", first))
    third.write_bytes(_update(b"Cancel", b"kz.test.3", b"2026-11-22T07:32:00+05:00", first))
    at = ("--at", "2026-11-22T08:00:00+05:00")
    found = json.loads(run("chain", second, folder / "alert.cap", *at, "--json").output)
    assert [row["state"] for row in found["messages"]] == ["superseded", "in_force"]
    found = run("chain", third, second, folder / "alert.cap", *at, code=1)
    assert "leaves out a message that is in force" in found.output
    assert read(second.read_bytes()).references


def test_chain_names_the_file_that_cannot_be_read(folder: Path) -> None:
    (folder / "bad.cap").write_bytes(b"<alert/>")
    result = run("chain", folder / "alert.cap", folder / "bad.cap", code=2)
    assert "bad.cap" in str(result.exception)


def test_feed_of_a_file(shared_data: Path) -> None:
    source = shared_data / "cap" / "other" / "google_weather.atom"
    found = json.loads(run("feed", source, "--json").output)
    assert found["kind"] == "atom"
    assert found["entries"][0]["alert"].startswith("NOAA")
    assert "Air Quality Alert" in run("feed", source).output


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:9/feed",
        "http://localhost/feed",
        "http://[::1]/feed",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/feed",
        "http://[::ffff:127.0.0.1]/feed",
        "http://user:secret@example.kz/feed",
    ],
)
def test_feeds_at_private_addresses_are_refused(address: str) -> None:
    result = run("feed", address, code=2)
    assert result.exception is not None
