"""Identifiers: unique in a thread, a process, a second, a fork and a cluster."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qalqan.cap.identifiers import MOST_NODES, IdentifierSource
from qalqan.cap.model import CapTime, Reference

NOW = dt.datetime(2026, 11, 22, 2, 30, 5, tzinfo=dt.UTC)

WORKER = """
import datetime as dt, os
from qalqan.cap.identifiers import IdentifierSource
now = dt.datetime(2026, 11, 22, 2, 30, 5, tzinfo=dt.UTC)
source = IdentifierSource(1)
lines = [source.new(now) for _ in range(500)]
read, write = os.pipe()
child = os.fork()
lines += [source.new(now) for _ in range(500)]
if child == 0:
    with os.fdopen(write, "w") as pipe:
        pipe.write("\\n".join(lines[500:]))
    os._exit(0)
os.close(write)
with os.fdopen(read) as pipe:
    lines += pipe.read().split()
os.waitpid(child, 0)
print("\\n".join(lines))
"""


def test_one_second_in_many_threads() -> None:
    source = IdentifierSource(0)
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: source.new(NOW), range(20_000)))
    assert len(set(found)) == 20_000


def test_one_second_in_many_processes_and_their_forks() -> None:
    """Every process bears the same node number: a second desk set up by copying the first."""
    running = [
        subprocess.Popen([sys.executable, "-c", WORKER], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    found = [line for process in running for line in process.communicate()[0].split()]
    assert [process.returncode for process in running] == [0] * 3
    assert len(found) == 3 * 1500
    assert len(set(found)) == len(found)


def test_nodes_of_a_cluster_with_the_same_luck() -> None:
    sources = [IdentifierSource(node, draw=lambda: 7) for node in range(50)]
    found = {source.new(NOW) for source in sources for _ in range(20)}
    assert len(found) == 1000


@given(st.lists(st.datetimes(timezones=st.just(dt.UTC)), min_size=2))
def test_a_clock_that_jumps_makes_none_twice(moments: list[dt.datetime]) -> None:
    source = IdentifierSource(2, draw=lambda: 5)
    assert len({source.new(moment) for moment in moments}) == len(moments)


@given(st.integers(0, MOST_NODES - 1), st.datetimes(timezones=st.just(dt.UTC)))
def test_they_are_object_identifiers_that_references_can_hold(
    node: int, moment: dt.datetime
) -> None:
    found = IdentifierSource(node).new(moment)
    assert re.fullmatch(r"urn:oid:[0-2](\.(0|[1-9][0-9]*))+", found)
    sent = CapTime.of(NOW)
    assert Reference.of(sender="a@b.kz", identifier=found, sent=sent).parts


@pytest.mark.parametrize("prefix", ["", "a b", "a,b", "<a", "a&b", "-a"])
def test_prefixes_that_cap_forbids(prefix: str) -> None:
    with pytest.raises(ValueError, match="prefix"):
        IdentifierSource(0, prefix=prefix)


@pytest.mark.parametrize("node", [-1, MOST_NODES])
def test_nodes_out_of_range(node: int) -> None:
    with pytest.raises(ValueError, match="node"):
        IdentifierSource(node)


def test_naive_times_are_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        IdentifierSource(0).new(dt.datetime(2026, 11, 22))  # noqa: DTZ001
