"""The compiled normaliser; `normalise.normalise` states the same rules plainly."""

# ruff: noqa: ANN001, ANN202, SIM109, SIM102 -- numba infers types and wants plain conditions.
# mypy: disallow-untyped-defs=False, disallow-incomplete-defs=False, disable-error-code=assignment
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
def _repair(out, first, end, fold, to_cyrillic, to_latin, script, shape):
    """Collapse runs and put look-alikes right in one word, in place; return its new end."""
    at = first
    latin, cyrillic, latin_twin, cyrillic_twin = 0, 0, 0, 0
    i = first
    while i < end:
        code = out[i]
        s = shape[code] if code < _TWINS else code
        j = i + 1
        while j < end:
            other = out[j]
            if (shape[other] if other < _TWINS else other) != s:
                break
            j += 1
        stop = j
        if j - i >= 3 and ((fold[code] >> _SHIFT) & 7) == _LETTER:
            stop = i + 1
        while i < stop:
            code = out[i]
            if code < _TWINS:
                k = script[code]
                latin += k == 1
                cyrillic += k == 2
                latin_twin += k == 3
                cyrillic_twin += k == 4
            out[at] = code
            at += 1
            i += 1
        i = j
    lead = cyrillic - latin
    if lead == 0:
        lead = cyrillic + cyrillic_twin - latin - latin_twin
    use_cyrillic = lead > 0 or (lead == 0 and cyrillic_twin > 0)
    for p in range(first, at):
        if out[p] < _TWINS:
            out[p] = to_cyrillic[out[p]] if use_cyrillic else to_latin[out[p]]
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
    what they were. Letters are written as they come; a word is looked at again only if it mixes
    scripts, repeats a letter three times or holds a capital H.
    """
    n = offsets.size - 1
    room = codes.size + n
    for i in range(codes.size):
        entry = fold[codes[i]]
        if ((entry >> _SHIFT) & 7) == _EXPAND:
            room += expansion[entry & _MASK]
    out = np.empty(room, np.uint32)
    ends = np.zeros(n + 1, np.int64)
    raw = np.zeros(n, np.uint64)
    at = 0
    for t in range(n):
        begin = at
        pos = offsets[t]
        end = offsets[t + 1]
        first = at
        inside = False
        size, run, seen = 0, 1, 0
        last = np.uint32(0)
        while pos < end:
            code = codes[pos]
            if not inside and (code == 64 or (code | 32) in (104, 116, 119)):
                stop = _link_end(codes, pos, end)
                if stop > pos:
                    if seen & 32 or ((seen & 10) and (seen & 20)):
                        at = _repair(out, first, at, fold, to_cyrillic, to_latin, script, shape)
                    size, run, seen = 0, 1, 0
                    pos = stop
                    continue
            entry = fold[code]
            kind = np.int64((entry >> _SHIFT) & 7)
            base = np.int64(0)
            left = 1
            if kind == _EXPAND:
                base = np.int64(entry & _MASK)
                left = np.int64(expansion[base])
            while left > 0:
                left -= 1
                if base > 0 or kind == _EXPAND:
                    base += 1
                    entry = expansion[base]
                    kind = np.int64((entry >> _SHIFT) & 7)
                if kind == _LETTER or kind == _DIGIT:
                    letter = np.uint32(entry & _MASK)
                    s = letter
                    if size == 0:
                        if at > begin:
                            out[at] = 32
                            at += 1
                        first = at
                    if letter < _TWINS:
                        s = shape[letter]
                        seen |= 1 << script[letter]
                    if s == last and size > 0:
                        run += 1
                        if run == 3:
                            seen |= 32
                    else:
                        run = 1
                    if letter == 72:
                        seen |= 32
                    last = s
                    out[at] = letter
                    at += 1
                    size += 1
                elif kind == _SPACE and size > 0:
                    if seen & 32 or ((seen & 10) and (seen & 20)):
                        at = _repair(out, first, at, fold, to_cyrillic, to_latin, script, shape)
                    size, run, seen = 0, 1, 0
            inside = kind == _LETTER or kind == _DIGIT or (kind == _DROP and inside)
            pos += 1
        if seen & 32 or ((seen & 10) and (seen & 20)):
            at = _repair(out, first, at, fold, to_cyrillic, to_latin, script, shape)
        ends[t + 1] = at
        if at == begin:
            raw[t] = _raw_hash(codes, offsets[t], offsets[t + 1])
    return out[:at], ends, raw
