"""One machine and a cluster give equal numbers, also when a worker dies under way."""

from __future__ import annotations

import os
import signal
import threading
import time
from functools import partial

import numpy as np
import pytest

from qalqan.runners.base import RunnerInputError, stream
from qalqan.runners.dask import DaskRunner
from qalqan.runners.local import LocalRunner
from qalqan.runners.work import spread_backtest, spread_regions, spread_replicates
from qalqan.science.flashpoints.cylinders import Cylinders
from qalqan.science.flashpoints.forecast import CountMap
from qalqan.science.flashpoints.montecarlo import null_maxima
from qalqan.science.flashpoints.nulls import Multinomial
from qalqan.science.flashpoints.scan import scan_poisson
from qalqan.science.flashpoints.scoring.rolling import Panel, backtest, rolling_origins
from qalqan.science.flashpoints.zones import circular_zones

PLACES = np.array([[x, y] for x in range(6) for y in range(6)], dtype=float)


def draw(block, rng):
    return block, float(rng.normal())


def slow_draw(block, rng):
    time.sleep(0.05)
    return block, os.getpid(), float(rng.normal())


def fail(block, rng):
    if block == 3:
        raise ValueError("block 3 is bad")
    return block


def scan_region(cases, seed):
    zones = circular_zones(PLACES, max_radius=2.0)
    return scan_poisson(cases, np.ones(36), zones, seed=seed, replicates=99)


def regions(count=3):
    return [np.random.default_rng(i).poisson(2.0, 36) for i in range(count)]


@pytest.fixture(scope="module")
def cluster():
    with DaskRunner(workers=2) as runner:
        yield runner


def test_streams_depend_on_seed_and_number_only():
    one = LocalRunner(workers=1).map_blocks(draw, range(40), seed=7)
    assert one == LocalRunner(workers=4).map_blocks(draw, range(40), seed=7)
    assert one[:9] == LocalRunner(workers=2).map_blocks(draw, range(9), seed=7)
    assert one != LocalRunner(workers=1).map_blocks(draw, range(40), seed=8)
    assert len({value for _, value in one}) == 40


def test_cluster_and_threads_agree(cluster):
    local = LocalRunner(workers=2)
    assert cluster.map_blocks(draw, range(20), seed=7) == local.map_blocks(draw, range(20), seed=7)


def test_regions_scanned_on_both_agree(cluster):
    local = spread_regions(LocalRunner(workers=2), scan_region, regions(), seed=3)
    far = spread_regions(cluster, scan_region, regions(), seed=3)
    for one, two in zip(local, far, strict=True):
        assert one.clusters == two.clusters
        np.testing.assert_array_equal(one.null_maxima, two.null_maxima)


def test_the_origins_of_a_backtest_agree(cluster):
    panel = Panel(np.random.default_rng(1).poisson(1.0, (60, 20)))
    origins = rolling_origins(20, first=12, embargo=1)
    plain = backtest(CountMap(), panel, origins, seed=5)
    for runner in (LocalRunner(workers=2), cluster):
        found = spread_backtest(runner, CountMap(), panel, origins, seed=5)
        assert [one.origin for one in found] == origins
        assert [one.log_score for one in found] == [one.log_score for one in plain]
        assert [one.hotspots for one in found] == [one.hotspots for one in plain]


def test_replicates_shared_out_are_those_of_one_run(cluster):
    zones = circular_zones(PLACES, max_radius=2.0)
    expected = np.full((36, 1), 2.0)
    cylinders = Cylinders(
        zones.pointer, zones.members, zones.closed, np.zeros(1, int), np.zeros(1, int), expected
    )
    null = Multinomial.of(expected, 72)
    one = null_maxima(null, cylinders, total=72, replicates=700, seed=4)
    for runner in (LocalRunner(workers=2), cluster):
        for pieces in (1, 2, 8):
            shared = spread_replicates(
                runner, null, cylinders, total=72, replicates=700, seed=4, pieces=pieces
            )
            np.testing.assert_array_equal(shared, one)


@pytest.mark.faults
def test_a_worker_killed_under_way_changes_nothing():
    blocks = range(60)
    expected = LocalRunner(workers=2).map_blocks(draw, blocks, seed=11)
    with DaskRunner(workers=2) as runner:
        victims = list(runner.worker_processes().values())
        assert len(victims) == 2
        begun = threading.Event()
        killed = []

        def kill():
            begun.wait(30)
            os.kill(victims[0], signal.SIGKILL)
            killed.append(victims[0])

        killer = threading.Thread(target=kill)
        killer.start()
        found = runner.map_blocks(
            slow_draw, blocks, seed=11, progress=lambda done, _: begun.set() if done >= 5 else None
        )
        killer.join()
        assert killed
        survivors = set(runner.worker_processes().values())
    assert victims[0] not in survivors
    assert [(block, value) for block, _, value in found] == expected


def test_the_error_of_a_block_reaches_the_caller(cluster):
    for runner in (LocalRunner(workers=2), cluster):
        with pytest.raises(ValueError, match="block 3 is bad"):
            runner.map_blocks(fail, range(6), seed=1)


def test_progress_counts_every_block(cluster):
    for runner in (LocalRunner(workers=2), cluster):
        told = []
        runner.map_blocks(draw, range(5), seed=1, progress=partial(note, told))
        assert sorted(told) == [(done, 5) for done in range(1, 6)]


def note(told, done, wanted):
    told.append((done, wanted))


def test_nothing_to_do_is_done_at_once(cluster):
    assert LocalRunner().map_blocks(draw, [], seed=1) == []
    assert cluster.map_blocks(draw, [], seed=1) == []


def test_the_cluster_listens_on_loopback_only(cluster):
    addresses = [cluster.scheduler_address, *cluster.worker_processes()]
    assert addresses
    assert all(address.startswith("tcp://127.0.0.1:") for address in addresses)


@pytest.mark.parametrize(
    "call",
    [
        lambda: stream(-1, 0),
        lambda: stream(2**64, 0),
        lambda: LocalRunner(workers=0),
        lambda: DaskRunner(workers=0),
        lambda: DaskRunner(workers=2, address="tcp://127.0.0.1:1"),
        lambda: DaskRunner(workers=1).map_blocks(draw, [1], seed=1),
        lambda: LocalRunner().map_blocks(draw, [1], seed=-1),
        lambda: spread_replicates(LocalRunner(), None, None, total=1, replicates=-1, seed=1),
    ],
)
def test_bad_input_is_refused(call):
    with pytest.raises(RunnerInputError):
        call()
