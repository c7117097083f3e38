"""Compiled loops of the simulation; a slow twin stands in the tests."""

from __future__ import annotations

import numpy as np

from qalqan.science.spread._compile import Floats, Whole, kernel

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_S11, _S27, _S30, _S31 = np.uint64(11), np.uint64(27), np.uint64(30), np.uint64(31)
_S32 = np.uint64(32)
_FOUR = np.uint64(4)
_ALWAYS = np.uint64(4294967295)
_TO_UNIT = 1.0 / 2**53

CHUNK = 16
"""Events that lie together in a bin."""
BINS_PER_DELAY, MOST_BINS = 64.0, 16384.0
"""How fine the bins are; what lies beyond the last one shares it."""
MOST = 4294967295.0
FREE, USED, WAITING, TOUCHED = 0, 1, 2, 3
"""Where `place` keeps the first chunk given back, how many were ever taken, and how many events
lie in bins; the last entry only keeps a read from being left out."""
RUMOUR, PERSUADES, INFORMS = 0, 1, 2
"""Kinds of events: the rumour arrives; a correction that convinces; one that only informs."""
UNAWARE, BELIEVES, CORRECTED = 0, 1, 2
"""States of a node."""
_PASSES, _DELAY, _ANSWER, _ANSWER_DELAY = (np.uint64(k) for k in range(4))


@kernel
def compress(
    source: Whole, target: Whole, thresholds: Whole, nodes: int, both_ways: bool
) -> tuple[Whole, Whole, Whole]:
    """Sort edges by their source, keeping their order, without copies of the list."""
    rows = np.zeros(nodes + 1, dtype=np.int64)
    for edge in range(len(source)):
        rows[source[edge] + 1] += 1
        if both_ways:
            rows[target[edge] + 1] += 1
    for node in range(nodes):
        rows[node + 1] += rows[node]
    one = len(thresholds) == 1 and len(source) != 1
    targets = np.empty(rows[nodes], dtype=np.int32)
    sorted_ = np.empty(1 if one else rows[nodes], dtype=np.uint32)
    if one:
        sorted_[0] = thresholds[0]
    filled = rows[:-1].copy()
    for edge in range(len(source)):
        for back in range(2 if both_ways else 1):
            a, b = source[edge], target[edge]
            if back:
                a, b = b, a
            targets[filled[a]] = b
            if not one:
                sorted_[filled[a]] = thresholds[edge]
            filled[a] += 1
    return rows, targets, sorted_


@kernel
def mix(z: np.uint64) -> np.uint64:
    """Scramble a 64-bit word (the finaliser of splitmix64, Steele et al. 2014)."""
    z = (z ^ (z >> _S30)) * _MIX_1
    z = (z ^ (z >> _S27)) * _MIX_2
    return z ^ (z >> _S31)


@kernel
def run_key(seed: np.uint64, run: np.uint64) -> np.uint64:
    """Return the key of one run; it depends on nothing else."""
    return mix(mix(seed + _GAMMA) ^ mix(run * _GAMMA + _MIX_1))


@kernel
def draw(key: np.uint64, edge: int, use: np.uint64) -> np.uint64:
    """Return the random word of an edge for one use: the same whenever it is asked for."""
    return mix(key + (np.uint64(edge) * _FOUR + use + np.uint64(1)) * _GAMMA)


@kernel
def _below(word: np.uint64, threshold: np.uint64) -> bool:
    """Tell whether the upper half of a word lies below a threshold; the largest stands for 1."""
    return bool((word >> _S32) < threshold or threshold == _ALWAYS)


@kernel
def _waiting(word: np.uint64, mean: float) -> float:
    """Turn a random word into an exponential waiting time."""
    return float(-mean * np.log((np.float64(word >> _S11) + 0.5) * _TO_UNIT))


@kernel
def _push(heap: Whole, times: Floats, size: int, time: float, event: int) -> None:
    """Put an event into the heap of the present."""
    at = size
    while at > 0:
        above = (at - 1) >> 1
        if times[above] <= time:
            break
        times[at] = times[above]
        heap[at] = heap[above]
        at = above
    times[at] = time
    heap[at] = event


