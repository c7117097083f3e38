"""Grouping on Spark 4 Structured Streaming, by the functions that run in one process.

Batches of lines are signed in Arrow batches; each batch sends one packed blob to each shard, not
rows. A shard's keyed state links copies to the earliest message of their text and forgets texts
after a horizon. What is linked is written batch by batch, each batch whole and under its own
number, so that one that runs again after a crash replaces itself. `labels` puts the written
messages in order and gives them their claims: the same as one process that reads them in order,
however they came.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from qalqan.runners.base import RunnerInputError
from qalqan.runners.spark_steps import REJECTED, Sequencer, link_blobs, sign_lines
from qalqan.science.rumours.group import GroupParameters

SHARDS = 8
HORIZON = 24 * 3600 * 1_000_000
_LINES_A_FILE = 50_000
_SCHEMA = "shard int, blob binary"
_STATE = "state binary"
_LOOPBACK = "127.0.0.1"


def session(*, cores: int | None = None, settings: dict[str, str] | None = None) -> Any:
    """Start Spark on this machine, or return the session that runs already.

    Parameters
    ----------
    cores : int, optional
        All processors unless told otherwise.
    settings : dict, optional
        Further settings of Spark, ``spark.master`` for a cluster among them.

    Raises
    ------
    RunnerInputError
        If Spark or Java is missing.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise RunnerInputError(
            "Spark is not installed", hint="install the extra: pip install 'qalqan[spark]'"
        ) from error
    java_home = os.environ.get("JAVA_HOME")
    if not shutil.which("java", path=f"{java_home}/bin" if java_home else None):
        raise RunnerInputError(
            "Spark needs Java 17", hint="Debian: apt-get install openjdk-17-jre-headless"
        )
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.setdefault("PYSPARK_DRIVER_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("qalqan")
    chosen = {
        "spark.master": f"local[{cores or '*'}]",
        "spark.ui.enabled": "false",
        "spark.driver.host": _LOOPBACK,
        "spark.driver.bindAddress": _LOOPBACK,
        "spark.sql.shuffle.partitions": str(min(cores or os.cpu_count() or 1, SHARDS)),
        **(settings or {}),
    }
    for name, value in chosen.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    return spark


def folder(spark: Any, path: Path, *, files_a_batch: int | None = None) -> Any:
    """Return the lines of the files that appear in a folder.

    Parameters
    ----------
    spark
        The session.
    path : Path
        Files must appear whole: write elsewhere, then rename.
    files_a_batch : int, optional
        At most so many files in one batch.
    """
    reader = spark.readStream.format("text")
    if files_a_batch is not None:
        reader = reader.option("maxFilesPerTrigger", files_a_batch)
    return reader.load(str(path))


def kafka(spark: Any, *, servers: str, topic: str, settings: dict[str, str] | None = None) -> Any:
    """Return the lines that come through a Kafka topic.

    Parameters
    ----------
    spark
        The session.
    servers : str
        ``host:port``, several with commas between.
    topic : str
        Its messages are the lines, in UTF-8.
    settings : dict, optional
        Further settings of the client, such as ``security.protocol``.
    """
    from qalqan.runners.spark_kafka import KafkaLines

    spark.dataSource.register(KafkaLines)
    reader = spark.readStream.format(KafkaLines.name())
    options = {"servers": servers, "topic": topic, "settings": json.dumps(settings or {})}
    return reader.options(**options).load()


def start(
    lines: Any,
    out: Path,
    *,
    params: GroupParameters | None = None,
    shards: int = SHARDS,
    horizon: int = HORIZON,
    once: bool = False,
) -> Any:
    """Start linking the messages of a stream; restarted with the same ``out`` it goes on.

    Parameters
    ----------
    lines
        From `folder` or `kafka`: one column of lines.
    out : Path
        Where batches and checkpoints are kept.
    params : GroupParameters, optional
        Of the grouping; must not change between restarts.
    shards : int
        Must not change between restarts either.
    horizon : int
        Microseconds after which a shard forgets a text. Labels do not depend on it: a forgotten
        text is only sent on once more.
    once : bool
        Stop when all that is there now is done.

    Returns
    -------
    pyspark.sql.streaming.StreamingQuery
        Running.
    """
    given = params or GroupParameters()
    linked = (
        lines.mapInArrow(_signer(asdict(given), shards), _SCHEMA)
        .groupBy("shard")
        .applyInPandasWithState(_linker(horizon), _SCHEMA, _STATE, "append", "NoTimeout")
    )

    def keep(frame: Any, number: int) -> None:
        frame.write.mode("overwrite").parquet(str(_batch(out, number)))

    writer = linked.writeStream.foreachBatch(keep).outputMode("append")
    writer = writer.option("checkpointLocation", str(out / "checkpoint"))
    return (writer.trigger(availableNow=True) if once else writer).start()


def _batch(out: Path, number: int) -> Path:
    return out / "batches" / f"{number:012d}"


def _signer(params: dict[str, Any], shards: int) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """Return the step from lines to blobs, for `mapInArrow`."""

    def sign(batches: Iterator[Any]) -> Iterator[Any]:
        import pyarrow

        given = GroupParameters(**params)
        for batch in batches:
            found = sign_lines(batch.column(0).to_pylist(), given, shards)
            yield pyarrow.RecordBatch.from_arrays(
                [
                    pyarrow.array([shard for shard, _ in found], pyarrow.int32()),
                    pyarrow.array([blob for _, blob in found], pyarrow.binary()),
                ],
                names=["shard", "blob"],
            )

    return sign


def _linker(horizon: int) -> Callable[[Any, Iterator[Any], Any], Iterator[Any]]:
    """Return the step from blobs to linked blobs, for `applyInPandasWithState`."""

    def link(key: tuple[int], frames: Iterator[Any], state: Any) -> Iterator[Any]:
        import pandas

        shard = int(key[0])
        blobs = [bytes(blob) for frame in frames for blob in frame["blob"]]
        if shard != REJECTED:
            blobs, kept = link_blobs(blobs, state.get[0] if state.exists else None, horizon)
            state.update((kept,))
        yield pandas.DataFrame({"shard": [shard] * len(blobs), "blob": blobs})

    return link


def written(out: Path) -> Iterator[tuple[int, bytes]]:
    """Return shard and blob of all batches that are complete, in order.

    Parameters
    ----------
    out : Path
        As given to `start`.
    """
    import pyarrow.parquet

    for batch in sorted((out / "batches").glob("*")):
        if not (batch / "_SUCCESS").exists():
            continue
        for part in sorted(batch.glob("*.parquet")):
            table = pyarrow.parquet.read_table(part)
            yield from zip(
                table.column("shard").to_pylist(), table.column("blob").to_pylist(), strict=True
            )


def labels(out: Path, params: GroupParameters | None = None) -> Iterator[tuple[Any, int]]:
    """Give claims to all messages of a stream so far.

    Parameters
    ----------
    out : Path
        As given to `start`.
    params : GroupParameters, optional
        As given to `start`.

    Yields
    ------
    id, claim
        In order of time, and of id where times are equal; claims count from 1.
    """
    sequencer = Sequencer(params or GroupParameters())
    for shard, blob in written(out):
        if shard != REJECTED:
            sequencer.take(blob)
    yield from sequencer.settle()


def rejected(out: Path) -> list[tuple[str, str]]:
    """Return the lines that were no messages, each with the reason.

    Parameters
    ----------
    out : Path
        As given to `start`.
    """
    return [
        (line, reason)
        for shard, blob in written(out)
        if shard == REJECTED
        for line, reason in json.loads(blob)
    ]


def group_lines(
    messages: Iterable[tuple[Any, int, str]],
    progress: Callable[[str, int, int], None] | None = None,
) -> Iterator[tuple[Any, int]]:
    """Group messages that end, on Spark on this machine.

    Parameters
    ----------
    messages
        Id, time in microseconds since 1970, and text, in any order.
    progress
        Called with a stage, the messages done, and 0 or all messages.

    Yields
    ------
    id, claim
        As `labels`.
    """
    tell = progress or (lambda stage, done, total: None)
    with TemporaryDirectory(prefix="qalqan-") as name:
        work = Path(name)
        total = _lay_down(messages, work / "lines", tell)
        spark = session()
        query = start(folder(spark, work / "lines", files_a_batch=4), work / "out", once=True)
        while not query.awaitTermination(1):
            done = sum(int(p["numInputRows"]) for p in query.recentProgress)
            tell("linked", done, total)
        tell("linked", total, total)
        yield from labels(work / "out")


def _lay_down(
    messages: Iterable[tuple[Any, int, str]], target: Path, tell: Callable[[str, int, int], None]
) -> int:
    """Write messages to files of lines; return how many there are."""
    target.mkdir()
    rest = iter(messages)
    total = 0
    while chunk := list(islice(rest, _LINES_A_FILE)):
        # JSON escapes keep every character inside its line.
        lines = [
            json.dumps({"id": name, "time": micros / 1_000_000, "text": text}) + "\n"
            for name, micros, text in chunk
        ]
        (target / f"{total:012d}.jsonl").write_text("".join(lines), encoding="utf-8")
        total += len(chunk)
        tell("read", total, 0)
    return total
