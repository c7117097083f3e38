"""Grouping on Spark: any order, crashes in mid-batch and Kafka give the labels of one process."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from tests.runners.spark_lines import as_line, lay_down, messages, one_process, shuffled

from qalqan.runners import spark
from qalqan.runners.base import RunnerInputError

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    pytest.importorskip("pyspark", reason="the extra spark is not installed")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("Java is not installed: apt-get install openjdk-17-jre-headless")
    session = spark.session(
        cores=2, settings={"spark.local.dir": str(tmp_path_factory.mktemp("spark"))}
    )
    yield session
    session.stop()


@pytest.fixture(scope="module")
def stream():
    return messages(4000, 1)


@pytest.mark.slow
def test_shuffled_input_gets_the_labels_of_one_process(here, stream, tmp_path):
    lay_down(tmp_path / "in", shuffled(stream, 2), 3)
    (tmp_path / "in" / "9.jsonl").write_text('{"id": 1}\n{\n', encoding="utf-8")
    lines = spark.folder(here, tmp_path / "in", files_a_batch=2)
    # A horizon of a minute makes shards forget texts that come again.
    query = spark.start(lines, tmp_path / "out", shards=4, horizon=60_000_000, once=True)
    query.awaitTermination()
    assert len(list((tmp_path / "out" / "batches").iterdir())) == 2
    assert dict(spark.labels(tmp_path / "out")) == one_process(stream)
    assert sorted(spark.rejected(tmp_path / "out")) == [
        ('{"id": 1}', "text: not a text"), ("{", "line: no JSON"),
    ]  # fmt: skip


@pytest.mark.slow
def test_lines_that_end_are_grouped_in_one_go(here, stream):
    given = [(name, second * 1_000_000, text) for name, second, text in shuffled(stream, 3)[:600]]
    kept = {name for name, _, _ in given}
    got = list(spark.group_lines(given))
    assert dict(got) == one_process([m for m in stream if m[0] in kept])
    order = {name: place for place, (name, _, _) in enumerate(stream)}
    assert [name for name, _ in got] == sorted(kept, key=order.__getitem__) or len(
        {second for _, second, _ in given}
    ) < len(given)


def _produce(producer, topic: str, given: list[tuple[str, int, str]]) -> None:
    for number, message in enumerate(given):
        producer.produce(topic, as_line(message).encode(), partition=number % 2)
    assert producer.flush(30) == 0


@pytest.mark.slow
def test_kafka_goes_on_where_it_stopped(here, stream, tmp_path):
    kafka = pytest.importorskip("confluent_kafka", reason="the extra spark is not installed")
    # librdkafka's own broker, for tests; it lives as long as this client.
    producer = kafka.Producer({"test.mock.num.brokers": 1, "bootstrap.servers": ""})
    broker = next(iter(producer.list_topics(timeout=30).brokers.values()))
    servers = f"{broker.host}:{broker.port}"
    given = shuffled(stream[:1200], 4)
    for part in (given[:700], given[700:]):
        _produce(producer, "messages", part)
        lines = spark.kafka(here, servers=servers, topic="messages")
        spark.start(lines, tmp_path / "out", shards=4, once=True).awaitTermination()
    assert dict(spark.labels(tmp_path / "out")) == one_process(stream[:1200])


def _run(work: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "tests.runners.spark_driver", str(work)],
        cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _numbers(folder: Path) -> set[int]:
    return {int(p.name) for p in folder.glob("*") if p.name.isdigit()}


def _wait_for_mid_batch(work: Path, process: subprocess.Popen[bytes]) -> None:
    """Return when a batch after the first has begun and not ended."""
    checkpoint = work / "out" / "checkpoint"
    for _ in range(3000):
        begun, ended = _numbers(checkpoint / "offsets"), _numbers(checkpoint / "commits")
        if ended and begun - ended:
            return
        assert process.poll() is None, "the driver ended before it was killed"
        time.sleep(0.05)
    pytest.fail("no batch began")


@pytest.mark.faults
@pytest.mark.slow
def test_driver_and_jvm_killed_in_mid_batch(here, stream, tmp_path):
    lay_down(tmp_path / "in", shuffled(stream, 5), 4)
    first = _run(tmp_path)
    _wait_for_mid_batch(tmp_path, first)
    # The driver and the JVM it started are one process group; nobody says goodbye.
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    checkpoint = tmp_path / "out" / "checkpoint"
    assert _numbers(checkpoint / "offsets") > _numbers(checkpoint / "commits")
    assert len(_numbers(checkpoint / "commits")) < 4
    assert _run(tmp_path).wait(180) == 0
    assert _numbers(checkpoint / "commits") == {0, 1, 2, 3}
    assert dict(spark.labels(tmp_path / "out")) == one_process(stream)


def test_without_java_it_says_what_to_install(monkeypatch, tmp_path):
    pytest.importorskip("pyspark", reason="the extra spark is not installed")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(RunnerInputError, match="Java 17"):
        spark.session()


def test_seeds_of_the_streams_differ():
    texts = {text for seed in (1, 2) for _, _, text in messages(200, seed)}
    assert len(texts) > 200
    assert np.all(np.diff([second for _, second, _ in messages(200, 1)]) >= 0)
