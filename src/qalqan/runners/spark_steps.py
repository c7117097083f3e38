"""The steps of grouping on Spark, as plain functions of lines, blobs and state."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import numpy as np

from qalqan.runners.spark_blobs import Packed, Shard, in_order, join
from qalqan.science.rumours.group import ClaimIndex, GroupParameters
from qalqan.science.rumours.signatures import Signatures

REJECTED = -1
"""Shard of the lines that are no messages."""
_BATCH = 1024


def read_line(line: str) -> tuple[str, int, str]:
    """Return the id as JSON, the time in microseconds since 1970, and the text of a line.

    Raises
    ------
    ValueError
        With the field that is wrong, then what is wrong.
    """
    try:
        item = json.loads(line)
    except (ValueError, RecursionError):
        raise ValueError("line: no JSON") from None
    if not isinstance(item, dict):
        raise ValueError("line: not a JSON object")
    name, time, text = item.get("id"), item.get("time"), item.get("text")
    if isinstance(name, bool) or not isinstance(name, str | int) or name == "":
        raise ValueError("id: not a text or a whole number")
    if not isinstance(text, str):
        raise ValueError("text: not a text")
    try:
        if isinstance(time, str):
            moment = datetime.fromisoformat(time)
            time = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
        elif isinstance(time, bool) or not isinstance(time, int | float):
            raise ValueError(time)
        micros = round(time * 1_000_000)
    except (ValueError, OverflowError):
        raise ValueError("time: not a time") from None
    return json.dumps(name, ensure_ascii=False), micros, text


def sign_lines(
    lines: Sequence[str], params: GroupParameters, shards: int
) -> list[tuple[int, bytes]]:
    """Sign a batch of lines; return one blob for each shard that has messages.

    Parameters
    ----------
    lines
        JSON objects with id, time, text.
    params
        Of the grouping.
    shards
        The texts are shared out among so many by their hashes, so that copies meet.

    Returns
    -------
    list of (shard, blob)
        Under the shard `REJECTED` a JSON list of (line, reason).
    """
    names: list[str] = []
    times: list[int] = []
    texts: list[str] = []
    bad: list[tuple[str, str]] = []
    for line in lines:
        try:
            name, time, text = read_line(line)
        except ValueError as error:
            bad.append((line, str(error)))
            continue
        names.append(name)
        times.append(time)
        texts.append(text)
    found: list[tuple[int, bytes]] = []
    if bad:
        found.append((REJECTED, json.dumps(bad).encode()))
    if texts:
        index = ClaimIndex(**asdict(params))
        parts = [index.sign(texts[at : at + _BATCH]) for at in range(0, len(texts), _BATCH)]
        whole = Packed(names, np.array(times, np.int64), Signatures.concatenate(parts))
        # Not the top bits, which order the texts inside a shard's own tables.
        owner = (whole.signed.hashes & np.uint64(0xFFFF)).astype(np.int64) % shards
        for shard in np.unique(owner).tolist():
            found.append((shard, whole.take(np.flatnonzero(owner == shard)).to_bytes()))
    return found


def link_blobs(
    blobs: Iterable[bytes], state: bytes | None, horizon: int
) -> tuple[list[bytes], bytes]:
    """Link the messages of one shard; return them as blobs, and the new state.

    Parameters
    ----------
    blobs
        From `sign_lines`, of this shard, in any order.
    state
        From the call before, if there was one.
    horizon
        Microseconds after which a text not seen again is forgotten.
    """
    shard = Shard.from_bytes(state, horizon) if state else Shard(horizon)
    parts = [Packed.from_bytes(blob) for blob in blobs]
    linked = [shard.link(join(parts)).to_bytes()] if parts else []
    shard.expire()
    return linked, shard.to_bytes()


class Sequencer:
    """Gives claims to linked messages in order of time; its labels are those of one process.

    Messages are put in order (by time, then id) and handed to a `ClaimIndex` that remembers every
    text. Copies cost it one look-up by hash.

    Parameters
    ----------
    params : GroupParameters
        As the messages were signed with.
    """

    def __init__(self, params: GroupParameters) -> None:
        self.index = ClaimIndex(**{**asdict(params), "copies": True})
        self._waiting: list[Packed] = []

    def take(self, blob: bytes) -> None:
        """Take in linked messages of one shard; they wait until `settle`."""
        self._waiting.append(Packed.from_bytes(blob))

    def settle(self, until: int | None = None) -> Iterator[tuple[Any, int]]:
        """Give claims, for good, to the messages up to a time; later ones go on waiting.

        Parameters
        ----------
        until : int, optional
            Microseconds since 1970. A message that comes after its time was settled gets its
            claim then, as the newest.

        Yields
        ------
        id, claim
            In order of time; claims count from 1.
        """
        if not self._waiting:
            return
        messages = join(self._waiting)
        self._waiting = []
        if until is not None:
            later = np.flatnonzero(messages.times > until)
            if later.size:
                self._waiting.append(messages.take(later))
            messages = messages.take(np.flatnonzero(messages.times <= until))
        ready = in_order(messages)
        claims = self.index.add_signed(ready.signed).tolist()
        for name, claim in zip(ready.names, claims, strict=True):
            yield json.loads(name), claim + 1
