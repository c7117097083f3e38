"""The steps of grouping on Spark, without Spark."""

from __future__ import annotations

import json

import numpy as np
import pytest
from tests.runners.spark_lines import as_line, messages, one_process, shuffled

from qalqan.runners.spark_blobs import Packed, Shard, in_order, join
from qalqan.runners.spark_steps import REJECTED, Sequencer, link_blobs, read_line, sign_lines
from qalqan.science.rumours.group import ClaimIndex, GroupParameters

PARAMS = GroupParameters()
DAY = 86_400_000_000


def packed(given: list[tuple[str, int, str]]) -> Packed:
    names = [json.dumps(name, ensure_ascii=False) for name, _, _ in given]
    times = np.array([second * 1_000_000 for _, second, _ in given], np.int64)
    return Packed(names, times, ClaimIndex().sign([text for _, _, text in given]))


def run(batches: list[list[tuple[str, int, str]]], *, shards: int, horizon: int) -> dict[str, int]:
    """Do what Spark does, batch by batch."""
    states: dict[int, bytes] = {}
    sequencer = Sequencer(PARAMS)
    for batch in batches:
        for shard, blob in sign_lines([as_line(m) for m in batch], PARAMS, shards):
            linked, states[shard] = link_blobs([blob], states.get(shard), horizon)
            for one in linked:
                sequencer.take(one)
    return dict(sequencer.settle())


@pytest.mark.parametrize(("shards", "horizon"), [(1, DAY), (5, DAY), (5, 1_000_000), (3, 1)])
def test_any_order_any_shards_any_horizon(shards, horizon):
    stream = messages(3000, 8)
    expected = one_process(stream)
    mixed = shuffled(stream, 9)
    batches = [mixed[at : at + 350] for at in range(0, 3000, 350)]
    assert run(batches, shards=shards, horizon=horizon) == expected
    assert run([stream], shards=shards, horizon=horizon) == expected


def test_a_batch_that_runs_again_changes_nothing():
    stream = messages(900, 10)
    blob = packed(stream).to_bytes()
    first, state = link_blobs([blob], None, DAY)
    again, same = link_blobs([blob], None, DAY)
    assert (first, state) == (again, same)


def test_only_the_earliest_of_a_text_keeps_its_tokens():
    long = "Завтра в городе закроют все школы и детские сады на две недели"
    shard = Shard(DAY)
    late = shard.link(packed([("b", 50, long), ("c", 60, long), ("d", 50, "су жоқ")]))
    assert np.diff(late.signed.starts).astype(bool).tolist() == [True, False, False]
    early = shard.link(packed([("a", 10, long.upper()), ("e", 70, long)]))
    assert np.diff(early.signed.starts).astype(bool).tolist() == [True, False]
    assert len(shard) == 2
    assert sorted(shard.first.tolist()) == [10_000_000, 50_000_000]


def test_a_shard_forgets_after_its_horizon():
    shard = Shard(30_000_000)
    shard.link(packed([("a", 0, "су жоқ"), ("b", 20, "газ жоқ")]))
    shard.expire()
    assert len(shard) == 2
    shard.link(packed([("c", 45, "газ жоқ")]))
    shard.expire()
    assert shard.last.tolist() == [45_000_000]
    again = Shard.from_bytes(shard.to_bytes(), 30_000_000)
    assert (again.hashes.tolist(), again.first.tolist()) == (shard.hashes.tolist(), [20_000_000])


def test_blobs_keep_everything():
    given = packed([("ә\ud800", 5, "слово " * 3), ('"', 4, "a b c d e f g h i"), ("ё", 4, "")])
    again = Packed.from_bytes(given.to_bytes())
    assert again.names == given.names
    assert again.times.tolist() == given.times.tolist()
    for name in ("hashes", "starts", "tokens", "keys"):
        assert np.array_equal(getattr(again.signed, name), getattr(given.signed, name))
    assert in_order(join([again, given])).times.tolist() == [4_000_000] * 4 + [5_000_000] * 2


def test_equal_times_go_by_id():
    given = [("b", 1, "x"), ("a", 1, "y"), ("c", 0, "z")]
    assert [json.loads(n) for n in in_order(packed(given)).names] == ["c", "a", "b"]


def test_what_is_settled_stays():
    stream = messages(1200, 11)
    sequencer = Sequencer(PARAMS)
    for _, blob in sign_lines([as_line(m) for m in shuffled(stream, 1)], PARAMS, 3):
        sequencer.take(link_blobs([blob], None, DAY)[0][0])
    half = stream[600][1]
    first = dict(sequencer.settle(half * 1_000_000))
    assert set(first) == {name for name, second, _ in stream if second <= half}
    assert first | dict(sequencer.settle()) == one_process(stream)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "line: no JSON"),
        ("[]", "line: not a JSON object"),
        ('{"time": 1, "text": "x"}', "id: "),
        ('{"id": true, "time": 1, "text": "x"}', "id: "),
        ('{"id": 1, "time": 1}', "text: "),
        ('{"id": 1, "time": "noon", "text": "x"}', "time: "),
        ('{"id": 1, "time": null, "text": "x"}', "time: "),
        ('{"id": 1, "time": 1e400, "text": "x"}', "time: "),
    ],
)
def test_bad_lines_name_the_field(line, reason):
    with pytest.raises(ValueError, match=f"^{reason}"):
        read_line(line)
    [(shard, blob)] = sign_lines([line], PARAMS, 4)
    assert shard == REJECTED
    assert json.loads(blob)[0][0] == line
