"""What the guard finds, and what it leaves alone, on the labelled sentences."""

from __future__ import annotations

import pytest
from tests.support.privacy_labelled import Score, measure, read, wilson

from qalqan.desk.platform.privacy.detectors import folded_spans, spans, worth_a_look
from qalqan.desk.platform.privacy.folding import fold
from qalqan.desk.platform.privacy.guard import find_traces, screen

MUST = ("iin", "phone", "email", "card")


def found(text: str) -> list[tuple[int, int, str]]:
    return [(trace.start, trace.end, trace.kind.value) for trace in find_traces(text)]


@pytest.fixture(scope="module")
def judged() -> Score:
    return measure(found, read("test"))


def test_the_set_is_as_large_and_as_varied_as_promised() -> None:
    sentences = read()
    positives = [s for s in sentences if s.expected]
    assert len(sentences) >= 400
    assert len(sentences) - len(positives) >= len(positives) / 2
    assert {s.language for s in sentences} == {"kk", "kk-Latn", "ru", "en", "mixed"}
    assert {s.half for s in sentences} == {"tune", "test"}
    assert len({s.text for s in sentences}) == len(sentences)
    for sentence in sentences:
        for start, end, _kind in sentence.expected:
            assert sentence.text[start:end].strip() == sentence.text[start:end] != ""


@pytest.mark.parametrize("kind", MUST)
def test_recall_of_each_kind_that_must_not_slip(judged: Score, kind: str) -> None:
    assert judged.recall(kind) >= 0.98, [s.text for s, k in judged.missed if k == kind]


def test_recall_together_and_of_the_rest(judged: Score) -> None:
    assert judged.recall(*MUST) >= 0.98
    assert judged.recall("handle", "coordinates", "account") >= 0.95


def test_false_alarms(judged: Score) -> None:
    assert judged.false_alarm_rate() <= 0.02, [s.text for s in judged.false_alarms]


def test_traces_bear_the_right_kind(judged: Score) -> None:
    assert sum(judged.named.values()) >= 0.98 * sum(judged.wanted.values())


def test_nothing_beside_the_trace_is_taken(judged: Score) -> None:
    assert len(judged.too_much) <= 2


@pytest.mark.parametrize("sentence", read(), ids=lambda sentence: str(sentence.id))
def test_the_quick_look_loses_nothing_and_masking_is_final(sentence) -> None:
    if any(True for _ in folded_spans(fold(sentence.text).text)):
        assert worth_a_look(sentence.text)
    masked = screen(sentence.text)
    assert find_traces(masked.text) == ()
    for start, end, _kind in spans(sentence.text):
        assert any(t.start <= start and end <= t.end for t in masked.traces)


def test_wilson_against_a_published_example() -> None:
    # Newcombe (1998), Statistics in Medicine 17, 857-872, table I: 15 of 148.
    low, high = wilson(15, 148)
    assert (round(low, 4), round(high, 4)) == (0.0624, 0.1605)