@kernel
def _drop_first(heap: Whole, times: Floats, size: int) -> None:
    """Take the first event out of a heap of ``size``, moving the last one into its place."""
    last = size - 1
    time, event = times[last], heap[last]
    at, below = 0, 1
    while below < last:
        if below + 1 < last and times[below + 1] < times[below]:
            below += 1
        if times[below] >= time:
            break
        times[at] = times[below]
        heap[at] = heap[below]
        at = below
        below = 2 * at + 1
    times[at] = time
    heap[at] = event


@kernel
def _longer(values: np.ndarray, wanted: int) -> np.ndarray:
    """Return an array of at least that length that begins like this one."""
    if len(values) >= wanted:
        return values
    result = np.empty(max(wanted, 2 * len(values)), dtype=values.dtype)
    result[: len(values)] = values
    return result


@kernel
def _store(
    event: int,
    time: float,
    bin_: int,
    head: Whole,
    link: Whole,
    fill: Whole,
    later: Whole,
    later_times: Floats,
    place: Whole,
) -> None:
    """Put an event into a bin of the future: chunks of events, unsorted, linked by bin."""
    chunk = head[bin_]
    if chunk < 0 or fill[chunk] == CHUNK:
        if place[FREE] >= 0:
            fresh = place[FREE]
            place[FREE] = link[fresh]
        else:
            fresh = place[USED]
            place[USED] += 1
        link[fresh] = chunk
        fill[fresh] = 0
        head[bin_] = fresh
        chunk = fresh
    at = chunk * CHUNK + fill[chunk]
    later[at] = event
    later_times[at] = time
    fill[chunk] += 1
    place[WAITING] += 1


@kernel
def _count(bin_: int, head: Whole, link: Whole, fill: Whole) -> int:
    """Return how many events a bin holds."""
    total, chunk = 0, head[bin_]
    while chunk >= 0:
        total += fill[chunk]
        chunk = link[chunk]
    return int(total)


@kernel
def _open(
    bin_: int,
    head: Whole,
    link: Whole,
    fill: Whole,
    later: Whole,
    later_times: Floats,
    place: Whole,
    heap: Whole,
    times: Floats,
    state: Whole,
    rows: Whole,
    targets: Whole,
) -> int:
    """Move a bin into the empty heap, give its chunks back, and return the size of the heap.

    Claims that come too late are dropped. The first edge of each node is read here, many at once,
    so that it lies in the fast cache when its turn comes one by one.
    """
    chunk, size, touched = head[bin_], 0, 0
    head[bin_] = -1
    while chunk >= 0:
        for at in range(chunk * CHUNK, chunk * CHUNK + fill[chunk]):
            event = later[at]
            node = event >> 33
            place[WAITING] -= 1
            if state[node] == UNAWARE or event & 3 != RUMOUR:
                touched ^= targets[min(rows[node], len(targets) - 1)] if len(targets) else 0
                _push(heap, times, size, later_times[at], event)
                size += 1
        after = link[chunk]
        link[chunk] = place[FREE]
        place[FREE] = chunk
        chunk = after
    place[TOUCHED] = touched
    return size


@kernel
def _arrives(
    kind: int, node: int, source: int, weight: float, state: Whole, reach: Floats, run: int
) -> bool:
    """Change the state of a node as an event wants; return whether the node passes it on."""
    held = state[node]
    if kind == RUMOUR:
        if held != UNAWARE or (source != node and state[source] != BELIEVES):
            return False
        state[node] = BELIEVES
        reach[run, 0] += weight
        reach[run, 2] += weight
        return True
    if held == CORRECTED or (held == BELIEVES and kind == INFORMS):
        return False
    state[node] = CORRECTED
    reach[run, 1] += weight
    if held == BELIEVES:
        reach[run, 2] -= weight
    return True


