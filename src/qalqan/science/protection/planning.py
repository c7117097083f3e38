"""From sites and teams to a week: zones, shifts, probabilities, the price of a change."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from qalqan.science.protection.checks import ProtectionInputError, as_vector, refuse
from qalqan.science.protection.columngen import Shift
from qalqan.science.protection.game import respond
from qalqan.science.protection.payoffs import Payoffs, checked
from qalqan.science.protection.shifts import Shifts, shifts

EARTH_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Travel:
    """How long things take; conventions that a desk sets for itself.

    Attributes
    ----------
    speed_kmh : float
        On the road.
    detour : float
        Length of the road over the straight line.
    visit_minutes : float
        One inspection.
    shift_minutes : float
        From leaving the base to being back.
    hop_minutes : float
        Longest way between two sites of a zone.
    most : int
        Most visits in a shift, and half the most sites of a zone.
    """

    speed_kmh: float = 50.0
    detour: float = 1.3
    visit_minutes: float = 90.0
    shift_minutes: float = 480.0
    hop_minutes: float = 30.0
    most: int = 4

    def __post_init__(self) -> None:
        numbers = (self.speed_kmh, self.detour, self.visit_minutes, self.shift_minutes)
        if not all(math.isfinite(n) and n > 0 for n in numbers) or self.hop_minutes < 0:
            raise ProtectionInputError("speed, detour, visit and shift must be more than 0")
        if self.most < 1:
            raise ProtectionInputError("a shift has at least one visit")

    def minutes(self, km: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the time on the road for straight distances."""
        return km * self.detour / self.speed_kmh * 60.0


@dataclass(frozen=True, slots=True)
class Price:
    """What a change by hand costs if it were the rule.

    Attributes
    ----------
    before, after : float
        What the defender gets against an attacker who knows the rule.
    lost : float
        Protection lost, in the unit of the payoffs; less than 0 if the change protects more.
    bits_before, bits_lost : float
        Unpredictability of this team-day, and how much of it goes.
    """

    before: float
    after: float
    lost: float
    bits_before: float
    bits_lost: float


def distances_km(
    latitude: NDArray[np.float64], longitude: NDArray[np.float64], at: tuple[float, float]
) -> NDArray[np.float64]:
    """Return great-circle distances to one place, in kilometres.

    >>> distances_km(np.array([50.0]), np.array([57.0]), (51.0, 57.0)).round(1).tolist()
    [111.2]
    """
    lat, lon = np.radians(latitude), np.radians(longitude)
    here = np.radians(np.asarray(at, dtype=np.float64))
    half = (
        np.sin((lat - here[0]) / 2) ** 2
        + np.cos(lat) * np.cos(here[0]) * np.sin((lon - here[1]) / 2) ** 2
    )
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(half)))


def zones(latitude: ArrayLike, longitude: ArrayLike, travel: Travel) -> NDArray[np.int64]:
    """Cut sites into zones that a team can go round: halved until each is small enough.

    Parameters
    ----------
    latitude, longitude : array_like, shape (sites,)
        Degrees.
    travel : Travel
        Longest hop, and the most visits in a shift; a zone has at most twice as many sites.

    Returns
    -------
    ndarray of int, shape (sites,)
        Zone of each site, from 0.

    Raises
    ------
    ProtectionInputError
        A place that is not on Earth.

    Examples
    --------
    >>> zones([50.0, 50.0, 51.0], [57.0, 57.01, 57.0], Travel()).tolist()
    [0, 0, 1]
    """
    lat = as_vector(latitude, "latitude")
    lon = as_vector(longitude, "longitude", len(lat))
    refuse(np.abs(lat) > 90, "latitude lies outside -90 to 90", "latitude")
    refuse(np.abs(lon) > 180, "longitude lies outside -180 to 180", "longitude")
    result = np.empty(len(lat), dtype=np.int64)
    todo, found = [np.arange(len(lat))] if len(lat) else [], 0
    while todo:
        part = todo.pop()
        north = float(np.ptp(lat[part])) * math.pi / 180 * EARTH_KM
        east = float(np.ptp(lon[part])) * math.pi / 180 * EARTH_KM
        east *= math.cos(math.radians(float(lat[part].mean())))
        wide = float(travel.minutes(np.array(math.hypot(north, east))))
        if len(part) == 1 or (wide <= travel.hop_minutes and len(part) <= 2 * travel.most):
            result[part] = found
            found += 1
            continue
        along = lat[part] if north >= east else lon[part]
        order = part[np.argsort(along, kind="stable")]
        middle = len(order) // 2
        if wide > travel.hop_minutes:
            # Cut at the widest empty stretch, so that towns stay together.
            middle = int(np.argmax(np.diff(np.sort(along)))) + 1
        todo += [order[middle:], order[:middle]]
    return result


def fitting(
    latitude: ArrayLike, longitude: ArrayLike, zone: NDArray[np.int64],
    bases: Sequence[tuple[float, float]], amounts: Sequence[int], travel: Travel,
) -> Shifts:  # fmt: skip
    """Return how many visits fit into each team's shift in each zone, travel counted in full.

    Out to the farthest site of the zone and back from it, the zone's longest hop between visits:
    never less than the tour takes.

    Examples
    --------
    >>> held = fitting([50.0, 52.0], [57.0, 57.0], np.array([0, 1]), [(50.0, 57.0)], [5], Travel())
    >>> held.limits.tolist()  # 222 km away: nearly six hours each way
    [[4, 0]]
    """
    lat = as_vector(latitude, "latitude")
    lon = as_vector(longitude, "longitude", len(lat))
    count = int(zone.max()) + 1 if len(zone) else 0
    limits = np.zeros((len(bases), count), dtype=np.int64)
    hop = _longest_hops(lat, lon, zone, count, travel)
    for kind, base in enumerate(bases):
        way = np.zeros(count)
        np.maximum.at(way, zone, travel.minutes(distances_km(lat, lon, base)))
        left = travel.shift_minutes - 2 * way + hop
        limits[kind] = np.clip(np.floor(left / (travel.visit_minutes + hop) + 1e-9), 0, travel.most)
    return shifts(zone, limits, amounts)


