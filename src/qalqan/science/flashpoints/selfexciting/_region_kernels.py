"""Compiled geometry: inside, distance, and the mass of a round kernel inside a polygon.

With the distance distribution P of a round kernel, its mass inside a polygon is the integral of
P(r) over the angle along the boundary, divided by 2 pi (Green's theorem; Meyer and Held 2014,
appendix). On an edge at distance h from the centre the angle grows by h / (h² + s²) ds, and with
s = d sinh(u) the integrand is smooth on the scale of 1 in u for every kernel used here, so a few
points of Gauss and Legendre on each short panel are enough. Beyond the reach P is 1, and the
angle is known exactly.
"""

from __future__ import annotations

import math

import numpy as np

from qalqan.science.flashpoints._compile import Flags, Floats, kernel
from qalqan.science.flashpoints.selfexciting._shapes import GAUSSIAN, space_distribution

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(6)
_PANEL = 1.0


@kernel
def inside_edges(points: Floats, edges: Floats) -> Flags:
    """Return which points lie inside, by counting crossings to the right."""
    out = np.zeros(points.shape[0], np.bool_)
    for i in range(points.shape[0]):
        x, y = points[i, 0], points[i, 1]
        odd = False
        for e in range(edges.shape[0]):
            ya, yb = edges[e, 1], edges[e, 3]
            if (ya > y) != (yb > y):
                cross = edges[e, 0] + (y - ya) / (yb - ya) * (edges[e, 2] - edges[e, 0])
                if x < cross:
                    odd = not odd
        out[i] = odd
    return out


@kernel
def distance_to_edges(points: Floats, edges: Floats) -> Floats:
    """Return the distance of each point from the nearest edge."""
    out = np.empty(points.shape[0])
    for i in range(points.shape[0]):
        best = np.inf
        for e in range(edges.shape[0]):
            ax, ay = edges[e, 0] - points[i, 0], edges[e, 1] - points[i, 1]
            dx, dy = edges[e, 2] - edges[e, 0], edges[e, 3] - edges[e, 1]
            length = dx * dx + dy * dy
            share = 0.0 if length == 0.0 else -(ax * dx + ay * dy) / length
            share = min(1.0, max(0.0, share))
            gap = (ax + share * dx) ** 2 + (ay + share * dy) ** 2
            best = min(best, gap)
        out[i] = math.sqrt(best)
    return out


@kernel
def effective_reach(kind: int, first: float, reach: float) -> float:
    """Return the distance beyond which nothing of the kernel is left (less than 1e-14)."""
    return min(reach, 8.1 * first) if kind == GAUSSIAN else reach


@kernel
def mass_inside(
    points: Floats, edges: Floats, kind: int, first: float, second: float, reach: float
) -> Floats:
    """Return the mass of the kernel around each point, and its two derivatives, shape (n, 3).

    The kernel ends at ``reach`` and has mass one. Derivatives are by the logarithms of its
    parameters.
    """
    out = np.zeros((points.shape[0], 3))
    whole = np.empty(3)
    space_distribution(kind, first, second, reach * reach, whole)
    reach = effective_reach(kind, first, reach)
    part = np.empty(3)
    for i in range(points.shape[0]):
        for e in range(edges.shape[0]):
            ax, ay = edges[e, 0] - points[i, 0], edges[e, 1] - points[i, 1]
            bx, by = edges[e, 2] - points[i, 0], edges[e, 3] - points[i, 1]
            length = math.hypot(bx - ax, by - ay)
            if length == 0.0:
                continue
            cross = ax * by - ay * bx
            out[i, 0] += math.atan2(cross, ax * bx + ay * by)
            height = cross / length
            if height == 0.0 or abs(height) >= reach:
                continue
            half = math.sqrt(reach * reach - height * height)
            start = max(-half, (ax * (bx - ax) + ay * (by - ay)) / length)
            end = min(half, (bx * (bx - ax) + by * (by - ay)) / length)
            if start >= end:
                continue
            size = abs(height)
            turned = math.atan(end / size) - math.atan(start / size)
            out[i, 0] -= turned if height > 0 else -turned
            _along(height, start, end, kind, first, second, whole, part)
            for k in range(3):
                out[i, k] += part[k]
        for k in range(3):
            out[i, k] /= 2.0 * math.pi
    return out


@kernel
def _along(
    height: float,
    start: float,
    end: float,
    kind: int,
    first: float,
    second: float,
    whole: Floats,
    part: Floats,
) -> None:
    """Integrate the distance distribution along a piece of an edge into ``part``."""
    part[:] = 0.0
    low, high = math.asinh(start / first), math.asinh(end / first)
    panels = int((high - low) / _PANEL) + 1
    width = (high - low) / panels
    here = np.empty(3)
    for p in range(panels):
        middle = low + (p + 0.5) * width
        for node in range(_NODES.shape[0]):
            u = middle + 0.5 * width * _NODES[node]
            s = first * math.sinh(u)
            r2 = height * height + s * s
            step = 0.5 * width * _WEIGHTS[node] * first * math.cosh(u) * height / r2
            space_distribution(kind, first, second, r2, here)
            share = here[0] / whole[0]
            part[0] += share * step
            for k in range(1, 3):
                part[k] += (here[k] - share * whole[k]) / whole[0] * step
