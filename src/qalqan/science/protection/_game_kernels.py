"""Compiled passes of `qalqan.science.protection.game`; the tests hold their plain twins."""

from __future__ import annotations

from qalqan.science.protection._compile import Floats, kernel

_BLOCK = 4096


@kernel
def attacker_level(uncovered: Floats, covered: Floats, resources: float) -> tuple[float, int]:
    """Return the least value to which the coverage can hold the attacker, and the passes.

    Newton's method on the excess, sum of (uncovered - v) / (uncovered - covered) over targets
    worth more than v, less the resources: convex, falling, piecewise linear. Started at the
    floor, where the excess is not negative, each step stays left of the root, so targets that
    fall out never come back.
    """
    n = len(uncovered)
    floor = covered[0]
    highest = uncovered[0]
    for i in range(n):
        floor = max(floor, covered[i])
        highest = max(highest, uncovered[i])
    if resources <= 0.0:
        return highest, 0
    gain, slope = uncovered.copy(), uncovered.copy()
    kept = 0
    for i in range(n):
        if uncovered[i] > floor:
            gain[kept] = uncovered[i] - floor
            slope[kept] = 1.0 / (uncovered[i] - covered[i])
            kept += 1
    level, passes = 0.0, 0
    while kept > 0:
        passes += 1
        need, steep = 0.0, 0.0
        for start in range(0, kept, _BLOCK):
            # Block by block, so that a million small numbers do not lose digits to a large sum.
            need_here, steep_here = 0.0, 0.0
            for i in range(start, min(start + _BLOCK, kept)):
                need_here += gain[i] * slope[i]
                steep_here += slope[i]
            need += need_here
            steep += steep_here
        step = (need - resources) / steep
        if step <= level:
            break
        level = step
        left = 0
        for i in range(kept):
            if gain[i] > level:
                gain[left] = gain[i]
                slope[left] = slope[i]
                left += 1
        if left == kept:
            break
        kept = left
    return min(floor + level, highest), passes


@kernel
def needed_coverage(uncovered: Floats, covered: Floats, level: float) -> tuple[Floats, float]:
    """Return the least coverage that holds the attacker to a level everywhere, and its sum."""
    coverage = uncovered.copy()
    total = 0.0
    for start in range(0, len(coverage), _BLOCK):
        here = 0.0
        for i in range(start, min(start + _BLOCK, len(coverage))):
            share = 0.0
            if uncovered[i] > level and uncovered[i] > covered[i]:
                share = min(1.0, (uncovered[i] - level) / (uncovered[i] - covered[i]))
            coverage[i] = share
            here += share
        total += here
    return coverage, total


@kernel
def best_response(
    defender_covered: Floats, defender_uncovered: Floats, attacker_covered: Floats,
    attacker_uncovered: Floats, coverage: Floats, tie: float, spare: float,
) -> tuple[int, float, float]:  # fmt: skip
    """Return what the attacker attacks, what he gets, and what the defender gets.

    Targets within ``tie`` of the attacker's best are equal to him; he takes the one that is best
    for the defender. ``spare`` may be added where coverage does not change his payoff at all.
    """
    n = len(coverage)
    best = -1e308
    for i in range(n):
        best = max(
            best,
            attacker_uncovered[i] - coverage[i] * (attacker_uncovered[i] - attacker_covered[i]),
        )
    attacked, value = 0, -1e308
    for i in range(n):
        width = attacker_uncovered[i] - attacker_covered[i]
        if attacker_uncovered[i] - coverage[i] * width < best - tie:
            continue
        share = coverage[i]
        if width == 0.0:
            share = min(1.0, share + spare)
        mine = defender_uncovered[i] + share * (defender_covered[i] - defender_uncovered[i])
        if mine > value:
            attacked, value = i, mine
    return attacked, best, value
