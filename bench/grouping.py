"""Grouping: speed and quality beside datasketch and rensa, in CPU seconds.

Run: ``python bench/grouping.py [--quick] [--curve 10000000]``. Speed counts from Python strings
to claim numbers, normalising included. ``--curve`` grows one index over so many messages, the
stream again and again with its letters permuted, so that no claim returns; at each step the same
messages also go to an empty index, so that the ratio of the two does not depend on what else the
machine does. The peers get lower-cased words; their quality and rate are measured on the
first messages of the same stream, with the shingles that suit them best.
"""

from __future__ import annotations

import argparse
import statistics
import time

import numpy as np

from qalqan.science.rumours.group import ClaimIndex
from qalqan.science.rumours.synthetic import KINDS, b_cubed, make_stream
from qalqan.science.text.features import analyse_many

BATCH = 1024
STEP = 200_000


def cpu(function, *args):
    """Return CPU seconds of one call and its result."""
    start = time.process_time()
    result = function(*args)
    return time.process_time() - start, result


def shingles(text, size):
    words = text.lower().split()
    return [" ".join(words[i : i + size]) for i in range(max(1, len(words) - size + 1))]


def datasketch_labels(texts, size, threshold):
    from datasketch import MinHash, MinHashLSH

    index = MinHashLSH(threshold=threshold, num_perm=128)
    labels, leaders = np.empty(len(texts), np.int64), []
    for i, text in enumerate(texts):
        sketch = MinHash(num_perm=128)
        sketch.update_batch([s.encode() for s in shingles(text, size)])
        found = index.query(sketch)
        if found:
            labels[i] = max(found, key=lambda k: leaders[k].jaccard(sketch))
        else:
            labels[i] = len(leaders)
            index.insert(len(leaders), sketch)
            leaders.append(sketch)
    return labels


def rensa_labels(texts, size, threshold):
    from rensa import RMinHash, RMinHashLSH

    index = RMinHashLSH(threshold=threshold, num_perm=128, num_bands=32)
    labels, leaders = np.empty(len(texts), np.int64), []
    for i, text in enumerate(texts):
        sketch = RMinHash(num_perm=128, seed=42)
        sketch.update(shingles(text, size))
        found = [(leaders[k].jaccard(sketch), -k) for k in index.query(sketch)]
        best = max(found, default=(0.0, 0))
        if best[0] >= threshold:
            labels[i] = -best[1]
        else:
            labels[i] = len(leaders)
            index.insert(len(leaders), sketch)
            leaders.append(sketch)
    return labels


def our_labels(texts):
    return ClaimIndex().add_many(texts)


def report(name, seconds, stream, labels):
    n = len(labels)
    truth, kinds = stream.claims[:n], stream.kinds[:n]
    precision, recall, f1 = b_cubed(truth, labels)
    parts = [b_cubed(truth, labels, kinds == k)[2] for k in range(len(KINDS))]
    by_kind = "  ".join(f"{kind} {part:.4f}" for kind, part in zip(KINDS, parts, strict=True))
    print(
        f"{name:34s} {n:8,d} msgs {n / seconds:10,.0f} /CPU-s   "
        f"P {precision:.4f} R {recall:.4f} F1 {f1:.4f}   {by_kind}"
    )
    return n / seconds


def steps(texts):
    """Print where our time goes, per message."""
    batches = [texts[i : i + BATCH] for i in range(0, len(texts), BATCH)]
    index = ClaimIndex()
    a, signed = cpu(lambda: [index.sign(batch) for batch in batches])
    b, _ = cpu(lambda: [index.add_signed(batch) for batch in signed])
    c, _ = cpu(lambda: [analyse_many(batch) for batch in batches])
    scale = 1e6 / len(texts)
    print(
        f"per message: sign {a * scale:.2f} µs, claim {b * scale:.2f} µs; analyse_many (normalise, "
        f"language, identity) {c * scale:.2f} µs; index {index.nbytes / len(texts):.0f} bytes, "
        f"{index.nbytes / index.n_claims:.0f} a leader"
    )


def permuted(texts, rng):
    """Return texts with the letters of each script exchanged among themselves."""
    table = np.arange(0x110000, dtype=np.uint32)
    for letters in ("бвгджзклмнпрстфхцчшщ", "аеиоуыэюя", "bcdfghjklmnpqrstvwxz", "aeiouy"):
        mixed = [letters[i] for i in rng.permutation(len(letters))]
        for old, new in zip(letters, mixed, strict=True):
            table[[ord(old), ord(old.upper())]] = [ord(new), ord(new.upper())]
    codes = np.frombuffer("\n".join(texts).encode("utf-32-le"), np.uint32)
    return table[codes].tobytes().decode("utf-32-le").split("\n")


def curve(total):
    """Print speed and memory while one index grows, beside an empty one on the same messages."""
    print("  messages    leaders   grown/s   empty/s   grown/empty   bytes a message, copies kept")
    grown, copies = ClaimIndex(), ClaimIndex(copies=True)
    stream = make_stream(STEP, np.random.default_rng(1))
    for number in range(total // STEP):
        texts = permuted(stream.texts, np.random.default_rng(number)) if number else stream.texts
        copies.add_many(texts)  # and the texts are in the caches as much as they will be
        seconds, _ = cpu(grown.add_many, texts)
        empty, _ = cpu(our_labels, texts)
        done = (number + 1) * STEP
        if number < 2 or done % (total // 10) == 0:
            print(
                f"{done:10,d} {grown.n_claims:10,d} {STEP / seconds:9,.0f} {STEP / empty:9,.0f} "
                f"{seconds / empty:10.3f} {grown.nbytes / done:12.0f} {copies.nbytes / done:10.0f}",
                flush=True,
            )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the messages")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--curve", type=int, default=0, help="messages to grow an index by")
    options = parser.parse_args()
    if options.curve:
        our_labels(["а"])
        return curve(options.curve)
    n, few = (20_000, 3_000) if options.quick else (200_000, 20_000)
    stream = make_stream(n, np.random.default_rng(options.seed))
    letters = sum(map(len, stream.texts)) / n
    print(
        f"stream of {n:,} messages, {letters:.0f} characters each on average, seed {options.seed}"
    )
    our_labels(stream.texts[:100])
    analyse_many(stream.texts[:100])
    runs = [cpu(our_labels, stream.texts) for _ in range(5)]
    ours = report("qalqan", statistics.median(t for t, _ in runs), stream, runs[0][1])
    steps(stream.texts)
    head = stream.texts[:few]
    report("qalqan, the same first messages", *_once(our_labels, stream, head))
    for name, peer in (
        ("datasketch MinHashLSH", datasketch_labels),
        ("rensa RMinHashLSH", rensa_labels),
    ):
        for size, threshold in ((1, 0.3), (1, 0.4), (2, 0.2)):
            label = f"{name} {size}-word {threshold}"
            rate = report(label, *_once(peer, stream, head, size, threshold))
            print(f"{'':34s} ours is {ours / rate:,.0f} times as fast")
    return None


def _once(function, stream, texts, *args):
    seconds, labels = cpu(function, texts, *args)
    return seconds, stream, labels


if __name__ == "__main__":
    main()
