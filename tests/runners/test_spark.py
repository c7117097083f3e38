"""Grouping on Spark: any order, crashes in mid-batch and Kafka give the labels of one process."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.runners.spark_driver import FEW_TASKS
from tests.runners.spark_lines import as_line, lay_down, messages, one_process, shuffled
from typer.testing import CliRunner

from qalqan.cli.app import app
from qalqan.runners import spark
from qalqan.runners.base import RunnerInputError

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def here():
    pytest.importorskip("pyspark", reason="the extra spark is not installed")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("Java is not installed: apt-get install openjdk-17-jre-headless")
    session = spark.session(cores=2, settings=FEW_TASKS)
    yield session
    session.stop()


@pytest.fixture(scope="module")
def stream():
    return messages(2400, 1)


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
    assert set(spark.rejected(tmp_path / "out")) == {
        ('{"id": 1}', "text: not a text"),
        ("{", "line: no JSON"),
    }


@pytest.mark.slow
def test_the_command_on_spark_writes_what_it_writes_here(here, stream, tmp_path):
    given = stream[:700]
    (tmp_path / "in.jsonl").write_text("\n".join(map(as_line, given)), encoding="utf-8")
    (tmp_path / "mixed.jsonl").write_text(
        "\n".join(map(as_line, shuffled(given, 3))), encoding="utf-8"
    )
    for source, engine in (("in.jsonl", "local"), ("mixed.jsonl", "spark")):
        out = str(tmp_path / f"{engine}.out")
        done = CliRunner().invoke(
            app, ["rumours", "group", str(tmp_path / source), "--out", out, "--engine", engine]
        )
        assert done.exit_code == 0, done.output
    local, there = (
        [json.loads(line) for line in (tmp_path / f"{engine}.out").read_text().splitlines()]
        for engine in ("local", "spark")
    )
    assert {row["id"]: row["claim"] for row in there} == one_process(given)
    assert {row["id"]: row["claim"] for row in local} == one_process(given)


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
