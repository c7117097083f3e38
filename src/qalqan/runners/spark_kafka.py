"""Lines from a Kafka topic, as a Python data source of Spark, by confluent-kafka.

Spark keeps the offsets in its checkpoint; the broker's own consumer groups are not used. A read
of given offsets returns the same messages whenever it is asked for, so a batch can run again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pyspark.sql.datasource import DataSource, DataSourceStreamReader, InputPartition

_WAIT = 30.0
_CHUNK = 10_000


class KafkaLines(DataSource):  # type: ignore[misc]
    """The values of a topic's messages as one column of text.

    Options: ``servers``, ``topic``, and ``settings``, a JSON object for the client.
    """

    @classmethod
    def name(cls) -> str:
        """Return the name for ``format``."""
        return "qalqan_kafka"

    def schema(self) -> str:
        """Return the columns."""
        return "value string"

    def streamReader(self, schema: Any) -> KafkaReader:  # noqa: N802
        """Return the reader of a stream."""
        return KafkaReader(dict(self.options))


class Span(InputPartition):  # type: ignore[misc]
    """Offsets of one partition, the last not included."""

    def __init__(self, partition: int, first: int, stop: int) -> None:
        super().__init__((partition, first, stop))
        self.partition = partition
        self.first = first
        self.stop = stop


class KafkaReader(DataSourceStreamReader):  # type: ignore[misc]
    """Reads a topic from its beginning, partition by partition."""

    def __init__(self, options: dict[str, str]) -> None:
        self.topic = options["topic"]
        self.settings = {
            **json.loads(options.get("settings", "{}")),
            "bootstrap.servers": options["servers"],
            "group.id": "qalqan",
            "enable.auto.commit": False,
            "auto.offset.reset": "error",
        }

    def _marks(self) -> dict[str, tuple[int, int]]:
        """Return the first and the next offset of every partition."""
        from confluent_kafka import Consumer, TopicPartition

        consumer = Consumer(self.settings)
        try:
            found = consumer.list_topics(self.topic, timeout=_WAIT).topics[self.topic]
            if found.error is not None:
                raise OSError(f"Kafka topic {self.topic}: {found.error.str()}")
            return {
                str(number): consumer.get_watermark_offsets(
                    TopicPartition(self.topic, number), timeout=_WAIT
                )
                for number in found.partitions
            }
        finally:
            consumer.close()

    def initialOffset(self) -> dict[str, int]:  # noqa: N802
        """Return where each partition begins."""
        return {number: first for number, (first, _) in self._marks().items()}

    def latestOffset(self, start: Any = None, limit: Any = None) -> dict[str, int]:  # noqa: N802
        """Return where each partition ends now."""
        return {number: stop for number, (_, stop) in self._marks().items()}

    def partitions(self, start: dict[str, int], end: dict[str, int]) -> list[Span]:
        """Return what is between two offsets; a partition that is new begins at 0."""
        spans = [Span(int(p), start.get(p, 0), stop) for p, stop in sorted(end.items())]
        return [span for span in spans if span.stop > span.first]

    def read(self, partition: Any) -> Iterator[Any]:
        """Yield the lines between two offsets as Arrow batches.

        Raises
        ------
        OSError
            The broker no longer has them or does not answer; the batch fails and can run again.
        """
        import pyarrow
        from confluent_kafka import Consumer, TopicPartition

        consumer = Consumer(self.settings)
        try:
            consumer.assign([TopicPartition(self.topic, partition.partition, partition.first)])
            at = partition.first
            while at < partition.stop:
                found = consumer.consume(min(_CHUNK, partition.stop - at), timeout=_WAIT)
                if not found:
                    raise OSError(f"Kafka topic {self.topic}: no answer within {_WAIT:.0f} s")
                lines = []
                for message in found:
                    error, offset = message.error(), message.offset()
                    if error is not None or offset is None:
                        raise OSError(f"Kafka topic {self.topic}: {error}")
                    at = offset + 1
                    if at <= partition.stop:
                        lines.append((message.value() or b"").decode("utf-8", "replace"))
                yield pyarrow.RecordBatch.from_arrays(
                    [pyarrow.array(lines, pyarrow.string())], names=["value"]
                )
        finally:
            consumer.close()

    def commit(self, end: dict[str, int]) -> None:
        """Leave the broker alone; the checkpoint has the offsets."""