def _longest_hops(
    lat: NDArray[np.float64], lon: NDArray[np.float64], zone: NDArray[np.int64], count: int,
    travel: Travel,
) -> NDArray[np.float64]:  # fmt: skip
    hop = np.zeros(count)
    order = np.argsort(zone, kind="stable")
    for part in np.split(order, np.flatnonzero(np.diff(zone[order])) + 1):
        for site in part:
            far = travel.minutes(distances_km(lat[part], lon[part], (lat[site], lon[site])))
            hop[zone[site]] = max(hop[zone[site]], float(far.max()))
    return hop


def within_reach(zone: NDArray[np.int64], held: Shifts) -> tuple[NDArray[np.int64], Shifts]:
    """Return the rows of the sites that some team reaches, and what the teams can do there.

    A site that nobody reaches would set the guarantee of all others: it is left out of the game
    and must be named.

    Examples
    --------
    >>> rows, rest = within_reach(np.array([0, 1, 2]), shifts([0, 1, 2], [[1, 0, 2]], [1]))
    >>> rows.tolist(), rest.zone.tolist(), rest.limits.tolist()
    ([0, 2], [0, 1], [[1, 2]])
    """
    kept = np.flatnonzero(held.limits.any(axis=0))
    rows = np.flatnonzero(np.isin(zone, kept))
    return rows, shifts(
        np.searchsorted(kept, zone[rows]), held.limits[:, kept], held.amounts,
        held.eligible[:, rows],
    )  # fmt: skip


def payoffs_of(scores: ArrayLike, effect: float = 0.8) -> Payoffs:
    """Return the payoffs that a score stands for: what harms the defender is what he wants.

    An attack costs the score; after a visit in the period the part ``effect`` of it is averted.
    An assumption, not a finding: nobody has measured the effect.

    >>> payoffs_of([50.0], 0.8).attacker_covered.round(6).tolist()
    [10.0]
    """
    if not 0 < effect <= 1:
        raise ProtectionInputError("the effect of a visit must lie between 0 and 1")
    losses = as_vector(scores, "score")
    refuse(losses < 0, "score is negative", "score")
    left = (1.0 - effect) * losses
    return checked(-left, -losses, left, losses)


def visit_share(mixture: Sequence[Shift], kind: int, amount: int, target: int) -> float:
    """Return the probability that one shift of a kind visits a target."""
    return math.fsum(s.share for s in mixture if s.kind == kind and target in s.targets) / amount


def price_of_change(
    payoffs: Payoffs, coverage: NDArray[np.float64], mixture: Sequence[Shift], *, kind: int,
    amount: int, old: int | None, new: int | None,
) -> Price:  # fmt: skip
    """Tell what it costs if one team-day always does ``new`` where the draw says ``old``.

    Counted as a rule, because whoever watches learns rules: the other site gets the probability,
    and outcomes that differed only in these two can no longer be told apart.

    Parameters
    ----------
    payoffs : Payoffs
        Of the targets.
    coverage : ndarray, shape (targets,)
        Probabilities before.
    mixture : sequence of Shift
        That gives them.
    kind, amount : int
        Kind of the team, and its shifts.
    old, new : int or None
        Site taken out, and site put in; None for no visit.

    Returns
    -------
    Price
        Protection and unpredictability, before and lost.

    Examples
    --------
    >>> game = checked([0, 0], [-4, -2], [0, 0], [4, 2])
    >>> mixture = [Shift(0, 0, (0,), 2 / 3), Shift(0, 1, (1,), 1 / 3)]
    >>> price = price_of_change(game, np.array([2 / 3, 1 / 3]), mixture, kind=0, amount=1,
    ...                         old=1, new=0)
    >>> round(price.lost, 3), round(price.bits_lost, 3)
    (0.667, 0.918)
    """
    moved = visit_share(mixture, kind, amount, old) if old is not None else 1.0
    after = coverage.copy()
    if old is not None:
        after[old] = max(0.0, after[old] - moved)
    if new is not None:
        kept = visit_share(mixture, kind, amount, new) if old is None else 0.0
        after[new] = min(1.0, after[new] + moved - kept)
    first, second = respond(payoffs, coverage), respond(payoffs, after)
    bits = _outcome_bits(mixture, kind, amount, lambda targets: targets)

    def changed(targets: frozenset[int]) -> frozenset[int]:
        if old is not None and old not in targets:
            return targets
        put = targets if new is None else targets | {new}
        return put if old is None else put - {old}

    left = _outcome_bits(mixture, kind, amount, changed)
    return Price(
        first.defender_value, second.defender_value, first.defender_value - second.defender_value,
        bits, max(0.0, bits - left),
    )  # fmt: skip


def _outcome_bits(
    mixture: Sequence[Shift], kind: int, amount: int,
    changed: Callable[[frozenset[int]], frozenset[int]],
) -> float:  # fmt: skip
    shares: dict[frozenset[int], float] = {}
    own = [one for one in mixture if one.kind == kind]
    free = max(0.0, 1.0 - math.fsum(one.share for one in own) / amount)
    for targets, share in [
        *((frozenset(one.targets), one.share / amount) for one in own), (frozenset(), free),
    ]:  # fmt: skip
        key = changed(targets)
        shares[key] = shares.get(key, 0.0) + share
    return abs(-math.fsum(share * math.log2(share) for share in shares.values() if share > 0))
