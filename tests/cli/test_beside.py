"""What runs beside the server is started again when it dies, and ends with the server."""

from __future__ import annotations

import os
import time

import pytest

from qalqan.cli import server


def until(done, seconds=30.0):
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_what_dies_is_started_again_and_told(monkeypatch, capfd):
    monkeypatch.setattr(server, "AGAIN_AFTER", 0.1)
    begun = []
    begin = server.Beside._begin

    def watched(self, words):
        process = begin(self, words)
        begun.append(process)
        return process

    monkeypatch.setattr(server.Beside, "_begin", watched)
    beside = server.Beside([["alerts", "listen", "--no-such-option"]])
    beside.start()
    try:
        until(lambda: len(begun) >= 2, seconds=60.0)
    finally:
        beside.stop()
    assert not any(alive(one.pid) for one in begun)
    told = capfd.readouterr()
    assert "qalqan alerts listen --no-such-option has ended" in told.out + told.err


@pytest.mark.parametrize(("broker", "listens"), [("", False), ("mqtt://127.0.0.1:1883", True)])
def test_the_listener_runs_where_a_broker_is_set(monkeypatch, broker, listens):
    monkeypatch.setenv("QALQAN_DEVICES_BROKER", broker)
    words = server._words_beside()
    assert ["alerts", "send"] in words
    assert (["alerts", "listen"] in words) is listens


@pytest.mark.parametrize(
    ("name", "given", "expected"),
    [
        ("QALQAN_PUBLIC_URL", "", "http://localhost:8231"),
        ("QALQAN_PUBLIC_URL", "https://desk.example.kz", "https://desk.example.kz"),
        ("QALQAN_ORIGINS", "https://desk.example.kz", ""),
    ],
)
def test_links_lead_to_the_port_that_is_served(monkeypatch, name, given, expected):
    monkeypatch.setenv("QALQAN_PUBLIC_URL", "")
    monkeypatch.setenv("QALQAN_ORIGINS", "")
    monkeypatch.setenv(name, given)
    server.tell_own_address(8231)
    assert os.environ["QALQAN_PUBLIC_URL"] == expected
