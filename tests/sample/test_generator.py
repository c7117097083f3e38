"""The sample: the same for the same seed, marked as sample, planted as it says."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from qalqan.sample import rhythm
from qalqan.sample.areas import UNITS
from qalqan.sample.generator import SamplePaths, write_sample
from qalqan.sample.wording import Dice, to_latin

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SamplePaths:
    return write_sample(tmp_path_factory.mktemp("sample"), seed=7, now=NOW)


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_sizes_and_fields(sample: SamplePaths) -> None:
    messages, tips = lines(sample.messages), lines(sample.tips)
    assert (len(messages), len(tips)) == (20_000, 2_000)
    assert {tuple(row) for row in messages} == {("id", "time", "text", "channel", "kind")}
    assert {tuple(row) for row in tips} == {("id", "time", "text", "channel", "kind", "place")}
    assert len({row["id"] for row in messages + tips}) == 22_000
    assert {row["place"] for row in tips} == {unit.kato for unit in UNITS}


def test_everything_says_that_it_is_sample(sample: SamplePaths) -> None:
    for row in lines(sample.messages) + lines(sample.tips):
        assert row["channel"].startswith("Sample ")
    for row in table(sample.incidents):
        assert row["source"].startswith("Sample ")
        assert "made up" in row["known"]
    areas = json.loads(sample.areas.read_text(encoding="utf-8"))
    assert all(f["properties"]["approximate"] for f in areas["features"])


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    def run(name: str, seed: int) -> dict[str, bytes]:
        write_sample(tmp_path / name, seed=seed, now=NOW, messages=600, tips=150)
        return {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()}

    first, again, other = run("a", 3), run("b", 3), run("c", 4)
    assert first == again
    for name in ("messages.jsonl", "tips.jsonl", "incidents.csv", "truth.json"):
        assert first[name] != other[name]


def test_nothing_lies_after_the_clock_and_times_have_a_zone(sample: SamplePaths) -> None:
    for path in (sample.messages, sample.tips):
        times = [datetime.fromisoformat(row["time"]) for row in lines(path)]
        assert max(times) <= NOW
        assert times == sorted(times)
        assert all(time.utcoffset() == timedelta(hours=5) for time in times[:100])
    assert max(datetime.fromisoformat(r["reported_at"]) for r in table(sample.incidents)) <= NOW


def test_ordinary_messages_are_not_copies(sample: SamplePaths) -> None:
    truth = json.loads(sample.truth.read_text(encoding="utf-8"))
    told = {t for story in truth["rumours"] + truth["background"] for t in story["texts"]}
    ordinary = [row["text"] for row in lines(sample.messages) if row["text"] not in told]
    counts = Counter(ordinary)
    assert len(ordinary) > 17_000
    assert len(counts) / len(ordinary) > 0.99
    assert max(counts.values()) <= 5


def test_the_grouping_finds_each_rumour_and_no_large_group_of_ordinary_messages(
    sample: SamplePaths,
) -> None:
    from qalqan.science.rumours.group import ClaimIndex

    truth = json.loads(sample.truth.read_text(encoding="utf-8"))
    story = {t: s["key"] for s in truth["rumours"] + truth["background"] for t in s["texts"]}
    index = ClaimIndex()
    members: dict[int, Counter[str]] = {}
    for row in lines(sample.messages):
        claim = index.add(row["text"])
        members.setdefault(claim, Counter())[story.get(row["text"], "ordinary")] += 1
    for rumour in truth["rumours"]:
        largest = sorted((m[rumour["key"]] for m in members.values()), reverse=True)[:2]
        # One group a language holds nearly all of its copies.
        assert sum(largest) >= 0.95 * rumour["copies"]
    mixed = [m for m in members.values() if len(m) > 1 and sum(m.values()) > 20]
    assert mixed == []
    assert max(m["ordinary"] for m in members.values()) < 80


def test_rumours_grow_where_and_when_the_truth_says(sample: SamplePaths) -> None:
    truth = json.loads(sample.truth.read_text(encoding="utf-8"))
    times = {row["id"]: datetime.fromisoformat(row["time"]) for row in lines(sample.messages)}
    for rumour, hours in zip(truth["rumours"], (36, 60), strict=True):
        told = sorted(times[key] for key in rumour["ids"])
        assert len(told) == rumour["copies"] >= 100
        assert told[0] >= NOW - timedelta(hours=hours)
        assert told[0].isoformat() == rumour["first_seen"]
        half = NOW - timedelta(hours=hours / 2)
        assert sum(time > half for time in told) > 2 * sum(time <= half for time in told)
    assert len({rumour["kato"] for rumour in truth["rumours"]}) == 2


def test_the_flash_point_has_more_tips_and_incidents_than_before(sample: SamplePaths) -> None:
    truth = json.loads(sample.truth.read_text(encoding="utf-8"))["flash_point"]
    start = datetime.fromisoformat(truth["start"]).replace(tzinfo=UTC)
    for rows, day, place in (
        (lines(sample.tips), "time", "place"), (table(sample.incidents), "time", "place"),
    ):  # fmt: skip
        there = [datetime.fromisoformat(r[day]) for r in rows if r[place] == truth["kato"]]
        every = [datetime.fromisoformat(r[day]) for r in rows]
        fresh = sum(t >= start for t in there) / sum(t >= start for t in every)
        before = sum(t < start for t in there) / sum(t < start for t in every)
        assert fresh > 2.5 * before


def test_texts_hold_nothing_of_persons(sample: SamplePaths) -> None:
    from qalqan.desk.platform.privacy.guard import screen_many

    texts = [row["text"] for row in lines(sample.messages)[::10] + lines(sample.tips)[::5]]
    assert [s.traces for s in screen_many(texts) if s.traces] == []


def test_the_steady_stream_follows_day_and_week() -> None:
    ages = rhythm.steady(np.random.default_rng(0), NOW, 28, 50_000)
    assert 0 <= ages.min() <= ages.max() <= 28 * 24
    hours = (NOW.hour + NOW.minute / 60 - ages) % 24
    night = np.mean((hours >= 2) & (hours < 5))
    evening = np.mean((hours >= 19) & (hours < 22))
    assert evening > 8 * night


def test_dice_choose_evenly() -> None:
    dice = Dice(np.random.default_rng(1))
    counts = Counter(dice.below(6) for _ in range(60_000))
    assert all(abs(counts[side] - 10_000) < 500 for side in range(6))


def test_kazakh_in_latin() -> None:
    # Letter by letter by the table of the 2021 alphabet.
    assert to_latin("Қазақ тілі ғұмыры, өң, үш") == "Qazaq tılı ğūmyry, öñ, üş"


@pytest.mark.parametrize(
    ("kwargs", "word"),
    [({"now": datetime(2026, 3, 2)}, "zone"), ({"messages": 10}, "500"), ({"tips": 1}, "100")],  # noqa: DTZ001
)
def test_impossible_samples_are_refused(tmp_path: Path, kwargs: dict, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        write_sample(tmp_path, **{"seed": 1, "now": NOW, **kwargs})
    assert list(tmp_path.iterdir()) == []
