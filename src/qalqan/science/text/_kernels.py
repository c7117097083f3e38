"""The compiled normaliser; `normalise.normalise` states the same rules plainly."""

# ruff: noqa: ANN001, ANN202 -- numba infers the types.
# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False
from __future__ import annotations

import numpy as np
from numba import njit

_SPACE, _LETTER, _DIGIT, _DROP, _EXPAND = 0, 1, 2, 3, 4
_SHIFT = 21
_MASK = (1 << 21) - 1
_TWINS = 0x600

_MIX1 = np.uint64(0x9E3779B97F4A7C15)
_MIX2 = np.uint64(0xBF58476D1CE4E5B9)


@njit(cache=True, nogil=True, inline="always")
def _lower(code):
    return code + 32 if 65 <= code <= 90 else code


@njit(cache=True, nogil=True, inline="always")
def _blank(code):
    """Whether `str.isspace` holds for a code point."""
    if code < 0x1680:
        return code == 32 or 9 <= code <= 13 or 28 <= code <= 31 or code == 0x85 or code == 0xA0
    return (
        code == 0x1680
        or 0x2000 <= code <= 0x200A
        or code == 0x2028
        or code == 0x2029
        or code == 0x202F
        or code == 0x205F
        or code == 0x3000
    )


@njit(cache=True, nogil=True)
def _link_end(codes, at, end):
    """Return where a link or handle that begins at `at` ends, or `at` if none begins."""
    first = codes[at]
    if first == 64:
        stop = at + 1
        while stop < end:
            c = _lower(codes[stop])
            if not (97 <= c <= 122 or 48 <= c <= 57 or c == 95 or c == 46):
                break
            stop += 1
        return stop if stop > at + 1 else at
    first = _lower(first)
    found = False
    left = end - at
    if first == 104 and left >= 7:  # http:// or https://
        if _lower(codes[at + 1]) == 116 and _lower(codes[at + 2]) == 116:
            if _lower(codes[at + 3]) == 112:
                p = at + 4
                if _lower(codes[p]) == 115:
                    p += 1
                found = (
                    p + 3 <= end and codes[p] == 58 and codes[p + 1] == 47 and codes[p + 2] == 47
                )
    elif first == 119 and left >= 4:  # www.
        found = (
            _lower(codes[at + 1]) == 119 and _lower(codes[at + 2]) == 119 and codes[at + 3] == 46
        )
    elif first == 116 and left >= 5:  # t.me/
        found = (
            codes[at + 1] == 46
            and _lower(codes[at + 2]) == 109
            and _lower(codes[at + 3]) == 101
            and codes[at + 4] == 47
        )
    if not found:
        return at
    stop = at
    while stop < end and not _blank(codes[stop]):
        stop += 1
    return stop


@njit(cache=True, nogil=True)
def _finish(word, kinds, n, out, at, begin, to_cyrillic, to_latin, script, shape):
    """Write one word: runs collapsed, look-alikes put right. Return the new end of `out`."""
    if at > begin:
        out[at] = 32
        at += 1
    first = at
    latin, cyrillic, latin_twin, cyrillic_twin = 0, 0, 0, 0
    i = 0
    while i < n:
        code = word[i]
        s = shape[code] if code < _TWINS else code
        j = i + 1
        while j < n:
            other = word[j]
            o = shape[other] if other < _TWINS else other
            if o != s:
                break
            j += 1
        stop = i + 1 if (kinds[i] == _LETTER and j - i >= 3) else j
        while i < stop:
            code = word[i]
            if code < _TWINS:
                k = script[code]
                if k == 1:
                    latin += 1
                elif k == 2:
                    cyrillic += 1
                elif k == 3:
                    latin_twin += 1
                elif k == 4:
                    cyrillic_twin += 1
            out[at] = code
            at += 1
            i += 1
        i = j
    if latin_twin + cyrillic_twin == 0:
        return at
    lead = cyrillic - latin
    if lead == 0:
        lead = cyrillic + cyrillic_twin - latin - latin_twin
    use_cyrillic = lead > 0 or (lead == 0 and cyrillic_twin > 0)
    if use_cyrillic:
        if latin_twin > 0:
            for p in range(first, at):
                if out[p] < _TWINS:
                    out[p] = to_cyrillic[out[p]]
    else:
        for p in range(first, at):
            if out[p] < _TWINS:
                out[p] = to_latin[out[p]]
    return at


@njit(cache=True, nogil=True)
def _raw_hash(codes, start, end):
    h = np.uint64(end - start) * _MIX1
    for i in range(start, end):
        h = (h ^ np.uint64(codes[i])) * _MIX2
        h ^= h >> np.uint64(29)
    return h | np.uint64(1)


@njit(cache=True, nogil=True)
def normalise_codes(codes, offsets, fold, expansion, to_cyrillic, to_latin, script, shape):
    """Normalise every text of a buffer.

    Returns the new codes, their offsets and, for texts of which nothing is left, a hash of
    what they were.
    """
    n = offsets.size - 1
    room = 0
    for i in range(codes.size):
        entry = fold[codes[i]]
        room += expansion[entry & _MASK] + 1 if (entry >> _SHIFT) == _EXPAND else 1
    # A space between words never outnumbers the characters that were there, but for expansions.
    out = np.empty(2 * room + n + 1, np.uint32)
    ends = np.zeros(n + 1, np.int64)
    raw = np.zeros(n, np.uint64)
    word = np.empty(64, np.uint32)
    kinds = np.empty(64, np.uint8)
    at = 0
    for t in range(n):
        begin = at
        pos = offsets[t]
        end = offsets[t + 1]
        size = 0
        inside = False
        while pos < end:
            code = codes[pos]
            if not inside:
                stop = _link_end(codes, pos, end)
                if stop > pos:
                    if size:
                        at = _finish(
                            word, kinds, size, out, at, begin, to_cyrillic, to_latin, script, shape
                        )
                        size = 0
                    pos = stop
                    continue
            entry = fold[code]
            kind = entry >> _SHIFT
            if kind == _EXPAND:
                base = entry & _MASK
                count = np.int64(expansion[base])
            else:
                base = np.uint32(0)
                count = 1
            for e in range(count):
                if count > 1:
                    entry = expansion[base + 1 + e]
                    kind = entry >> _SHIFT
                if kind == _LETTER or kind == _DIGIT:
                    if size == word.size:
                        bigger = np.empty(2 * size, np.uint32)
                        bigger[:size] = word
                        word = bigger
                        wider = np.empty(2 * size, np.uint8)
                        wider[:size] = kinds
                        kinds = wider
                    word[size] = entry & _MASK
                    kinds[size] = kind
                    size += 1
                elif kind == _SPACE and size:
                    at = _finish(
                        word, kinds, size, out, at, begin, to_cyrillic, to_latin, script, shape
                    )
                    size = 0
            inside = kind == _LETTER or kind == _DIGIT or (kind == _DROP and inside)
            pos += 1
        if size:
            at = _finish(word, kinds, size, out, at, begin, to_cyrillic, to_latin, script, shape)
        ends[t + 1] = at
        if at == begin:
            raw[t] = _raw_hash(codes, offsets[t], offsets[t + 1])
    return out[:at].copy(), ends, raw