@kernel
def simulate_runs(
    rows: Whole,
    targets: Whole,
    thresholds: Whole,
    weights: Floats,
    starts: Whole,
    answerers: Whole,
    seed: int,
    first: int,
    settings: Floats,
    reach: Floats,
    curve: Floats,
) -> None:
    """Run ``len(reach)`` spreads; run ``first + r`` fills row r of ``reach`` and ``curve``.

    ``settings``: answer at, delay, delay of the answer, chance factor of the answer, chance that
    it convinces, end, width of a bin of the curve. ``reach``: believed ever, corrected, believing
    at the end. The queue is a heap of the present and bins of the future: the heap stays small
    enough for the fast cache, and the order is exactly that of time.
    """
    answer_at, delay, answer_delay, ratio, convinces, end, width = settings
    one, even = len(thresholds) == 1, len(weights) == 1
    state = np.zeros(len(rows) - 1, dtype=np.int8)
    step = min(delay, answer_delay) / BINS_PER_DELAY
    bins = int(min(end / step, MOST_BINS - 1.0)) + 1
    head = np.full(bins, -1, dtype=np.int32)
    link, fill = np.empty(64, dtype=np.int32), np.empty(64, dtype=np.int32)
    later, later_times = np.empty(64 * CHUNK, dtype=np.int64), np.empty(64 * CHUNK)
    heap, times = np.empty(1024, dtype=np.int64), np.empty(1024)
    place = np.zeros(4, dtype=np.int64)
    convincing = np.uint64(convinces * 4294967296.0)
    for r in range(reach.shape[0]):
        key = run_key(np.uint64(seed), np.uint64(first + r))
        state[:] = UNAWARE
        place[FREE], place[USED], place[WAITING] = -1, 0, 0
        size, present = 0, 0
        # Starts and answers are edges of nobody; they come first.
        for given in range(len(starts) + len(answerers)):
            begins = given < len(starts)
            node = np.int64(starts[given] if begins else answerers[given - len(starts)])
            at = 0.0 if begins else answer_at
            if at > end:
                continue
            event = int((node << 33) | (node << 2) | (RUMOUR if begins else PERSUADES))
            bin_ = int(min(at / step, bins - 1.0))
            if bin_ == 0:
                heap, times = _longer(heap, size + 2), _longer(times, size + 2)
                _push(heap, times, size, at, event)
                size += 1
            else:
                link, fill = _longer(link, place[USED] + 2), _longer(fill, place[USED] + 2)
                later = _longer(later, len(link) * CHUNK)
                later_times = _longer(later_times, len(link) * CHUNK)
                _store(event, at, bin_, head, link, fill, later, later_times, place)
        while size > 0 or place[WAITING] > 0:
            if size == 0:
                present += 1
                if head[present] >= 0:
                    count = _count(present, head, link, fill)
                    heap, times = _longer(heap, count + 1), _longer(times, count + 1)
                    size = _open(
                        present,
                        head,
                        link,
                        fill,
                        later,
                        later_times,
                        place,
                        heap,
                        times,
                        state,
                        rows,
                        targets,
                    )
                continue
            now, event = times[0], heap[0]
            _drop_first(heap, times, size)
            size -= 1
            kind, node, source = event & 3, event >> 33, (event >> 2) & 0x7FFFFFFF
            weight = weights[0 if even else node]
            if not _arrives(kind, node, source, weight, state, reach, r):
                continue
            if kind == RUMOUR:
                curve[r, min(np.int64(now / width), curve.shape[1] - 1)] += weight
            start, stop = rows[node], rows[node + 1]
            # Room for all that this node may pass on: in the heap, or in chunks half empty.
            if size + stop - start > len(heap):
                heap = _longer(heap, size + stop - start)
                times = _longer(times, len(heap))
            chunks = place[USED] + (stop - start) // CHUNK + min(stop - start, bins) + 1
            if chunks > len(link):
                link, fill = _longer(link, chunks), _longer(fill, chunks)
                later = _longer(later, len(link) * CHUNK)
                later_times = _longer(later_times, len(link) * CHUNK)
            for edge in range(start, stop):
                chance = np.uint64(thresholds[0 if one else edge])
                if kind == RUMOUR:
                    if not _below(draw(key, edge, _PASSES), chance):
                        continue
                    target = targets[edge]
                    if state[target] != UNAWARE:
                        continue
                    at = now + _waiting(draw(key, edge, _DELAY), delay)
                    sort = RUMOUR
                else:
                    word = draw(key, edge, _ANSWER)
                    if not _below(word, np.uint64(min(np.float64(chance) * ratio, MOST))):
                        continue
                    target = targets[edge]
                    if state[target] == CORRECTED:
                        continue
                    at = now + _waiting(draw(key, edge, _ANSWER_DELAY), answer_delay)
                    sort = PERSUADES if (word & np.uint64(0xFFFFFFFF)) < convincing else INFORMS
                if at > end:
                    continue
                event = (np.int64(target) << 33) | (node << 2) | sort
                bin_ = int(min(at / step, bins - 1.0))
                if bin_ <= present:
                    _push(heap, times, size, at, event)
                    size += 1
                else:
                    _store(event, at, bin_, head, link, fill, later, later_times, place)
