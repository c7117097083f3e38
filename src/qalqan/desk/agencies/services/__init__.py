"""Every act of the room of agencies."""

from qalqan.desk.agencies.services.handing import (
    accept,
    close_matter,
    hand_over,
    lapse_offers,
    open_matter,
    refuse,
    take,
    take_back,
)

__all__ = [
    "accept",
    "close_matter",
    "hand_over",
    "lapse_offers",
    "open_matter",
    "refuse",
    "take",
    "take_back",
]
