"""Language labels on the labelled set and on the edges."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from qalqan.science.text.features import analyse_many, content_hash
from qalqan.science.text.language import LABELS, detect, detect_many

LABELLED = Path(__file__).resolve().parents[2] / "data" / "language_labelled.tsv"


def rows(half):
    with LABELLED.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row for row in reader if row["half"] == half]


def test_the_set_is_large_and_whole():
    both = rows("tune") + rows("test")
    assert len(both) >= 300
    assert {row["label"] for row in both} == set(LABELS)
    assert len({row["text"] for row in both}) == len(both)


@pytest.mark.parametrize("half", ["tune", "test"])
def test_accuracy_on_each_half(half):
    data = rows(half)
    found = detect_many([row["text"] for row in data])
    right = sum(f == row["label"] for f, row in zip(found, data, strict=True))
    assert right / len(data) >= 0.97


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("", "und"),
        ("12:30, 5 %", "und"),
        ("🔥🔥🔥", "und"),
        ("@kanal https://t.me/kanal", "und"),
        ("这是中文 ok", "und"),
        ("ЖОҚ", "kk-Cyrl"),
        ("joq", "kk-Latn"),
        ("нет", "ru"),
        ("the water", "en"),
        ("вoдa oтключeнa", "ru"),  # Latin look-alikes do not hide Russian
    ],
)
def test_edges(text, label):
    assert detect(text) == label


def test_one_by_one_equals_all_at_once():
    texts = [row["text"] for row in rows("tune")]
    assert [detect(text) for text in texts] == detect_many(texts)


def test_kazakh_russian_and_english_of_others(shared_data):
    """Texts nobody here wrote: Kazakh sentences, Russian headlines, English claims."""
    folder = shared_data / "rumours"
    blocks = (folder / "kaznerd" / "IOB2_test.txt").read_text("utf-8").split("\n\n")
    kazakh = [" ".join(line.split()[0] for line in b.splitlines() if line) for b in blocks]
    with (folder / "checkthat2020" / "verified_claims.docs.tsv").open(encoding="utf-8") as file:
        english = [line.split("\t")[1] for line in file][1:]
    sets = (([text for text in kazakh if text], "kk-Cyrl", 0.97), (english, "en", 0.99))
    for texts, label, least in sets:
        assert detect_many(texts).count(label) / len(texts) >= least


def test_features_of_a_batch():
    texts = ["Су жоқ!", "No water", "су жоқ"]
    features = analyse_many(texts)
    assert len(features) == 3
    assert features.language_labels() == ["kk-Cyrl", "en", "kk-Cyrl"]
    assert features.normalised.texts() == ["су жоқ", "no water", "су жоқ"]
    assert features.content_hashes == [content_hash(text) for text in texts]
    assert len(set(features.content_hashes)) == 3
    assert content_hash("й") == content_hash("и\u0306")
