"""Measures that can be bought for a site, with the figures a plan starts from."""

from __future__ import annotations

from dataclasses import dataclass

from qalqan.desk.protection.models import Equipment

Kind = Equipment.Kind


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: its kind, cost in tenge, and the share of a site's points it takes away alone."""

    kind: str
    cost: float
    effect: float


SHIPPED = (
    Measure(Kind.CAMERA, 1_200_000, 0.12),
    Measure(Kind.PANIC_BUTTON, 250_000, 0.10),
    Measure(Kind.ALARM, 400_000, 0.08),
    Measure(Kind.LIGHTING, 600_000, 0.08),
    Measure(Kind.BARRIER, 2_500_000, 0.18),
    Measure(Kind.GUARD_POST, 9_000_000, 0.30),
    Measure(Kind.LOUDSPEAKER, 900_000, 0.06),
)
"""Starting figures: our assumption, to be replaced by the province's prices and judgement."""

NEEDS: dict[str, tuple[str, ...]] = {
    Kind.CAMERA: (Kind.LIGHTING,),
    Kind.PANIC_BUTTON: (Kind.ALARM,),
}
"""A camera sees nothing in the dark, and a button needs something to sound."""
